"""Use case: which reservations there are."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.reservation import held
from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.session import ignored
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Dated
from git_muse_coord.model.text_types import RunId

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from git_muse_coord.coordinator.answers.reservation import Held
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import World
    from git_muse_coord.store.records.snapshot import Snapshot


class ListResult(Dated):
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
    # A run that is named goes before the one that we are.
    holder = session.who_reads(None) if mine and run_id is None else run_id
    places = session.addresses(address) if address else []
    now = session.now()
    snapshot = session.store.look()
    is_all_active = not (all or conflicts or places or holder is not None or branch is not None)
    if is_all_active and not session.repository.stays:
        from git_muse_coord.coordinator.answers.active_rows import ActiveRows

        # stands in for a tuple, and is only ever gone through to be printed
        rows: Any = ActiveRows(snapshot, now)
        return _result(session, snapshot, rows)
    if all:
        world = snapshot.world_ever()
    elif conflicts:
        world = snapshot.world()
    elif places:
        world = snapshot.world_around(places)
    elif holder is not None:
        world = snapshot.world_of(RunId(holder))
    else:
        world = snapshot.world()
    active = world.active(now)
    reservation_ids = _oldest_first(world) if all else list(active)
    if conflicts:
        # What compares all with all is not loaded by those who only list.
        from git_muse_coord.rules.conflicts import conflicted

        contested = conflicted(active)
        reservation_ids = [
            reservation_id for reservation_id in reservation_ids if reservation_id in contested
        ]
    kept: list[Held] = []
    for reservation_id in reservation_ids:
        row = held(reservation_id, world, now)
        is_theirs = holder is None or row.run_id == holder
        is_there = branch is None or row.branch == branch
        if is_theirs and is_there and (not places or _overlaps(row, places)):
            kept.append(row)
    return _result(session, snapshot, tuple(kept))


def _result(
    session: Session,
    snapshot: Snapshot,
    reservations: tuple[Held, ...],
) -> ListResult:
    result = ListResult(reservations=reservations, warnings=ignored(snapshot))
    stay_informed(session, result)
    return result


def _oldest_first(world: World) -> list[RecordId]:
    reservations = world.reservations
    # Two of the same second stand in the order of their ids, so that the same records always give the same list.
    return sorted(reservations, key=lambda id_: (reservations[id_].created_at, id_))


def _overlaps(row: Held, places: Iterable[Address]) -> bool:
    for text in row.addresses:
        held_address = revive_stored(text)
        if any(place.overlaps(held_address) for place in places):
            return True
    return False
