"""What collides among announced work, pass by pass."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from git_muse_coord.model import address
from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.records import UNKNOWN, Intent, Record
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules import forecast
from git_muse_coord.rules.blast_radius import blast_radius
from git_muse_coord.rules.calibration import TABLE, Frequency
from git_muse_coord.rules.evidence import ANY, Touch
from git_muse_coord.rules.forecast import BranchClash
from git_muse_coord.rules.prediction import (
    MEASURED,
    PRESENT,
    WAITING,
    Prediction,
    is_likely,
    worst_first,
)
from git_muse_coord.rules.stakes import Ground, Stake, stakes
from git_muse_coord.rules.state import World
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph
from tests import strategies
from tests.tools import NOON, a_reservation


@pytest.fixture(autouse=True)
def _rates(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that tells which of its rows was asked for."""
    for name in list(TABLE):
        monkeypatch.delitem(TABLE, name)
    rows = {
        ANY: 0.1, "symbol": 0.4, "file": 0.4, "symbol/delete-modify": 0.6, "in file": 0.3, "in file/delete-modify": 0.5,
        "in directory": 0.3, "somewhere": 0.25, "next": 0.3, "blast": 0.15, "blast/1": 0.2, "blast/2": 0.1,
        "blast/1/rename": 0.3, "blast/1/rename/there": 0.05,
    }  # fmt: skip
    for name, probability in rows.items():
        monkeypatch.setitem(TABLE, name, Frequency(100, 100 * probability, probability))


def look(place: Address, operation: str | None) -> Touch:
    """Everything is there, but for what is called new."""
    new = place.segments and place.segments[-1].name.startswith("new")
    return Touch(place, "function", "add" if new else operation)


def stake(
    run: str, *addresses: str, op: str | None = None, branch: str | None = "main", number: int = 0
) -> Stake:
    one = f"{run}{number}{addresses}"
    party = one if run == UNKNOWN else run
    return Stake(RecordId(one), RunId(run), party, branch, op, tuple(map(address.parse, addresses)))


def overlapping(*announced: Stake) -> list[tuple[str, tuple[str, ...], tuple[str, ...], float]]:
    return [facts(one) for one in forecast.overlapping(Ground(announced), look)]


def facts(one: Prediction) -> tuple[str, tuple[str, ...], tuple[str, ...], float]:
    return one.conflict_type, one.addresses, one.agents, round(one.confidence, 3)


def a_world(records: dict[RecordId, Record]) -> World:
    return World.of(records)


# what is announced


def test_reservations_and_intents_count_while_they_are_active() -> None:
    reserved = a_reservation("a.py::f", run_id=UNKNOWN)
    linked = Intent(
        run_id=UNKNOWN, nonce="1", branch=None, addresses=("a.py::f",), operation="inline", detail=None,
        reservation_id=RecordId("sha256:r"), created_at=NOON, expires_at=NOON,
    )  # fmt: skip
    world = a_world({RecordId("sha256:r"): reserved, RecordId("sha256:i"): linked})

    found = stakes(world, NOON + timedelta(minutes=1))

    assert [(one.id, one.operation) for one in found] == [
        ("sha256:r", "modify"),
        ("sha256:i", "inline"),
    ]
    assert found[0].party == found[1].party, (
        "an intent is of one holder with its reservation, nameless or not"
    )
    assert stakes(world, NOON + timedelta(hours=2)) == []


# address_overlap


def test_the_same_address_is_one_finding_however_many_hold_it() -> None:
    found = overlapping(
        stake("a", "x.py::f"), stake("b", "x.py::f"), stake("c", "x.py::f"), stake("a", "x.py::f")
    )
    assert found == [("address_overlap", ("x.py::f",), ("a", "b", "c"), 0.4)]


def test_each_holder_is_named_and_the_nameless_are_several() -> None:
    one, two = stake(UNKNOWN, "x.py::f", number=1), stake(UNKNOWN, "x.py::f", number=2)
    (found,) = forecast.overlapping(Ground([one, two]), look)
    assert found.description == "'unknown' and 'unknown' hold x.py::f"
    inside = next(
        one
        for one in forecast.overlapping(Ground([stake("a", "x.py"), one, two]), look)
        if "x.py" in one.addresses
    )
    assert inside.description == "'unknown' and 'unknown' hold x.py::f, inside x.py of 'a'"


def test_containment_overlaps_in_either_order() -> None:
    expected = [("address_overlap", ("d/x.py::C.m", "d/"), ("a", "b"), 0.3)]
    assert overlapping(stake("a", "d/"), stake("b", "d/x.py::C.m")) == expected
    assert overlapping(stake("b", "d/x.py::C.m"), stake("a", "d/")) == expected


def test_a_holder_never_meets_itself_but_a_nameless_one_does() -> None:
    assert overlapping(stake("a", "x.py::f"), stake("a", "x.py", number=1)) == []
    assert len(overlapping(stake(UNKNOWN, "x.py::f"), stake(UNKNOWN, "x.py::f", number=1))) == 1


def named(place: Address, one: Stake) -> bool:
    """Whether an address was announced, in whatever spelling of its path."""
    return place.folded in [each.folded for each in one.addresses]


_some = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.lists(strategies.close_addresses, min_size=1, max_size=3, unique=True),
    ),
    max_size=6,
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_some)
def test_the_pairs_by_address_are_those_of_comparing_all_with_all(
    some: list[tuple[str, list[Address]]],
) -> None:
    announced = [
        Stake(RecordId(str(n)), RunId(run), run, None, None, tuple(places))
        for n, (run, places) in enumerate(some)
    ]

    pairs = {
        frozenset([a.id, b.id])
        for outer, inner, met in Ground(announced).overlaps()
        for a in met.ones
        for b in met.others
        if a.party != b.party and named(outer, a) and named(inner, b)
    }

    naive = {
        frozenset([a.id, b.id])
        for a in announced
        for b in announced
        if a.party != b.party
        and any(one.overlaps(other) for one in a.addresses for other in b.addresses)
    }
    assert pairs == naive
    for _, _, met in Ground(announced).overlaps():
        assert all(any(a.party != b.party for b in met.others) for a in met.ones)
        assert all(any(a.party != b.party for a in met.ones) for b in met.others)


def test_two_spellings_of_one_file_are_one_place() -> None:
    expected = [("address_overlap", ("X.py::f",), ("a", "b"), 0.3)]
    found = overlapping(stake("a", "X.py::f"), stake("b", "x.py::f"))
    assert [one[:3] for one in found] == [one[:3] for one in expected]


def test_a_thousand_runs_at_one_address_are_one_finding() -> None:
    (found,) = overlapping(
        *(stake(f"run-{number:04}", "x.py::f", op="modify") for number in range(1000))
    )
    assert len(found[2]) == 1000


# additions


def adding(*announced: Stake) -> list[tuple[str, tuple[str, ...], tuple[str, ...], float]]:
    return [facts(one) for one in forecast.additions(Ground(announced), look)]


def test_two_that_add_to_one_class_may_meet_there() -> None:
    a, b = stake("a", "x.py::C.new_m"), stake("b", "x.py::C.new_n")
    assert adding(a, b) == [
        ("address_overlap", ("x.py::C.new_m", "x.py::C.new_n"), ("a", "b"), 0.25)
    ]
    assert adding(a, stake("b", "x.py::C.n")) == []
    assert adding(a, stake("b", "x.py::D.new_n")) == []
    assert adding(a, stake("a", "x.py::C.new_n")) == []
    assert adding(a, stake("b", "x.py::C.new_m")) == [], "the same address is an overlap already"


def test_small_neighbours_may_be_one_change_to_git() -> None:
    order = ["K", "L", "M"]

    def small(place: Address, operation: str | None) -> Touch:
        at = order.index(place.segments[-1].name)
        around = [*order[max(0, at - 1) : at], *order[at + 1 : at + 2]]
        return Touch(
            place, "constant", operation, 1 if place.path == "x.py" else 9, (around[0], around[-1])
        )

    def found(*announced: Stake) -> list[tuple[str, tuple[str, ...], tuple[str, ...], float]]:
        return [facts(one) for one in forecast.adjoining(Ground(announced), small)]

    a = stake("a", "x.py::K")
    assert found(a, stake("b", "x.py::L")) == [
        ("address_overlap", ("x.py::K", "x.py::L"), ("a", "b"), 0.3)
    ]
    assert found(a, stake("b", "x.py::M")) == []
    assert found(a, stake("a", "x.py::L")) == []
    assert found(stake("a", "y.py::K"), stake("b", "y.py::L")) == [], "they are of many lines"


# operation_conflict


class Case(NamedTuple):
    one: str | None
    other: str | None
    clashes: bool


def test_what_goes_away_or_changes_its_name_clashes_with_anything() -> None:
    cases = [
        Case("delete", "modify", True),
        Case(None, "rename", True),
        Case("rename", "rename", True),
        Case("move", None, True),
        Case("modify", "modify", False),
        Case("extract", None, False),
    ]
    for case in cases:
        found = overlapping(
            stake("a", "x.py::f", op=case.one), stake("b", "x.py::f", op=case.other)
        )
        assert ("operation_conflict" in [one[0] for one in found]) == case.clashes, case


def test_only_those_whose_operations_clash_are_named() -> None:
    found = overlapping(
        stake("a", "x.py::f", op="modify"),
        stake("b", "x.py::f", op="modify"),
        stake("c", "x.py", op="delete"),
    )
    assert ("operation_conflict", ("x.py::f", "x.py"), ("a", "b", "c"), 0.5) in found
    assert ("address_overlap", ("x.py::f",), ("a", "b"), 0.4) in found


# blast_radius_overlap


def edge(
    source: str, target: str, confidence: float = 1.0, line: int = 7, use: Use = Use.CALL
) -> UseEdge:
    def key(text: str) -> Key:
        return address.parse(text).key

    return UseEdge(key(source), key(target), line, use, confidence)


def radius(
    edges: list[UseEdge], *announced: Stake
) -> list[tuple[tuple[str, ...], tuple[str, ...], float]]:
    found = blast_radius(Ground(announced), UseGraph(edges))
    return [facts(one)[1:] for one in found]


def test_caller_and_callee_collide_in_either_order_of_reservation() -> None:
    edges = [edge("b.py::caller", "a.py::callee", 0.9)]
    callee, caller = stake("a", "a.py::callee"), stake("b", "b.py::caller")
    expected = [(("a.py::callee", "b.py::caller"), ("a", "b"), 0.18)]
    assert radius(edges, callee, caller) == expected
    assert radius(edges, caller, callee) == expected


def test_the_way_and_the_line_of_the_call_are_given() -> None:
    edges = [edge("b.py::C.m", "a.py::f", line=12), edge("c.py::g", "b.py::C.m", line=3)]
    (found,) = blast_radius(Ground([stake("a", "a.py::f"), stake("b", "c.py::g")]), UseGraph(edges))
    assert "g → C.m → f (c.py:3)" in found.description
    assert found.confidence == 0.1


def test_three_steps_are_too_far_and_the_shortest_way_counts() -> None:
    edges = [edge("b.py::g", "a.py::f"), edge("c.py::h", "b.py::g"), edge("d.py::i", "c.py::h")]
    assert radius(edges, stake("a", "a.py::f"), stake("b", "d.py::i")) == []
    assert radius(
        [*edges, edge("c.py::h", "a.py::f")], stake("a", "a.py::f"), stake("b", "c.py::h")
    ) == [(("a.py::f", "c.py::h"), ("a", "b"), 0.2)]


def test_files_and_directories_hold_what_is_in_them() -> None:
    edges = [edge("d/b.py::C.m", "a.py::K.f")]
    assert radius(edges, stake("a", "a.py"), stake("b", "d/")) == [
        (("a.py", "d/"), ("a", "b"), 0.2)
    ]
    assert radius(edges, stake("a", "./"), stake("b", "d/")) == [], (
        "an overlap of addresses is told as that"
    )


def test_how_often_a_caller_breaks_depends_on_what_is_done_and_who_works_in_its_file() -> None:
    edges = [edge("b.py::g", "a.py::f", 0.9), edge("c.py::h", "b.py::g")]
    caller = stake("b", "b.py::g")
    assert radius(edges, stake("a", "a.py::f", op="rename"), caller) == [
        (("a.py::f", "b.py::g"), ("a", "b"), 0.27)
    ]
    mending = stake("a", "a.py::f", "B.py::k", op="rename")
    assert radius(edges, mending, caller) == [(("a.py::f", "b.py::g"), ("a", "b"), 0.045)]
    assert radius(edges, stake("a", "a.py::f", op="rename"), stake("b", "c.py::h")) == [
        (("a.py::f", "c.py::h"), ("a", "b"), 0.09)
    ]
    assert radius(edges, stake("a", "a.py::f"), stake("b", "b.py::g", op="delete")) == []


def test_two_holders_are_one_finding_however_many_calls_lead_from_one_to_the_other() -> None:
    edges = [
        edge("b.py::g", "a.py::f", 0.5),
        edge("b.py::h", "a.py::f", 0.9),
        edge("a.py::k", "b.py::g", 0.7),
    ]
    ours = stake("a", "a.py::f", "a.py::k")
    theirs = stake("b", "b.py::g", "b.py::h")
    (one,) = blast_radius(Ground([ours, theirs]), UseGraph(edges))
    assert one.addresses == ("a.py::f", "b.py::h")
    assert one.description == (
        "'b' holds b.py::h, which uses a.py::f of 'a': h → f (b.py:7); and 2 more such between them"
    )
    assert not one.can_stop


def test_each_two_of_several_holders_are_told_and_nobody_with_himself() -> None:
    edges = [edge("b.py::g", "a.py::f")]
    both = stake("a", "a.py::f", "b.py::g")
    found = radius(edges, both, stake("b", "a.py::f"), stake("c", "b.py::g"))
    assert [agents for _, agents, _ in found] == [("a", "c"), ("a", "b"), ("b", "c")]


def test_an_import_or_a_mention_is_no_call() -> None:
    edges = [edge("b.py::g", "a.py::f", use=Use.IMPORT), edge("b.py::h", "a.py::f", use=Use.NAME)]
    assert radius(edges, stake("a", "a.py::f"), stake("b", "b.py")) == []


def test_one_holder_of_both_ends_is_no_conflict() -> None:
    assert radius([edge("b.py::g", "a.py::f")], stake("a", "a.py::f"), stake("a", "b.py::g")) == []


# dependency_violation


def dependent(
    begun: bool, **changes: object
) -> list[tuple[str, tuple[str, ...], tuple[str, ...], float]]:
    first = a_reservation("a.py::f", run_id="a")
    second = a_reservation("b.py::g", **{"run_id": "b", "depends_on": ("sha256:1",), **changes})
    world = a_world({RecordId("sha256:1"): first, RecordId("sha256:2"): second})
    found = forecast.dependencies(world, NOON, lambda one: begun and one == "sha256:2")
    return [facts(one) for one in found]


def test_work_that_has_begun_before_what_it_depends_on_is_a_violation() -> None:
    assert dependent(True) == [("dependency_violation", ("a.py::f", "b.py::g"), ("a", "b"), 1.0)]
    assert dependent(False) == [("dependency_violation", ("a.py::f", "b.py::g"), ("a", "b"), 0.0)]
    assert dependent(True, run_id="a") == []


# branch_conflict


def test_branches_that_git_cannot_merge_concern_those_who_work_on_them() -> None:
    announced = [
        stake("a", "x.py", branch="one"),
        stake("b", "y.py", branch="two"),
        stake("c", "z.py"),
    ]
    clash = BranchClash(("one", "two"), ("x.py::f",))
    assert [facts(one) for one in forecast.branches([clash], announced)] == [
        ("branch_conflict", ("x.py::f",), ("a", "b"), 1.0)
    ]
    alone = [stake("a", "x.py", branch="one"), stake("a", "y.py", branch="two")]
    assert list(forecast.branches([clash], alone)) == []


def test_the_worst_comes_first() -> None:
    low = Prediction("address_overlap", ("a",), (), (), 0.1, "")
    high = Prediction("address_overlap", ("b",), (), (), 0.9, "")
    assert worst_first([low, high]) == [high, low]


def test_the_very_same_symbol_stands_above_a_call_that_is_about_as_likely() -> None:
    same = Prediction("address_overlap", ("a",), (), (), 0.31, "")
    calls = Prediction("blast_radius_overlap", ("b",), (), (), 0.38, "")
    assert worst_first([calls, same]) == [same, calls]
    likelier = calls._replace(confidence=0.45)
    assert worst_first([same, likelier]) == [likelier, same]
    shown = calls._replace(confidence=1.0, basis=PRESENT)
    assert worst_first([same, shown]) == [shown, same]


def test_what_is_no_chance_is_told_however_likely_it_must_be() -> None:
    waits = Prediction("dependency_violation", (), (), (), 0.0, "", WAITING)
    assert is_likely(waits, 0.16)
    assert not waits.can_stop
    assert not is_likely(waits._replace(basis=MEASURED), 0.16)


def test_nobody_is_said_to_meet_himself() -> None:
    """Who holds both ends stands in no sentence as the other of himself."""
    around = [stake("a", "x.py"), stake("a", "x.py::f", number=1), stake("b", "x.py::f")]
    said = {one.description for one in forecast.overlapping(Ground(around), look)}
    assert said == {"'a' and 'b' hold x.py::f", "'b' holds x.py::f, inside x.py of 'a'"}
    more = [*around, stake("c", "x.py")]
    said = {one.description for one in forecast.overlapping(Ground(more), look)}
    assert "'a', 'b' and 'c' meet in x.py::f, inside x.py" in said
    clash = BranchClash(("one", "two"), ("x.py::f",))
    announced = [
        stake("a", "x.py", branch="one"),
        stake("a", "x.py", branch="two"),
        stake("b", "y.py", branch="two"),
        stake("b", "y.py", branch="one"),
    ]
    (found,) = forecast.branches([clash], announced)
    assert found.description == (
        "git cannot merge one and two, where 'a' and 'b' are at work, by itself: x.py::f"
    )
