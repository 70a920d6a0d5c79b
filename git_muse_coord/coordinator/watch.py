"""Use case: what happens to reservations, as it happens."""

from __future__ import annotations

import threading
from collections import deque

from git_muse_coord.coordinator.answers.happened import (
    Happened,
    happened,
    snapshot_of,
)
from git_muse_coord.coordinator.answers.overview import Collisions, Overview, overview_of
from git_muse_coord.coordinator.autosync import begin_if_due
from git_muse_coord.coordinator.freshness import freshness
from git_muse_coord.coordinator.session import ignored
from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.events import Sight, events_between
from git_muse_coord.rules.state import World
from git_muse_coord.rules.watched import Watched
from git_muse_coord.store.git.ref_changes import RefChanges

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.store.records.snapshot import Snapshot

LOOK_SECONDS = 1.0
"""How long between two looks at the refs, which cost so little that nobody notices."""

_FAILURES_MOST = 5
"""After so many looks in a row that failed there is nothing left to watch."""


def watch(
    session: Session,
    *,
    for_: str | None = None,
    address: Iterable[str] = (),
) -> Watch:
    """Watch what happens: first what there is now, then each event when it happens, without an end.

    ``for_`` keeps what concerns a run, ``address`` what overlaps one of some addresses. Raises
    BadInput here, and StoreFailed while it watches.
    """
    places = session.addresses(address) if address else []
    run_id: RunId | None = None
    if for_ is not None:
        run_id = session.who_reads(for_)
    watched = Watched(run_id, places)
    return Watch(session, watched)


class Watch:
    """What happens, one after the other: to be gone through with ``for``, or with ``async for``.

    Between two events it sleeps; ``close``, from any thread, ends it. Several threads may share it,
    and then each event goes to one of them.
    """

    def __init__(self, session: Session, watched: Watched) -> None:
        self._session = session
        self._watched = watched
        self._seen: Snapshot | None = None
        self._sight: Sight | None = None
        self._collisions: Collisions | None = None
        self._waiting: deque[Happened] = deque()
        self._turn = threading.Lock()
        self._closed = threading.Event()
        self._changes = RefChanges(session.repository, self._closed, LOOK_SECONDS)
        self._failures = 0

    def look(self) -> list[Happened]:
        """What happened since the last look, at once; at first what there is."""
        with self._turn:
            return self._look()

    def overview(self, most: int) -> Overview:
        """How things stand by the last look, with at most so many reservations."""
        with self._turn:
            # a look that failed shows nothing yet
            sight = self._sight or Sight.of(World(), self._session.now())
            if self._collisions is None:
                self._collisions = Collisions(sight, self._watched)
            collisions = self._collisions.now()
            return overview_of(sight, self._watched, collisions, most)

    def seconds_to_next_look(self) -> float:
        """How long nothing can be missed: a second, or less where a reservation ends before."""
        # what failed is tried again, but not at once
        if self._failures:
            return LOOK_SECONDS
        if self._sight is None:
            return 0.0
        next_end = self._sight.next_end
        if next_end is None:
            return LOOK_SECONDS
        left = next_end - self._session.now()
        seconds = min(left.total_seconds(), LOOK_SECONDS)
        return max(0.0, seconds)

    def wait(self) -> None:
        """Return when it is time for another look."""
        seconds = self.seconds_to_next_look()
        if seconds > 0:
            self._changes.wait(seconds)

    def close(self) -> None:
        """End it: whoever waits for the next event is told that there is none."""
        self._closed.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Happened:
        while not self._closed.is_set():
            event = self._take()
            if event is not None:
                return event
            self.wait()
        raise StopIteration

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Happened:
        # whoever goes through it so has loaded it already
        import asyncio

        while not self._closed.is_set():
            # only a look is made in a thread, so that to be cancelled meanwhile loses no event
            await asyncio.to_thread(self._fill)
            event = self._next_waiting()
            if event is not None:
                return event
            await asyncio.sleep(self.seconds_to_next_look())
        raise StopAsyncIteration

    def _take(self) -> Happened | None:
        """The next event if there is one, after a look where none is left of the last."""
        self._fill()
        return self._next_waiting()

    def _fill(self) -> None:
        """Look, where no event is left of the last look."""
        with self._turn:
            if not self._waiting:
                self._waiting.extend(self._look())

    def _next_waiting(self) -> Happened | None:
        # another thread may have been faster
        with self._turn:
            if not self._waiting:
                return None
            return self._waiting.popleft()

    def _look(self) -> list[Happened]:
        try:
            snapshot = self._session.store.look()
        except (MuseCoordError, OSError):
            # somebody may pack or mend at this moment
            self._failures += 1
            if self._failures >= _FAILURES_MOST:
                raise
            return []
        self._failures = 0
        # news of other clones comes by a process of its own, where that was agreed to
        begin_if_due(self._session)
        now = self._session.now()
        before = self._sight
        is_as_before = self._seen is not None and snapshot.is_as(self._seen)
        if before is not None and is_as_before and not _has_come(before.next_end, now):
            # the newer one shares its index with the next, and then is compared in no time
            self._seen = snapshot
            return []
        sight = Sight.of(snapshot.world(), now)
        # only now: of what could not be read nothing may be missed the next time
        self._seen = snapshot
        self._sight = sight
        if before is None:
            return [self._first(snapshot, sight)]
        happenings = list(events_between(before, sight))
        if self._collisions is not None:
            self._collisions.carry_on(happenings, sight)
        events: list[Happened] = []
        for event in happenings:
            if self._watched.concerns(event, sight.world):
                events.append(happened(event, sight))
        return events

    def _first(self, snapshot: Snapshot, sight: Sight) -> Happened:
        first = snapshot_of(sight, self._watched)
        first.warnings += ignored(snapshot)
        known = freshness(self._session)
        if known is not None:
            first.remote = known.remote
            first.synced_at = known.synced_at
        return first


def _has_come(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
