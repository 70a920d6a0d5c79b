"""Use case: a sign of life that moves the expiry of what a run holds."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.ended import ended_by_others
from git_muse_coord.coordinator.answers.over import again, expired, told_over
from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.keep_alive import keep_alive, sign_of_life
from git_muse_coord.coordinator.named_reservations import (
    check_holder,
    check_named,
    held_by,
    match_reservations,
    released_how,
)
from git_muse_coord.coordinator.session import seconds
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import NotThere, StoreFailed
from git_muse_coord.model.ids import parse_id
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import RecordId, list_of_texts
from git_muse_coord.model.wording import few, short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.lost import lost_lately

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.records import Heartbeat
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.state import World

_NAMED = 5
_STATUS = {
    "active": "ok",
    "released": "already_released",
    "expired": "expired",
}


class Beat(Declared):
    """What became of one reservation: ok, already_released, expired or not_found. All but ok say: stop work.

    ``ended_at`` is when it was released, or when its time was over.
    """

    reservation_id: str
    status: str
    expires_at: datetime | None
    ended_at: datetime | None = None


class HeartbeatResult(Result):
    """One entry for each reservation that was named, in that order."""

    heartbeats: tuple[Beat, ...]


def heartbeat(
    session: Session,
    ids: Sequence[str] = (),
    *,
    all: bool = False,  # noqa: A002 - keywords are named like the options
    run_id: str | None = None,
    extension: int | None = None,
    local: bool = False,
) -> HeartbeatResult:
    """Move the expiry of reservations to ``extension`` seconds from now, never to an earlier time: all or none.

    Where nothing is said, that is the setting muse-coord.ttl, else 3600. Nothing is deleted for it:
    a deletion that is killed leaves a lock in the way of everybody's git. Raises NotThere, with the
    result, when one of them is released, expired or not known; BadInput when another run holds one.
    """
    holder = session.who_reads(run_id)
    if extension is None:
        extension = session.settings.ttl
    span = seconds(extension, "the extension")
    check_named(ids, all_of_them=all)
    starts = [parse_id(text) for text in list_of_texts(ids)]
    snapshot = session.store.look()
    now = session.time_to_write()
    matches = match_reservations(starts, snapshot)
    ended = [lost.sentence for lost in ended_by_others(holder, snapshot, now)]
    if all:
        world = snapshot.world_of(holder)
        chosen = _all_of(
            holder,
            world,
            now,
            ended,
            run_id,
        )
    else:
        # What is not known stays as it was typed, for the answer that says so.
        known = (match or RecordId(start) for start, match in matches.items())
        chosen = list(dict.fromkeys(known))
        world = snapshot.world_around(ids=chosen)
    _check(
        chosen,
        world,
        holder,
        now,
        run_id,
    )
    holder = session.who_writes(run_id)
    beats: list[Heartbeat] = []
    for reservation_id in chosen:
        # A sign of life never shortens what was reserved for longer.
        until = max(now + span, world.effective_expiry(reservation_id))
        beat = sign_of_life(
            session,
            holder,
            reservation_id,
            now,
            until,
        )
        beats.append(beat)
    if not session.store.write(beats):
        raise StoreFailed("another process wrote the same heartbeats", "try again")
    keep_alive(session, holder, snapshot, apart_from=chosen)
    warnings = ended
    warnings += keep_up(session, snapshot)
    warnings += auto_sync(session, holder, local)
    extended = map(_extended, beats)
    return HeartbeatResult(heartbeats=tuple(extended), warnings=warnings)


def _extended(beat: Heartbeat) -> Beat:
    return Beat(
        reservation_id=beat.subject,
        status="ok",
        expires_at=beat.expires_at,
    )


def _all_of(
    holder: RunId,
    world: World,
    now: datetime,
    ended: Sequence[str],
    said: str | None,
) -> list[RecordId]:
    mine = held_by(holder, world, now)
    if mine:
        return mine
    # Whoever says --all does not know the ids: what it held a short while ago is what is meant.
    lost = list(lost_lately(holder, world, now))
    how = [expired(reservation_id, world) for reservation_id in lost]
    parts = [f"run-id '{short_run_id(holder)}' holds no active reservation"]
    if lost:
        parts.append(told_over(lost, world, how))
    raise NotThere(
        few([*parts, *ended], _NAMED, "; "),
        _to_go_on(lost, world, said),
        HeartbeatResult(heartbeats=()),
    )


def _to_go_on(
    ids: Sequence[RecordId],
    world: World,
    said: str | None,
) -> str | None:
    command = again(ids, world, said)
    if command is None:
        return None
    return f"to go on: {command}"


def _check(
    chosen: Sequence[RecordId],
    world: World,
    holder: RunId,
    now: datetime,
    said: str | None,
) -> None:
    """Refuse all where one is not the run's, or no longer active.

    ``said`` is the run id as an option says it, for the command that goes on.
    """
    # Whose it is comes first: of what another run holds nothing more is told.
    for reservation_id in chosen:
        check_holder(reservation_id, world, holder, "say who you are with --run-id")
    beats = tuple(_status(reservation_id, world, now) for reservation_id in chosen)
    over: list[RecordId] = []
    how: list[str] = []
    for beat in beats:
        if beat.status != "ok":
            over.append(RecordId(beat.reservation_id))
            how.append(_how(beat, world))
    if not over:
        return
    # What goes on under another id needs no second one.
    gone = [reservation_id for reservation_id in over if reservation_id not in world.united]
    raise NotThere(
        f"nothing extended: {told_over(over, world, how)}",
        _to_go_on(gone, world, said) or "stop work on it",
        HeartbeatResult(heartbeats=beats),
    )


def _how(beat: Beat, world: World) -> str:
    """How a reservation ended."""
    reservation_id = RecordId(beat.reservation_id)
    union_id = world.united.get(reservation_id)
    if union_id is not None:
        return f"has ended, and goes on as {short_id(union_id)}"
    release = world.releases.get(reservation_id)
    if release is not None:
        return released_how(release)
    if beat.status == "expired":
        return expired(reservation_id, world)
    state = beat.status.replace("_", " ")
    return f"is {state}"


def _status(
    reservation_id: RecordId,
    world: World,
    now: datetime,
) -> Beat:
    if reservation_id not in world.reservations:
        return Beat(
            reservation_id=reservation_id,
            status="not_found",
            expires_at=None,
        )
    status = _STATUS[world.state(reservation_id, now)]
    until = world.effective_expiry(reservation_id)
    release = world.releases.get(reservation_id)
    ended_at = None
    if release is not None:
        ended_at = release.released_at
    elif status == "expired":
        ended_at = until
    return Beat(
        reservation_id=reservation_id,
        status=status,
        expires_at=until,
        ended_at=ended_at,
    )
