"""Which reservations of other holders overlap what somebody asks for."""

from __future__ import annotations

from itertools import chain

from git_muse_coord.model import address
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.spelling import fold
from git_muse_coord.rules.kin import are_kin
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.state import same_holder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.state import Reservations


class Holding(NamedTuple):
    """One address of one reservation."""

    address: Address
    reservation_id: RecordId
    reservation: Reservation


class Conflict(NamedTuple):
    """An address that was asked for, and what another holder has that overlaps it.

    Not ``certain`` is what may overlap it, as nothing of the name could be read where it is held.
    ``kin`` are the agent that started the asking one, and those that it started. ``asking`` is the
    reservation that asks, where it is one.
    """

    asked: Address
    held: Holding
    certain: bool = True
    kin: bool = False
    asking: RecordId | None = None


class Holdings:
    """Active reservations, indexed by address."""

    def __init__(self, reservations: Reservations) -> None:
        held: list[tuple[Address, Holding]] = []
        for reservation_id, reservation in reservations.items():
            for text in reservation.addresses:
                place = address.revive_stored(text)
                holding = Holding(place, reservation_id, reservation)
                held.append((place, holding))
        self._places = Places(held)

    def overlapping(self, asked: Address) -> Iterator[Holding]:
        """Everything held that covers the address or lies inside it."""
        return self._places.overlapping(asked)

    def conflicts(
        self,
        asked: Iterable[Address],
        run_id: RunId,
        own_id: RecordId | None = None,
    ) -> Iterator[Conflict]:
        """Every overlap with another holder, in the order asked.

        ``own_id`` is the asker's own reservation, which is no conflict even where the run has no
        identity.
        """
        for place in asked:
            for held in self.overlapping(place):
                if held.reservation_id == own_id:
                    continue
                holder = held.reservation.run_id
                if not same_holder(run_id, holder):
                    kin = are_kin(run_id, holder)
                    yield Conflict(
                        place,
                        held,
                        kin=kin,
                        asking=own_id,
                    )


def conflicts_among(
    reservations: Reservations,
    asking: Iterable[RecordId],
) -> Iterator[Conflict]:
    """The conflicts that the reservations named by ``asking`` have with any of ``reservations``."""
    for _, conflict in conflicts_by_asker(reservations, asking):
        yield conflict


def conflicts_by_asker(
    reservations: Reservations,
    asking: Iterable[RecordId],
) -> Iterator[tuple[RecordId, Conflict]]:
    """As ``conflicts_among``, each with the reservation that asks."""
    asked: dict[RecordId, list[Address]] = {}
    for reservation_id in asking:
        reservation = reservations[reservation_id]
        asked[reservation_id] = _places(reservation)
    if not asked:
        return
    all_asked = chain.from_iterable(asked.values())
    paths, below = address.neighbourhood(all_asked)

    def is_near(text: str) -> bool:
        stored_path, _, _ = text.partition("::")
        path = fold(stored_path)
        return path in paths or path.startswith(below)

    # Few ask and many hold: to index only what is near them saves most of the work.
    near: dict[RecordId, Reservation] = {}
    for reservation_id, reservation in reservations.items():
        if any(map(is_near, reservation.addresses)):
            near[reservation_id] = reservation
    holdings = Holdings(near)
    for reservation_id, places in asked.items():
        run_id = reservations[reservation_id].run_id
        for conflict in holdings.conflicts(places, run_id, reservation_id):
            yield reservation_id, conflict


def conflicted(reservations: Reservations) -> set[RecordId]:
    """The ids of the reservations that another holder's reservation overlaps."""
    holdings = Holdings(reservations)
    in_conflict: set[RecordId] = set()
    for reservation_id, reservation in reservations.items():
        places = _places(reservation)
        conflicts = holdings.conflicts(places, reservation.run_id, reservation_id)
        # The first one tells enough, and saves to look for the others.
        if next(conflicts, None) is not None:
            in_conflict.add(reservation_id)
    return in_conflict


def _places(reservation: Reservation) -> list[Address]:
    return [address.revive_stored(text) for text in reservation.addresses]
