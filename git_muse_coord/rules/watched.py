"""What of all that happens concerns somebody: a run, or some addresses."""

from __future__ import annotations

from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.events import Event
    from git_muse_coord.rules.state import World


class Watched(NamedTuple):
    """What somebody wants to hear of; without a run that of all, without places that everywhere."""

    run_id: RunId | None = None
    places: Sequence[Address] = ()

    def concerns(self, event: Event, world: World) -> bool:
        """Whether an event is about the run, whom it meets or who waits for it, and about one of the places."""
        reservations = list(_about(event, world))
        return any(map(self._is_by_run, reservations)) and any(map(self.is_at, reservations))

    def has(self, reservation: Reservation) -> bool:
        """Whether a reservation is one of the run, at one of the places."""
        return self._is_by_run(reservation) and self.is_at(reservation)

    def is_at(self, reservation: Reservation) -> bool:
        """Whether a reservation is at one of the places."""
        if not self.places:
            return True
        held = list(map(revive_stored, reservation.addresses))
        for place in self.places:
            if any(map(place.overlaps, held)):
                return True
        return False

    def _is_by_run(self, reservation: Reservation) -> bool:
        return self.run_id is None or reservation.run_id == self.run_id


def _about(event: Event, world: World) -> Iterator[Reservation]:
    """The reservations that an event is about."""
    yield event.reservation
    for conflict in event.conflicts:
        yield conflict.held.reservation
    for reservation_id in event.awaited:
        if reservation_id in world.reservations:
            yield world.reservations[reservation_id]
