"""Use case: say what a run means to do to some addresses, as part of a reservation or alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.session import Session, reservation_ids, seconds
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.address import Address, revive_stored
from git_muse_coord.model.codec import InvalidRecord, content_id
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.records import INTENT_OPERATIONS, MAX_SECONDS, Intent, encode
from git_muse_coord.model.results import Result


@dataclass(kw_only=True, eq=False)
class IntentResult(Result):
    """An intent as it was stored. With a reservation it counts while that is active, else until ``expires_at``."""

    intent_id: str
    reservation_id: str | None
    run_id: str
    branch: str | None
    addresses: tuple[str, ...]
    operation: str
    detail: str | None
    created_at: datetime
    expires_at: datetime


def intent(
    session: Session,
    addresses: Iterable[str] = (),
    *,
    op: str,
    detail: str | None = None,
    reservation_id: str | None = None,
    run_id: str | None = None,
    ttl: int | None = None,
    local: bool = False,
) -> IntentResult:
    """Announce an operation on addresses.

    With ``reservation_id`` the run id, the branch and the expiry are those of the reservation,
    and so are the addresses where none is given; without, the intent lives ``ttl`` seconds
    (setting muse-coord.ttl, else 3600). Raises BadInput, with nothing stored; NotThere where
    the reservation is unknown or has ended; StoreFailed.
    """
    if op not in INTENT_OPERATIONS:
        raise BadInput(f"operation {op!r} is not one of {', '.join(INTENT_OPERATIONS)}")
    named = list(addresses)
    asked = session.addresses(named) if named or reservation_id is None else []
    if reservation_id is None:
        record, outside = _alone(session, asked, op, detail, run_id, ttl), list[str]()
    else:
        record, outside = _linked(session, asked, op, detail, reservation_id, run_id, ttl)
    try:
        intent_id = content_id(encode(record))
    except InvalidRecord as error:
        raise BadInput(f"the {error}") from None
    session.store.write([record])
    kept = keep_up(session, session.store.look())
    return IntentResult(
        intent_id=intent_id,
        reservation_id=record.reservation_id,
        run_id=record.run_id,
        branch=record.branch,
        addresses=record.addresses,
        operation=record.operation,
        detail=record.detail,
        created_at=record.created_at,
        expires_at=record.expires_at,
        warnings=[*kept, *outside, *auto_sync(session, record.run_id, local)],
    )


def _alone(
    session: Session,
    asked: list[Address],
    op: str,
    detail: str | None,
    run_id: str | None,
    ttl: int | None,
) -> Intent:
    life = seconds(session.settings.ttl if ttl is None else ttl, "the time to live")
    now = session.time_to_write()
    return Intent(
        run_id=session.who(run_id),
        nonce=session.nonce(),
        branch=session.repository.head().branch,
        addresses=tuple(map(str, asked)),
        operation=op,
        detail=detail,
        reservation_id=None,
        created_at=now,
        expires_at=now + life,
    )


def _linked(
    session: Session,
    asked: list[Address],
    op: str,
    detail: str | None,
    reservation_id: str,
    run_id: str | None,
    ttl: int | None,
) -> tuple[Intent, list[str]]:
    if ttl is not None:
        raise BadInput("an intent with a reservation ends when that does", "leave --ttl out")
    snapshot = session.store.look()
    (one,) = reservation_ids([reservation_id], snapshot)
    world = snapshot.world([one])
    now = session.time_to_write()
    reservation = world.reservations[one]
    if run_id is not None and session.who(run_id) != reservation.run_id:
        raise BadInput(
            f"reservation {one} is held by run-id '{reservation.run_id}', not by '{run_id}'",
            "announce it without --reservation-id",
        )
    if (state := world.state(one, now)) != "active":
        raise NotThere(
            f"reservation {one} is {state}",
            "reserve again, or announce it without --reservation-id",
        )
    outside = [
        place
        for place in asked
        if not any(revive_stored(text).covers(place) for text in reservation.addresses)
    ]
    record = Intent(
        run_id=reservation.run_id,
        nonce=session.nonce(),
        branch=reservation.branch,
        addresses=tuple(map(str, asked)) or reservation.addresses,
        operation=op,
        detail=detail,
        reservation_id=one,
        created_at=now,
        expires_at=min(world.effective_expiry(one), now + timedelta(seconds=MAX_SECONDS)),
    )
    return record, [f"{place} is not part of the reservation" for place in outside]
