"""Where strict reservations contend, so that exactly one of those who race gets in.

They compare and swap on the epoch. A clone's epoch and the remote's are two independent values;
where there is a remote, the remote's decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from git_muse_coord.model import records
from git_muse_coord.model.errors import RemoteFailed, StoreFailed
from git_muse_coord.model.names import EPOCH
from git_muse_coord.model.records import Release, Reservation, ref_name
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.store.git.refs import pause, retrying
from git_muse_coord.store.records.records import Move, RecordStore
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.sync.carriers import Carrier, RefCarrier
from git_muse_coord.store.sync.epoch import admitted, epoch_blob
from git_muse_coord.store.sync.exchange import Exchange
from git_muse_coord.store.sync.incoming import pull_whole
from git_muse_coord.store.sync.refusals import takes_refs
from git_muse_coord.store.sync.remote import Update
from git_muse_coord.store.sync.withdrawal import abandoned, release_ref, withdraw_here

_LOOKS = 5
"""Where a ref name is made of a release: that has the id of its reservation, not its own."""


class Gate(Protocol):
    """Where strict reservations contend.

    ``warnings`` is what went wrong once one was in, ``admits`` what the epoch admits that was seen
    with the last look.
    """

    warnings: list[str]
    admits: list[RecordId]

    def look(self) -> Snapshot:
        """Everything that is known, which shows what the epoch seen with it admits."""

    def enter(
        self,
        record: Reservation,
        reservation_id: RecordId,
        nonce: str,
    ) -> bool:
        """Store a reservation if nobody else entered since the last look."""

    def withdraw(
        self,
        record: Reservation,
        reservation_id: RecordId,
        nonce: str,
    ) -> None:
        """Take a reservation back, wherever it is; the epoch moves on, and admits nothing.

        Where it may have been fetched from meanwhile, its release stays: a deletion alone is undone
        by whoever fetched it, and then it holds up everybody, with nobody as its owner.
        """

    def give_up(
        self,
        record: Reservation,
        reservation_id: RecordId,
        nonce: str,
    ) -> None:
        """As ``withdraw``, in this clone alone; the next sync carries the release."""


class LocalGate:
    """The epoch of this clone. ``is_shared`` says that others may fetch what is in it."""

    def __init__(
        self,
        store: RecordStore,
        now: Callable[[], datetime],
        *,
        is_shared: bool,
    ) -> None:
        self.warnings: list[str] = []
        self.admits: list[RecordId] = []
        self._store = store
        self._now = now
        self._is_shared = is_shared
        self._seen: str | None = None

    def look(self) -> Snapshot:
        """List until what the epoch admits is there.

        A transaction becomes visible ref by ref, with the epoch last. What was admitted and then
        withdrawn never shows up, so the patience is bounded.
        """
        for attempt in range(_LOOKS):
            snapshot = self._store.look()
            self._seen = snapshot.epoch
            self.admits = admitted(self._store, snapshot.epoch)
            if snapshot.shows(self.admits):
                break
            pause(attempt)
        return snapshot

    def enter(
        self,
        record: Reservation,
        reservation_id: RecordId,
        nonce: str,
    ) -> bool:
        """Create the reservation and, as the last line of the transaction, move the epoch."""
        return self._store.write(
            [record], last=Move(EPOCH, epoch_blob(reservation_id, nonce), self._seen)
        )

    def withdraw(
        self,
        record: Reservation,
        reservation_id: RecordId,
        nonce: str,
    ) -> None:
        """Delete the ref; where others may have fetched it, leave a release."""
        release = None
        if self._is_shared:
            release = abandoned(record, reservation_id, nonce, self._now())
        withdraw_here(self._store, record, reservation_id, nonce, release)

    give_up = withdraw


class RemoteGate:
    """The epoch of a remote. A reservation is stored there first, and here once it is in."""

    def __init__(self, exchange: Exchange) -> None:
        self.warnings: list[str] = []
        self.admits: list[RecordId] = []
        self._exchange = exchange
        self._store = exchange.store
        self._refusals = 0
        self._leases: dict[str, str | None] = {}
        self._seen: str | None = None

    def look(self) -> Snapshot:
        """Fetch until what the remote's epoch admits is here. A push makes the epoch visible before new records."""
        for attempt in range(_LOOKS):
            pull_whole(self._exchange)
            self._seen = self._exchange.listing.get(EPOCH)
            snapshot = self._store.look()
            self.admits = admitted(self._store, self._bring_epoch())
            if snapshot.shows(self.admits):
                break
            pause(attempt)
        return snapshot

    def enter(
        self,
        record: Reservation,
        reservation_id: RecordId,
        nonce: str,
    ) -> bool:
        """Push the record and the moved epoch, all or none. Raises RemoteFailed where pushes cannot be atomic."""
        updates = self._entry(record, reservation_id, nonce)
        allowed = self._exchange.capabilities
        if self._exchange.remote.push(updates, atomic=len(updates) > 1):
            allowed.learn(refs=allowed.refs is not False)
            self._store_here(record)
            return True
        # the leases tell what was seen: while they change, somebody else was first, and that passes
        leases = {update.ref: update.lease for update in updates}
        self._refusals = self._refusals + 1 if leases == self._leases else 1
        self._leases = leases
        if self._refusals >= _LOOKS:
            self._go_on_with_branch()
        return False

    def _entry(
        self,
        record: Reservation,
        reservation_id: RecordId,
        nonce: str,
    ) -> list[Update]:
        """What to push to get in: the record by all ways, each if it is as it was seen, and the epoch."""
        blobs = [records.encode(record), epoch_blob(reservation_id, nonce)]
        oid, epoch = retrying(lambda: self._store.objects.write(blobs))
        add = {ref_name(record, reservation_id): oid}
        updates: list[Update] = []
        for carrier in self._exchange.ways:
            updates += carrier.updates(add, dict.fromkeys(add, ""), {})
            # on a branch the tip is what decides
            if isinstance(carrier, RefCarrier):
                updates.append(Update(EPOCH, epoch, self._seen or ""))
        return updates

    def _go_on_with_branch(self) -> None:
        """Nobody else was first, and still we may not. Raises RemoteFailed where the branch is no way out."""
        allowed = self._exchange.capabilities
        said = self._exchange.remote.refusal
        if allowed.refs is False or takes_refs(self._exchange):
            raise RemoteFailed(
                f"remote {self._exchange.remote.name!r} refuses this reservation: {said}",
                "nothing was stored; reserve it in this clone only: --local",
            )
        allowed.suppose(refs=False)

    def _bring_epoch(self) -> str | None:
        """The epoch that was seen, whose object is here by now if it still is there."""
        if self._seen is not None and self._store.objects.absent([self._seen]):
            self._exchange.bring(EPOCH)
        return self._seen

    def _store_here(self, record: Reservation) -> None:
        """The remote has it, so it counts, whatever happens to our copy."""
        try:
            self._store.write([record])
        except StoreFailed as error:
            self.warnings.append(
                f"reserved at {self._exchange.remote.name!r}, but not stored here: {error.message}"
            )

    def withdraw(
        self,
        record: Reservation,
        reservation_id: RecordId,
        nonce: str,
    ) -> None:
        """Delete it at the remote and here, with a release in its place; release it where nothing can be deleted."""
        self._exchange.list()
        ref = ref_name(record, reservation_id)
        release = None
        if any(ref in carrier.names for carrier in self._exchange.ways):
            release = abandoned(record, reservation_id, nonce, self._exchange.terms.now())
            self._withdraw_there(ref, release)
        withdraw_here(self._store, record, reservation_id, nonce, release)

    def give_up(
        self,
        record: Reservation,
        reservation_id: RecordId,
        nonce: str,
    ) -> None:
        """Release it here."""
        release = abandoned(record, reservation_id, nonce, self._exchange.terms.now())
        withdraw_here(self._store, record, reservation_id, nonce, release)

    def _withdraw_there(self, ref: str, release: Release) -> None:
        """Replace the reservation by its release, by every way that has it, until a listing shows none."""
        blobs = [records.encode(release), epoch_blob(None, release.nonce)]
        oid, epoch = retrying(lambda: self._store.objects.write(blobs))
        put = {release_ref(release): oid}
        for attempt in range(_LOOKS):
            left = [carrier for carrier in self._exchange.ways if ref in carrier.names]
            for carrier in left:
                gone = {ref: carrier.names[ref]}
                self._replace(carrier, gone, put, epoch, release.reservation_id)
            if not left:
                return
            pause(attempt)
            self._exchange.list()
        # nothing can be deleted there, so the release has to do without
        for carrier in self._exchange.ways:
            self._exchange.remote.push(carrier.updates(_absent(put, carrier), {}, {}))

    def _replace(
        self,
        carrier: Carrier,
        gone: Mapping[str, str],
        put: Mapping[str, str],
        epoch: str,
        reservation_id: RecordId,
    ) -> None:
        """Put the release in the place of the reservation and move the epoch on where it is still ours: all or none."""
        new = _absent(put, carrier)
        updates = carrier.updates(new, dict.fromkeys(new, ""), gone)
        seen = self._exchange.listing.get(EPOCH)
        if isinstance(carrier, RefCarrier) and admitted(self._store, seen) == [reservation_id]:
            updates.append(Update(EPOCH, epoch, seen))
        self._exchange.remote.push(updates, atomic=len(updates) > 1)


def _absent(wanted: Mapping[str, str], carrier: Carrier) -> dict[str, str]:
    return {ref: oid for ref, oid in wanted.items() if ref not in carrier.names}
