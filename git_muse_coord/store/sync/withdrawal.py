"""Taking a strict reservation back in this clone, with a release in its place where it may have been fetched."""

from __future__ import annotations

from datetime import datetime

from git_muse_coord.model import records
from git_muse_coord.model.names import EPOCH
from git_muse_coord.model.records import Release, Reservation, ref_name
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.store.git.refs import RefUpdate, retrying
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.sync.epoch import admitted, epoch_blob

_NO_ID = RecordId("")


def abandoned(
    record: Reservation,
    reservation_id: RecordId,
    nonce: str,
    now: datetime,
) -> Release:
    """The release of a reservation that is taken back."""
    return Release(
        run_id=record.run_id,
        nonce=nonce,
        reservation_id=reservation_id,
        outcome="abandoned",
        released_at=now,
        expires_at=record.expires_at,
    )


def release_ref(release: Release) -> str:
    """The ref of a release, which is named by what it releases and not by its own id."""
    return ref_name(release, _NO_ID)


def withdraw_here(
    store: RecordStore,
    record: Reservation,
    reservation_id: RecordId,
    nonce: str,
    release: Release | None,
) -> None:
    """Delete a reservation in this clone, with a release in its place where one is given; the epoch moves on.

    Where the epoch admits another one by now, it is that one's, and stays.
    """
    ref = ref_name(record, reservation_id)
    epoch = epoch_blob(None, nonce)
    blobs = [epoch]
    if release is not None:
        blobs.append(records.encode(release))

    def attempt() -> bool:
        # each try writes the blobs too: a gc takes away what no ref names yet
        moved, *release_oids = store.objects.write(blobs)
        put: dict[str, str] = {}
        if release is not None:
            put[release_ref(release)] = release_oids[0]
        now = store.refs.list(ref, EPOCH, *put)
        updates: list[RefUpdate] = []
        for name, oid in put.items():
            if name not in now:
                updates.append(RefUpdate(name, oid, None))
        if ref in now:
            updates.append(RefUpdate(ref, None, now[ref]))
        if admitted(store, now.get(EPOCH)) == [reservation_id]:
            updates.append(RefUpdate(EPOCH, moved, now[EPOCH]))
        return store.refs.commit(updates)

    while not retrying(attempt):
        # another one entered meanwhile, so the epoch is no longer ours to move
        pass
    store.objects.keep({store.objects.oid_of(blob): blob for blob in blobs})
