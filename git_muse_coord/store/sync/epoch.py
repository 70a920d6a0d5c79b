"""The epoch: a blob with a random nonce and the ids of what it admits.

Never a counter, because equal bytes would let two win.
"""

from __future__ import annotations

from git_muse_coord.model import codec
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.store.records.records import RecordStore


def epoch_blob(reservation_id: RecordId | None, nonce: str) -> bytes:
    """The bytes of an epoch that admits one reservation, or none."""
    admits = [] if reservation_id is None else [reservation_id]
    value = {"kind": "epoch", "format": codec.FORMAT, "nonce": nonce, "reservations": admits}
    return codec.canonical(value)


def admitted(store: RecordStore, epoch: str | None) -> list[RecordId]:
    """The ids of the reservations that an epoch admits; none for one that cannot be read."""
    if epoch is None:
        return []
    # it comes from a remote, so nothing is taken for granted of its bytes
    stored = next(store.objects.read([epoch]), None)
    blob = stored.blob if stored else None
    try:
        ids = codec.load_canonical(blob or b"{}").get("reservations")
    except InvalidRecord:
        return []
    if not isinstance(ids, list):
        return []
    return [RecordId(text) for text in ids if isinstance(text, str)]
