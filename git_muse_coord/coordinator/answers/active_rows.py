"""All active reservations as an answer, read while they are printed: of many none is an object for long."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.reservation import Held, held
from git_muse_coord.model.codec import format_time
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.records import with_prefix
from git_muse_coord.model.results import json_text
from git_muse_coord.model.stored_text import StoredText, stored_text
from git_muse_coord.rules.state import CLOCK_SKEW
from git_muse_coord.store.records.active import (
    active_in,
    bare_id_in,
    made_in,
    oid_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.snapshot import Snapshot

_ALL_AT_ONCE = 20_000
"""Up to so many are read by one look through the cache, which takes a third of the time."""
_PORTION = 500
"""Of more than that so many are in memory at one time."""


class ActiveRow(NamedTuple):
    """Of an active reservation what a table shows."""

    reservation_id: str
    run_id: str
    operation: str | None
    addresses: Sequence[str]
    seconds_left: int
    from_future: bool
    state: str = "active"


class ActiveRows:
    """The active reservations of a snapshot, oldest first: rows for a table, and all that is told in JSON."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self._bodies = snapshot.bodies
        self._now = now
        self._from_future = format_time(now + CLOCK_SKEW).encode()
        active = active_in(snapshot, now)
        self._world = active.world
        self._rows = sorted(active.rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[ActiveRow]:
        for portion in self._portions():
            for row, told in self._read(portion):
                reservation_id = _id_of(row)
                if isinstance(told, Held):
                    yield ActiveRow(
                        reservation_id,
                        told.run_id,
                        told.operation,
                        told.addresses,
                        told.seconds_left,
                        told.from_future,
                    )
                else:
                    yield ActiveRow(
                        reservation_id,
                        told.run_id,
                        told.operation,
                        told.addresses,
                        self._seconds_left(told),
                        self._is_ahead(row),
                    )

    def first(self, number: int) -> ActiveRows:
        """So many of them, from the oldest on."""
        few = ActiveRows.__new__(ActiveRows)
        few.__dict__ |= vars(self)
        few._rows = self._rows[:number]
        return few

    def json_pieces(self) -> Iterator[str]:
        """The list in JSON, as it would be if each row was an object."""
        before = "["
        for portion in self._portions():
            texts: list[str] = []
            for row, told in self._read(portion):
                if isinstance(told, Held):
                    text = json_text(told)
                else:
                    text = self._json_of(row, told)
                texts.append(text)
            if texts:
                yield before + ",".join(texts)
                before = ","
        yield "[]" if before == "[" else "]"

    def _portions(self) -> Iterator[Sequence[bytes]]:
        size = _ALL_AT_ONCE if len(self._rows) <= _ALL_AT_ONCE else _PORTION
        for start in range(0, len(self._rows), size):
            yield self._rows[start : start + size]

    def _read(self, portion: Sequence[bytes]) -> Iterator[tuple[bytes, Held | StoredText]]:
        """Some rows, each with its record as it is stored, or as an answer where more had to be known of it."""
        oids = list(map(oid_in, portion))
        bodies = self._bodies(oids)
        for row in portion:
            reservation_id = _id_of(row)
            if reservation_id in self._world.reservations:
                yield row, held(reservation_id, self._world, self._now)
            elif oid_in(row) in bodies:
                yield row, stored_text(bodies[oid_in(row)])

    def _json_of(self, row: bytes, stored: StoredText) -> str:
        """The JSON of ``Held``, of an active reservation without heartbeats."""
        is_ahead = "true" if self._is_ahead(row) else "false"
        return (
            f'{{"reservation_id":"{_id_of(row)}","state":"active"'
            f',"effective_expires_at":"{stored.expires_at}"'
            f',"seconds_left":{self._seconds_left(stored)},"from_future":{is_ahead}'
            f",{stored.first},{stored.last}}}"
        )

    def _seconds_left(self, stored: StoredText) -> int:
        until = datetime.fromisoformat(stored.expires_at)
        left = until - self._now
        return int(left.total_seconds())

    def _is_ahead(self, row: bytes) -> bool:
        # times as text are in the order of time
        return made_in(row) > self._from_future


def _id_of(row: bytes) -> RecordId:
    return with_prefix(bare_id_in(row))
