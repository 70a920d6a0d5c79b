"""Where strict reservations contend and those who want one wait: at a remote where there is one, else in this clone."""

from __future__ import annotations

import os
import time
import zlib

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import contextmanager
from git_muse_coord.model.records import REF_PREFIX, Heartbeat
from git_muse_coord.store.git.lock import briefly_locked, put_text, text_in
from git_muse_coord.store.sync.sightings import Sightings
from git_muse_coord.store.sync.waiting_room import WaitingRoom

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.records import Record
    from git_muse_coord.store.sync.exchange import Exchange
    from git_muse_coord.store.sync.strict_gate import Entry, Gate

STRICT_SECONDS = 60.0
"""How long a strict reservation contends before it gives up."""


_BEATS_AFTER = 3
"""What are signs of life alone is fetched with every so manyth look."""

_BEATS = f"{REF_PREFIX}{Heartbeat.folder}/"
_PASSING_SECONDS = 20.0
_MOST = 100
_HERE = "here"


class ContestPlace:
    """Where a session contends; ``remote`` None: in this clone."""

    def __init__(self, session: Session, remote: str | None) -> None:
        self._session = session
        self.remote = remote
        key = _HERE
        if remote is not None:
            # by a checksum, because an address can hold a password, and is no name for a file
            address = session.settings.remotes.get(remote, remote)
            key = f"{zlib.crc32(os.fsencode(address)):08x}"
        self.lock = session.repository.own_file(f"strict-{key}/lock")
        folder = os.path.dirname(self.lock)
        self.room = WaitingRoom(folder)
        seen = os.path.join(folder, "seen.json")
        self.sightings = Sightings(seen)
        self._listed: Mapping[str, str] = {}
        self._polled = 0
        self._polls = os.path.join(folder, "polls")

    @contextmanager
    def gate(self, entry: Entry, seconds: float = STRICT_SECONDS) -> Iterator[Gate]:
        """The gate, with somebody's entry before it. Raises RemoteFailed after so many seconds."""
        session = self._session
        # there is nobody else to ask
        if self.remote is None:
            from git_muse_coord.store.sync.local_gate import LocalGate

            has_remotes = bool(session.settings.remotes)
            yield LocalGate(session.store, entry, session.now, is_shared=has_remotes)
            return
        from git_muse_coord.store.sync.remote_gate import RemoteGate

        with self._exchange(seconds) as exchange:
            yield RemoteGate(exchange, entry)

    def pass_on(
        self,
        new: Sequence[Record],
        gone: Sequence[str],
        seconds: float = _PASSING_SECONDS,
    ) -> None:
        """Have the remote take some records of ours, and no longer have some. Raises RemoteFailed."""
        if self.remote is None:
            return
        from git_muse_coord.store.sync.passing_on import pass_on, written_refs

        with self._exchange(seconds) as exchange:
            exchange.list()
            pass_on(exchange, written_refs(exchange, new), gone)

    def _fetch_news(self) -> None:
        """Fetch what is new at the remote. Raises RemoteFailed."""
        from git_muse_coord.store.sync.incoming import pull

        with self._exchange(_PASSING_SECONDS) as exchange:
            exchange.list()
            listed = exchange.listing
            self._polled += 1
            is_time_for_beats = self._polled % _BEATS_AFTER == 0
            if not is_time_for_beats:
                # most that is new are signs of life, for which it is early enough a little later
                listed = {ref: oid for ref, oid in listed.items() if not ref.startswith(_BEATS)}
            # mostly it is as it was, and a listing is all that it costs
            if listed.items() <= self._listed.items():
                return
            pull(exchange)
            self._listed = {} if exchange.left else exchange.listing

    @contextmanager
    def _exchange(self, seconds: float) -> Iterator[Exchange]:
        """Talk to the remote, where there is one. Raises RemoteFailed after so many seconds."""
        from git_muse_coord.coordinator.exchanges import exchange_with
        from git_muse_coord.store.git.patience import Patience

        remote = self.remote or ""
        patience = Patience(seconds, tell=self._session.notice)
        with exchange_with(self._session, remote, patience) as exchange:
            yield exchange

    def poll(self, every: float) -> None:
        """Fetch what is new at the remote, unless a process of this clone did so within ``every`` seconds.

        Raises RemoteFailed.
        """
        if self.remote is None:
            return
        with briefly_locked(self._polls) as descriptor:
            # somebody else is at it
            if descriptor is None or not _is_due(descriptor, every):
                return
            self._fetch_news()
            # only now: who is stopped in between leaves it due
            put_text(descriptor, repr(time.monotonic()))


def _is_due(descriptor: int, every: float) -> bool:
    """Whether the last look at the remote is so many seconds ago, by a clock that all processes share."""
    try:
        last = float(text_in(descriptor, _MOST))
    except ValueError:
        return True
    passed = time.monotonic() - last
    # The clock begins anew when the machine does.
    return not 0 <= passed < every
