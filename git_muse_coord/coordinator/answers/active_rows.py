"""All active reservations as an answer, read while they are printed: of many none is an object for long."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.reservation import Held, held
from git_muse_coord.model.codec import format_time
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.records import REF_PREFIX, Reservation, with_prefix
from git_muse_coord.model.results import json_text
from git_muse_coord.model.stored_text import StoredText, stored_text
from git_muse_coord.rules.state import CLOCK_SKEW, World
from git_muse_coord.store.records.active import active_in, bare_id_in, oid_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.snapshot import Snapshot

_PORTION = 500
"""So many are read at once."""


class ActiveRows:
    """The active reservations of a snapshot, oldest first: a sequence of answers, and their JSON."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self._snapshot = snapshot
        self._now = now
        active = active_in(snapshot, now)
        self._world = active.world
        self._rows = active.rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Held]:
        for portion in self._portions():
            refs = {_ref_of(bare_id_in(row)): oid_in(row) for row in portion}
            world = World.of(dict(self._snapshot.read(refs).values()))
            for row in portion:
                reservation_id = with_prefix(bare_id_in(row))
                judged = reservation_id in self._world.reservations
                place = self._world if judged else world
                if reservation_id in place.reservations:
                    yield held(reservation_id, place, self._now)

    def json_pieces(self) -> Iterator[str]:
        """The list in JSON, as it would be if each row was an object."""
        before = "["
        for portion in self._portions():
            texts = self._texts(portion)
            if texts:
                yield before + ",".join(texts)
                before = ","
        yield "[]" if before == "[" else "]"

    def _portions(self) -> Iterator[Sequence[bytes]]:
        for start in range(0, len(self._rows), _PORTION):
            yield self._rows[start : start + _PORTION]

    def _texts(self, portion: Sequence[bytes]) -> list[str]:
        bodies = self._snapshot.bodies(list(map(oid_in, portion)))
        from_future = format_time(self._now + CLOCK_SKEW)
        texts: list[str] = []
        for row in portion:
            reservation_id = with_prefix(bare_id_in(row))
            if reservation_id in self._world.reservations:
                texts.append(json_text(held(reservation_id, self._world, self._now)))
            elif oid_in(row) in bodies:
                stored = stored_text(bodies[oid_in(row)])
                texts.append(_row(reservation_id, stored, self._now, from_future))
        return texts


def _ref_of(name: str) -> str:
    return f"{REF_PREFIX}{Reservation.folder}/{name}"


def _row(
    reservation_id: RecordId,
    stored: StoredText,
    now: datetime,
    from_future: str,
) -> str:
    """The JSON of ``Held``, of an active reservation without heartbeats."""
    until = datetime.fromisoformat(stored.expires_at[1:-1])
    left = int((until - now).total_seconds())
    # times as text are in the order of time
    is_ahead = "true" if stored.created_at[1:-1] > from_future else "false"
    return (
        f'{{"reservation_id":"{reservation_id}","run_id":{stored.run_id},"branch":{stored.branch}'
        f',"commit":{stored.commit},"addresses":{stored.addresses},"operation":{stored.operation}'
        f',"reason":{stored.reason},"depends_on":{stored.depends_on}'
        f',"created_at":{stored.created_at},"expires_at":{stored.expires_at},"state":"active"'
        f',"effective_expires_at":{stored.expires_at},"seconds_left":{left}'
        f',"from_future":{is_ahead}}}'
    )
