"""Taking along the strict reservations of other processes of this clone, so that all get in by one push."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.companions import may_come_along
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.overtaking import leave_room, to_be_seen
from git_muse_coord.store.records.shown import shows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from git_muse_coord.model.epoch import Admission, Epoch
    from git_muse_coord.store.records.snapshot import Snapshot
    from git_muse_coord.store.sync.strict_gate import Entry
    from git_muse_coord.store.sync.waiting_room import WaitingRoom

_MOST = 16


class Companions:
    """Those who go in together with one reservation, if anybody does."""

    def __init__(
        self,
        room: WaitingRoom,
        now: Callable[[], datetime],
        is_behind: Callable[[Entry, Snapshot], bool],
    ) -> None:
        self._room = room
        self._now = now
        self._is_behind = is_behind
        self.entries: list[Entry] = []

    def take(
        self,
        carrier: Entry,
        snapshot: Snapshot,
        epoch: Epoch,
    ) -> None:
        """Take along those who wait and are in nobody's way, by what was seen."""
        now = self._now()
        for entry in self._room.waiting():
            if len(self.entries) == _MOST:
                return
            # The carrier waited for what was admitted near his own places alone.
            if not shows(snapshot, to_be_seen(epoch, entry.addresses)):
                continue
            held = Holdings(snapshot.world_around(entry.addresses).active(now))
            going_in = [other.addresses for other in (carrier, *self.entries)]
            if not may_come_along(entry.addresses, held, going_in):
                continue
            # who came first is not passed by being carried either
            if not self._is_behind(entry, snapshot) and self._room.take(entry):
                self.entries.append(entry)

    def stay_clear_of(self, since: Iterable[Admission]) -> None:
        """Let those wait on whom somebody who entered meanwhile may be in the way of; nobody is in yet."""
        since = list(since)
        for entry in list(self.entries):
            if not leave_room(since, entry.addresses):
                self.entries.remove(entry)
                self._room.put_back(entry)

    def leave(self) -> None:
        """Go on without them. They know that they were taken, and look for themselves whether they are in."""
        self.entries = []

    def tell(self) -> None:
        """Tell them that they are in."""
        for entry in self.entries:
            self._room.tell(entry)
        self.entries = []
