"""Which reservations are active, told from their ends as far as these say it."""

from __future__ import annotations

from git_muse_coord.model.codec import format_time
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import Release, Reservation, bare, with_prefix
from git_muse_coord.store.records.cached_record import SAYS_MORE
from git_muse_coord.store.records.ref_names import prefix_of

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
    """The active reservations, and the records of those that had to be read to tell it.

    A row is when one was made, its bare id, a blank and its object id: bytes that sort by age.
    """

    rows: Sequence[bytes]
    world: World


def made_in(row: bytes) -> bytes:
    """When one was made, in a row."""
    return row[:_TIME]


def bare_id_in(row: bytes) -> str:
    """The bare id in a row."""
    return row[_TIME : _TIME + 64].decode()


def oid_in(row: bytes) -> str:
    """The object id in a row."""
    return row[_TIME + 65 :].decode()


def active_in(snapshot: Snapshot, now: datetime) -> Active:
    """The active reservations of a snapshot. Most are judged by their own end alone, as bytes: they may be many."""
    # what is not active any more comes before this, as a line begins with the end
    over = format_time(now).encode() + b"\xff"
    index = snapshot.index
    extended = index.subjects()
    released = index.released()
    rows: list[bytes] = []
    peculiar: dict[bytes, bytes] = {}
    for line in index.ends():
        times, _, value = line.partition(b"\t")
        bare_id = value[_ID]
        # of one with heartbeats they tell the end; one that says more may be, or be in, a union
        if bare_id in extended or times.endswith(SAYS_MORE):
            peculiar[bare_id] = times[_MADE] + value
        elif line > over and bare_id not in released:
            rows.append(times[_MADE] + value)
    if snapshot.archive_tip is not None:
        rows = _without_archived(rows, snapshot)
    judged: list[RecordId] = []
    for bare_id in peculiar:
        judged.append(with_prefix(bare_id.decode()))
    world = snapshot.world_around(live=judged)
    for reservation_id in world.active(now):
        bare_id = bare(reservation_id).encode()
        if bare_id in peculiar:
            rows.append(peculiar[bare_id])
    return Active(rows, world)


def ending_alone(snapshot: Snapshot) -> set[str]:
    """The refs of the reservations of which all is told by their own end: no other record here is about them."""
    index = snapshot.index
    followed = index.subjects() | index.released()
    start = prefix_of(Reservation)
    alone: set[str] = set()
    for line in index.ends():
        times, _, value = line.partition(b"\t")
        bare_id = value[_ID]
        if bare_id not in followed and not times.endswith(SAYS_MORE):
            alone.add(start + bare_id.decode())
    return alone


def _without_archived(rows: list[bytes], snapshot: Snapshot) -> list[bytes]:
    """Without those whose release is archived."""
    names: list[str] = []
    for row in rows:
        names.append(f"{Release.folder}/{bare_id_in(row)}")
    archived = set(snapshot.archived_names(names))
    if not archived:
        return rows
    return [row for row, name in zip(rows, names, strict=True) if name not in archived]
