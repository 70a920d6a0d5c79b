"""The same asked again by the same run: what stands already is extended, and no second record is made."""

from __future__ import annotations

from git_muse_coord.coordinator.keep_alive import sign_of_life
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.rules.keep_alive import life_of, renewed_end
from git_muse_coord.rules.reuse import standing

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.snapshot import Snapshot


class Standing(NamedTuple):
    """A reservation that says what is asked for, and when it ends.

    ``renewed`` is when it is to end once it is extended; None: it is fresh, and stays as it is.
    """

    reservation_id: RecordId
    record: Reservation
    ends: datetime
    renewed: datetime | None


def what_stands(
    session: Session,
    asked: Reservation,
    snapshot: Snapshot,
    admitted: Container[RecordId] | None = None,
) -> Standing | None:
    """The reservation of the same run that says what is asked for, if one is active."""
    # To look for the reservations of nobody in particular would only cost time.
    if asked.run_id == UNKNOWN:
        return None
    world = snapshot.world_of(asked.run_id)
    now = session.now()
    reservation_id = standing(asked, world, now, admitted)
    if reservation_id is None:
        return None
    life = life_of(reservation_id, world)
    wanted_life = asked.expires_at - asked.created_at
    renewed = renewed_end(life, now, wanted_life)
    record = world.reservations[reservation_id]
    return Standing(reservation_id, record, life.ends, renewed)


def extend_what_stands(session: Session, asked: Reservation) -> bool:
    """Extend the reservation that says what is asked for, if one is active. Raises StoreFailed.

    It may be released at the same moment, so whoever asks looks again afterwards.
    """
    # A listing costs a process of git; the cache alone tells that there can be no such reservation.
    if asked.run_id == UNKNOWN or not session.store.may_hold_alike(asked):
        return False
    snapshot = session.store.look()
    stands = what_stands(session, asked, snapshot)
    if stands is None:
        return False
    if stands.renewed is not None:
        beat = sign_of_life(
            session,
            asked.run_id,
            stands.reservation_id,
            session.time_to_write(),
            stands.renewed,
        )
        session.store.write([beat])
    return True
