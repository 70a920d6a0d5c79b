"""Taking a strict reservation back in this clone, with a release in its place where it may have been fetched."""

from __future__ import annotations

from git_muse_coord.model import records
from git_muse_coord.model.epoch import encode_epoch
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.names import EPOCH
from git_muse_coord.model.records import Release, ref_name
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.overtaking import taken_back
from git_muse_coord.store.git.refs import RefUpdate, retrying
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.sync.epoch import read_epoch
from git_muse_coord.store.sync.strict_gate import Entry

if TYPE_CHECKING:
    from git_muse_coord.store.records.cached_record import Bodies
    from git_muse_coord.store.records.ref_names import Oids


_NO_ID = RecordId("")


def abandoned(
    entry: Entry,
    nonce: str,
    now: datetime,
) -> Release:
    """The release of a reservation that is taken back."""
    return Release(
        run_id=entry.record.run_id,
        nonce=nonce,
        reservation_id=entry.own_id,
        outcome="abandoned",
        released_at=now,
        expires_at=entry.record.expires_at,
    )


def release_ref(release: Release) -> str:
    """The ref of a release, which is named by what it releases and not by its own id."""
    return ref_name(release, _NO_ID)


def withdraw_here(
    store: RecordStore,
    entry: Entry,
    nonce: str,
    release: Release | None,
) -> None:
    """Delete a reservation in this clone, with a release in its place where one is given.

    The epoch moves on to one that does not tell of it any more.
    """
    written: Bodies = {}

    def write(blob: bytes) -> str:
        [oid] = store.objects.write([blob])
        written[oid] = blob
        return oid

    def attempt() -> bool:
        # each try writes the blobs too: a gc takes away what no ref names yet
        written.clear()
        put: Oids = {}
        if release is not None:
            ref = release_ref(release)
            put[ref] = write(records.encode(release))
        listed = store.refs.list(entry.ref, EPOCH, *put)
        updates: list[RefUpdate] = []
        for ref, oid in put.items():
            # a sync may have brought it here before us
            if ref not in listed:
                updates.append(RefUpdate(ref, oid, None))
        if entry.ref in listed:
            here = listed[entry.ref]
            updates.append(RefUpdate(entry.ref, None, here))
        seen = listed.get(EPOCH)
        epoch = read_epoch(store, seen)
        left = taken_back(epoch, entry.own_id, nonce)
        if left is not None:
            moved = write(encode_epoch(*left))
            updates.append(RefUpdate(EPOCH, moved, seen))
        return store.refs.commit(updates)

    while not retrying(attempt):
        # another one entered meanwhile, so the epoch is not what it was
        pass
    store.objects.keep(written)
