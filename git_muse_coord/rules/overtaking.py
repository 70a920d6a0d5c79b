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
    last_seen = seen[0].nonce
    for count, admission in enumerate(now):
        if admission.nonce == last_seen:
            return now[:count]
    return None


def leave_room(admissions: Iterable[Admission], asked: Sequence[Address]) -> bool:
    """Whether it is certain that what was admitted lies apart from what is asked for, whoever holds it."""
    return not any(_may_meet(admission, asked) for admission in admissions)


def to_be_seen(epoch: Epoch, asked: Sequence[Address]) -> list[RecordId]:
    """The reservations that a look must show, or it was torn: an epoch can be there before what it admits.

    Who made the newest has seen what was admitted before, or that it lies apart from his own.
    """
    if not epoch:
        return []
    newest, *older = epoch
    ids = [*newest.reservations]
    for admission in older:
        # Those whose addresses are not told were passed by nobody: they are seen before one goes on.
        if admission.addresses is None:
            continue
        if _may_meet(admission, asked):
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
    newest, *older = epoch
    ids = [*newest.tickets]
    for admission in older:
        if _may_meet(admission, asked):
            ids += admission.tickets
    return ids


def taken_back(
    epoch: Epoch,
    reservation_id: RecordId,
    nonce: str,
) -> tuple[Admission, Epoch] | None:
    """The epoch after a reservation was taken back, so that nobody waits for what is gone; None: it tells of none."""
    is_told = False
    left: list[Admission] = []
    for admission in epoch:
        ids = list(admission.reservations)
        if reservation_id in ids:
            is_told = True
            ids.remove(reservation_id)
        rest = admission._replace(reservations=tuple(ids))
        left.append(rest)
    if not is_told:
        return None
    # What the newest one names must be seen before one goes on: so the new one names it, too.
    newest = Admission(nonce, left[0].reservations)
    return newest, tuple(left)


def _may_meet(admission: Admission, asked: Sequence[Address]) -> bool:
    """Whether what was admitted may be near what is asked for."""
    # Where nothing is told, everything may be meant.
    if admission.addresses is None:
        return True
    for place in admission.addresses:
        if any(map(place.overlaps, asked)):
            return True
    return False
