"""Tickets: who waits as records tell it, until when, and when somebody who is not heard of counts as gone."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import codec, records
from git_muse_coord.model.records import BEAT_SECONDS, Heartbeat, Intent, Record, Release
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.model.ticket import ticket_facts, ticket_of
from git_muse_coord.rules.lifetime import Fate, Limits, fate, unfinished
from git_muse_coord.rules.state import World
from git_muse_coord.rules.tickets import Sign, gone_at, seen_now, signs_of, waiting
from tests import strategies
from tests.tools import NOON

MINUTE = timedelta(minutes=1)
OTHER = RecordId("sha256:" + "0" * 64)


def an_intent(number: object, run: str = "a", **changes: Any) -> Intent:
    facts: dict[str, Any] = {
        "run_id": run,
        "nonce": secrets.token_hex(16),
        "branch": "main",
        "addresses": ("a.py",),
        "operation": "modify",
        "detail": None,
        "reservation_id": None,
        "created_at": NOON,
        "expires_at": NOON + 30 * MINUTE,
        "extra": {"ticket": number},
    }
    return Intent(**{**facts, **changes})


def a_world(*made: Record) -> World:
    return World.of({codec.content_id(records.encode(record)): record for record in made})


def id_of(record: Record) -> RecordId:
    return codec.content_id(records.encode(record))


def a_beat(intent: Intent, minute: int, run: str = "a") -> Heartbeat:
    beat_at = NOON + minute * MINUTE
    return Heartbeat(
        run_id=RunId(run),
        nonce=secrets.token_hex(16),
        subject=id_of(intent),
        beat_at=beat_at,
        expires_at=beat_at + 30 * MINUTE,
    )


def a_release(intent: Intent) -> Release:
    return Release(
        run_id=intent.run_id,
        nonce=secrets.token_hex(16),
        reservation_id=id_of(intent),
        outcome="done",
        released_at=NOON + MINUTE,
        expires_at=intent.expires_at,
    )


@pytest.mark.parametrize("number", [None, 0, -1, True, "7", 1.5, 10**13, [7]])
def test_what_is_no_number_makes_no_ticket(number: object) -> None:
    assert ticket_of(OTHER, an_intent(number)) is None


@given(
    st.integers(1, 10**12),
    st.lists(strategies.ids, max_size=3, unique=True),
    st.integers(1, BEAT_SECONDS),
)
def test_a_ticket_is_read_as_it_was_written(number: int, ids: list[RecordId], beat: int) -> None:
    facts = ticket_facts(number, sorted(ids), beat)
    again = records.decode(records.encode(an_intent(1, extra=facts)))
    assert isinstance(again, Intent)
    ticket = ticket_of(OTHER, again)

    assert ticket is not None
    assert (ticket.number, list(ticket.depends_on), ticket.beat) == (number, sorted(ids), beat)


@given(strategies.json_values)
def test_whatever_else_a_ticket_says_stops_nobody(junk: object) -> None:
    ticket = ticket_of(OTHER, an_intent(3, extra={"ticket": 3, "beat": junk, "depends_on": junk}))

    assert ticket is not None
    assert 1 <= ticket.beat <= BEAT_SECONDS


def test_those_who_wait_come_in_the_order_of_their_numbers_and_of_no_clock() -> None:
    late = an_intent(1, "late", created_at=NOON + 20 * MINUTE, expires_at=NOON + 50 * MINUTE)
    early = an_intent(2, "early", created_at=NOON - 20 * MINUTE)
    plain = an_intent(1, "plain", extra={})

    tickets = waiting(a_world(early, plain, late), NOON)
    assert [ticket.run_id for ticket in tickets] == ["late", "early"]


def test_a_ticket_ends_with_its_release_and_by_its_own_end_which_its_holder_moves() -> None:
    intent = an_intent(1)
    later = NOON + 40 * MINUTE

    assert waiting(a_world(intent), NOON)
    assert not waiting(a_world(intent, a_release(intent)), NOON + MINUTE)
    assert not waiting(a_world(intent), later)
    assert waiting(a_world(intent, a_beat(intent, 20)), later)
    assert not waiting(a_world(intent, a_beat(intent, 20, run="somebody else")), later)


def test_what_waited_goes_with_its_heartbeats_and_its_release_keeps_it_from_coming_back() -> None:
    intent = an_intent(1)
    beat, release = a_beat(intent, 1), a_release(intent)
    limits = Limits()
    world = a_world(intent, beat, release)

    def fates(minutes: int) -> list[Fate]:
        now = NOON + minutes * MINUTE
        return [fate(id_of(one), one, world, now, limits) for one in (intent, beat, release)]

    assert fates(2) == [Fate.LIVE] * 3
    assert fates(20) == [Fate.GONE, Fate.GONE, Fate.LIVE]
    assert fates(31 + 2 * 15 + 3) == [Fate.GONE] * 3


def test_who_waits_on_stays_live_with_his_last_heartbeat_alone() -> None:
    intent = an_intent(1)
    first, last = a_beat(intent, 10), a_beat(intent, 40)
    world = a_world(intent, first, last)

    now = NOON + 60 * MINUTE
    assert unfinished(world, now) == {id_of(intent), id_of(last)}
    assert fate(id_of(intent), intent, world, now, Limits()) is Fate.LIVE


def test_only_a_sign_that_was_never_seen_is_news() -> None:
    intent = an_intent(1)
    world = a_world(intent, a_beat(intent, 1), a_beat(intent, 2, run="somebody else"))
    [ticket] = waiting(world, NOON)
    beats = signs_of(ticket, world)
    assert len(beats) == 2

    first = seen_now(None, frozenset([ticket.intent_id]), 100.0)
    assert seen_now(first, frozenset([ticket.intent_id]), 150.0) == first
    second = seen_now(first, beats, 160.0)
    assert second == Sign(beats, 160.0)
    # what a sweep cleared away is no news
    assert seen_now(second, frozenset([ticket.intent_id]), 200.0) == second
    assert gone_at(ticket, second) == 160.0 + 3 * BEAT_SECONDS
