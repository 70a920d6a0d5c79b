"""Which reservations are active, told from their ends as far as these say it."""

from __future__ import annotations

from git_muse_coord.model.codec import format_time
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import Release, bare, with_prefix
from git_muse_coord.store.records.cached_record import SAYS_MORE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import World
    from git_muse_coord.store.records.snapshot import Snapshot

_TIME = 32
_MADE = slice(_TIME + 1, 2 * _TIME + 1)
_ID = slice(0, 64)


class Active(NamedTuple):
    """The active reservations, oldest first, and the records of those that had to be read to tell it.

    A row is when one was made, its bare id, a blank and its object id: bytes that sort by age.
    """

    rows: Sequence[bytes]
    world: World


def bare_id_in(row: bytes) -> str:
    """The bare id in a row."""
    return row[_TIME : _TIME + 64].decode()


def oid_in(row: bytes) -> str:
    """The object id in a row."""
    return row[_TIME + 65 :].decode()


def active_in(snapshot: Snapshot, now: datetime) -> Active:
    """The active reservations of a snapshot. Most are judged by their own end alone, as bytes: they may be many."""
    moment = format_time(now).encode()
    index = snapshot.index
    extended = index.subjects()
    released = index.released()
    plain: dict[bytes, bytes] = {}
    peculiar: dict[bytes, bytes] = {}
    for line in index.ends():
        times, _, value = line.partition(b"\t")
        bare_id = value[_ID]
        # of one with heartbeats they tell the end; one that says more may be, or be in, a union
        if bare_id in extended or times.endswith(SAYS_MORE):
            peculiar[bare_id] = times[_MADE] + value
        elif times[:_TIME] > moment and bare_id not in released:
            plain[bare_id] = times[_MADE] + value
    if snapshot.archive_tip is not None:
        releases: list[str] = []
        for bare_id in plain:
            releases.append(f"{Release.folder}/{bare_id.decode()}")
        for archived in snapshot.archived_names(releases):
            del plain[archived.rpartition("/")[2].encode()]
    judged: list[RecordId] = []
    for bare_id in peculiar:
        judged.append(with_prefix(bare_id.decode()))
    world = snapshot.world_around(live=judged)
    for reservation_id in world.active(now):
        bare_id = bare(reservation_id).encode()
        if bare_id in peculiar:
            plain[bare_id] = peculiar[bare_id]
    return Active(sorted(plain.values()), world)
