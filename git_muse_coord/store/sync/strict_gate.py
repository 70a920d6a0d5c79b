"""Where strict reservations contend, so that exactly one of those who race gets in.

They compare and swap on the epoch. A clone's epoch and the remote's are two independent values;
where there is a remote, the remote's decides.
"""

from __future__ import annotations

from git_muse_coord.model.epoch import Admission, told_addresses
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import ref_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.epoch import Epoch
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.snapshot import Snapshot
else:
    Protocol = object

LOOKS = 5
"""So often one looks for what is bound to show up."""


class Entry(NamedTuple):
    """A reservation that contends, with its id, and its addresses as they are read.

    ``others`` go in and out with it, by the same act; its addresses are then those of all.
    """

    record: Reservation
    reservation_id: RecordId
    addresses: Sequence[Address]
    others: tuple[Entry, ...] = ()

    @property
    def all(self) -> tuple[Entry, ...]:
        """It, and those that go with it."""
        return (self, *self.others)

    @property
    def ref(self) -> str:
        """Where it is, once it is in."""
        return ref_name(self.record, self.reservation_id)


def admission_of(entries: Sequence[Entry], nonce: str) -> Admission:
    """What an epoch with this nonce tells of those that it admits."""
    ids = tuple(entry.reservation_id for entry in entries)
    places: set[Address] = set()
    for entry in entries:
        places.update(entry.addresses)
    return Admission(nonce, ids, told_addresses(sorted(places)))


class Gate(Protocol):
    """Where one reservation contends.

    ``warnings`` is what went wrong once it was in, ``epoch`` the one that was seen with the last
    look, ``admits`` what it admitted last.
    """

    warnings: list[str]
    epoch: Epoch
    admits: Sequence[RecordId]

    def look(self) -> Snapshot:
        """Everything that is known, which shows what the epoch seen with it admits."""

    def look_since(self) -> Sequence[Admission] | None:
        """Who entered since the last look, newest first; None where only a look at everything tells."""

    def look_again(self) -> Snapshot:
        """Everything that is known once the reservation is in."""

    def enter(self, nonce: str, also: Sequence[Entry] = ()) -> bool:
        """Store the reservation, and others with it, if nobody else entered since the last look."""

    def withdraw(self, nonce: str) -> None:
        """Take the reservation back, wherever it is, and have the epoch tell no more of it.

        Where it may have been fetched from meanwhile, its release stays: a deletion alone is undone
        by whoever fetched it, and then it holds up everybody, with nobody as its owner.
        """

    def give_up(self, nonce: str) -> None:
        """As ``withdraw``, in this clone alone; the next sync carries the release."""
