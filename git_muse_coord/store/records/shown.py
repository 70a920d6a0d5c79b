"""Whether records are there, or were once: live, of a newer version, or archived."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import REF_PREFIX, Reservation
from git_muse_coord.store.records.archived_names import names_about

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.snapshot import Snapshot


def shows(
    snapshot: Snapshot,
    ids: Iterable[RecordId],
    kind: type[Record] = Reservation,
) -> bool:
    """Whether reservations, or what else can be released, are there, or were once: released or archived."""
    for content_id in ids:
        names = names_about(content_id, kind)
        if any(_is_live(snapshot, REF_PREFIX + name) for name in names):
            continue
        archived = snapshot.archived_names(names)
        if not archived:
            return False
    return True


def _is_live(snapshot: Snapshot, ref: str) -> bool:
    return ref in snapshot.unread or snapshot.index.sound(ref) is not None
