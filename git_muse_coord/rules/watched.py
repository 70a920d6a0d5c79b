"""What of all that happens concerns somebody: a run, or some addresses."""

from __future__ import annotations

from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Message, Reservation
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.model.ticket import Ticket
    from git_muse_coord.rules.events import Event
    from git_muse_coord.rules.state import World


class Watched(NamedTuple):
    """What somebody wants to hear of; without a run that of all, without places that everywhere."""

    run_id: RunId | None = None
    places: Sequence[Address] = ()

    def concerns(self, event: Event, world: World) -> bool:
        """Whether an event is about the run, whom it meets or who waits for it, and about one of the places."""
        if event.message is not None:
            return self._is_told_by(event.message, world)
        if event.ticket is not None and self.has_waiter(event.ticket):
            return True
        reservations = list(_about(event, world))
        return any(map(self._is_by_run, reservations)) and any(map(self._is_at, reservations))

    def has(self, reservation: Reservation) -> bool:
        """Whether a reservation is one of the run, at one of the places."""
        return self._is_by_run(reservation) and self._is_at(reservation)

    def has_waiter(self, ticket: Ticket) -> bool:
        """Whether the run is the one who waits, for one of the places."""
        is_by_run = self.run_id is None or ticket.run_id == self.run_id
        return is_by_run and self._overlaps(ticket.addresses)

    def _is_told_by(self, message: Message, world: World) -> bool:
        """Whether a message is from the run or to it, and about one of the places."""
        about = world.reservations.get(message.about) if message.about else None
        parties = [message.run_id, message.to]
        if about is not None:
            parties.append(about.run_id)
        if self.run_id is not None and self.run_id not in parties:
            return False
        # one that is about nothing held is at no place
        return not self.places or (about is not None and self._is_at(about))

    def _is_at(self, reservation: Reservation) -> bool:
        return not self.places or self._overlaps(map(revive_stored, reservation.addresses))

    def _overlaps(self, addresses: Iterable[Address]) -> bool:
        if not self.places:
            return True
        for address in addresses:
            if any(map(address.overlaps, self.places)):
                return True
        return False

    def _is_by_run(self, reservation: Reservation) -> bool:
        return self.run_id is None or reservation.run_id == self.run_id


def _about(event: Event, world: World) -> Iterator[Reservation]:
    """The reservations that an event is about."""
    if event.reservation is not None:
        yield event.reservation
    for conflict in event.conflicts:
        yield conflict.held.reservation
    for record_id in event.awaited:
        if record_id in world.reservations:
            yield world.reservations[record_id]
