"""How long records are kept: what each clone decides from the records and its own clock.

With T the effective expiry, G the grace and S the skew allowed between clocks: active until T; never pushed, and moved
to the local archive, after T+G; deleted at the remote after T+2G+S. The gap keeps a stale clone from bringing records
back. Where records are moved to is the store's business.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from git_muse_coord.model.records import Claim, Heartbeat, Intent, Outcome, Record, Release, Reservation, Task
from git_muse_coord.rules.state import World, reach


class Fate(IntEnum):
    """What is to become of a record, in the order in which it happens."""

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
        """How far clocks may differ."""
        return min(timedelta(seconds=120), self.grace)


def fate(content_id: str, record: Record, world: World, now: datetime, limits: Limits) -> Fate:
    """What is to become of a record, given all others that are known."""
    if isinstance(record, Reservation):
        return _of_reservation(content_id, world, now, limits)
    if isinstance(record, Release):
        return _of_release(record, world, now, limits)
    if isinstance(record, Heartbeat):
        if record.subject in world.reservations:
            return _of_reservation(record.subject, world, now, limits)
        return _by_expiry(reach(record), now, limits)
    if isinstance(record, Intent):
        if record.reservation_id is not None and record.reservation_id in world.reservations:
            return _of_reservation(record.reservation_id, world, now, limits)
        return _by_expiry(record.expires_at, now, limits)
    return _of_task(content_id, record, world, now, limits)


def _of_reservation(reservation_id: str, world: World, now: datetime, limits: Limits) -> Fate:
    release = world.releases.get(reservation_id)
    if release is not None and now > release.released_at + limits.grace:
        return Fate.GONE  # its release stays, and keeps it from coming back to life
    by_expiry = _by_expiry(world.effective_expiry(reservation_id), now, limits)
    if reservation_id in world.archived and not world.is_active(reservation_id, now):
        return max(Fate.ARCHIVE, by_expiry)  # it was put away once, and nothing has brought it back to life
    return by_expiry


def _of_release(release: Release, world: World, now: datetime, limits: Limits) -> Fate:
    subject = release.reservation_id
    until = world.effective_expiry(subject) if subject in world.reservations else release.expires_at
    past_all = _by_expiry(max(until, release.expires_at), now, limits) is Fate.GONE
    return Fate.GONE if past_all else Fate.LIVE


def _by_expiry(expiry: datetime, now: datetime, limits: Limits) -> Fate:
    age = now - expiry
    if age > 2 * limits.grace + limits.skew:
        return Fate.GONE
    return Fate.ARCHIVE if age > limits.grace else Fate.LIVE


def _of_task(content_id: str, record: Record, world: World, now: datetime, limits: Limits) -> Fate:
    """A task goes with its claims and outcomes, when it has been finished for as long as finished tasks are kept."""
    if content_id in world.archived:
        return Fate.GONE  # it was finished once, whatever has come back
    task_id = record.task_id if isinstance(record, (Claim, Outcome)) else content_id
    ended = _task_ended(task_id, world)
    return Fate.GONE if ended is not None and now > ended + limits.retention else Fate.LIVE


def _task_ended(task_id: str, world: World) -> datetime | None:
    task = world.others.get(task_id)
    outcomes = (one for one in world.others.values() if isinstance(one, Outcome) and one.task_id == task_id)
    last = max(outcomes, key=lambda one: one.attempt, default=None)
    if last is None:
        return None
    attempts = task.max_attempts if isinstance(task, Task) else last.attempt
    again = last.status != "completed" and last.retry and last.attempt < attempts
    return None if again else last.ended_at
