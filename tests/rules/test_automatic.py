"""What agents' hooks reserve without being asked: who was first, and when several become one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from git_muse_coord.model.address import Address, parse
from git_muse_coord.model.records import Reservation
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.automatic import (
    ADDRESSES_MOST,
    SYMBOLS_IN_FILE,
    Reach,
    is_automatic,
    marks,
    narrowed,
    reach,
    seniority,
    union,
    whole_files,
)
from tests.tools import NOON, a_reservation

MINUTE = timedelta(minutes=1)
ID = RecordId("sha256:1")


def _at(minutes: float, *addresses: str, **changes: Any) -> Reservation:
    made = NOON + minutes * MINUTE
    facts = {"created_at": made, "expires_at": made + 60 * MINUTE, "extra": marks(), **changes}
    return a_reservation(*(addresses or ("a.py::f",)), **facts)


def _numbered(*reservations: Reservation) -> dict[RecordId, Reservation]:
    return {RecordId(f"sha256:{number}"): one for number, one in enumerate(reservations)}


def test_what_replaced_others_is_as_old_as_the_oldest_of_them() -> None:
    assert seniority(ID, _at(5)) == (NOON + 5 * MINUTE, ID)
    assert seniority(ID, _at(5, extra=marks(NOON))) == (NOON, ID)


def test_nobody_gets_ahead_by_what_is_no_mark_of_ours() -> None:
    plain = _at(5)
    for extra in (
        {"since": "2026-03-18T12:00:00.000000+00:00"},  # nobody's hook made it
        {**marks(), "since": "yesterday"},
        {**marks(), "since": 7},
        marks(NOON + 10 * MINUTE),  # younger than the record itself
    ):
        assert seniority(ID, _at(5, extra=extra)) == seniority(ID, plain)
    assert not is_automatic(_at(5, extra={"automatic": 1}))


def test_of_one_moment_the_ids_decide() -> None:
    assert seniority(RecordId("sha256:1"), _at(0)) < seniority(RecordId("sha256:2"), _at(0))


def test_a_run_reserves_less_finely_the_more_it_has_made() -> None:
    assert [reach(made) for made in (0, 39, 40, 59, 60, 1000)] == [
        Reach.SYMBOLS,
        Reach.SYMBOLS,
        Reach.FILES,
        Reach.FILES,
        Reach.NOTHING,
        Reach.NOTHING,
    ]


def test_a_file_written_anew_is_held_as_a_whole() -> None:
    symbols = [parse(f"a.py::f{number}") for number in range(SYMBOLS_IN_FILE)]
    other = parse("b.py::g")
    assert narrowed([*symbols, other]) == [*symbols, other]
    assert narrowed([*symbols, parse("a.py::more"), other]) == [Address("a.py"), other]
    assert whole_files([*symbols, other]) == [Address("a.py"), Address("b.py")]


def test_four_become_one_but_at_most_once_a_minute() -> None:
    four = _numbered(_at(0, "a.py::f"), _at(0.2, "a.py::g"), _at(0.4, "b.py"), _at(0.6, "b.py::h"))
    assert union(four, NOON + 0.9 * MINUTE) is None
    one = union(four, NOON + MINUTE)
    assert one is not None
    assert one.addresses == ("a.py::f", "a.py::g", "b.py")
    assert (one.since, one.ended) == (NOON, tuple(four))
    united = _at(2, "a.py", extra=marks(NOON))
    more = _numbered(united, *(_at(2.5, f"c.py::f{number}") for number in range(3)))
    assert union(more, NOON + 2.9 * MINUTE) is None
    again = union(more, NOON + 3 * MINUTE)
    assert again is not None
    assert again.since == NOON


def test_fewer_become_one_when_they_are_old() -> None:
    two = _numbered(_at(0), _at(1, "b.py"))
    assert union(two, NOON + 9 * MINUTE) is None
    assert union(two, NOON + 10 * MINUTE) is not None
    assert union(_numbered(_at(0)), NOON + 60 * MINUTE) is None


def test_hundreds_of_symbols_become_their_files() -> None:
    many = _numbered(
        *(
            _at(0, *(f"m{number}.py::f{one}" for one in range(ADDRESSES_MOST // 4 + 1)))
            for number in range(4)
        )
    )
    one = union(many, NOON + MINUTE)
    assert one is not None
    assert one.addresses == ("m0.py", "m1.py", "m2.py", "m3.py")
