"""The epoch of a remote, on which strict reservations of all its clones contend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from git_muse_coord.model import records
from git_muse_coord.model.codec import content_id
from git_muse_coord.model.epoch import Admission, Epoch, encode_epoch
from git_muse_coord.model.errors import RemoteFailed, StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import EPOCH
from git_muse_coord.model.records import REF_PREFIX, Record, Release
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.overtaking import admitted_lately, entered_since, taken_back
from git_muse_coord.store.git.refs import pause
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.sync.carriers import Carrier, RefCarrier
from git_muse_coord.store.sync.epoch import read_epoch
from git_muse_coord.store.sync.exchange import Exchange
from git_muse_coord.store.sync.incoming import pull_whole
from git_muse_coord.store.sync.refusals import takes_refs
from git_muse_coord.store.sync.remote import Update
from git_muse_coord.store.sync.strict_gate import (
    LOOKS,
    Entry,
    admission_of,
    shows_what_is_told,
)
from git_muse_coord.store.sync.withdrawal import abandoned, release_ref, withdraw_here

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


class RemoteGate:
    """The gate of a remote. A reservation is stored there first, and here once it is in."""

    def __init__(
        self,
        exchange: Exchange,
        entry: Entry,
    ) -> None:
        self.warnings: list[str] = []
        self.admits: Sequence[RecordId] = ()
        self._exchange = exchange
        self._store = exchange.store
        self._remote = exchange.remote
        self.entry = entry
        self._refusals = 0
        self._leases: dict[str, str | None] = {}
        self._seen: str | None = None
        self.epoch: Epoch = ()

    def look(self) -> Snapshot:
        """Fetch until what the remote's epoch admits is here. A push makes the epoch visible before new records."""
        for attempt in range(LOOKS):
            pull_whole(self._exchange)
            snapshot = self._store.look()
            self._see(self._bring_epoch())
            is_whole = shows_what_is_told(
                snapshot,
                self.epoch,
                self.entry.addresses,
            )
            if is_whole:
                break
            pause(attempt)
        return snapshot

    look_again = look

    def look_since(self) -> Sequence[Admission] | None:
        """Fetch the epoch alone. On a branch the tip is what decides, and that does not tell who entered."""
        for carrier in self._exchange.carriers:
            if not isinstance(carrier, RefCarrier):
                return None
        before = self.epoch
        seen = self._seen
        epoch = self._exchange.bring(EPOCH)
        self._see(epoch)
        # The same epoch, and still refused: something else is in the way.
        if self._seen == seen:
            return None
        return entered_since(before, self.epoch)

    def _see(self, epoch: str | None) -> None:
        self._seen = epoch
        self.epoch = read_epoch(self._store, epoch)
        self.admits = admitted_lately(self.epoch)

    def enter(
        self,
        nonce: str,
        also: Sequence[Entry] = (),
    ) -> bool:
        """Push the records and the moved epoch, all or none. Raises RemoteFailed where pushes cannot be atomic."""
        entries = [*self.entry.all, *also]
        updates = self._updates(entries, nonce)
        allowed = self._exchange.capabilities
        if self._push(updates):
            # what was only supposed of it holds: it took this by the ways that were left
            allowed.learn(refs=allowed.refs is not False)
            self._store_here(entries)
            return True
        # the leases tell what was seen: while they change, somebody else was first, and that passes
        leases: dict[str, str | None] = {}
        for update in updates:
            # who else is taken along says nothing of what was seen
            if not update.ref.startswith(REF_PREFIX):
                leases[update.ref] = update.lease
        if leases != self._leases:
            self._refusals = 0
            self._leases = leases
        self._refusals += 1
        if self._refusals >= LOOKS:
            self._go_on_with_branch()
        return False

    def _updates(
        self,
        entries: Sequence[Entry],
        nonce: str,
    ) -> list[Update]:
        """What to push to get in: the records by all ways, each if it is as it was seen, and the epoch."""
        blobs: list[bytes] = []
        refs: list[str] = []
        for entry in entries:
            for record in entry.records:
                blob = records.encode(record)
                ref = records.ref_name(record, content_id(blob))
                blobs.append(blob)
                refs.append(ref)
        admission = admission_of(entries, nonce)
        blobs.append(encode_epoch(admission, self.epoch))
        *oids, epoch = self._exchange.written(blobs)
        add = dict(zip(refs, oids, strict=True))
        updates: list[Update] = []
        for carrier in self._exchange.ways:
            updates += carrier.updates(add, _not_there(add), {})
            # on a branch the tip is what decides
            if isinstance(carrier, RefCarrier):
                updates.append(Update(EPOCH, epoch, self._seen or ""))
        return updates

    def _push(self, updates: Sequence[Update]) -> bool:
        """Push all or none. False: something was refused."""
        # a single one needs no remote that is able to do so
        is_several = len(updates) > 1
        return self._remote.push(updates, atomic=is_several)

    def _go_on_with_branch(self) -> None:
        """Nobody else was first, and still we may not. Raises RemoteFailed where the branch is no way out."""
        allowed = self._exchange.capabilities
        # before it is tried out, which is another push
        said = self._remote.refusal
        if allowed.refs is False or takes_refs(self._exchange):
            raise RemoteFailed(
                f"remote {self._remote.name!r} refuses this reservation: {said}",
                "nothing was stored; reserve it in this clone only: --local",
            )
        allowed.suppose(refs=False)

    def _bring_epoch(self) -> str | None:
        """The epoch that was listed, whose object is here by now if it still is there."""
        listed = self._exchange.listing.get(EPOCH)
        if listed in (None, self._seen):
            return listed
        if self._store.objects.lost([listed]):
            self._exchange.bring(EPOCH)
        return listed

    def _store_here(self, entries: Sequence[Entry]) -> None:
        """The remote has them, so they count, whatever happens to our copies."""
        new: list[Record] = []
        for entry in entries:
            new += entry.records
        try:
            if not self._store.write(new):
                # one of them was fetched by somebody already, and the others still are to come
                for record in new:
                    self._store.write([record])
        except StoreFailed as error:
            name = self._remote.name
            warning = f"reserved at {name!r}, but not stored here: {error.message}"
            self.warnings.append(warning)

    def withdraw(self, nonce: str) -> None:
        """Delete it at the remote and here, with a release in its place; release it where nothing can be deleted."""
        self._exchange.list()
        for entry in self.entry.all:
            release = None
            if self._ways_with(entry):
                release = self._abandoned(entry, nonce)
                self._withdraw_there(entry, release)
            withdraw_here(self._store, entry, nonce, release)

    def give_up(self, nonce: str) -> None:
        """Release it here."""
        for entry in self.entry.all:
            release = self._abandoned(entry, nonce)
            withdraw_here(self._store, entry, nonce, release)

    def _abandoned(self, entry: Entry, nonce: str) -> Release:
        now = self._exchange.terms.now()
        return abandoned(entry, nonce, now)

    def _ways_with(self, entry: Entry) -> list[Carrier]:
        """The ways by which the remote has an entry, as it was listed last."""
        ways = self._exchange.ways
        return [carrier for carrier in ways if entry.ref in carrier.names]

    def _withdraw_there(
        self,
        entry: Entry,
        release: Release,
    ) -> None:
        """Replace a reservation by its release, by every way that has it, until a listing shows none."""
        blob = records.encode(release)
        [oid] = self._exchange.written([blob])
        put = {release_ref(release): oid}
        for attempt in range(LOOKS):
            left = self._ways_with(entry)
            if not left:
                return
            for carrier in left:
                self._replace(carrier, entry, put, release.nonce)
            pause(attempt)
            self._exchange.list()
        # nothing can be deleted there, so the release has to do without
        for carrier in self._exchange.ways:
            absent = _absent(put, carrier)
            updates = carrier.updates(absent, {}, {})
            self._remote.push(updates)

    def _replace(
        self,
        carrier: Carrier,
        entry: Entry,
        put: OidsByRef,
        nonce: str,
    ) -> None:
        """Put the release in the place of the reservation and move the epoch on where it tells of ours: all or none."""
        new = _absent(put, carrier)
        gone = {entry.ref: carrier.names[entry.ref]}
        updates = carrier.updates(new, _not_there(new), gone)
        seen = self._exchange.listing.get(EPOCH)
        epoch = read_epoch(self._store, seen)
        left = taken_back(epoch, entry.own_id, nonce)
        if isinstance(carrier, RefCarrier) and left is not None:
            blob = encode_epoch(*left)
            [oid] = self._exchange.written([blob])
            updates.append(Update(EPOCH, oid, seen))
        self._push(updates)


def _not_there(new: Iterable[str]) -> dict[str, str]:
    """The demand that some refs are not there: somebody else may have been first."""
    return dict.fromkeys(new, "")


def _absent(wanted: OidsByRef, carrier: Carrier) -> Oids:
    """What of some refs the remote does not have."""
    absent: Oids = {}
    for ref, oid in wanted.items():
        if ref not in carrier.names:
            absent[ref] = oid
    return absent
