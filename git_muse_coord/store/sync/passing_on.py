"""Passing on single records to a remote, and taking back what they stand in the place of, without a whole sync."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from git_muse_coord.model import records
from git_muse_coord.model.codec import content_id
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Record
from git_muse_coord.store.sync.exchange import Exchange

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


def written_refs(exchange: Exchange, new: Sequence[Record]) -> Oids:
    """The refs of some records, with their objects, which are written where they are not here."""
    blobs = [records.encode(record) for record in new]
    oids = exchange.written(blobs)
    written: Oids = {}
    for record, blob, oid in zip(new, blobs, oids, strict=True):
        ref = records.ref_name(record, content_id(blob))
        written[ref] = oid
    return written


def pass_on(
    exchange: Exchange,
    new: OidsByRef,
    gone: Iterable[str],
) -> bool:
    """Push some refs by all ways, and delete others that are there, after a listing. False: something was refused.

    Raises RemoteFailed.
    """
    is_done = True
    may_delete = exchange.capabilities.deletions is not False
    for carrier in exchange.ways:
        add: Oids = {}
        for ref, oid in new.items():
            if ref not in carrier.names:
                add[ref] = oid
        delete: Oids = {}
        for ref in gone:
            if may_delete and ref in carrier.names:
                delete[ref] = carrier.names[ref]
        updates = carrier.updates(add, {}, delete)
        # a refusal by one way says nothing of the next
        if updates and not exchange.remote.push(updates):
            is_done = False
    return is_done
