"""What a set of records means at a given time: who holds what, and until when.

State is a pure function of (set of records, now). Reading and verifying the records is the store's
business.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from git_muse_coord.model.records import (
    MAX_SECONDS,
    UNKNOWN,
    Heartbeat,
    Intent,
    Outcome,
    Record,
    Release,
    Reservation,
)
from git_muse_coord.model.text_types import RecordId, RunId

State = Literal["active", "released", "expired"]

_REACH = timedelta(seconds=MAX_SECONDS)


class World(NamedTuple):
    """Verified records, by what they are about.

    ``reservations``, ``intents`` and ``others`` (kinds without rules yet) are keyed by their own
    id, ``releases`` by the reservation that they end, ``heartbeats`` by their subject and then by
    their own id, ``outcomes`` (the last one of each) by their task. ``archived`` are the ids of
    those that were put in the archive, ``ended`` the reservations whose release is there but cannot
    be read.
    """

    reservations: Mapping[RecordId, Reservation] = {}
    releases: Mapping[RecordId, Release] = {}
    heartbeats: Mapping[RecordId, Mapping[RecordId, Heartbeat]] = {}
    intents: Mapping[RecordId, Intent] = {}
    others: Mapping[RecordId, Record] = {}
    archived: Set[RecordId] = frozenset()
    ended: Set[RecordId] = frozenset()
    outcomes: Mapping[RecordId, Outcome] = {}

    @classmethod
    def of(cls, records: Mapping[RecordId, Record]) -> World:
        """Sort records, keyed by their ids, into a world."""
        reservations: dict[RecordId, Reservation] = {}
        releases: dict[RecordId, Release] = {}
        heartbeats: dict[RecordId, dict[RecordId, Heartbeat]] = {}
        intents: dict[RecordId, Intent] = {}
        others: dict[RecordId, Record] = {}
        outcomes: dict[RecordId, Outcome] = {}
        for content_id, record in records.items():
            if isinstance(record, Reservation):
                reservations[content_id] = record
            elif isinstance(record, Release):
                releases[record.reservation_id] = record
            elif isinstance(record, Heartbeat):
                heartbeats.setdefault(record.subject, {})[content_id] = record
            elif isinstance(record, Intent):
                intents[content_id] = record
            else:
                others[content_id] = record
                if isinstance(record, Outcome):
                    outcomes[record.task_id] = max(
                        outcomes.get(record.task_id, record), record, key=_attempt
                    )
        return cls(reservations, releases, heartbeats, intents, others, outcomes=outcomes)

    def effective_expiry(self, reservation_id: RecordId) -> datetime:
        """The latest of the reservation's own expiry and those of its holder's heartbeats."""
        reservation = self.reservations[reservation_id]
        beats = self.heartbeats.get(reservation_id)
        if not beats:
            return reservation.expires_at
        own = (lives_until(beat) for beat in beats.values() if beat.run_id == reservation.run_id)
        return max([reservation.expires_at, *own])

    def is_released(self, reservation_id: RecordId) -> bool:
        """Whether the release of a reservation is there, be it one that only its name can be read of."""
        return reservation_id in self.releases or reservation_id in self.ended

    def state(self, reservation_id: RecordId, now: datetime) -> State:
        """Whether the reservation is active, released, or past its effective expiry."""
        if self.is_released(reservation_id):
            return "released"
        return "active" if now < self.effective_expiry(reservation_id) else "expired"

    def is_active(self, reservation_id: RecordId, now: datetime) -> bool:
        """Whether the reservation is known, not released, and before its effective expiry.

        One that cannot be judged counts for nothing, and keeps nobody from the others.
        """
        try:
            return (
                reservation_id in self.reservations and self.state(reservation_id, now) == "active"
            )
        except Exception:  # whatever it is that our own checks let through
            return False

    def active(self, now: datetime) -> dict[RecordId, Reservation]:
        """The active reservations by id, oldest first."""
        found = [item for item in self.reservations.items() if self.is_active(item[0], now)]
        return dict(sorted(found, key=lambda item: (item[1].created_at, item[0])))

    def is_active_intent(self, intent_id: RecordId, now: datetime) -> bool:
        """Whether an intent counts: while its reservation is active, or, standing alone, before its own expiry."""
        intent = self.intents[intent_id]
        subject = intent.reservation_id
        if subject is not None and (subject in self.reservations or self.is_released(subject)):
            return self.is_active(subject, now)
        return now < intent.expires_at

    def active_intents(self, now: datetime) -> dict[RecordId, Intent]:
        """The intents that count, by id, oldest first."""
        found = [item for item in self.intents.items() if self.is_active_intent(item[0], now)]
        return dict(sorted(found, key=lambda item: (item[1].created_at, item[0])))

    def dominated(self, beat: Heartbeat) -> dict[RecordId, Heartbeat]:
        """The heartbeats, by id, that this one of the same run makes superfluous; of two, never each the other."""
        return {
            content_id: other
            for content_id, other in self.heartbeats.get(beat.subject, {}).items()
            if other.run_id == beat.run_id and _rank(other) < _rank(beat)
        }


def lives_until(beat: Heartbeat) -> datetime:
    """Until when a heartbeat extends its subject: at most a year after it was made."""
    return at_most(_REACH, beat.beat_at, beat.expires_at)


def at_most(longest: timedelta, begin: datetime, end: datetime) -> datetime:
    """The end, or, where that is too far from the beginning, the furthest that is allowed.

    A sum is made only where it is no later than the end, so no date can be beyond the calendar.
    """
    return begin + longest if end - begin > longest else end


def _attempt(outcome: Outcome) -> int:
    return outcome.attempt


def _rank(beat: Heartbeat) -> tuple[datetime, datetime, str]:
    return lives_until(beat), beat.beat_at, beat.nonce


def same_holder(one: RunId, other: RunId) -> bool:
    """Whether two run ids are one holder for conflicts: with no identity there is no exemption."""
    return one == other != UNKNOWN
