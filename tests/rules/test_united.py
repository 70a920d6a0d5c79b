"""What a union of reservations ends, and how long it stays so that they do not come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from git_muse_coord.model.continued import REPLACES
from git_muse_coord.model.records import Heartbeat, Record, Release, Reservation
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.automatic import marks, union
from git_muse_coord.rules.following import where_work_goes_on
from git_muse_coord.rules.lifetime import Fate, Limits, fate
from git_muse_coord.rules.state import World
from tests.tools import NOON, a_reservation

MINUTE = timedelta(minutes=1)
SMALL, OTHER, UNION, LATER, BEAT, END = (RecordId(f"sha256:{digit * 64}") for digit in "abcdef")


def _made(*addresses: str, replaces: list[Any] | None = None, **changes: Any) -> Reservation:
    extra = marks() if replaces is None else {**marks(NOON), REPLACES: replaces}
    return a_reservation(*addresses, **{"extra": extra, **changes})


def _release(of: RecordId) -> Release:
    return Release(
        run_id=RunId("a"),
        nonce="n",
        reservation_id=of,
        outcome="done",
        released_at=NOON + MINUTE,
        expires_at=NOON + 60 * MINUTE,
    )


def _world(**records: Record) -> World:
    names = {
        "small": SMALL,
        "other": OTHER,
        "union": UNION,
        "later": LATER,
        "beat": BEAT,
        "end": END,
    }
    return World.of({names[name]: record for name, record in records.items()})


def test_what_a_union_names_has_ended_and_goes_on_in_it() -> None:
    both = _made("a.py::f", "b.py::g", replaces=[SMALL, OTHER])
    world = _world(small=_made("a.py::f"), other=_made("b.py::g"), union=both)
    assert list(world.active(NOON)) == [UNION]
    assert world.state(SMALL, NOON) == "released"
    assert where_work_goes_on(world, NOON).of(SMALL) == UNION


def test_it_stays_ended_when_the_union_is_released() -> None:
    both = _made("a.py::f", replaces=[SMALL])
    world = _world(small=_made("a.py::f"), union=both, end=_release(UNION))
    assert not world.active(NOON)
    assert where_work_goes_on(world, NOON).of(SMALL) is None


def test_one_that_is_not_here_goes_on_all_the_same() -> None:
    both = _made("a.py::f", replaces=[SMALL, UNION])
    world = _world(later=both)
    assert (
        where_work_goes_on(world, NOON).of(SMALL)
        == where_work_goes_on(world, NOON).of(UNION)
        == LATER
    )


def test_nobody_ends_what_others_hold_or_what_lies_elsewhere_or_was_asked_for() -> None:
    small = _made("a.py::f", "b.py::g")
    for changes in (
        {"union": _made("a.py", "b.py", replaces=[SMALL], run_id="b")},
        {"union": _made("a.py::f", "c.py::g", replaces=[SMALL])},
        {"union": _made("a.py", "b.py", replaces=[SMALL]), "small": a_reservation("a.py", "b.py")},
    ):
        world = _world(**{"small": small, **changes})
        assert SMALL in world.active(NOON)
        assert not world.united


def test_names_that_are_none_count_for_nothing() -> None:
    small = _made("a.py::f")
    for replaces in ("text", [7, None, "sha256:a"], [bytes(range(9)).hex()], {SMALL: SMALL}):
        odd = _made("a.py::f", extra={**marks(), REPLACES: replaces})
        assert SMALL in _world(small=small, union=odd).active(NOON)


def test_a_release_says_more_than_a_union() -> None:
    both = _made("a.py::f", replaces=[SMALL])
    world = _world(small=_made("a.py::f"), union=both, end=_release(SMALL))
    assert not world.united
    assert world.state(SMALL, NOON) == "released"


def test_a_union_of_unions_names_all_that_they_ended_oldest_first() -> None:
    own = {
        UNION: _made("a.py::f", replaces=[SMALL, OTHER], created_at=NOON),
        LATER: _made("b.py::g", created_at=NOON + MINUTE),
    }
    together = union(own, NOON + 11 * MINUTE)
    assert together is not None
    assert together.ended == (SMALL, OTHER, UNION, LATER)


def test_only_as_many_as_there_is_room_for_the_newest() -> None:
    names = [RecordId(f"sha256:{number:064x}") for number in range(100)]
    own = {
        UNION: _made("a.py::f", replaces=list(names), created_at=NOON),
        LATER: _made("b.py::g", created_at=NOON + MINUTE),
    }
    together = union(own, NOON + 11 * MINUTE)
    assert together is not None
    assert together.ended == (*names[2:], UNION, LATER)
    # and no more of them are believed
    flood = _made("a.py::f", replaces=[*names, SMALL])
    assert len(_world(union=flood).united) == len(names)


def test_a_union_stays_until_nothing_that_it_ended_could_be_alive() -> None:
    both = _made("a.py::f", replaces=[SMALL])
    beat = Heartbeat(
        run_id=RunId("a"),
        nonce="n",
        subject=UNION,
        beat_at=NOON,
        expires_at=NOON + 90 * MINUTE,
    )
    world = _world(union=both, beat=beat, end=_release(UNION))
    limits = Limits()
    # a quarter of an hour after its release, what is no union goes
    for minutes, expected in (
        (17, Fate.LIVE),
        (104, Fate.LIVE),
        (106, Fate.ARCHIVE),
        (123, Fate.GONE),
    ):
        now = NOON + minutes * MINUTE
        assert fate(UNION, both, world, now, limits) is expected
        assert fate(BEAT, beat, world, now, limits) is expected
