from __future__ import annotations

from datetime import timedelta

import pytest

from git_muse_coord.model.address import Address, revive_stored
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.landed import Parting, Rest, Work, has_landed
from git_muse_coord.rules.touched import Touched
from git_muse_coord.rules.unclear import Unclear
from tests.tools import NOON

HELD = [Address("a.py")]


def at(*texts: str, inside: bool = False) -> list[Touched]:
    return [Touched(revive_stored(text), inside) for text in texts]


def work(
    made: list[Touched],
    *,
    together: list[Touched] | None = None,
    did: list[Touched] | None = None,
    differs: list[Touched] | None = None,
    elsewhere: tuple[Parting, ...] = (),
    uncommitted: list[Touched] | None = None,
    renamed: tuple[tuple[Address, Address], ...] = (),
) -> Work:
    return Work(
        made=made,
        renamed=renamed,
        together=made if together is None else together,
        tip=Parting(did or [], differs or []),
        elsewhere=elsewhere,
        uncommitted=uncommitted or [],
    )


F = at("a.py::f")
G = at("a.py::g")
UNCLEAR = Touched(Address("a.py"), inside=False, unclear=Unclear("a.py", frozenset(), [], []))


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        pytest.param(work(F), True, id="all of it is there"),
        pytest.param(work([]), False, id="nothing was done"),
        pytest.param(work(at("b.py::f")), False, id="nothing was done that is held"),
        pytest.param(work(F, together=[]), False, id="taken back"),
        pytest.param(work(F, differs=F), False, id="not there"),
        pytest.param(work(F, differs=G), True, id="others went on beside it"),
        pytest.param(
            work(F, did=F + G, differs=G), False, id="the rest of the branch is not there"
        ),
        pytest.param(work(F, uncommitted=G), False, id="not committed"),
        pytest.param(work(F, uncommitted=at("b.py::f")), True, id="not held and not committed"),
        pytest.param(work(F, elsewhere=(Parting(G, G),)), False, id="on another branch"),
        pytest.param(work(F, elsewhere=(Parting(G, F),)), True, id="behind on another branch"),
        pytest.param(work(at("a.py::C.m"), differs=at("a.py::C")), True, id="the class around it"),
        pytest.param(
            work(at("a.py::C.m"), differs=at("a.py::C", inside=True)),
            False,
            id="moved with its class",
        ),
        pytest.param(work(at("a.py", inside=True), differs=F), False, id="a whole file"),
        pytest.param(work([UNCLEAR]), True, id="unclear, but all alike"),
        pytest.param(work(F, differs=[UNCLEAR]), False, id="unclear, and different"),
    ],
)
def test_whether_work_has_landed(done: Work, expected: bool) -> None:
    assert has_landed(HELD, done) is expected


def test_what_was_renamed_must_be_there_under_its_new_name() -> None:
    f, g = revive_stored("a.py::f"), revive_stored("a.py::g")
    made = at("a.py::f", "a.py::g", inside=True)
    assert has_landed([f], work(made, differs=G))
    assert not has_landed([f], work(made, differs=G, renamed=((f, g),)))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({}, False),
        ({"ann": 10}, True),
        ({"ann": 9}, False),
        ({"ann": 60, "ann/helper": 1}, False),
        ({"ann": 60, "anna": 1, "bob": 1}, True),
        ({"ann": -5}, False),
    ],
)
def test_who_is_not_about_to_go_on(seen: dict[str, int], expected: bool) -> None:
    rest = Rest(NOON, [])
    for run_id, minutes in seen.items():
        rest.saw(RunId(run_id), NOON - timedelta(minutes=minutes))
    assert rest.has_come_to(RunId("ann")) is expected
    ended = Rest(NOON, [RunId("ann")])
    ended.saw(RunId("ann/helper"), NOON)
    assert ended.has_come_to(RunId("ann"))
    assert ended.has_come_to(RunId("ann/helper"))
    assert not ended.has_come_to(RunId("anna"))
