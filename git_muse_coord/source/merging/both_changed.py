"""The files that both sides of a merge changed, as git merged them by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from git_muse_coord.source.merging.side import Side, both_ways
from git_muse_coord.store.git.merge_answers import Merged
from git_muse_coord.store.git.merges import Merges


class BothChanged(NamedTuple):
    """Where a file is after the merge, at the base, and by the name of each side; and the id of what it became."""

    path: str
    base: str
    sides: Mapping[str, str]
    oid: str

    def on(self, side: Side) -> str:
        """Where a side has it."""
        return self.sides[side.name]


def both_changed(
    merges: Merges,
    merged: Merged,
    ours: Side,
    theirs: Side,
) -> list[BothChanged]:
    """The files that both changed in different ways, and in none of whose lines git conflicts."""
    candidates = _candidates(ours, theirs)
    if not candidates:  # asking for the merged tree would be in vain
        return []
    conflicts = {conflict.path for conflict in merged.conflicts}
    merged_oids = merges.outcome(merged)
    files: list[BothChanged] = []
    for candidate in candidates.values():
        oid = merged_oids.get(candidate.path)
        if oid is None or candidate.path in conflicts:
            continue
        their_path = candidate.on(theirs)
        their_oid = theirs.files.get(their_path)
        if oid != their_oid:
            files.append(candidate._replace(oid=oid))
    return files


def _candidates(ours: Side, theirs: Side) -> dict[str, BothChanged]:
    """The files that both sides have and that differ, by the path after the merge, still without their oids."""
    candidates: dict[str, BothChanged] = {}
    # From each side, for a file goes by the new name of the side that renamed it.
    for side, opposite in both_ways(ours, theirs):
        for path, oid in side.files.items():
            base = side.renamed_files.get(path, path)
            opposite_oid = opposite.files.get(base)
            if opposite_oid is None or opposite_oid == oid:
                continue
            paths = {side.name: path, opposite.name: base}
            candidates[path] = BothChanged(path, base, paths, "")
    return candidates
