"""Whatever values a record holds, nothing that judges it fails, and the others are judged as if it were not there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import codec
from git_muse_coord.model.records import Outcome, Record, Release
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules import lifetime
from git_muse_coord.rules.conflicts import conflicted, conflicts_among
from git_muse_coord.rules.following import where_work_goes_on
from git_muse_coord.rules.lifetime import Fate, Limits, fate
from git_muse_coord.rules.state import World
from git_muse_coord.rules.waiting import became_ready, blocked_by, wait_graph
from git_muse_coord.store.records.segments import day_of
from git_muse_coord.store.records.sweep import superseded
from tests import strategies
from tests.tools import NOON, a_reservation

pytestmark = pytest.mark.slow

IDS = [RecordId(f"sha256:{number:064x}") for number in range(8)]
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
moments = st.one_of(st.sampled_from([FIRST, LAST, NOON]), st.datetimes(timezones=st.just(UTC)))
limits = st.builds(Limits, *[st.timedeltas(timedelta(), timedelta(days=365))] * 2)


@st.composite
def wild(draw: st.DrawFn) -> Record:
    """A record of any kind with any times, as no check would let it through, about one of a few others."""
    record = draw(strategies.any_record)
    changed: dict[str, Any] = {}
    for name, rule in record.fields.items():
        if rule is codec.TIME:
            changed[name] = draw(moments)
        elif rule is codec.ID or (name.endswith("_id") and name != "run_id"):
            changed[name] = draw(st.sampled_from(IDS))
        elif name == "depends_on":
            changed[name] = tuple(draw(st.sets(st.sampled_from(IDS))))
        elif name in ("attempt", "max_attempts", "priority"):
            changed[name] = draw(st.sampled_from([-(10**30), 0, 1, 10**30]))
    return type(record)(
        **{**vars(record), **changed, "run_id": draw(st.sampled_from(["a", "b", "unknown"]))}
    )


@given(st.lists(wild(), max_size=8), moments, limits)
def test_no_value_of_any_field_stops_a_rule(
    some: list[Record], now: datetime, graces: Limits
) -> None:
    here = dict(zip(IDS, some, strict=False))
    world = World.of(here)
    for archived in (frozenset[RecordId](), frozenset(IDS)):
        seen = world._replace(archived=archived)
        assert all(
            fate(one, record, seen, now, graces) is not Fate.UNCLEAR for one, record in here.items()
        )
    for reservation in world.reservations:
        assert world.state(reservation, now) in ("active", "released", "expired")
        wait_graph(world, now, around=reservation)
    active = world.active(now)
    assert len(world.active_intents(now)) <= len(world.intents)
    list(conflicts_among(active, active))
    conflicted(active)
    wait_graph(world, now)
    blocked_by(IDS, where_work_goes_on(world, now))
    became_ready(IDS, world, now)
    superseded(world)
    assert all(len(day_of(record)) == len("2026-03-18") for record in some)


def test_a_record_that_cannot_be_judged_keeps_nobody_from_the_others() -> None:
    evil = a_reservation("a.py", expires_at="never")
    world = World.of({IDS[0]: evil, IDS[1]: a_reservation("a.py")})

    assert list(world.active(NOON)) == [IDS[1]]
    assert fate(IDS[0], evil, world, NOON, Limits()) is Fate.UNCLEAR
    assert fate(IDS[1], world.reservations[IDS[1]], world, NOON, Limits()) is Fate.LIVE
    assert list(wait_graph(world, NOON).states) == [IDS[1]]


def test_of_many_outcomes_of_a_task_the_last_attempt_counts() -> None:
    def outcome(attempt: int, ended_at: datetime) -> Outcome:
        return Outcome(
            run_id=RunId("a"),
            nonce="n",
            claim_id=IDS[2],
            task_id=IDS[0],
            attempt=attempt,
            status="failed",
            retry=False,
            result=None,
            error=None,
            ended_at=ended_at,
        )

    tries = {
        IDS[3]: outcome(2, NOON),
        IDS[4]: outcome(3, NOON + timedelta(days=1)),
        IDS[5]: outcome(1, NOON),
    }
    world = World.of(dict(tries))
    until = NOON + timedelta(days=1) + Limits().retention

    assert {fate(one, record, world, until, Limits()) for one, record in tries.items()} == {
        Fate.LIVE
    }
    later = until + timedelta(seconds=1)
    assert {fate(one, record, world, later, Limits()) for one, record in tries.items()} == {
        Fate.GONE
    }


def test_a_release_that_says_it_is_needed_for_ever_is_kept_for_a_year_at_most() -> None:
    made = Release(
        run_id=RunId("a"),
        nonce="n",
        reservation_id=IDS[0],
        outcome="done",
        released_at=NOON,
        expires_at=NOON + timedelta(days=40_000),
    )
    world = World.of({IDS[1]: made})

    assert fate(IDS[1], made, world, NOON + timedelta(days=366), Limits()) is Fate.LIVE
    assert fate(IDS[1], made, world, NOON + timedelta(days=367), Limits()) is Fate.GONE


def test_a_reservation_whose_release_cannot_be_read_is_released() -> None:
    world = World.of({IDS[0]: a_reservation("a.py"), IDS[1]: a_reservation("b.py")})._replace(
        ended={IDS[0]}
    )

    assert world.state(IDS[0], NOON) == "released"
    assert list(world.active(NOON)) == [IDS[1]]
    assert lifetime.fate(IDS[0], world.reservations[IDS[0]], world, NOON, Limits()) is Fate.LIVE
