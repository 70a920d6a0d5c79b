"""The record of a project as its past merges wrote it, for the places that somebody asks about."""

from __future__ import annotations

from collections.abc import Iterable

from git_muse_coord.model.address import Key
from git_muse_coord.rules.merge_record import MergeRecord, Tally
from git_muse_coord.source.merging.merge_memory import (
    APART,
    SHARES,
    MergeMemory,
    as_key,
    as_stored,
)

Sums = tuple[int, float, float]
"""How many merges met in a place, how many conflicts were foretold of them, how many there were."""
_ASKED_AT_ONCE = 400
_MERGES = "SELECT state, count(*), total(foretold), total(conflicted) FROM merges GROUP BY state"
_PLACES = "SELECT place, met, foretold, conflicted FROM sums"
_WORST = f"{_PLACES} WHERE place = path AND conflicted >= ? ORDER BY conflicted DESC, place"


class StoredRecord(MergeRecord):
    """A record of which the places lie as they are stored: most of them nobody asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.stored: dict[bytes, Sums] = {}

    def at(self, key: Key) -> Tally:
        """The sums of a place."""
        place = as_stored(key)
        sums = self.stored.get(place)
        if sums is None:
            return Tally()
        return _tally(*sums)


def project_record(memory: MergeMemory, paths: Iterable[str]) -> StoredRecord | None:
    """What is on record of some folded paths and of the project; None where no merge has taught anything yet."""
    by_state: dict[int, Tally] = {}
    for state, *sums in memory.rows(_MERGES):
        by_state[state] = _tally(*sums)
    sharing = by_state.get(SHARES, Tally())
    apart = by_state.get(APART, Tally())
    record = StoredRecord()
    record.merges = sharing
    record.fed = sharing.met + apart.met
    if not record.fed:
        return None
    asked = [as_stored((path,)) for path in paths]
    # in batches: SQLite takes a limited number of parameters
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        batch = asked[start : start + _ASKED_AT_ONCE]
        marks = ",".join("?" * len(batch))
        query = f"{_PLACES} WHERE path IN ({marks})"
        for place, *sums_of_place in memory.rows(query, batch):
            record.stored[place] = tuple(sums_of_place)
    return record


def files_in_conflict(memory: MergeMemory, least: int) -> dict[str, Tally]:
    """The files, by folded path, in which git conflicted in at least so many merges, the worst first."""
    files: dict[str, Tally] = {}
    for place, *sums in memory.rows(_WORST, [least]):
        key = as_key(place)
        path = key[0]
        files[path] = _tally(*sums)
    return files


def _tally(
    met: int,
    foretold: float,
    conflicted: float,
) -> Tally:
    # a damaged file may hold any number, and none must make more conflicts than merges
    foretold = max(foretold, 0.0)
    conflicts = max(int(conflicted), 0)
    return Tally(
        met,
        min(foretold, float(met)),
        min(conflicts, met),
    )
