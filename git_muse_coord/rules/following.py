"""Under which reservation work goes on that many may wait for: what came in the place of each is followed once.

Others' records may lead on for thousands of steps, and be named by thousands: who followed each name
anew would follow for minutes.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Set
    from datetime import datetime

    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import World


class Following:
    """From reservations to what came in their place, up to the first that is wanted."""

    def __init__(
        self,
        world: World,
        is_wanted: Callable[[RecordId], bool],
    ) -> None:
        self._world = world
        self._is_wanted = is_wanted
        self._found: dict[RecordId, RecordId | None] = {}

    def of(self, reservation_id: RecordId) -> RecordId | None:
        """The reservation itself or the first in its place that is wanted; None: there is none."""
        found = self._found
        if reservation_id in found:
            return found[reservation_id]
        steps: list[RecordId] = []
        wanted: RecordId | None = None
        for step in self._world.followed(reservation_id):
            if step in found:
                wanted = found[step]
                break
            steps.append(step)
            if self._is_wanted(step):
                wanted = step
                break
        # all on the way there lead to the same, also where the way ends in a circle
        found.update(dict.fromkeys(steps, wanted))
        return wanted


def where_work_goes_on(world: World, now: datetime) -> Following:
    """Follow to the active reservation under which the work goes on; None: it is over."""
    return Following(world, lambda step: world.is_active(step, now))


def waits_for_any(
    reservation: Reservation,
    reservation_ids: Set[RecordId],
    place: Following,
) -> bool:
    """Whether a reservation depends on one of some, or on what they are in the place of."""
    return any(place.of(named) in reservation_ids for named in reservation.depends_on)
