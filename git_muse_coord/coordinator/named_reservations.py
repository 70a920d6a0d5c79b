"""Reservations that somebody names, and whether these are theirs to act on."""

from __future__ import annotations

from git_muse_coord.model import ids
from git_muse_coord.model.continued import continued_by
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.records import Reservation, bare
from git_muse_coord.model.text_types import list_of_texts
from git_muse_coord.model.wording import short_id
from git_muse_coord.rules.identity import short_run_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from git_muse_coord.model.records import Release
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.state import World
    from git_muse_coord.store.records.snapshot import Snapshot


def match_reservations(starts: Iterable[str], snapshot: Snapshot) -> dict[str, RecordId | None]:
    """The reservation that each start of an id names, live, united or archived; None for one not known.

    Raises BadInput.
    """
    starts = list(starts)
    matches: dict[str, RecordId | None] = {}
    live: list[RecordId] = []
    for start in starts:
        begins_so = snapshot.index.ids(Reservation, bare(start))
        matches[start] = ids.match_id(start, begins_so)
        live += begins_so
    if None not in matches.values():
        return matches
    # What became part of a union leaves no record, and its id may have been told to somebody.
    united = snapshot.world().united
    # The archive is opened only for what is not live: that takes longer than all the rest.
    archived = []
    for record_id, record in snapshot.archived().items():
        if isinstance(record, Reservation):
            archived.append(record_id)
    everything = dict.fromkeys([*live, *united, *archived])
    return {start: ids.match_id(start, everything) for start in starts}


def reservation_ids(texts: Iterable[str], snapshot: Snapshot) -> list[RecordId]:
    """The full ids of reservations, each once, in the order given. Raises BadInput and NotThere."""
    named: dict[RecordId, None] = {}
    starts = [ids.parse_id(text) for text in list_of_texts(texts)]
    for start, reservation_id in match_reservations(starts, snapshot).items():
        if reservation_id is None:
            raise NotThere(
                f"no reservation {short_id(start)} is known here",
                "git muse-coord list --all shows those that are",
            )
        named[reservation_id] = None
    return list(named)


def check_named(texts: Sequence[str], *, all_of_them: bool) -> None:
    """Refuse to act on nothing, and on all and some at once. Raises BadInput."""
    # With both, nobody knows whether the named ones are meant to be spared or meant alone.
    if bool(texts) == all_of_them:
        raise BadInput("name reservations, or say --all", "git muse-coord list --mine shows yours")


def held_by(
    holder: RunId,
    world: World,
    now: datetime,
) -> list[RecordId]:
    """The ids of the active reservations of a run."""
    active = world.active(now)
    return [id_ for id_, reservation in active.items() if reservation.run_id == holder]


def check_holder(
    reservation_id: RecordId,
    world: World,
    holder: RunId,
    remedy: str,
) -> None:
    """Refuse what another run holds. Raises BadInput; what is not known here is nobody's."""
    reservation = world.reservations.get(reservation_id)
    if reservation is not None and reservation.run_id != holder:
        raise BadInput(
            f"reservation {short_id(reservation_id)} is held by run-id '{reservation.run_id}', not by '{holder}'",
            remedy,
        )


def released_how(release: Release) -> str:
    """By whom something was released and when, and what goes on in its place."""
    who = f"run-id '{short_run_id(release.run_id)}'"
    by = f"was already released by {who} at {told_time(release.released_at)}"
    successor = continued_by(release)
    return by if successor is None else f"{by}, and goes on as {short_id(successor)}"


def goes_on(
    reservation_id: RecordId,
    union_id: RecordId,
) -> str:
    """What became of a reservation that is a part of another one now."""
    ended = short_id(reservation_id)
    successor = short_id(union_id)
    return f"reservation {ended} has ended, and goes on as {successor}"


def check_open(chosen: Iterable[RecordId], world: World) -> None:
    """Refuse what has been released already. Raises NotThere, which says by whom."""
    for reservation_id in chosen:
        release = world.releases.get(reservation_id)
        if release is not None:
            raise NotThere(f"reservation {short_id(reservation_id)} {released_how(release)}")
        union_id = world.united.get(reservation_id)
        if union_id is not None:
            raise NotThere(goes_on(reservation_id, union_id))
        if world.is_released(reservation_id):
            raise NotThere(
                f"reservation {short_id(reservation_id)} was already released, by a newer version of this program"
            )
