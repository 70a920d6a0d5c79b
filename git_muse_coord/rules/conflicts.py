"""Which reservations of other holders overlap what somebody asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from git_muse_coord.model import address
from git_muse_coord.model.address import Address
from git_muse_coord.model.records import Reservation
from git_muse_coord.model.spelling import fold
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.state import same_holder


class Holding(NamedTuple):
    """One address of one reservation."""

    address: Address
    reservation_id: RecordId
    reservation: Reservation


class Conflict(NamedTuple):
    """An address that was asked for, and what another holder has that overlaps it.

    Not ``certain`` is what may overlap it, as nothing of the name could be read where it is held.
    """

    asked: Address
    held: Holding
    certain: bool = True


class Holdings:
    """Active reservations, indexed by address."""

    def __init__(self, reservations: Mapping[RecordId, Reservation]) -> None:
        held = (
            Holding(address.revive_stored(text), reservation_id, reservation)
            for reservation_id, reservation in reservations.items()
            for text in reservation.addresses
        )
        self._places = Places((one.address, one) for one in held)

    def overlapping(self, asked: Address) -> Iterator[Holding]:
        """Everything held that covers the address or lies inside it."""
        return self._places.overlapping(asked)

    def conflicts(
        self, asked: Iterable[Address], run_id: RunId, own_id: RecordId | None = None
    ) -> Iterator[Conflict]:
        """Every overlap with another holder, in the order asked.

        ``own_id`` is the asker's own reservation, which is no conflict even where the run has no
        identity.
        """
        for one in asked:
            for held in self.overlapping(one):
                if held.reservation_id != own_id and not same_holder(
                    run_id, held.reservation.run_id
                ):
                    yield Conflict(one, held)


def conflicts_among(
    reservations: Mapping[RecordId, Reservation], asking: Iterable[RecordId]
) -> Iterator[Conflict]:
    """The conflicts that the reservations named by ``asking`` have with any of ``reservations``."""
    asking = list(asking)
    if not asking:
        return
    asked = {
        one: [address.revive_stored(text) for text in reservations[one].addresses] for one in asking
    }
    paths, below = address.neighbourhood(place for places in asked.values() for place in places)

    def is_near(text: str) -> bool:
        path = fold(text.partition("::")[0])
        return path in paths or path.startswith(below)

    near = {
        one: record for one, record in reservations.items() if any(map(is_near, record.addresses))
    }
    holdings = Holdings(near)
    for one, places in asked.items():
        yield from holdings.conflicts(places, reservations[one].run_id, one)


def conflicted(reservations: Mapping[RecordId, Reservation]) -> set[RecordId]:
    """The ids of the reservations that another holder's reservation overlaps."""
    holdings = Holdings(reservations)
    return {
        reservation_id
        for reservation_id, mine in reservations.items()
        if any(
            holdings.conflicts(
                map(address.revive_stored, mine.addresses), mine.run_id, reservation_id
            )
        )
    }
