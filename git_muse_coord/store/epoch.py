"""The epoch: the value on which strict reservations compare and swap, so that exactly one of those who race gets in.

It is a blob with a random nonce and the ids of what it admits; never a counter, because equal bytes would let two win.
A clone's epoch and the remote's are two independent values; where there is a remote, the remote's decides.
"""

from __future__ import annotations

import json
from typing import Protocol

from git_muse_coord.model import codec, records
from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.records import Release, Reservation, bare, ref_name
from git_muse_coord.store.carriers import RefCarrier
from git_muse_coord.store.exchange import Exchange
from git_muse_coord.store.records import EPOCH, RecordStore, Snapshot
from git_muse_coord.store.refs import Change, pause, retrying
from git_muse_coord.store.remote import Update

_LOOKS = 5


class Gate(Protocol):
    """Where strict reservations contend."""

    def look(self) -> Snapshot:
        """Everything that is known, which shows what the epoch seen with it admits."""

    def enter(self, record: Reservation, reservation_id: str, nonce: str) -> bool:
        """Store a reservation if nobody else entered since the last look."""

    def withdraw(self, record: Reservation, reservation_id: str, nonce: str) -> None:
        """Take a reservation back, as if it had never been; the epoch moves on, and admits nothing."""


class LocalGate:
    """The epoch of this clone."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._seen: str | None = None

    def look(self) -> Snapshot:
        """List until what the epoch admits is there.

        A transaction becomes visible ref by ref, with the epoch last. What was admitted and then withdrawn never shows
        up, so the patience is bounded.
        """
        for attempt in range(_LOOKS):
            snapshot = self._store.look()
            self._seen = snapshot.epoch
            if _shows(snapshot, admitted(self._store, snapshot.epoch)):
                break
            pause(attempt)
        return snapshot

    def enter(self, record: Reservation, reservation_id: str, nonce: str) -> bool:
        """Create the reservation and, as the last line of the transaction, move the epoch."""
        moved = retrying(lambda: self._store.objects.write([_blob(reservation_id, nonce)]))[0]
        return self._store.write([record], last=Change(EPOCH, moved, self._seen))

    def withdraw(self, record: Reservation, reservation_id: str, nonce: str) -> None:
        """Delete the ref."""
        ref = ref_name(record, reservation_id)
        [moved] = retrying(lambda: self._store.objects.write([_blob(None, nonce)]))

        def attempt() -> bool:
            now = self._store.refs.list(ref, EPOCH)
            gone = [Change(ref, None, now[ref])] if ref in now else []
            ours = admitted(self._store, now.get(EPOCH)) == [reservation_id]
            return self._store.refs.commit([*gone, *([Change(EPOCH, moved, now[EPOCH])] if ours else [])])

        while not retrying(attempt):
            pass  # another one entered meanwhile, so the epoch is no longer ours to move


class RemoteGate:
    """The epoch of a remote. A reservation is stored there first, and here once it is in."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._store = exchange.store
        self._local = LocalGate(exchange.store)
        self._refusals = 0
        self._seen: str | None = None

    def look(self) -> Snapshot:
        """Fetch until what the remote's epoch admits is here. A push makes the epoch visible before new records."""
        for attempt in range(_LOOKS):
            self._exchange.pull()
            before, self._seen = self._seen, self._exchange.listing.get(EPOCH)
            self._refusals = 0 if self._seen != before else self._refusals
            snapshot = self._store.look()
            if _shows(snapshot, admitted(self._store, self._bring_epoch())):
                break
            pause(attempt)
        return snapshot

    def enter(self, record: Reservation, reservation_id: str, nonce: str) -> bool:
        """Push the record and the moved epoch, all or none. Raises RemoteFailed where pushes cannot be atomic."""
        blobs = [records.encode(record), _blob(reservation_id, nonce)]
        oid, moved = retrying(lambda: self._store.objects.write(blobs))
        add = {ref_name(record, reservation_id): oid}
        updates: list[Update] = []
        for carrier in self._exchange.carriers:
            updates += carrier.updates(add, dict.fromkeys(add, ""), {})
            if isinstance(carrier, RefCarrier):
                updates.append(Update(EPOCH, moved, self._seen or ""))
        if self._exchange.remote.push(updates, atomic=len(updates) > 1):
            self._store.write([record])
            return True
        self._refusals += 1
        if self._refusals >= _LOOKS:  # nobody else moves the epoch, and still we may not
            if self._exchange.capabilities.refs is not None:
                raise RemoteFailed(f"remote {self._exchange.remote.name!r} refuses strict reservations", "see --local")
            self._exchange.capabilities.learn(refs=False)
            self._refusals = 0
        return False

    def _bring_epoch(self) -> str | None:
        if self._seen is None or not self._store.objects.has(self._seen):
            self._exchange.bring(EPOCH)
        return self._seen

    def withdraw(self, record: Reservation, reservation_id: str, nonce: str) -> None:
        """Delete it at the remote and here."""
        ref = ref_name(record, reservation_id)
        [epoch] = retrying(lambda: self._store.objects.write([_blob(None, nonce)]))
        self._exchange.list()
        for carrier in self._exchange.carriers:
            if oid := carrier.names.get(ref):
                moved = [Update(EPOCH, epoch, self._seen)] if self._seen and isinstance(carrier, RefCarrier) else []
                gone = carrier.updates({}, {}, {ref: oid})
                if not self._exchange.remote.push([*gone, *moved], atomic=bool(moved)):
                    self._exchange.remote.push(gone)  # another one entered meanwhile, and the epoch is theirs
        self._local.withdraw(record, reservation_id, nonce)


def admitted(store: RecordStore, epoch: str | None) -> list[str]:
    """The ids of the reservations that an epoch admits; none for one that cannot be read."""
    blob = next((found.blob for found in store.objects.read([epoch])), None) if epoch else None
    try:
        return [one for one in json.loads(blob or b"{}")["reservations"] if isinstance(one, str)]
    except (ValueError, KeyError, TypeError):
        return []


def _shows(snapshot: Snapshot, ids: list[str]) -> bool:
    return all(snapshot.has(Reservation, bare(one)) or snapshot.has(Release, bare(one)) for one in ids)


def _blob(reservation_id: str | None, nonce: str) -> bytes:
    admits = [] if reservation_id is None else [reservation_id]
    value = {"kind": "epoch", "format": codec.FORMAT, "nonce": nonce, "reservations": admits}
    return codec.canonical(value)
