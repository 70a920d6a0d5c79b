"""Keeping the live refs few: what is past its time moves to the local archive, what is superfluous goes.

What is past its time is decided in ``rules.lifetime``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.names import ARCHIVE, folder_of
from git_muse_coord.model.records import (
    REF_PREFIX,
    Receipt,
    Record,
    Release,
    Reservation,
)
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.lifetime import (
    Fate,
    Limits,
    by_expiry,
    fate,
)
from git_muse_coord.rules.state import World
from git_muse_coord.store.git.at_work import is_git_at_work
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.refs import (
    ATTEMPTS,
    RefUpdate,
    deletions,
    pause,
    retrying,
)
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.records.ref_names import prefix_of
from git_muse_coord.store.records.revival import revive_archived
from git_muse_coord.store.records.snapshot import Snapshot

if TYPE_CHECKING:
    from git_muse_coord.store.records.loading import Records
    from git_muse_coord.store.records.ref_names import Oids
    from git_muse_coord.store.records.verdicts import Unread


LOOSE_MOST = 500
"""More loose refs of ours than this are packed; a packed one costs a listing a fifth."""

LOOSE_AT_REST = 100
"""More than this are packed where nobody's git is at work, which would have to wait for us."""


class SweepPlan(NamedTuple):
    """``archive`` are the records to add to the archive, by id; ``drop`` the refs to delete, with their object ids."""

    archive: Records
    drop: Oids


def plan_sweep(
    snapshot: Snapshot,
    now: datetime,
    limits: Limits,
) -> SweepPlan:
    """What a sweep would do."""
    live = snapshot.live
    world = snapshot.world()
    superfluous = superseded(world)
    archive: Records = {}
    drop: Oids = {}
    for ref, (content_id, record) in live.items():
        oid = snapshot.entries[ref].oid
        if content_id in superfluous:
            drop[ref] = oid
            continue
        due = fate(
            content_id,
            record,
            world,
            now,
            limits,
        )
        if due >= Fate.ARCHIVE:
            drop[ref] = oid
            archive[content_id] = record
    # what ends others is archived together with them, although it stays live for a while
    for content_id, record in live.values():
        if _ended_by(record) in archive:
            archive[content_id] = record
    drop |= expired_unread(
        snapshot.unread,
        snapshot,
        now,
        limits,
    )
    return SweepPlan(archive, drop)


def expired_unread(
    known: Unread,
    snapshot: Snapshot,
    now: datetime,
    limits: Limits,
) -> Oids:
    """Of the records that are not understood those that say themselves that they ended, long enough ago.

    With their object ids, by ref. A release stays as long as what it releases is here.
    """
    expired: Oids = {}
    for ref, unread in known.items():
        if unread.expires_at is None or _released_by(ref) in snapshot.entries:
            continue
        if by_expiry(unread.expires_at, now, limits) is Fate.GONE:
            expired[ref] = unread.oid
    return expired


def _ended_by(record: Record) -> RecordId | None:
    """What a record is the end of: a reservation that is released, a message that was read."""
    if isinstance(record, Release):
        return record.reservation_id
    if isinstance(record, Receipt):
        return record.message_id
    return None


def _released_by(ref: str) -> str | None:
    """The ref of the reservation that a release is named after; None for other kinds."""
    if folder_of(ref) != Release.folder:
        return None
    return ref.replace(prefix_of(Release), prefix_of(Reservation))


def superseded(world: World) -> set[RecordId]:
    """The ids of what a later record of the same run makes superfluous: heartbeats, and what ended in a union."""
    superfluous: set[RecordId] = set(world.united)
    for subject, beats in world.heartbeats.items():
        if subject in world.united:
            superfluous.update(beats)
            continue
        for beat in beats.values():
            superfluous.update(world.dominated(beat))
    return superfluous


def sweep(
    store: RecordStore,
    now: datetime,
    limits: Limits,
) -> SweepPlan:
    """Move to the archive what is past its time, and back what was moved too early. Raises StoreFailed.

    Returns what was archived and dropped.
    """
    # first, so that the look below sees what came back
    revive_archived(store, now)
    for attempt in range(ATTEMPTS):
        snapshot = store.look()
        todo = plan_sweep(snapshot, now, limits)
        if retrying(lambda: put_away(store, snapshot, todo)):  # noqa: B023 - called at once
            return todo
        pause(attempt)
    # others keep changing the same refs; the next sweep will do
    return SweepPlan({}, {})


def put_away(
    store: RecordStore,
    snapshot: Snapshot,
    todo: SweepPlan,
) -> bool:
    """Archive some records and drop some refs in one transaction. False: another process was first."""
    old = snapshot.archive_tip
    new = old
    if todo.archive:
        new = store.archive.add(old, todo.archive)
    updates: list[RefUpdate] = []
    # git makes a transaction visible ref by ref, so the archive is named before what goes there
    if new != old:
        updates.append(RefUpdate(ARCHIVE, new, old))
    updates += deletions(todo.drop)
    if not updates:
        return True
    if not store.refs.commit(updates):
        return False
    if new is not None and new != old:
        _keep(store, old, new, todo.archive)
    return True


def _keep(
    store: RecordStore,
    old: str | None,
    new: str,
    added: Mapping[RecordId, Record],
) -> None:
    """See that what the archive grew by is there, and write it again where a gc took it away."""

    def mend() -> bool:
        nonlocal new
        since = ["--not", old] if old else []
        answer = store.refs.git.ask(
            "rev-list",
            "--objects",
            "--quiet",
            new,
            *since,
        )
        if answer.code == 0:
            return False
        again = store.archive.add(old, added)
        update = RefUpdate(ARCHIVE, again, new)
        if not store.refs.commit([update]):
            # another process goes on from it, and meets what is missing
            return False
        new = again
        return True

    store.objects.settle(mend)


def pack(git: Git, common_dir: str) -> None:
    """Let git pack refs once many of ours are loose."""
    top = os.path.join(common_dir, REF_PREFIX)
    loose = 0
    for _, _, names in os.walk(top):
        loose += len(names)
    is_worth_it = loose > LOOSE_AT_REST and not is_git_at_work(common_dir)
    if loose > LOOSE_MOST or is_worth_it:
        git.ask_apart("pack-refs", "--all")
