"""How things stand at a moment, as an answer: who holds what, who waits for what, and what collides."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.happened import Waiter, waiter_of
from git_muse_coord.coordinator.answers.reservation import Held, held
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.conflicts import conflicts_by_asker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from git_muse_coord.rules.events import Sight
    from git_muse_coord.rules.watched import Watched


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
    """Who holds what, oldest first; who waits for others to end what they hold, with ``depends_on`` or in the queue."""

    at: datetime
    reservations: tuple[Held, ...]
    blocked: tuple[Held, ...]
    waiters: tuple[Waiter, ...]
    collisions: tuple[Collision, ...]


def overview_of(sight: Sight, watched: Watched) -> Overview:
    """How things stand, as far as it concerns somebody."""
    rows: list[Held] = []
    blocked: list[Held] = []
    for reservation_id, reservation in sight.active.items():
        if not watched.has(reservation):
            continue
        row = held(reservation_id, sight.world, sight.now)
        rows.append(row)
        if reservation_id in sight.blocked:
            blocked.append(row)
    waiters = map(waiter_of, filter(watched.has_waiter, sight.queue.values()))
    return Overview(
        at=sight.now,
        reservations=tuple(rows),
        blocked=tuple(blocked),
        waiters=tuple(waiters),
        collisions=tuple(_collisions(sight, watched)),
    )


def _collisions(sight: Sight, watched: Watched) -> Iterator[Collision]:
    pairs: set[frozenset[str]] = set()
    # the latest first, so that of each two the later one is told to meet the other
    for reservation_id, conflict in conflicts_by_asker(sight.active, reversed(list(sight.active))):
        pair = frozenset((reservation_id, conflict.held.reservation_id))
        asking = sight.active[reservation_id]
        holding = conflict.held.reservation
        if pair in pairs or not (watched.has(asking) or watched.has(holding)):
            continue
        pairs.add(pair)
        yield Collision(
            address=str(conflict.asked),
            held_address=str(conflict.held.address),
            run_id=asking.run_id,
            holder=holding.run_id,
            operation=asking.operation,
            held_operation=holding.operation,
            kin=conflict.kin,
        )
