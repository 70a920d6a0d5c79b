"""Which reservations are active, told from their ends as far as these say it."""

from __future__ import annotations

from git_muse_coord.model.codec import format_time
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import (
    Release,
    Reservation,
    bare,
    with_prefix,
)
from git_muse_coord.store.records.cached_record import SAYS_MORE
from git_muse_coord.store.records.ref_names import prefix_of, ref_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from git_muse_coord.rules.state import World
    from git_muse_coord.store.records.snapshot import Snapshot

_TIME = 32
_HEX = 64
_ID = slice(_TIME, _TIME + _HEX)
_OID = _TIME + _HEX + 1
# of a line of the index: when one ends and was made, whether it says more, and its bare id with its object id
_MADE_AT = _TIME + 1
_MORE_AT = _MADE_AT + _TIME
_NAME_AT = _MORE_AT + 1
_MADE = slice(_MADE_AT, _MORE_AT)
_MORE = slice(_MORE_AT, _NAME_AT)
_NAMED = slice(_NAME_AT, None)
_NAME = slice(_NAME_AT, _NAME_AT + _HEX)
# where it says more, all behind that is one byte further on
_NAME_BEHIND = slice(_NAME_AT + 1, _NAME_AT + _HEX + 1)


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
    return row[_ID].decode()


def oid_in(row: bytes) -> str:
    """The object id in a row."""
    return row[_OID:].decode()


def active_in(snapshot: Snapshot, now: datetime) -> Active:
    """The active reservations of a snapshot. Most are judged by their own end alone, as bytes: they may be many."""
    index = snapshot.index
    lines = list(index.ends())
    # of one with heartbeats they tell the end; one that says more may be, or be in, a union
    peculiar = index.subjects() | _saying_more(lines)
    not_alone = peculiar | index.released()
    # what is over comes before this, as a line begins with the end
    over = format_time(now).encode() + b"\xff"
    rows: list[bytes] = []
    for line in lines:
        if line > over and line[_NAME] not in not_alone and line[_MORE] != SAYS_MORE:
            rows.append(line[_MADE] + line[_NAMED])
    if snapshot.archive_tip is not None:
        rows = _without_archived(rows, snapshot)
    ids = [with_prefix(name.decode()) for name in peculiar]
    world = snapshot.world_around(live=ids)
    for reservation_id, reservation in world.active(now).items():
        name = bare(reservation_id)
        # the world has those of the same runs, too, which are among the rows already
        if name.encode() not in peculiar:
            continue
        oid = index.oid_of(ref_of(Reservation, reservation_id))
        made = format_time(reservation.created_at)
        row = f"{made}{name} {oid}"
        rows.append(row.encode())
    return Active(rows, world)


def ending_alone(snapshot: Snapshot) -> set[str]:
    """The refs of the reservations of which all is told by their own end: no other record here is about them."""
    index = snapshot.index
    followed = index.subjects() | index.released()
    start = prefix_of(Reservation)
    alone: set[str] = set()
    for line in index.ends():
        name = line[_NAME]
        if name not in followed and line[_MORE] != SAYS_MORE:
            alone.add(start + name.decode())
    return alone


def _saying_more(lines: Iterable[bytes]) -> set[bytes]:
    """The bare ids of the reservations with fields that came later."""
    return {line[_NAME_BEHIND] for line in lines if line[_MORE] == SAYS_MORE}


def _without_archived(rows: list[bytes], snapshot: Snapshot) -> list[bytes]:
    """Without those whose release is archived."""
    by_release: dict[str, bytes] = {}
    for row in rows:
        name = f"{Release.folder}/{bare_id_in(row)}"
        by_release[name] = row
    for name in snapshot.archived_names(by_release):
        del by_release[name]
    return list(by_release.values())
