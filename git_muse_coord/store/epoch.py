"""The epoch: the value on which strict reservations compare and swap, so that exactly one of those who race gets in.

It is a blob with a random nonce and the ids of what it admits; never a counter, because equal bytes would let two win.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from git_muse_coord.model import codec
from git_muse_coord.model.records import Release, Reservation, bare, ref_name
from git_muse_coord.store.records import EPOCH, RecordStore, Snapshot
from git_muse_coord.store.refs import Change, retrying

_LOOKS = 5


def settled_look(store: RecordStore) -> Snapshot:
    """A snapshot that shows what its epoch admits.

    A transaction becomes visible ref by ref, with the epoch last; a listing torn by one is taken again. What was
    admitted and then withdrawn never shows up, so the patience is bounded.
    """
    for attempt in range(_LOOKS):
        snapshot = store.look()
        admitted = map(bare, _admitted(store, snapshot.epoch))
        if all(snapshot.has(Reservation, one) or snapshot.has(Release, one) for one in admitted):
            break
        time.sleep(0.01 * 2**attempt)
    return snapshot


def enter(store: RecordStore, record: Reservation, reservation_id: str, seen: str | None, nonce: str) -> bool:
    """Store a reservation if nobody else entered since the epoch was ``seen``."""
    moved = retrying(lambda: store.objects.write([_blob([reservation_id], nonce)]))[0]
    return store.write([record], last=Change(EPOCH, moved, seen))


def withdraw(store: RecordStore, record: Reservation, reservation_id: str) -> None:
    """Take a reservation back, as if it had never been."""
    ref = ref_name(record, reservation_id)
    oid = store.refs.list(ref).get(ref)
    if oid is not None:
        retrying(lambda: store.refs.commit([Change(ref, None, oid)]))


def _admitted(store: RecordStore, epoch: str | None) -> list[str]:
    blob = next((found.blob for found in store.objects.read([epoch])), None) if epoch else None
    try:
        value = json.loads(blob or b"{}")
        return [one for one in value["reservations"] if isinstance(one, str)]
    except (ValueError, KeyError, TypeError):
        return []


def _blob(admitted: Sequence[str], nonce: str) -> bytes:
    return codec.canonical({"kind": "epoch", "format": codec.FORMAT, "nonce": nonce, "reservations": list(admitted)})
