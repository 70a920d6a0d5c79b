"""Use case: say what a run means to do to some addresses, as part of a reservation or alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.coordinator.named_reservations import check_holder, reservation_ids
from git_muse_coord.coordinator.session import Session, checked_id
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.address import Address, revive_stored
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.light_time import datetime, timedelta
from git_muse_coord.model.records import (
    INTENT_OPERATIONS,
    MAX_SECONDS,
    Intent,
    Reservation,
)
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import list_of_texts
from git_muse_coord.model.wording import short_id


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

    @property
    def made(self) -> tuple[str, ...]:
        """The intent."""
        return (self.intent_id,)


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
        allowed = ", ".join(INTENT_OPERATIONS)
        raise BadInput(f"operation {op!r} is not one of {allowed}")
    named = list_of_texts(addresses)
    asked: list[Address] = []
    # With a reservation its own may be meant; without one, none is a mistake that is told.
    if named or reservation_id is None:
        asked = session.addresses(named)
    announced = _Announced(asked, op, detail)
    outside: list[str] = []
    if reservation_id is None:
        record = _alone(session, announced, run_id, ttl)
    elif ttl is not None:
        raise BadInput("an intent with a reservation ends when that does", "leave --ttl out")
    else:
        record, outside = _linked(session, announced, reservation_id, run_id)
    intent_id = checked_id(record)
    session.store.write([record])
    snapshot = session.store.look()
    warnings = keep_up(session, snapshot)
    keep_alive(session, record.run_id, snapshot)
    warnings += outside
    warnings += auto_sync(session, record.run_id, local)
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
        warnings=warnings,
    )


class _Announced(NamedTuple):
    """What is to be done to what."""

    asked: list[Address]
    operation: str
    detail: str | None


def _alone(
    session: Session,
    announced: _Announced,
    run_id: str | None,
    ttl: int | None,
) -> Intent:
    """An intent with a life of its own."""
    life = session.life(ttl)
    now = session.time_to_write()
    return Intent(
        run_id=session.who_writes(run_id),
        nonce=session.nonce(),
        branch=session.repository.head().branch,
        addresses=tuple(map(str, announced.asked)),
        operation=announced.operation,
        detail=announced.detail,
        reservation_id=None,
        created_at=now,
        expires_at=now + life,
    )


def _linked(
    session: Session,
    announced: _Announced,
    named: str,
    run_id: str | None,
) -> tuple[Intent, list[str]]:
    """An intent that is part of a reservation, and warnings about what that does not cover."""
    snapshot = session.store.look()
    (reservation_id,) = reservation_ids([named], snapshot)
    world = snapshot.world([reservation_id])
    now = session.time_to_write()
    who = session.identity(run_id)
    # Who says nothing may be the one that holds it.
    if who.is_said:
        check_holder(reservation_id, world, who.run_id, "announce it without --reservation-id")
    state = world.state(reservation_id, now)
    if state != "active":
        raise NotThere(
            f"reservation {short_id(reservation_id)} is {state}",
            "reserve again, or announce it without --reservation-id",
        )
    reservation = world.reservations[reservation_id]
    # Heartbeats can have moved the end of a reservation beyond what an intent may say.
    longest = now + timedelta(seconds=MAX_SECONDS)
    record = Intent(
        run_id=reservation.run_id,
        nonce=session.nonce(),
        branch=reservation.branch,
        addresses=tuple(map(str, announced.asked)) or reservation.addresses,
        operation=announced.operation,
        detail=announced.detail,
        reservation_id=reservation_id,
        created_at=now,
        expires_at=min(world.effective_expiry(reservation_id), longest),
    )
    return record, list(_outside(announced.asked, reservation))


def _outside(asked: Iterable[Address], reservation: Reservation) -> Iterator[str]:
    reserved = [revive_stored(text) for text in reservation.addresses]
    for place in asked:
        is_part = any(address.covers(place) for address in reserved)
        if not is_part:
            yield f"{place} is not part of the reservation"
