"""Reading the epoch of a clone, or of a remote once it was brought here."""

from __future__ import annotations

from git_muse_coord.model.epoch import Epoch, decode_epoch
from git_muse_coord.store.records.records import RecordStore


def read_epoch(store: RecordStore, oid: str | None) -> Epoch:
    """What an epoch tells of; nothing for one that is not there or cannot be read."""
    if oid is None:
        return ()
    # it may come from a remote, so nothing is taken for granted of its bytes
    objects = store.objects.read([oid])
    stored = next(objects, None)
    if stored is None or stored.blob is None:
        return ()
    return decode_epoch(stored.blob)
