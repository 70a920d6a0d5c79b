"""What was archived too early, by a clone whose clock is ahead: it still matters, and becomes refs again.

What that is is decided in ``rules.lifetime``, by the records and our own clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from git_muse_coord.model.continued import replaced_by
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.records import (
    REF_PREFIX,
    Heartbeat,
    Message,
    Receipt,
    Record,
    Release,
    Reservation,
    bare,
)
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.lifetime import unfinished
from git_muse_coord.rules.state import lives_until
from git_muse_coord.store.git.refs import ATTEMPTS, pause
from git_muse_coord.store.records.archive_index import ArchiveRow
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.records.snapshot import Snapshot

if TYPE_CHECKING:
    from git_muse_coord.store.records.loading import Records


REVIVED_MOST = 1000
"""At most this many records become refs again at one time: an archive may be forged to hold any number of them."""


def revivable(
    store: RecordStore,
    snapshot: Snapshot,
    now: datetime,
) -> Records:
    """The records of the archive that still matter and are not live, by id."""
    if snapshot.archive_tip is None:
        return {}
    rows = _rows_ahead(store, snapshot, now)
    needed = _needed(store, snapshot, rows)
    early = store.archive.load(needed)
    if not early:
        return {}
    world = snapshot.world_with(early)
    wanted = unfinished(world, now) | _ends(early)
    # in the order of their ids, so that all clones begin with the same ones
    in_order = sorted(early.keys() & wanted)
    chosen = in_order[:REVIVED_MOST]
    return {content_id: early[content_id] for content_id in chosen}


def _rows_ahead(
    store: RecordStore,
    snapshot: Snapshot,
    now: datetime,
) -> set[ArchiveRow]:
    """What is archived, is no ref here, and reaches beyond now, or is a reservation that such a thing is about.

    A reservation's own expiry may be long past: what extends it are heartbeats, archived or live.
    """
    rows = store.archive.beyond(snapshot.archive_tip, now)
    subjects = _extended(snapshot, now)
    for row in rows:
        if row.about:
            subjects.append(row.about)
    names = [f"{Reservation.folder}/{bare_id}" for bare_id in subjects]
    extended = store.archive.find(snapshot.archive_tip, names)
    rows += extended.values()
    ahead: set[ArchiveRow] = set()
    for row in rows:
        ref = REF_PREFIX + row.name
        if ref not in snapshot.listed:
            ahead.add(row)
    return ahead


def revive_archived(store: RecordStore, now: datetime) -> int:
    """Write as refs again what was archived too early. Returns how many records that were. Raises StoreFailed."""
    for attempt in range(ATTEMPTS):
        early = revivable(store, store.look(), now)
        if not early:
            return 0
        revived = list(early.values())
        if store.write(revived, is_new=False):
            return len(revived)
        pause(attempt)
    return 0  # others keep writing the same refs; the next sweep will do


def _extended(snapshot: Snapshot, now: datetime) -> list[str]:
    """The subjects of live heartbeats that reach beyond now, in bare hex."""
    subjects: list[str] = []
    for record in snapshot.records().values():
        if not isinstance(record, Heartbeat):
            continue
        if lives_until(record) > now:
            subjects.append(bare(record.subject))
    return subjects


def _ends(early: Mapping[RecordId, Record]) -> set[str]:
    """The ids of what ends others: releases, unions and receipts.

    Who has only what they ended must learn of it while that would be active, or unread.
    """
    ends: set[str] = set()
    for content_id, record in early.items():
        is_union = isinstance(record, Reservation) and replaced_by(record)
        if is_union or isinstance(record, Release | Receipt):
            ends.add(content_id)
    return ends


def _needed(
    store: RecordStore,
    snapshot: Snapshot,
    rows: Iterable[ArchiveRow],
) -> list[ArchiveRow]:
    """What ends others, and rows that nothing has ended, here or in the archive: only these must be read.

    A union is the row of no reservation, and so is always among them.
    """
    names: dict[ArchiveRow, str] = {}
    for row in rows:
        names[row] = _end_of(row)
    archived = store.archive.find(snapshot.archive_tip, names.values())
    # an end that is not understood is one all the same
    live = snapshot.entries.keys() | snapshot.unread.keys()
    needed: list[ArchiveRow] = []
    for row, end in names.items():
        is_ended = end in archived or REF_PREFIX + end in live
        if row.name == end or not is_ended:
            needed.append(row)
    return needed


def _end_of(row: ArchiveRow) -> str:
    """The name of what ends that to which a row belongs."""
    folder = row.name.partition("/")[0]
    is_told = folder in (Message.folder, Receipt.folder)
    ending = Receipt if is_told else Release
    return f"{ending.folder}/{row.about}"
