"""Use case: let go of reservations, and say who can go on now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.session import Session, reservation_ids
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.records import Release
from git_muse_coord.model.results import Result
from git_muse_coord.rules.state import World
from git_muse_coord.rules.waiting import became_ready

OUTCOMES = ("done", "abandoned")


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
    if bool(ids) == all:
        raise BadInput("name reservations, or say --all", "git muse-coord list --mine shows yours")
    if outcome not in OUTCOMES:
        raise BadInput(f"outcome {outcome!r} is not one of {', '.join(OUTCOMES)}")
    snapshot = session.store.look()
    named = reservation_ids(ids, snapshot)
    world = snapshot.world(named)
    chosen = _mine(session, world, holder) if all else named
    if not force:
        _check_holder(chosen, world, holder)
    _check_open(chosen, world)
    releases = [_release(session, one, world, holder, outcome) for one in chosen]
    if releases and not session.store.write(releases):
        _check_open(chosen, session.store.look().world(chosen))
        raise NotThere("another process released them at the same moment")
    after = world._replace(releases={**world.releases, **dict(zip(chosen, releases, strict=True))})
    ready = became_ready(chosen, after, session.now())
    return ReleaseResult(
        released=tuple(chosen),
        became_ready=tuple(ready),
        warnings=[*keep_up(session, snapshot), *auto_sync(session, holder, local)],
    )


def _mine(session: Session, world: World, holder: str) -> list[str]:
    return [one for one, record in world.active(session.now()).items() if record.run_id == holder]


def _release(
    session: Session, reservation_id: str, world: World, holder: str, outcome: str
) -> Release:
    return Release(
        run_id=holder,
        nonce=session.nonce(),
        reservation_id=reservation_id,
        outcome=outcome,
        released_at=session.time_to_write(),
        expires_at=world.effective_expiry(reservation_id),
    )


def _check_holder(chosen: Sequence[str], world: World, holder: str) -> None:
    for one in chosen:
        if (owner := world.reservations[one].run_id) != holder:
            raise BadInput(
                f"reservation {one} is held by run-id '{owner}', not by '{holder}'",
                "say who you are with --run-id, or release it all the same with --force",
            )


def _check_open(chosen: Sequence[str], world: World) -> None:
    for one in chosen:
        if one in world.releases:
            who = world.releases[one].run_id
            raise NotThere(f"reservation {one} was already released by run-id '{who}'")
        if world.is_released(one):
            raise NotThere(
                f"reservation {one} was already released, by a newer version of this program"
            )
