from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import address
from git_muse_coord.model.address import Address
from git_muse_coord.model.records import Reservation
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.conflicts import Holdings, conflicted, conflicts_among
from git_muse_coord.rules.state import same_holder
from tests import strategies
from tests.tools import a_reservation

_runs = st.sampled_from(["a", "b", "unknown"])
_sets = st.lists(strategies.close_addresses, min_size=1, max_size=3).map(
    lambda some: tuple(map(str, some))
)
_reservations = st.builds(lambda run, some: a_reservation(*set(some), run_id=run), _runs, _sets)
worlds = st.lists(_reservations, max_size=8).map(
    lambda some: {RecordId(f"sha256:{number:064x}"): one for number, one in enumerate(some)}
)


def naive(
    held: dict[RecordId, Reservation], asked: list[Address], run_id: str, own: str | None
) -> list[tuple[str, ...]]:
    return sorted(
        (str(one), text, content_id)
        for one in asked
        for content_id, reservation in held.items()
        for text in reservation.addresses
        if content_id != own
        and not same_holder(RunId(run_id), reservation.run_id)
        and one.overlaps(address.read_stored(text))
    )


@given(worlds, st.lists(strategies.close_addresses, max_size=4, unique=True), _runs)
def test_the_indexed_answer_is_that_of_comparing_all_pairs(
    held: dict[RecordId, Reservation], asked: list[Address], run_id: str
) -> None:
    found = Holdings(held).conflicts(asked, RunId(run_id))

    answer = sorted(
        (str(one.asked), str(one.held.address), one.held.reservation_id) for one in found
    )
    assert answer == naive(held, asked, run_id, None)


@given(worlds)
def test_conflicts_among_reservations_are_those_of_comparing_all_pairs(
    held: dict[RecordId, Reservation],
) -> None:
    found = conflicts_among(held, held)

    answer = sorted(
        (str(one.asked), str(one.held.address), one.held.reservation_id) for one in found
    )
    expected = [
        row
        for content_id, mine in held.items()
        for row in naive(
            held, [address.read_stored(text) for text in mine.addresses], mine.run_id, content_id
        )
    ]
    assert answer == sorted(expected)


@given(worlds)
def test_being_in_conflict_is_mutual(held: dict[RecordId, Reservation]) -> None:
    pairs = {
        (mine, one.held.reservation_id) for mine in held for one in conflicts_among(held, [mine])
    }  # who meets whom
    assert pairs == {(other, one) for one, other in pairs}
    assert conflicted(held) == {one for one, _ in pairs}


@pytest.mark.parametrize(
    ("holder", "asker", "expected"), [("a", "b", 1), ("a", "a", 0), ("unknown", "unknown", 1)]
)
def test_a_run_does_not_conflict_with_itself_and_unknown_is_nobody(
    holder: str, asker: str, expected: int
) -> None:
    held = {RecordId("sha256:1"): a_reservation("a.py::f", run_id=holder)}

    assert len(list(Holdings(held).conflicts([address.parse("a.py")], RunId(asker)))) == expected


def test_the_askers_own_reservation_is_no_conflict_even_without_identity() -> None:
    held = {RecordId("sha256:1"): a_reservation("a.py", run_id="unknown")}

    assert not list(
        Holdings(held).conflicts(
            [address.parse("a.py")], RunId("unknown"), own_id=RecordId("sha256:1")
        )
    )


def test_two_spellings_of_one_path_are_in_conflict_in_every_clone() -> None:
    held = {
        RecordId("sha256:1"): a_reservation("Src/Foo.py::f", run_id="a"),
        RecordId("sha256:2"): a_reservation("src/foo.py", run_id="b"),
    }

    assert conflicted(held) == set(held)
    assert len(list(conflicts_among(held, [RecordId("sha256:2")]))) == 1


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often two addresses are compared."""
    count = [0]
    overlaps = Address.overlaps

    def counted(self: Address, other: Address) -> bool:
        count[0] += 1
        return overlaps(self, other)

    monkeypatch.setattr(Address, "overlaps", counted)
    return count


def test_a_question_compares_only_with_what_stands_near(comparisons: list[int]) -> None:
    held = {
        RecordId(f"sha256:{number}"): a_reservation(
            f"src/m{number % 100}/f{number}.py::C.m{number}", run_id="a"
        )
        for number in range(2000)
    }
    holdings = Holdings(held)
    asked = [address.parse(f"src/m{number % 100}/f{number}.py::C") for number in range(0, 2000, 2)]

    found = list(holdings.conflicts(asked, RunId("b")))

    assert len(found) == 1000
    assert comparisons[0] <= 2 * len(found)


def test_many_holders_inside_one_file_are_not_compared_for_its_neighbour(
    comparisons: list[int],
) -> None:
    held = {
        RecordId(f"sha256:{number}"): a_reservation(f"src/a.py::f{number}")
        for number in range(1000)
    }

    assert not list(
        Holdings(held).conflicts(
            [address.parse("src/a.py::g"), address.parse("src/b.py")], RunId("b")
        )
    )
    assert comparisons[0] == 0
