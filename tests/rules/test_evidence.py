"""Which evidence speaks for a conflict, and that the measured probabilities make sense of it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import address
from git_muse_coord.rules.calibration import MERGES, TABLE
from git_muse_coord.rules.evidence import Evidence, Touch, meeting, meetings


def touch(
    text: str,
    operation: str | None = None,
    *,
    kind: str = "",
    lines: int = 0,
    gap: tuple[str, str] | None = None,
) -> Touch:
    return Touch(address.read_stored(text), kind, operation, lines, gap)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (touch("a.py::f"), touch("a.py::f"), Evidence.SYMBOL),
        (touch("a.py::<imports>"), touch("a.py::<imports>"), Evidence.IMPORTS),
        (touch("a.py::<module>"), touch("a.py::<module>"), Evidence.MODULE),
        (
            touch("a.md::Intro", kind="heading"),
            touch("a.md::Intro", kind="heading"),
            Evidence.HEADING,
        ),
        (touch("a.json::k", kind="key"), touch("a.json::k", kind="key"), Evidence.KEY),
        (touch("a.txt", kind="file"), touch("a.txt", kind="file"), Evidence.WHOLE),
        (touch("a.py"), touch("a.py"), Evidence.FILE),
        (touch("src/"), touch("src/"), Evidence.DIRECTORY),
        (touch("a.py::C"), touch("a.py::C.m"), Evidence.AROUND),
        (touch("a.py"), touch("a.py::C.m"), Evidence.IN_FILE),
        (touch("src/"), touch("src/a.py::C.m"), Evidence.IN_DIRECTORY),
        (
            touch("a.py::f", "add", gap=("e", "h")),
            touch("a.py::g", "add", gap=("e", "h")),
            Evidence.GAP,
        ),
        (
            touch("a.py::f", "add", gap=("e", "h")),
            touch("a.py::g", "add", gap=("h", "")),
            Evidence.BESIDE,
        ),
        (touch("a.py::f", "add"), touch("a.py::g", "add"), Evidence.SOMEWHERE),
        (touch("a.py::f", "add"), touch("a.py::C.g", "add"), Evidence.APART),
        (touch("a.py::f", "add"), touch("a.py::f", "add"), Evidence.SYMBOL),
        (touch("a.py::f"), touch("a.py::g"), Evidence.APART),
        (touch("a.py::f", lines=2), touch("a.py::g", lines=3, gap=("f", "")), Evidence.NEXT),
        (touch("a.py::f", lines=2), touch("a.py::g", lines=4, gap=("f", "")), Evidence.APART),
        (touch("a.py::f", lines=2), touch("a.py::C.g", lines=3, gap=("f", "")), Evidence.APART),
        (touch("a.py::f"), touch("b.py::f"), None),
        (touch("src/"), touch("lib/a.py"), None),
    ],
)
def test_how_two_touches_are_related(ours: Touch, theirs: Touch, expected: Evidence | None) -> None:
    for one, other in ((ours, theirs), (theirs, ours)):
        found = meeting(one, other)
        assert (found.evidence if found else None) == expected


def test_a_file_in_which_something_meets_is_not_apart() -> None:
    ours = [touch("a.py::f"), touch("a.py::g"), touch("b.py::f")]
    theirs = [touch("a.py::g"), touch("a.py::h"), touch("b.py::g"), touch("b.py::h")]

    found = [(one.ours.address.path, one.evidence) for one in meetings(ours, theirs)]

    assert found == [("a.py", Evidence.SYMBOL), ("b.py", Evidence.APART)]


def test_additions_to_one_container_meet_once() -> None:
    ours = [touch(f"a.py::our{number}", "add", gap=("a", "b")) for number in range(20)]
    theirs = [touch("a.py::last", "add", gap=("z", "")), touch("a.py::new", "add", gap=("a", "b"))]

    assert [one.evidence for one in meetings(ours, theirs)] == [Evidence.GAP]
    assert [one.evidence for one in meetings(ours, theirs[:1])] == [Evidence.BESIDE]


def test_the_finest_kind_that_was_measured_counts() -> None:
    tiny = [touch("a.py::f", "modify", lines=2), touch("a.py::f", "extract", lines=2)]
    (found,) = meetings(tiny[:1], tiny[1:])
    assert found.keys == ("symbol", "symbol/modify-modify", "symbol/modify-modify/tiny")
    assert found.measured == TABLE["symbol/modify-modify/tiny"]

    (odd,) = meetings([touch("a.py::f", "add", lines=5)], [touch("a.py::f", "delete", lines=5)])
    assert odd.measured == TABLE["symbol"]
    (unsaid,) = meetings([touch("a.py::f")], [touch("a.py::f")])
    assert unsaid.measured == TABLE["symbol/modify-modify"]


def test_what_happens_to_the_container_comes_first() -> None:
    ours, theirs = [touch("a.py", "delete")], [touch("a.py::f", "modify")]
    for one, other in ((ours, theirs), (theirs, ours)):
        (found,) = meetings(one, other)
        assert found.keys[1] == "in file/delete-modify"


def test_the_table() -> None:
    assert sum(MERGES.values()) >= 4000
    assert all(
        entry.conflicts <= entry.trials and 0 <= entry.probability <= 1 for entry in TABLE.values()
    )
    for key in TABLE:
        assert not key.rpartition("/")[0] or key.rpartition("/")[0] in TABLE

    def probability(key: str) -> float:
        return TABLE[key].probability

    assert probability("gap") > probability("symbol") > probability("file") > probability("apart")
    assert probability("symbol/modify-modify/tiny") > probability("symbol/modify-modify/huge")
    assert probability("symbol/delete-modify") > probability("symbol/modify-modify")


PLACES = [
    "src/",
    "src/a.py",
    "src/a.py::f",
    "src/a.py::C",
    "src/a.py::C.m",
    "src/b.py::f",
    "c.py::<imports>",
]
TOUCHES = st.lists(
    st.builds(touch, st.sampled_from(PLACES), st.sampled_from([None, "add", "delete", "rename"])),
    max_size=6,
)


@given(TOUCHES, TOUCHES)
def test_nothing_related_is_missed(ours: list[Touch], theirs: list[Touch]) -> None:
    found = {one.place for one in meetings(ours, theirs)}
    pairs = [one for one in (meeting(*pair) for pair in product(ours, theirs)) if one is not None]

    assert {one.place for one in pairs if one.evidence is not Evidence.APART} <= found
    assert found <= {one.place for one in pairs}
    assert len(meetings(theirs, ours)) == len(found)
