"""Use case: let go of reservations, and say who can go on now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.coordinator.named_reservations import (
    check_holder,
    check_named,
    held_by,
    reservation_ids,
)
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.records import Release
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.state import World
from git_muse_coord.rules.waiting import became_ready

OUTCOMES = ("done", "abandoned")
_REMEDY = "say who you are with --run-id, or release it all the same with --force"


@dataclass(kw_only=True, eq=False)
class ReleaseResult(Result):
    """The ids of what was released, and of the active reservations that now wait for nothing."""

    released: tuple[str, ...]
    became_ready: tuple[str, ...]


def release(
    session: Session,
    ids: Sequence[str] = (),
    *,
    all: bool = False,  # noqa: A002 - keywords are named like the options
    run_id: str | None = None,
    force: bool = False,
    outcome: str = "done",
    local: bool = False,
) -> ReleaseResult:
    """Release reservations by id, or with ``all`` every active one of the run: all or none.

    Raises BadInput (another run holds one and ``force`` is not given, ambiguous ids, bad
    options) and NotThere (already released, or not known).
    """
    holder = session.who(run_id)
    check_named(ids, all_of_them=all)
    if outcome not in OUTCOMES:
        raise BadInput(f"outcome {outcome!r} is not one of {', '.join(OUTCOMES)}")
    snapshot = session.store.look()
    named = reservation_ids(ids, snapshot)
    world = snapshot.world(named)
    chosen = held_by(holder, world, session.now()) if all else named
    for reservation_id in chosen:
        if not force:
            check_holder(reservation_id, world, holder, _REMEDY)
    # All or none: nothing is written before all of them are known to be open.
    _check_open(chosen, world)
    if chosen:
        holder = session.who_writes(run_id)
    releases = [_release(session, id_, world, holder, outcome) for id_ in chosen]
    if releases and not session.store.write(releases):
        # Somebody else was faster; the records tell who.
        _check_open(chosen, session.store.look().world(chosen))
        raise NotThere("another process released them at the same moment")
    released = dict(zip(chosen, releases, strict=True))
    # What was written is known; a second listing would cost as much as the first.
    after = world._replace(releases={**world.releases, **released})
    keep_alive(session, holder, snapshot, apart_from=chosen)
    return ReleaseResult(
        released=tuple(chosen),
        became_ready=tuple(became_ready(chosen, after, session.now())),
        warnings=[*keep_up(session, snapshot), *auto_sync(session, holder, local)],
    )


def _release(
    session: Session,
    reservation_id: RecordId,
    world: World,
    holder: RunId,
    outcome: str,
) -> Release:
    return Release(
        run_id=holder,
        nonce=session.nonce(),
        reservation_id=reservation_id,
        outcome=outcome,
        released_at=session.time_to_write(),
        expires_at=world.effective_expiry(reservation_id),
    )


def _check_open(chosen: Sequence[RecordId], world: World) -> None:
    for reservation_id in chosen:
        release = world.releases.get(reservation_id)
        if release is not None:
            raise NotThere(
                f"reservation {reservation_id} was already released by run-id '{release.run_id}'"
            )
        if world.is_released(reservation_id):
            raise NotThere(
                f"reservation {reservation_id} was already released, by a newer version of this program"
            )
