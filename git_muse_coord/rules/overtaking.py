"""Who entered since an epoch was seen, and whether that is of any concern to who was late."""

from __future__ import annotations

from git_muse_coord.model.epoch import Admission
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.epoch import Epoch
    from git_muse_coord.model.text_types import RecordId


def entered_since(seen: Epoch, now: Epoch) -> Sequence[Admission] | None:
    """The admissions after the one that was seen last, newest first; None where the epoch of now does not tell all.

    Not only the newest: A loses to B, then C enters, and B is what A must hear of.
    """
    # An epoch that could not be read, or none at all: anything may have come after that.
    if not seen:
        return None
    nonces = [admission.nonce for admission in now]
    if seen[0].nonce not in nonces:
        return None
    return now[: nonces.index(seen[0].nonce)]


def leave_room(admissions: Iterable[Admission], asked: Sequence[Address]) -> bool:
    """Whether it is certain that what was admitted lies apart from what is asked for, whoever holds it."""
    for admission in admissions:
        # Where nothing is told, everything may be meant.
        if admission.addresses is None or _meet(admission.addresses, asked):
            return False
    return True


def to_be_seen(epoch: Epoch, asked: Sequence[Address]) -> list[RecordId]:
    """The reservations that a look must show, or it was torn: an epoch can be there before what it admits.

    Who made the newest has seen what was admitted before, or that it lies apart from his own.
    """
    if not epoch:
        return []
    ids = [*epoch[0].reservations]
    # Those whose addresses are not told were passed by nobody: they are seen before one goes on.
    for admission in epoch[1:]:
        if admission.addresses is not None and _meet(admission.addresses, asked):
            ids += admission.reservations
    return ids


def admitted_lately(epoch: Epoch) -> list[RecordId]:
    """The reservations that an epoch tells to have been admitted, and not taken back, newest first."""
    ids: list[RecordId] = []
    for admission in epoch:
        ids += admission.reservations
    return ids


def tickets_to_be_seen(epoch: Epoch, asked: Sequence[Address]) -> list[RecordId]:
    """As ``to_be_seen``, of those who began to wait near what is asked for."""
    if not epoch:
        return []
    ids = [*epoch[0].tickets]
    for admission in epoch[1:]:
        # where the places are not told, any may be meant
        if admission.addresses is None or _meet(admission.addresses, asked):
            ids += admission.tickets
    return ids


def taken_back(
    epoch: Epoch, reservation_id: RecordId, nonce: str
) -> tuple[Admission, Epoch] | None:
    """The epoch after a reservation was taken back, so that nobody waits for what is gone; None: it tells of none."""
    if not any(reservation_id in admission.reservations for admission in epoch):
        return None
    left: list[Admission] = []
    for admission in epoch:
        ids = tuple(one for one in admission.reservations if one != reservation_id)
        left.append(admission._replace(reservations=ids))
    return Admission(nonce, left[0].reservations), tuple(left)


def _meet(held: Iterable[Address], asked: Sequence[Address]) -> bool:
    return any(place.overlaps(wanted) for place in held for wanted in asked)
