"""How long records are kept: what each clone decides from the records and its own clock.

With T the effective expiry, G the grace and S the skew allowed between clocks: active until T;
never pushed, and moved to the local archive, after T+G; deleted at the remote after T+2G+S. The gap
keeps a stale clone from bringing records back. Where records are moved to is the store's business.
"""

from __future__ import annotations

from enum import IntEnum

from git_muse_coord.model.continued import replaced_by
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.records import (
    LONGEST,
    Claim,
    Heartbeat,
    Intent,
    Message,
    Outcome,
    Receipt,
    Release,
    Reservation,
    Task,
)
from git_muse_coord.rules.state import CLOCK_SKEW, lives_until, no_later_than
from git_muse_coord.rules.tasks import finished_at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Never

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import World


class Fate(IntEnum):
    """What is to become of a record, in the order in which it happens."""

    UNCLEAR = -1
    """It cannot be worked out. The record counts as damaged: it stays where it is, and does not travel."""
    LIVE = 0
    """Keep it, and push it."""
    ARCHIVE = 1
    """Move it to the archive; the remote keeps it a while longer."""
    GONE = 2
    """In the archive, and no longer needed at the remote."""


class Limits(NamedTuple):
    """The grace (muse-coord.gcGrace) and how long finished tasks are kept (muse-coord.taskRetention)."""

    grace: timedelta = timedelta(seconds=900)
    retention: timedelta = timedelta(days=7)

    @property
    def skew(self) -> timedelta:
        """How far clocks may differ, for this grace.

        It is never more than the grace: who makes that shorter wants what is over to go soon.
        """
        return min(CLOCK_SKEW, self.grace)


WITNESSES = 3
"""At least this many runs must have written what lies in the future before our own clock counts as wrong."""


def is_clock_behind(
    known: Iterable[Record],
    now: datetime,
    limits: Limits,
) -> bool:
    """Whether our clock is wrong: the newest records of several runs lie more than the grace in the future.

    Records older than now prove nothing, and one run alone may have a wrong clock itself, or be
    forged.
    """
    newest: dict[str, datetime] = {}
    for record in known:
        run_id = record.run_id
        moment = record.made_at
        last = newest.get(run_id, moment)
        newest[run_id] = max(last, moment)
    ahead = [moment for moment in newest.values() if moment - now > limits.grace]
    return len(ahead) >= WITNESSES


def fate(
    content_id: RecordId,
    record: Record,
    world: World,
    now: datetime,
    limits: Limits,
) -> Fate:
    """What is to become of a record, given all others that are known.

    Whatever a record holds that our checks let through, it stops nothing but itself: its fate is
    UNCLEAR.
    """
    try:
        return _fate(
            content_id,
            record,
            world,
            now,
            limits,
        )
    except Exception:
        return Fate.UNCLEAR


def _fate(
    content_id: RecordId,
    record: Record,
    world: World,
    now: datetime,
    limits: Limits,
) -> Fate:
    match record:
        case Reservation():
            return _of_reservation(content_id, world, now, limits)
        case Release():
            return _of_release(record, world, now, limits)
        case Heartbeat():
            return _of_heartbeat(record, world, now, limits)
        case Intent():
            return _of_intent(
                content_id,
                record,
                world,
                now,
                limits,
            )
        case Message():
            return _of_message(
                content_id,
                record,
                world,
                now,
                limits,
            )
        case Receipt():
            return _of_receipt(record, world, now, limits)
        case Task():
            return _of_task(
                content_id,
                content_id,
                world,
                now,
                limits,
            )
        case Claim() | Outcome():
            return _of_task(
                content_id,
                record.task_id,
                world,
                now,
                limits,
            )
        # A new kind whose records need no others to be judged: by_expiry(record.expires_at, now, limits)
        case _:
            return _forgotten(record)


def unfinished(world: World, now: datetime) -> set[str]:
    """The ids of what must stay live at a time, wherever it was put.

    Reservations, intents, their heartbeats, and messages that nobody has read.
    """
    active = world.active(now)
    intents = world.active_intents(now)
    beats: dict[RecordId, Heartbeat] = {}
    for subject in (*active, *intents):
        beats_of_subject = world.heartbeats.get(subject, {})
        beats.update(beats_of_subject)
    superfluous: set[RecordId] = set()
    for beat in beats.values():
        superfluous.update(world.dominated(beat))
    unread = world.unread_messages(now)
    needed_beats = beats.keys() - superfluous
    return {*active, *needed_beats, *intents, *unread}


def by_expiry(
    expiry: datetime,
    now: datetime,
    limits: Limits,
) -> Fate:
    """What is to become of something that ends at a given time."""
    age = now - expiry
    if age > 2 * limits.grace + limits.skew:
        return Fate.GONE
    if age > limits.grace:
        return Fate.ARCHIVE
    return Fate.LIVE


def _gone_or_live(
    expiry: datetime,
    now: datetime,
    limits: Limits,
) -> Fate:
    """As ``by_expiry``, of what is pushed as long as it keeps something else from coming back."""
    if by_expiry(expiry, now, limits) is Fate.GONE:
        return Fate.GONE
    return Fate.LIVE


def _forgotten(record: Never) -> Fate:
    # A type checker says of each call that it is never reached, as long as every kind has a case.
    raise AssertionError(f"no case for {record}")


def _of_reservation(
    reservation_id: RecordId,
    world: World,
    now: datetime,
    limits: Limits,
) -> Fate:
    ends = world.effective_expiry(reservation_id)
    due = by_expiry(ends, now, limits)
    if replaced_by(world.reservations[reservation_id]):
        # What a union ended would come back to life without it, whether it is released or not.
        return due
    if _was_released(reservation_id, world, now, limits):
        return Fate.GONE  # its release stays, and keeps it from coming back to life
    was_put_away = reservation_id in world.archived
    if was_put_away and not world.is_active(reservation_id, now):
        # Nothing has brought it back to life.
        return max(Fate.ARCHIVE, due)
    return due


def _was_released(
    subject: RecordId,
    world: World,
    now: datetime,
    limits: Limits,
) -> bool:
    """Whether a reservation, or an intent that waited, was released longer ago than the grace."""
    release = world.releases.get(subject)
    if release is None:
        return False
    return now - release.released_at > limits.grace


def _of_heartbeat(
    beat: Heartbeat,
    world: World,
    now: datetime,
    limits: Limits,
) -> Fate:
    """It goes with what it is about, where that is known; else by its own expiry."""
    subject = beat.subject
    if subject in world.reservations:
        return _of_reservation(subject, world, now, limits)
    if subject in world.intents:
        return _of_intent(
            subject,
            world.intents[subject],
            world,
            now,
            limits,
        )
    reach = lives_until(beat)
    return by_expiry(reach, now, limits)


def _of_intent(
    intent_id: RecordId,
    intent: Intent,
    world: World,
    now: datetime,
    limits: Limits,
) -> Fate:
    """It goes with its reservation, where that is known; what stands alone goes by its own end, or by its release."""
    subject = intent.reservation_id
    if subject is not None and subject in world.reservations:
        return _of_reservation(subject, world, now, limits)
    if _was_released(intent_id, world, now, limits):
        return Fate.GONE  # its release stays, and keeps it from waiting again
    ends = world.intent_expiry(intent_id)
    return by_expiry(ends, now, limits)


def _of_release(
    release: Release,
    world: World,
    now: datetime,
    limits: Limits,
) -> Fate:
    subject = release.reservation_id
    until = no_later_than(LONGEST, release.released_at, release.expires_at)
    if subject in world.reservations:
        until = max(until, world.effective_expiry(subject))
    elif subject in world.intents:
        until = max(until, world.intent_expiry(subject))
    return _gone_or_live(until, now, limits)


def _of_message(
    message_id: RecordId,
    message: Message,
    world: World,
    now: datetime,
    limits: Limits,
) -> Fate:
    """A message goes once it was read, or when its time is over; until then its receipt keeps it read."""
    receipt = world.receipts.get(message_id)
    if receipt is not None:
        read_since = now - receipt.read_at
        if read_since > limits.grace:
            return Fate.GONE
    return by_expiry(message.expires_at, now, limits)


def _of_receipt(
    receipt: Receipt,
    world: World,
    now: datetime,
    limits: Limits,
) -> Fate:
    until = no_later_than(LONGEST, receipt.read_at, receipt.expires_at)
    message = world.others.get(receipt.message_id)
    if isinstance(message, Message):
        until = max(until, message.expires_at)
    return _gone_or_live(until, now, limits)


def _of_task(
    content_id: RecordId,
    task_id: RecordId,
    world: World,
    now: datetime,
    limits: Limits,
) -> Fate:
    """A task goes with its claims and outcomes, when it has been finished for as long as finished tasks are kept."""
    if content_id in world.archived:
        return Fate.GONE  # it was finished once, whatever has come back
    task = world.others.get(task_id)
    last_outcome = world.outcomes.get(task_id)
    finished = finished_at(task, last_outcome)
    if finished is not None and now - finished > limits.retention:
        return Fate.GONE
    return Fate.LIVE
