"""The epoch: the value on which strict reservations compare and swap, so that exactly one of those who race gets in.

It is a blob with a random nonce and the ids of what it admits; never a counter, because equal bytes would let two win.
A clone's epoch and the remote's are two independent values; where there is a remote, the remote's decides.
"""

from __future__ import annotations

from typing import Protocol

from git_muse_coord.model import codec, records
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.records import Release, Reservation, ref_name
from git_muse_coord.store.carriers import RefCarrier
from git_muse_coord.store.exchange import Exchange
from git_muse_coord.store.records import EPOCH, RecordStore, Snapshot
from git_muse_coord.store.refs import Change, pause, retrying
from git_muse_coord.store.refusals import takes_refs
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
            if snapshot.shows(admitted(self._store, snapshot.epoch)):
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
        self._leases: dict[str, str | None] = {}
        self._seen: str | None = None

    def look(self) -> Snapshot:
        """Fetch until what the remote's epoch admits is here. A push makes the epoch visible before new records."""
        for attempt in range(_LOOKS):
            self._exchange.pull_whole()
            self._seen = self._exchange.listing.get(EPOCH)
            snapshot = self._store.look()
            if snapshot.shows(admitted(self._store, self._bring_epoch())):
                break
            pause(attempt)
        return snapshot

    def enter(self, record: Reservation, reservation_id: str, nonce: str) -> bool:
        """Push the record and the moved epoch, all or none. Raises RemoteFailed where pushes cannot be atomic."""
        blobs = [records.encode(record), _blob(reservation_id, nonce)]
        oid, moved = retrying(lambda: self._store.objects.write(blobs))
        add = {ref_name(record, reservation_id): oid}
        updates: list[Update] = []
        for carrier in self._exchange.ways:
            updates += carrier.updates(add, dict.fromkeys(add, ""), {})
            if isinstance(carrier, RefCarrier):
                updates.append(Update(EPOCH, moved, self._seen or ""))
        allowed = self._exchange.capabilities
        if self._exchange.remote.push(updates, atomic=len(updates) > 1):
            allowed.learn(refs=allowed.refs is not False)
            self._store.write([record])
            return True
        leases = {one.ref: one.lease for one in updates}
        self._refusals = self._refusals + 1 if leases == self._leases else 1
        self._leases = leases
        if self._refusals >= _LOOKS:  # nobody else was first, and still we may not
            said = self._exchange.remote.refusal
            if allowed.refs is False or takes_refs(self._exchange):
                raise RemoteFailed(
                    f"remote {self._exchange.remote.name!r} refuses this reservation: {said}",
                    "nothing was stored; reserve it in this clone only: --local",
                )
            allowed.suppose(refs=False)
        return False

    def _bring_epoch(self) -> str | None:
        if self._seen is not None and self._store.objects.absent([self._seen]):
            self._exchange.bring(EPOCH)
        return self._seen

    def withdraw(self, record: Reservation, reservation_id: str, nonce: str) -> None:
        """Delete it at the remote and here; where the remote lets nothing be deleted, release it there."""
        ref = ref_name(record, reservation_id)
        [epoch] = retrying(lambda: self._store.objects.write([_blob(None, nonce)]))
        for attempt in range(_LOOKS):
            self._exchange.list()
            there = [carrier for carrier in self._exchange.ways if ref in carrier.names]
            if not there:
                break
            for carrier in there:
                gone = carrier.updates({}, {}, {ref: carrier.names[ref]})
                seen = self._exchange.listing.get(EPOCH)
                ours = isinstance(carrier, RefCarrier) and admitted(self._store, seen) == [reservation_id]
                moved = [Update(EPOCH, epoch, seen)] if ours else []
                self._exchange.remote.push([*gone, *moved], atomic=len([*gone, *moved]) > 1)
            pause(attempt)
        else:
            self._release(record, reservation_id, nonce)
        self._local.withdraw(record, reservation_id, nonce)

    def _release(self, record: Reservation, reservation_id: str, nonce: str) -> None:
        release = Release(
            run_id=record.run_id,
            nonce=nonce,
            reservation_id=reservation_id,
            outcome="abandoned",
            released_at=record.created_at,
            expires_at=record.expires_at,
        )
        [oid] = retrying(lambda: self._store.objects.write([records.encode(release)]))
        for carrier in self._exchange.ways:
            self._exchange.remote.push(carrier.updates({ref_name(release, ""): oid}, {}, {}))


def admitted(store: RecordStore, epoch: str | None) -> list[str]:
    """The ids of the reservations that an epoch admits; none for one that cannot be read."""
    blob = next((found.blob for found in store.objects.read([epoch])), None) if epoch else None
    try:
        ids = codec.load_canonical(blob or b"{}").get("reservations")
    except InvalidRecord:
        return []
    return [one for one in ids if isinstance(one, str)] if isinstance(ids, list) else []


def _blob(reservation_id: str | None, nonce: str) -> bytes:
    admits = [] if reservation_id is None else [reservation_id]
    value = {"kind": "epoch", "format": codec.FORMAT, "nonce": nonce, "reservations": admits}
    return codec.canonical(value)
