"""Use case: which reservations there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from git_muse_coord.coordinator.answers.reservation import Held, held
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model import address
from git_muse_coord.model.results import Result


@dataclass(kw_only=True, eq=False)
class ListResult(Result):
    """Reservations, oldest first."""

    reservations: tuple[Held, ...]


def list_reservations(
    session: Session,
    *,
    all: bool = False,  # noqa: A002 - keywords are named like the options
    run_id: str | None = None,
    mine: bool = False,
    branch: str | None = None,
    address: Iterable[str] = (),
    conflicts: bool = False,
) -> ListResult:
    """Active reservations, or with ``all`` every one, as far as all filters let them through.

    ``run_id`` names a holder; ``mine`` means the caller's own run id; ``address`` keeps what
    overlaps one of them; ``conflicts`` what another holder's active reservation overlaps.
    Raises BadInput.
    """
    holder = session.who(None) if mine and run_id is None else run_id
    places = session.addresses(address) if address else []
    now = session.now()
    snapshot = session.store.look()
    world = snapshot.world_ever() if all else snapshot.world()
    active = world.active(now)
    chosen = (
        sorted(world.reservations, key=lambda one: (world.reservations[one].created_at, one))
        if all
        else active
    )
    if conflicts:
        from git_muse_coord.rules.conflicts import conflicted

        contested = conflicted(active)
        chosen = [one for one in chosen if one in contested]
    found = (held(one, world, now) for one in chosen)
    kept = tuple(
        one
        for one in found
        if (holder is None or one.run_id == holder)
        and (branch is None or one.branch == branch)
        and (not places or _overlaps(one, places))
    )
    return ListResult(reservations=kept, warnings=ignored(snapshot))


def _overlaps(one: Held, places: Iterable[address.Address]) -> bool:
    theirs = [address.revive_stored(text) for text in one.addresses]
    return any(place.overlaps(other) for place in places for other in theirs)
