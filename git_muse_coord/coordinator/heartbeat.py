"""Use case: a sign of life that moves the expiry of what a run holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.session import Session, match_reservations, seconds
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.errors import BadInput, NotThere, StoreFailed
from git_muse_coord.model.ids import parse_id
from git_muse_coord.model.records import Heartbeat
from git_muse_coord.model.results import Result
from git_muse_coord.rules.state import World
from git_muse_coord.store.records.records import Snapshot

EXTENSION = 3600
_STATUS = {"active": "ok", "released": "already_released", "expired": "expired"}


@dataclass(kw_only=True, eq=False)
class Beat:
    """What became of one reservation: ok, already_released, expired or not_found. All but ok say: stop work."""

    reservation_id: str
    status: str
    expires_at: datetime | None


@dataclass(kw_only=True, eq=False)
class HeartbeatResult(Result):
    """One entry for each reservation that was named, in that order."""

    heartbeats: tuple[Beat, ...]


def heartbeat(
    session: Session,
    ids: Sequence[str] = (),
    *,
    all: bool = False,  # noqa: A002 - keywords are named like the options
    run_id: str | None = None,
    extension: int = EXTENSION,
    local: bool = False,
) -> HeartbeatResult:
    """Move the expiry of reservations to ``extension`` seconds from now, never to an earlier time: all or none.

    Nothing is deleted for it: a deletion that is killed leaves a lock in the way of everybody's
    git. Raises NotThere, with the result, when one of them is released, expired or not known;
    BadInput when another run holds one.
    """
    holder = session.who(run_id)
    span = seconds(extension, "the extension")
    if bool(ids) == all:
        raise BadInput("name reservations, or say --all", "git muse-coord list --mine shows yours")
    starts = [parse_id(text) for text in ids]
    snapshot = session.store.look()
    now = session.time_to_write()
    named = _choose(starts, snapshot)
    world = snapshot.world(named)
    chosen = named if ids else _mine(world, holder, now)
    _check(chosen, world, holder, now)
    beats = {one: _beat(session, one, world, holder, now, span) for one in chosen}
    if not session.store.write(list(beats.values())):
        raise StoreFailed("another process wrote the same heartbeats", "try again")
    done = tuple(
        Beat(reservation_id=one, status="ok", expires_at=beat.expires_at)
        for one, beat in beats.items()
    )
    return HeartbeatResult(
        heartbeats=done, warnings=[*keep_up(session, snapshot), *auto_sync(session, holder, local)]
    )


def _beat(
    session: Session, reservation_id: str, world: World, holder: str, now: datetime, span: timedelta
) -> Heartbeat:
    until = max(now + span, world.effective_expiry(reservation_id))
    return Heartbeat(
        run_id=holder, nonce=session.nonce(), subject=reservation_id, beat_at=now, expires_at=until
    )


def _choose(starts: Sequence[str], snapshot: Snapshot) -> list[str]:
    found = match_reservations(starts, snapshot)
    return list(dict.fromkeys(one or start for start, one in found.items()))


def _mine(world: World, holder: str, now: datetime) -> list[str]:
    mine = [one for one, record in world.active(now).items() if record.run_id == holder]
    if not mine:
        raise NotThere(
            f"run-id '{holder}' holds no active reservation", result=HeartbeatResult(heartbeats=())
        )
    return mine


def _check(chosen: Sequence[str], world: World, holder: str, now: datetime) -> None:
    beats = tuple(_status(one, world, now) for one in chosen)
    for one in chosen:
        if one in world.reservations and (owner := world.reservations[one].run_id) != holder:
            raise BadInput(
                f"reservation {one} is held by run-id '{owner}', not by '{holder}'",
                "say who you are with --run-id",
            )
    for beat in beats:
        if beat.status != "ok":
            what = beat.status.replace("_", " ")
            raise NotThere(
                f"nothing extended: reservation {beat.reservation_id} is {what}",
                "stop work on it, and reserve again if it is still yours to do",
                HeartbeatResult(heartbeats=beats),
            )


def _status(one: str, world: World, now: datetime) -> Beat:
    if one not in world.reservations:
        return Beat(reservation_id=one, status="not_found", expires_at=None)
    state = world.state(one, now)
    return Beat(reservation_id=one, status=_STATUS[state], expires_at=world.effective_expiry(one))
