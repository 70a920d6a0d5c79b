"""Which reservations are active, told from their ends as far as these say it."""

from __future__ import annotations

from git_muse_coord.model.codec import format_time
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import Release, bare, with_prefix
from git_muse_coord.store.records.cached_record import SAYS_MORE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from git_muse_coord.rules.state import World
    from git_muse_coord.store.records.snapshot import Snapshot

_TIME_LENGTH = 32


class ActiveRef(NamedTuple):
    """An active reservation: when it was made, its bare id and its object."""

    created_at: str
    name: str
    oid: str


class Active(NamedTuple):
    """The active reservations, oldest first, and the records of those that had to be read to tell it."""

    refs: Sequence[ActiveRef]
    world: World


def active_in(snapshot: Snapshot, now: datetime) -> Active:
    """The active reservations of a snapshot. Most are judged by their own end alone."""
    moment = format_time(now).encode()
    index = snapshot.index
    plain: dict[str, ActiveRef] = {}
    peculiar: dict[str, ActiveRef] = {}
    extended = index.subjects()
    released = index.released()
    for times, name, oid in index.ends():
        says_more = times.endswith(SAYS_MORE)
        is_over = times[:_TIME_LENGTH] <= moment or name in released
        if name not in extended and not says_more and is_over:
            continue
        created_at = times[_TIME_LENGTH + 1 : 2 * _TIME_LENGTH + 1].decode()
        # of one with heartbeats they tell the end; one that says more may be, or be in, a union
        kept = peculiar if says_more or name in extended else plain
        kept[name] = ActiveRef(created_at, name, oid)
    for archived in snapshot.archived_names(f"{Release.folder}/{name}" for name in plain):
        del plain[archived.rpartition("/")[2]]
    world = snapshot.world_around(live=list(map(with_prefix, peculiar)))
    for reservation_id in world.active(now):
        name = bare(reservation_id)
        if name in peculiar:
            plain[name] = peculiar[name]
    return Active(sorted(plain.values()), world)
