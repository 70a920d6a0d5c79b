"""One strict reservation on its way in, so that what is told of it is true however the way ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from git_muse_coord.coordinator.place import STRICT_SECONDS
from git_muse_coord.model.errors import (
    Interrupted,
    MuseCoordError,
    RemoteFailed,
    StoreFailed,
)
from git_muse_coord.model.wording import short_id
from git_muse_coord.rules.overtaking import leave_room
from git_muse_coord.store.git.refs import pause
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.records.snapshot import Snapshot

if TYPE_CHECKING:
    from git_muse_coord.coordinator.companions import Companions
    from git_muse_coord.store.sync.strict_gate import Entry, Gate

T = TypeVar("T")


class Contest:
    """A reservation that contends at a gate: exactly one of those who race gets in.

    A push whose answer is lost may have arrived. While that is not known, the reservation may be
    in.
    """

    def __init__(
        self,
        gate: Gate,
        store: RecordStore,
        entry: Entry,
        nonce: Callable[[], str],
        companions: Companions,
    ) -> None:
        self._gate = gate
        self._store = store
        self._entry = entry
        self._nonce = nonce
        self._companions = companions
        self._may_be_in = False
        self._attempts = 0
        self._give_up_at = 0.0

    def was_taken_along(self) -> None:
        """Somebody else had it with his own, and may have got it in."""
        self._may_be_in = True

    def enter(
        self,
        refuse: Callable[[Snapshot], None],
        as_it_stands: Callable[[Snapshot], T | None],
    ) -> T | None:
        """Look, and get in unless ``refuse`` raises because somebody is in the way; again, where another was first.

        Where ``as_it_stands`` has an answer, nothing needs to get in, and that is returned. Raises
        RemoteFailed when it takes too long.
        """
        self._give_up_at = time.monotonic() + STRICT_SECONDS
        while True:
            snapshot = self._gate.look()
            # The answer to an earlier push can have been lost, and the push not.
            if self._may_be_in and self._entry.ref in snapshot.entries:
                return None
            self._may_be_in = False
            refuse(snapshot)
            answer = as_it_stands(snapshot)
            if answer is not None:
                return answer
            # Where something refused them together, each is to be told why by himself.
            if self._attempts == 0:
                self._companions.take(self._entry, snapshot, self._gate.epoch)
            if self._gets_in():
                return None

    def _gets_in(self) -> bool:
        """Enter, again as long as all who were first went in elsewhere. False: somebody may be in the way."""
        while True:
            if time.monotonic() > self._give_up_at:
                raise RemoteFailed(
                    "too many strict reservations contend at once", "try again; nothing was stored"
                )
            if self._enter_once():
                self._companions.tell()
                return True
            pause(self._attempts)
            self._attempts += 1
            since = self._gate.look_since()
            # Our own admission, of a push whose answer was lost, leaves no room either.
            if since is None or not leave_room(since, self._entry.addresses):
                self._companions.leave()
                return False
            self._companions.stay_clear_of(since)
            self._may_be_in = False

    def _enter_once(self) -> bool:
        self._may_be_in = True
        try:
            return self._gate.enter(self._nonce(), self._companions.entries)
        except StoreFailed:
            # The disk comes before the remote: nothing was stored, and nothing pushed.
            self._may_be_in = False
            raise

    def look_again(self) -> tuple[Snapshot, list[str]]:
        """What is to be seen once we are in, and a warning where that is only what this clone knows."""
        try:
            return self._gate.look_again(), list(self._gate.warnings)
        except MuseCoordError as error:
            warning = (
                "reserved, but whether a plain reservation came in between is not known:"
                f" {error.message}; git muse-coord sync tells"
            )
            return self._store.look(), [*self._gate.warnings, warning]

    def take_back(self) -> list[str]:
        """Withdraw. Returns what is to be said where that was not possible everywhere."""
        try:
            self._gate.withdraw(self._nonce())
        except MuseCoordError:
            return [self._give_up()]
        return []

    def failed(self, error: MuseCoordError, way_out: str | None) -> MuseCoordError:
        """A failure on the way in as it is to be told: nothing is stored, or what is left of it is named.

        ``way_out`` is what can be done where the remote failed.
        """
        left_over = self.take_back() if self._may_be_in else []
        if not left_over:
            if way_out is not None and isinstance(error, RemoteFailed):
                return type(error)(error.message, f"nothing was stored; {way_out}")
            return error
        return type(error)(f"{error.message}; {left_over[0]}", error.hint)

    def interrupted(self) -> BaseException:
        """What to raise when somebody asks us to end: nobody is left waiting for a remote."""
        if self._may_be_in:
            return Interrupted(f"interrupted; {self._give_up()}")
        return KeyboardInterrupt()

    def _give_up(self) -> str:
        """Release it in this clone alone, which the next sync carries to where it may be."""
        own_id = " ".join(short_id(entry.own_id) for entry in self._entry.all)
        try:
            self._gate.give_up(self._nonce())
        except MuseCoordError:
            return f"{own_id} may be reserved: git muse-coord release {own_id} lets go of it"
        return (
            f"{own_id} is taken back here, and the next sync releases it where it may have arrived"
        )
