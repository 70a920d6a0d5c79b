"""By which names the archive is asked for what belongs to live records."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
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
    from collections.abc import Iterable, Mapping

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId

_WITH_RULES = (Intent, Release, Heartbeat, Receipt)
"""Kinds whose place in the archive is looked up by what they are about, or does not matter."""


def names_to_find(live: Mapping[RecordId, Record], also: Iterable[RecordId]) -> list[str]:
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


def names_about(content_id: RecordId, kind: type[Record] = Reservation) -> list[str]:
    """The names of a reservation, or of what else is released, and of its release, without ``refs/muse/``."""
    return [
        named_after(kind, content_id),
        named_after(Release, content_id),
    ]
