"""The epoch of this clone, on which the strict reservations of its own processes contend."""

from __future__ import annotations

from git_muse_coord.model.epoch import encode_epoch
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import EPOCH
from git_muse_coord.rules.overtaking import admitted_lately, entered_since
from git_muse_coord.store.git.refs import pause
from git_muse_coord.store.records.records import Move
from git_muse_coord.store.sync.epoch import read_epoch
from git_muse_coord.store.sync.strict_gate import LOOKS, admission_of, shows_what_is_told
from git_muse_coord.store.sync.withdrawal import abandoned, withdraw_here

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from git_muse_coord.model.epoch import Admission, Epoch
    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.records import RecordStore
    from git_muse_coord.store.records.snapshot import Snapshot
    from git_muse_coord.store.sync.strict_gate import Entry


class LocalGate:
    """The gate of this clone. ``is_shared`` says that others may fetch what is in it."""

    def __init__(
        self,
        store: RecordStore,
        entry: Entry,
        now: Callable[[], datetime],
        *,
        is_shared: bool,
    ) -> None:
        self.warnings: list[str] = []
        self.admits: Sequence[RecordId] = ()
        self._store = store
        self.entry = entry
        self._now = now
        self._is_shared = is_shared
        self._seen: str | None = None
        self.epoch: Epoch = ()

    def look(self) -> Snapshot:
        """List until what the epoch admits is there.

        A transaction becomes visible ref by ref, with the epoch last. What was admitted and then
        withdrawn never shows up, so the patience is bounded.
        """
        for attempt in range(LOOKS):
            snapshot = self._store.look()
            self._see(snapshot.epoch)
            if shows_what_is_told(snapshot, self.epoch, self.entry.addresses):
                break
            pause(attempt)
        return snapshot

    def look_since(self) -> Sequence[Admission] | None:
        """Look at the epoch alone."""
        before = self.epoch
        seen = self._seen
        self._see(self._store.refs.oid_of(EPOCH))
        # The same epoch, and still refused: something else is in the way.
        if self._seen == seen:
            return None
        return entered_since(before, self.epoch)

    def look_again(self) -> Snapshot:
        """Without the epoch: strict ones that entered later have seen ours."""
        return self._store.look()

    def _see(self, epoch: str | None) -> None:
        self._seen = epoch
        self.epoch = read_epoch(self._store, epoch)
        self.admits = admitted_lately(self.epoch)

    def enter(
        self,
        nonce: str,
        also: Sequence[Entry] = (),
    ) -> bool:
        """Create the records and, as the last line of the transaction, move the epoch."""
        entries = [*self.entry.all, *also]
        admission = admission_of(entries, nonce)
        epoch = encode_epoch(admission, self.epoch)
        new: list[Record] = []
        for entry in entries:
            new += entry.records
        # who entered since the look moved it, and then nothing of ours is stored
        move = Move(EPOCH, epoch, self._seen)
        return self._store.write(new, last=move)

    def withdraw(self, nonce: str) -> None:
        """Delete the ref; where others may have fetched it, leave a release."""
        for entry in self.entry.all:
            release = None
            if self._is_shared:
                release = abandoned(entry, nonce, self._now())
            withdraw_here(self._store, entry, nonce, release)

    give_up = withdraw
