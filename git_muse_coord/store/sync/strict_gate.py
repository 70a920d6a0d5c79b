"""Where strict reservations contend, so that exactly one of those who race gets in.

They compare and swap on the epoch. A clone's epoch and the remote's are two independent values;
where there is a remote, the remote's decides.
"""

from __future__ import annotations

from git_muse_coord.model.epoch import Admission, told_addresses
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import Intent, Reservation, ref_name
from git_muse_coord.model.ticket import ticket_of
from git_muse_coord.rules.overtaking import tickets_to_be_seen, to_be_seen
from git_muse_coord.store.records.shown import shows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.epoch import Epoch
    from git_muse_coord.model.records import Record, Release
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.snapshot import Snapshot
else:
    Protocol = object

LOOKS = 5
"""So often one looks for what is bound to show up."""


class Entry(NamedTuple):
    """What contends, with its id, and its addresses as they are read: a reservation, or the ticket of one who waits.

    ``others`` go in and out with it, by the same act; its addresses are then those of all. ``ends``
    are releases that go in together with it: who gets in waits no more.
    """

    record: Reservation | Intent
    own_id: RecordId
    addresses: Sequence[Address]
    others: tuple[Entry, ...] = ()
    ends: Sequence[Release] = ()

    @property
    def all(self) -> tuple[Entry, ...]:
        """It, and those that go with it."""
        return (self, *self.others)

    @property
    def ref(self) -> str:
        """Where it is, once it is in."""
        return ref_name(self.record, self.own_id)

    @property
    def records(self) -> list[Record]:
        """All that is stored when it gets in."""
        return [self.record, *self.ends]


def admission_of(entries: Sequence[Entry], nonce: str) -> Admission:
    """What an epoch with this nonce tells of those that it admits."""
    reservations: list[RecordId] = []
    tickets: list[RecordId] = []
    number = 0
    places: set[Address] = set()
    for entry in entries:
        places.update(entry.addresses)
        if isinstance(entry.record, Reservation):
            reservations.append(entry.own_id)
            continue
        tickets.append(entry.own_id)
        ticket = ticket_of(entry.own_id, entry.record)
        number = ticket.number if ticket else number
    told = told_addresses(sorted(places))
    return Admission(
        nonce,
        tuple(reservations),
        told,
        tuple(tickets),
        number,
    )


def shows_what_is_told(
    snapshot: Snapshot,
    epoch: Epoch,
    asked: Sequence[Address],
) -> bool:
    """Whether a look shows what the epoch that was seen with it tells of; else it was torn."""
    if not shows(snapshot, to_be_seen(epoch, asked)):
        return False
    return shows(snapshot, tickets_to_be_seen(epoch, asked), Intent)


class Gate(Protocol):
    """Where one contends with his ``entry``.

    ``warnings`` is what went wrong once it was in, ``epoch`` the one that was seen with the last
    look, ``admits`` what it tells to have been admitted.
    """

    entry: Entry
    warnings: list[str]
    epoch: Epoch
    admits: Sequence[RecordId]

    def look(self) -> Snapshot:
        """Everything that is known, which shows what the epoch seen with it admits."""

    def look_since(self) -> Sequence[Admission] | None:
        """Who entered since the last look, newest first; None where only a look at everything tells."""

    def look_again(self) -> Snapshot:
        """Everything that is known once the reservation is in."""

    def enter(
        self,
        nonce: str,
        also: Sequence[Entry] = (),
    ) -> bool:
        """Store the entry, and others with it, if nobody else entered since the last look."""

    def withdraw(self, nonce: str) -> None:
        """Take the reservation back, wherever it is, and have the epoch tell no more of it.

        Where it may have been fetched from meanwhile, its release stays: a deletion alone is undone
        by whoever fetched it, and then it holds up everybody, with nobody as its owner.
        """

    def give_up(self, nonce: str) -> None:
        """As ``withdraw``, in this clone alone; the next sync carries the release."""
