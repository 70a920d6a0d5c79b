"""Use case: take over what a run holds that is dead, or does not go on."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.over import again
from git_muse_coord.coordinator.answers.reserved import ReserveResult
from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.ending import end_of
from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.coordinator.named_reservations import check_open, reservation_ids
from git_muse_coord.coordinator.request import Request, answer_request
from git_muse_coord.coordinator.session import Session, checked_id
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.light_time import datetime, timedelta
from git_muse_coord.model.records import Reservation
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.model.wording import short_id, span_of_time
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.signs_of_life import last_heard_of
from git_muse_coord.rules.state import World, same_holder

_ALIVE = timedelta(minutes=10)
"""A run that was heard of since then may well be at work."""


class TakeResult(ReserveResult):
    """The new reservation, as ``reserve`` tells it, and whose it was.

    ``taken_from`` is the reservation that was ended, ``taken_from_run_id`` who held it, and
    ``last_heard_of`` when that run made its newest record.
    """

    taken_from: str
    taken_from_run_id: str
    last_heard_of: datetime


def take(
    session: Session,
    id: str,  # noqa: A002 - named like the argument
    *,
    reason: str,
    run_id: str | None = None,
    ttl: int | None = None,
    local: bool = False,
) -> TakeResult:
    """Take over a reservation of another run: a new one like it, and the old one released as abandoned.

    Both are written at once or not at all. Those who wait for the old one wait for the new one.
    Raises BadInput (it is the run's own, an ambiguous id, bad options) and NotThere (released,
    expired, or not known).
    """
    life = session.life(ttl)
    if not reason.strip():
        raise BadInput("the reason is empty", "say why you take it over: its holder reads it")
    snapshot = session.store.look()
    (taken_id,) = reservation_ids([id], snapshot)
    world = snapshot.world([taken_id])
    _check_takable(session, taken_id, world, session.who_reads(run_id))
    taken = world.reservations[taken_id]
    record = _like(
        session,
        taken,
        session.who_writes(run_id),
        reason,
        life,
    )
    new_id = checked_id(record)
    end = end_of(
        session,
        taken_id,
        world,
        record.run_id,
        "abandoned",
        new_id,
    )
    # The new one first: a transaction shows one ref after the other, and it is never free.
    if not session.store.write([record, end]):
        world_now = session.store.look().world([taken_id])
        check_open([taken_id], world_now)
        raise NotThere("another process took it at the same moment")
    return _answer(
        session,
        record,
        new_id,
        taken_id,
        world,
        local,
    )


def _check_takable(
    session: Session,
    taken_id: RecordId,
    world: World,
    holder: RunId,
) -> None:
    """Refuse what needs no taking. Raises BadInput and NotThere."""
    check_open([taken_id], world)
    name = short_id(taken_id)
    taken = world.reservations.get(taken_id)
    if taken is None:
        raise NotThere(f"reservation {name} is not known here any more")
    if same_holder(taken.run_id, holder):
        raise BadInput(
            f"reservation {name} is yours already",
            f"git muse-coord heartbeat {name}",
        )
    if not world.is_active(taken_id, session.now()):
        raise NotThere(
            f"reservation {name} has expired, so nobody holds that",
            again([taken_id], world, None, with_reason=False),
        )


def _like(
    session: Session,
    taken: Reservation,
    holder: RunId,
    reason: str,
    life: timedelta,
) -> Reservation:
    """A reservation of what another one holds, made here and now."""
    head = session.repository.head()
    now = session.time_to_write()
    return Reservation(
        run_id=holder,
        nonce=session.nonce(),
        branch=head.branch,
        commit=head.commit,
        addresses=taken.addresses,
        operation=taken.operation,
        reason=reason,
        depends_on=taken.depends_on,
        created_at=now,
        expires_at=now + life,
    )


def _answer(
    session: Session,
    record: Reservation,
    new_id: RecordId,
    taken_id: RecordId,
    before: World,
    local: bool,
) -> TakeResult:
    """Look who else is there, as after a reservation, and tell whether the old holder may be alive."""
    warnings = auto_sync(session, record.run_id, local)
    snapshot = session.store.look()
    asked = list(map(revive_stored, record.addresses))
    request = Request(record, new_id, asked, record.expires_at)
    reserved = answer_request(session, request, snapshot)
    keep_alive(session, record.run_id, snapshot)
    taken = before.reservations[taken_id]
    heard_of = last_heard_of(taken.run_id, before) or taken.created_at
    silent = record.created_at - heard_of
    if silent < _ALIVE:
        # The clock of who wrote it may be ahead of ours.
        silent_seconds = max(0, int(silent.total_seconds()))
        ago = span_of_time(silent_seconds)
        who = f"run-id '{short_run_id(taken.run_id)}'"
        warnings.append(f"{who} was heard of {ago} ago: it may be at work")
    result = TakeResult(
        **vars(reserved),
        taken_from=taken_id,
        taken_from_run_id=taken.run_id,
        last_heard_of=heard_of,
    )
    result.warnings += [*keep_up(session, snapshot), *warnings]
    return result
