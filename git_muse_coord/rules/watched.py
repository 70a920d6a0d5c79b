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
        ticket = event.ticket
        if ticket is not None and self.has_waiter(ticket):
            return True
        reservations = list(_about(event, world))
        # Of several one may be the run's, and another one lie at the place: who meets him there.
        is_by_run = any(map(self._is_by_run, reservations))
        is_at_place = any(map(self._is_at, reservations))
        return is_by_run and is_at_place

    def has(self, reservation: Reservation) -> bool:
        """Whether a reservation is one of the run, at one of the places."""
        if not self._is_by_run(reservation):
            return False
        return self._is_at(reservation)

    def has_waiter(self, ticket: Ticket) -> bool:
        """Whether the run is the one who waits, for one of the places."""
        if not self._is_by_run(ticket):
            return False
        return self._overlaps(ticket.addresses)

    def _is_told_by(self, message: Message, world: World) -> bool:
        """Whether a message is from the run or to it, and about one of the places."""
        about: Reservation | None = None
        parties = [message.run_id, message.to]
        if message.about:
            about = world.reservations.get(message.about)
        if about is not None:
            parties.append(about.run_id)
        if self.run_id is not None and self.run_id not in parties:
            return False
        if not self.places:
            return True
        # one that is about nothing held is at no place
        if about is None:
            return False
        return self._is_at(about)

    def _is_at(self, reservation: Reservation) -> bool:
        addresses = map(revive_stored, reservation.addresses)
        return self._overlaps(addresses)

    def _overlaps(self, addresses: Iterable[Address]) -> bool:
        if not self.places:
            return True
        for address in addresses:
            if any(map(address.overlaps, self.places)):
                return True
        return False

    def _is_by_run(self, holder: Reservation | Ticket) -> bool:
        if self.run_id is None:
            return True
        return holder.run_id == self.run_id


def _about(event: Event, world: World) -> Iterator[Reservation]:
    """The reservations that an event is about."""
    if event.reservation is not None:
        yield event.reservation
    for conflict in event.conflicts:
        yield conflict.held.reservation
    for record_id in event.awaited:
        if record_id in world.reservations:
            yield world.reservations[record_id]
