"""What the archive has that belongs to live records, and by which names it is asked for that."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import (
    Heartbeat,
    Intent,
    Message,
    Receipt,
    Release,
    Reservation,
    ref_name,
)
from git_muse_coord.store.records.ref_names import named_after, short_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.archive import Archive
    from git_muse_coord.store.records.archive_index import ArchiveRow
    from git_muse_coord.store.records.loading import Records

_WITH_RULES = (Intent, Release, Heartbeat, Receipt)
"""Kinds whose place in the archive is looked up by what they are about, or does not matter."""


class Archived(NamedTuple):
    """What is archived: all its ids, and the records of those that are not live besides."""

    ids: set[RecordId]
    alone: Records


def archived_among(
    names: Iterable[str],
    live: Collection[RecordId],
    archive: Archive,
    tip: str,
) -> Archived:
    """What an archive has under some names; ``live`` are the records that are here anyway."""
    rows = archive.find(tip, names)
    ids: set[RecordId] = set()
    lacking: list[ArchiveRow] = []
    for row in rows.values():
        ids.add(row.id)
        if row.id not in live:
            lacking.append(row)
    return Archived(ids, archive.load(lacking))


def names_to_find(
    live: Mapping[RecordId, Record],
    also: Iterable[RecordId],
) -> list[str]:
    """What to look up in the archive for some live records, and for reservations that may be archived alone."""
    names: list[str] = []
    for content_id, record in live.items():
        if isinstance(record, Reservation):
            names += names_about(content_id)
        elif isinstance(record, Message):
            names.append(named_after(Receipt, content_id))
        elif not isinstance(record, _WITH_RULES):
            names.append(short_name(ref_name(record, content_id)))
    for reservation_id in also:
        if reservation_id not in live:
            names += names_about(reservation_id)
    return names


def names_about(
    content_id: RecordId,
    kind: type[Record] = Reservation,
) -> list[str]:
    """The names of a reservation, or of what else is released, and of its release, without ``refs/muse/``."""
    return [
        named_after(kind, content_id),
        named_after(Release, content_id),
    ]
