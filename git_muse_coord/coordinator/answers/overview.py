"""How things stand at a moment, as an answer: who holds what, who waits for what, and what collides."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.happened import Waiter, waiter_of
from git_muse_coord.coordinator.answers.reservation import Held, held
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.conflicts import conflicts_by_asker

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.conflicts import Conflict
    from git_muse_coord.rules.events import Event, Sight
    from git_muse_coord.rules.watched import Watched

    Pair = frozenset[RecordId]


class Collision(Declared):
    """Two reservations of different holders that overlap, at the first address where they do; ``run_id`` came later."""

    address: str
    held_address: str
    run_id: str
    holder: str
    operation: str | None
    held_operation: str | None
    kin: bool


class Overview(Declared):
    """How many hold something, the first of what they hold, run by run, who waits, and what collides.

    ``blocked`` wait with ``depends_on`` for others, ``waiters`` for a strict reservation.
    """

    held: int
    runs: int
    reservations: tuple[Held, ...]
    blocked: tuple[Held, ...]
    waiters: tuple[Waiter, ...]
    collisions: tuple[Collision, ...]


def overview_of(
    sight: Sight,
    watched: Watched,
    collisions: Iterable[Collision],
    most: int,
) -> Overview:
    """How things stand as far as it concerns somebody, with at most so many reservations."""
    rows: list[tuple[RunId, datetime, RecordId]] = []
    for reservation_id, reservation in sight.active.items():
        if watched.has(reservation):
            rows.append((reservation.run_id, reservation.created_at, reservation_id))
    rows.sort()
    blocked: list[Held] = []
    for reservation_id in sight.blocked:
        if watched.has(sight.active[reservation_id]):
            blocked.append(held(reservation_id, sight.world, sight.now))
    tickets = filter(watched.has_waiter, sight.queue.values())
    waiters = map(waiter_of, tickets)
    # of very many only those are made answers for which there is room
    shown = [held(reservation_id, sight.world, sight.now) for _, _, reservation_id in rows[:most]]
    runs = {run_id for run_id, _, _ in rows}
    return Overview(
        held=len(rows),
        runs=len(runs),
        reservations=tuple(shown),
        blocked=tuple(blocked),
        waiters=tuple(waiters),
        collisions=tuple(collisions),
    )


class Collisions:
    """The collisions among what is active: found once by a look at all, then carried on by events."""

    def __init__(self, sight: Sight, watched: Watched) -> None:
        self._pairs: dict[Pair, Collision] = {}
        self._watched = watched
        # the latest first, so that of each two the later one is told to meet the other
        latest_first = reversed(list(sight.active))
        for reservation_id, conflict in conflicts_by_asker(sight.active, latest_first):
            self._add(reservation_id, sight.active[reservation_id], conflict)

    def carry_on(self, events: Iterable[Event], sight: Sight) -> None:
        """Take note of what happened since."""
        for pair in list(self._pairs):
            both_are_active = pair <= sight.active.keys()
            if not both_are_active:
                del self._pairs[pair]
        for event in events:
            if event.reservation is None:
                continue
            for conflict in event.conflicts:
                self._add(event.subject, event.reservation, conflict)

    def now(self) -> list[Collision]:
        """All of them, the latest first."""
        return list(self._pairs.values())

    def _add(
        self,
        reservation_id: RecordId,
        asking: Reservation,
        conflict: Conflict,
    ) -> None:
        pair = frozenset((reservation_id, conflict.held.reservation_id))
        if pair in self._pairs:
            return
        holding = conflict.held.reservation
        concerns_us = self._watched.has(asking) or self._watched.has(holding)
        if not concerns_us:
            return
        self._pairs[pair] = Collision(
            address=str(conflict.asked),
            held_address=str(conflict.held.address),
            run_id=asking.run_id,
            holder=holding.run_id,
            operation=asking.operation,
            held_operation=holding.operation,
            kin=conflict.kin,
        )
