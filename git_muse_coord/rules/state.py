"""What a set of records means at a given time: who holds what, and until when.

State is a pure function of (set of records, now). Reading and verifying the records is the store's
business.
"""

from __future__ import annotations

from git_muse_coord.model.continued import continued_by
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.records import (
    MAX_SECONDS,
    UNKNOWN,
    Heartbeat,
    Intent,
    Message,
    Outcome,
    Receipt,
    Release,
    Reservation,
)
from git_muse_coord.rules.tasks import later
from git_muse_coord.rules.united import united

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set
    from datetime import datetime
    from typing import Literal, TypeGuard

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId, RunId

    State = Literal["active", "released", "expired"]
    BeatsById = Mapping[RecordId, Heartbeat]

    Reservations = Mapping[RecordId, Reservation]
    """Reservations by their ids."""

CLOCK_SKEW = timedelta(seconds=120)
"""How far the clocks of two machines may differ without harm.

Beyond it a record is told to be from the future. At the remote nothing is deleted before this much
has passed in addition, so that a clone whose clock is behind does not bring it back.
"""
_REACH = timedelta(seconds=MAX_SECONDS)


class World(NamedTuple):
    """Verified records, by what they are about.

    ``reservations``, ``intents`` and ``others`` (kinds without rules yet) are keyed by their own
    id, ``releases`` by what they end, ``heartbeats`` by their subject and then by
    their own id, ``outcomes`` (the last one of each) by their task. ``archived`` are the ids of
    those that were put in the archive, ``ended`` the reservations whose release is there but cannot
    be read, ``united`` those that a reservation of the same run is in the place of, with its id.
    ``receipts`` are keyed by the message that was read.
    """

    reservations: Mapping[RecordId, Reservation] = {}
    releases: Mapping[RecordId, Release] = {}
    heartbeats: Mapping[RecordId, BeatsById] = {}
    intents: Mapping[RecordId, Intent] = {}
    others: Mapping[RecordId, Record] = {}
    archived: Set[RecordId] = frozenset()
    ended: Set[RecordId] = frozenset()
    outcomes: Mapping[RecordId, Outcome] = {}
    united: Mapping[RecordId, RecordId] = {}
    receipts: Mapping[RecordId, Receipt] = {}

    @classmethod
    def of(cls, records: Mapping[RecordId, Record]) -> World:
        """Sort records, keyed by their ids, into a world."""
        reservations: dict[RecordId, Reservation] = {}
        releases: dict[RecordId, Release] = {}
        heartbeats: dict[RecordId, dict[RecordId, Heartbeat]] = {}
        intents: dict[RecordId, Intent] = {}
        others: dict[RecordId, Record] = {}
        outcomes: dict[RecordId, Outcome] = {}
        receipts: dict[RecordId, Receipt] = {}
        for content_id, record in records.items():
            if isinstance(record, Reservation):
                reservations[content_id] = record
            elif isinstance(record, Release):
                releases[record.reservation_id] = record
            elif isinstance(record, Heartbeat):
                beats = heartbeats.setdefault(record.subject, {})
                beats[content_id] = record
            elif isinstance(record, Intent):
                intents[content_id] = record
            elif isinstance(record, Receipt):
                receipts[record.message_id] = record
            else:
                others[content_id] = record
                if isinstance(record, Outcome):
                    known = outcomes.get(record.task_id)
                    outcomes[record.task_id] = later(known, record)
        return cls(
            reservations=reservations,
            releases=releases,
            heartbeats=heartbeats,
            intents=intents,
            others=others,
            outcomes=outcomes,
            united=united(reservations, releases),
            receipts=receipts,
        )

    def without_released(self) -> World:
        """The same, without the reservations that have a release."""
        reservations = dict(self.reservations)
        for reservation_id in self.releases:
            reservations.pop(reservation_id, None)
        return self._replace(reservations=reservations)

    def effective_expiry(self, reservation_id: RecordId) -> datetime:
        """The latest of the reservation's own expiry and those of its holder's heartbeats."""
        return self._latest_end(reservation_id, self.reservations[reservation_id])

    def intent_expiry(self, intent_id: RecordId) -> datetime:
        """The same of an intent: one that waits goes on by heartbeats."""
        return self._latest_end(intent_id, self.intents[intent_id])

    def _latest_end(
        self,
        subject: RecordId,
        record: Reservation | Intent,
    ) -> datetime:
        latest = record.expires_at
        beats = self.heartbeats.get(subject)
        # Most have none, and this is asked of each of thousands.
        if not beats:
            return latest
        for beat in beats.values():
            # Anybody can write a heartbeat about anything: only the holder's own count.
            if beat.run_id == record.run_id:
                reach = lives_until(beat)
                latest = max(latest, reach)
        return latest

    def is_released(self, reservation_id: RecordId) -> bool:
        """Whether a reservation has ended: by a release, be it one that only its name can be read of, or in a union."""
        if reservation_id in self.releases or reservation_id in self.united:
            return True
        return reservation_id in self.ended

    def state(self, reservation_id: RecordId, now: datetime) -> State:
        """Whether the reservation is active, released, or past its effective expiry."""
        if self.is_released(reservation_id):
            return "released"
        if now < self.effective_expiry(reservation_id):
            return "active"
        return "expired"

    def is_active(self, reservation_id: RecordId, now: datetime) -> bool:
        """Whether the reservation is known, not released, and before its effective expiry.

        One that cannot be judged counts for nothing, and keeps nobody from the others.
        """
        try:
            if reservation_id not in self.reservations:
                return False
            return self.state(reservation_id, now) == "active"
        except Exception:  # whatever it is that our own checks let through
            return False

    def followed(self, reservation_id: RecordId) -> Iterator[RecordId]:
        """A reservation, and what came in its place, one after the other."""
        seen: set[RecordId] = set()
        step: RecordId | None = reservation_id
        # Others' records could lead in a circle.
        while step is not None and step not in seen:
            seen.add(step)
            yield step
            release = self.releases.get(step)
            # Who released it said what goes on, if anything does; that outdoes a union.
            if release is not None:
                step = continued_by(release)
            else:
                step = self.united.get(step)

    def active(self, now: datetime) -> dict[RecordId, Reservation]:
        """The active reservations by id, oldest first."""
        active: dict[RecordId, Reservation] = {}
        for reservation_id, reservation in self.reservations.items():
            if self.is_active(reservation_id, now):
                active[reservation_id] = reservation
        oldest_first = sorted(active.items(), key=_age)
        return dict(oldest_first)

    def is_active_intent(self, intent_id: RecordId, now: datetime) -> bool:
        """Whether an intent counts: while its reservation is active, or, standing alone, before its own end."""
        # one that waited is released when it waits no more
        if intent_id in self.releases:
            return False
        subject = self.intents[intent_id].reservation_id
        if self._is_heard_of(subject):
            return self.is_active(subject, now)
        # One whose reservation never arrived here stands alone as well.
        return now < self.intent_expiry(intent_id)

    def _is_heard_of(self, reservation_id: RecordId | None) -> TypeGuard[RecordId]:
        """Whether a reservation is named and known, be it by its end alone."""
        if reservation_id is None:
            return False
        if reservation_id in self.reservations:
            return True
        return self.is_released(reservation_id)

    def active_intents(self, now: datetime) -> dict[RecordId, Intent]:
        """The intents that count, by id, oldest first."""
        active: dict[RecordId, Intent] = {}
        for intent_id, intent in self.intents.items():
            if self.is_active_intent(intent_id, now):
                active[intent_id] = intent
        oldest_first = sorted(active.items(), key=_age)
        return dict(oldest_first)

    def unread_messages(self, now: datetime) -> dict[RecordId, Message]:
        """The messages that nobody has read and whose time is not over, by id."""
        unread: dict[RecordId, Message] = {}
        for record_id, record in self.others.items():
            if not isinstance(record, Message):
                continue
            is_read = record_id in self.receipts
            is_over = now >= record.expires_at
            if not is_read and not is_over:
                unread[record_id] = record
        return unread

    def dominated(self, beat: Heartbeat) -> dict[RecordId, Heartbeat]:
        """The heartbeats, by id, that this one of the same run makes superfluous; of two, never each the other."""
        # To compare by a rank, and not by the reach alone, keeps one of two that reach equally far.
        rank = _rank(beat)
        superfluous: dict[RecordId, Heartbeat] = {}
        beats = self.heartbeats.get(beat.subject, {})
        for beat_id, earlier in beats.items():
            if earlier.run_id != beat.run_id:
                continue
            earlier_rank = _rank(earlier)
            if earlier_rank < rank:
                superfluous[beat_id] = earlier
        return superfluous


def lives_until(beat: Heartbeat) -> datetime:
    """Until when a heartbeat extends its subject: at most a year after it was made."""
    return no_later_than(_REACH, beat.beat_at, beat.expires_at)


def no_later_than(
    longest: timedelta,
    begin: datetime,
    end: datetime,
) -> datetime:
    """The end, or, where that is too far from the beginning, the furthest that is allowed."""
    # A sum is made only where it is no later than the end, so no date can be beyond the calendar.
    if end - begin > longest:
        return begin + longest
    return end


def _rank(beat: Heartbeat) -> tuple[datetime, datetime, str]:
    reach = lives_until(beat)
    return reach, beat.beat_at, beat.nonce


def _age(item: tuple[RecordId, Reservation | Intent]) -> tuple[datetime, RecordId]:
    # By the id where two are of one moment: all clones must list them in the same order.
    record_id, record = item
    return record.created_at, record_id


def same_holder(run_id: RunId, other_run_id: RunId) -> bool:
    """Whether two run ids are one holder for conflicts: with no identity there is no exemption."""
    if run_id == UNKNOWN:
        return False
    return run_id == other_run_id
