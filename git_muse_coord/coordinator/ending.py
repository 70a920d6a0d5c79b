"""The end of a reservation, and what goes on in its place, as records that are still to be written."""

from __future__ import annotations

from git_muse_coord.model import codec
from git_muse_coord.model.continued import CONTINUED_BY, REPLACES
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import (
    LONGEST,
    Release,
    Reservation,
    encode,
)
from git_muse_coord.model.why_ended import WHY

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.codec import Json
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.state import World


def end_of(
    session: Session,
    reservation_id: RecordId,
    world: World,
    holder: RunId,
    outcome: str,
    continued_by: RecordId | None = None,
    why: str | None = None,
) -> Release:
    """The release of a reservation by a run, which may name what goes on in its place.

    ``why`` is a word of ``model.why_ended``, where nobody asked for it.
    """
    extra: dict[str, Json] = {}
    if continued_by is not None:
        extra[CONTINUED_BY] = continued_by
    if why is not None:
        extra[WHY] = why
    return Release(
        run_id=holder,
        nonce=session.nonce(),
        reservation_id=reservation_id,
        outcome=outcome,
        released_at=session.time_to_write(),
        expires_at=world.effective_expiry(reservation_id),
        extra=extra,
    )


def release_all(
    session: Session,
    ids: Collection[RecordId],
    world: World,
    why: str,
) -> list[RecordId]:
    """Release what is done with, each in the name of its own holder; all, but for what ended meanwhile."""
    releases: dict[RecordId, Release] = {}
    for reservation_id in ids:
        holder = world.reservations[reservation_id].run_id
        release = end_of(
            session,
            reservation_id,
            world,
            holder,
            "done",
            why=why,
        )
        releases[reservation_id] = release
    at_once = list(releases.values())
    if not at_once or session.store.write(at_once):
        return list(releases)
    # Somebody released one of them at this moment, and the rest is still to be let go.
    written: list[RecordId] = []
    for reservation_id, release in releases.items():
        if session.store.write([release]):
            written.append(reservation_id)
    return written


def remainder_of(
    session: Session,
    reservation_id: RecordId,
    world: World,
    addresses: tuple[str, ...],
) -> Reservation:
    """A reservation with some of the addresses of another one, and all else as it was there, its end too."""
    whole = world.reservations[reservation_id]
    ends = world.effective_expiry(reservation_id)
    return Reservation(
        run_id=whole.run_id,
        nonce=session.nonce(),
        branch=whole.branch,
        commit=whole.commit,
        addresses=addresses,
        operation=whole.operation,
        reason=whole.reason,
        depends_on=whole.depends_on,
        created_at=_begin(whole.created_at, ends),
        expires_at=ends,
        extra=_without_names(whole),
    )


def _without_names(whole: Reservation) -> dict[str, Json]:
    """What a reservation says besides, but for what it is in the place of: that has ended with it."""
    return {name: value for name, value in whole.extra.items() if name != REPLACES}


def id_of(record: Reservation) -> RecordId:
    """The id that a reservation will have. Raises InvalidRecord when it breaks the limits of its kind."""
    return codec.content_id(encode(record))


def _begin(created_at: datetime, ends: datetime) -> datetime:
    """Since when it is held, for all to see; signs of life may have taken it beyond what one record may last."""
    return max(created_at, ends - LONGEST)
