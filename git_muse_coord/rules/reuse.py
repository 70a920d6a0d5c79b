"""When what somebody asks for stands already, so that no second record is needed."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.state import same_holder

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import World


def standing(
    asked: Reservation,
    world: World,
    now: datetime,
    admitted: Container[RecordId] | None = None,
) -> RecordId | None:
    """The oldest active reservation that says what is asked for; its commit, its times and its nonce may differ.

    Where somebody asks to be the only one, it must be one of those that were ``admitted`` as such.
    """
    for reservation_id, reservation in world.active(now).items():
        is_eligible = admitted is None or reservation_id in admitted
        if is_eligible and _says_the_same(reservation, asked):
            return reservation_id
    return None


def _says_the_same(reservation: Reservation, asked: Reservation) -> bool:
    # Runs without identity are never one holder: another's must not be extended in its name.
    if not same_holder(reservation.run_id, asked.run_id):
        return False
    return gist(reservation) == gist(asked)


def gist(reservation: Reservation) -> tuple[object, ...]:
    """What a reservation says, apart from who says it, when, and at which commit."""
    return (
        reservation.branch,
        reservation.addresses,
        reservation.operation,
        reservation.reason,
        reservation.depends_on,
    )
