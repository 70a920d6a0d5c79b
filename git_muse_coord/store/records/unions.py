"""In which unions reservations go on that are not here themselves: only what takes their place names them."""

from __future__ import annotations

from git_muse_coord.model.continued import replaced_by
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Reservation
from git_muse_coord.store.records.cached_record import SAYS_MORE
from git_muse_coord.store.records.ref_names import prefix_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.index import Index
    from git_muse_coord.store.records.loading import Load
    from git_muse_coord.store.records.ref_names import Oids


def unions_of(
    gone: Collection[RecordId],
    index: Index,
    load: Load,
) -> Oids:
    """The reservations that say that they are in the place of one of some others."""
    # What one replaces the index does not tell; that it says more than its format does, it tells.
    saying_more = _saying_more(index)
    unions: Oids = {}
    for ref, (_, record) in load(saying_more).items():
        if not isinstance(record, Reservation):
            continue
        replaced = set(replaced_by(record))
        if not replaced.isdisjoint(gone):
            unions[ref] = saying_more[ref]
    return unions


def _saying_more(index: Index) -> Oids:
    """The reservations with fields that came later than their format."""
    start = prefix_of(Reservation)
    saying_more: Oids = {}
    for line in index.ends():
        times, _, value = line.partition(b"\t")
        if times.endswith(SAYS_MORE):
            name, oid = value.decode().split(" ")
            saying_more[start + name] = oid
    return saying_more
