"""Where git's merges conflict, in symbols instead of lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from git_muse_coord.model.address import Address
from git_muse_coord.rules.forecast import BranchClash
from git_muse_coord.rules.merge_plan import Clash
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.branches import Branch
from git_muse_coord.store.git.hunks import Hunk
from git_muse_coord.store.git.merges import ConflictedFile, Merges
from git_muse_coord.store.git.trees import Version
from git_muse_coord.symbols.lines import at_lines

if TYPE_CHECKING:
    from git_muse_coord.symbols.values import FileSymbols, Symbol


def branch_clashes(
    sources: Sources, branches: Sequence[Branch]
) -> tuple[list[BranchClash], list[tuple[Branch, Branch]]]:
    """The pairs of branches that git cannot merge by itself, as given; and those that it will not merge at all."""
    pairs = [(one, other) for one, other in combinations(branches, 2) if one.commit != other.commit]
    if not pairs:
        return [], []
    sources.progress(f"merging {len(pairs):,} pairs of branches in memory")
    with Merges(sources.repository) as engine:
        merged = engine.pairs((one.commit, other.commit) for one, other in pairs)
        meeting = [
            (pair, one.conflicts) for pair, one in zip(pairs, merged, strict=True) if one.conflicts
        ]
        places = symbols_in_conflict(sources, engine, [conflicts for _, conflicts in meeting])
    found = [
        BranchClash((one.name, other.name), tuple(sorted(map(str, some))))
        for ((one, other), _), some in zip(meeting, places, strict=True)
    ]
    return found, [pair for pair, one in zip(pairs, merged, strict=True) if one.problem]


def symbols_in_conflict(
    sources: Sources, engine: Merges, merges: Sequence[Sequence[ConflictedFile]]
) -> list[set[Address]]:
    """For what conflicts in each of some merges: the symbols in those lines, and the files that do so as a whole."""
    found = iter(clashes(sources, engine, [one for conflicts in merges for one in conflicts]))
    return [
        {
            place
            for _ in conflicts
            for clash in next(found)
            for place in clash.places or [Address(clash.path)]
        }
        for conflicts in merges
    ]


def clashes(
    sources: Sources, engine: Merges, conflicts: Sequence[ConflictedFile]
) -> list[list[Clash]]:
    """For each conflict the symbols of both sides in each group of its lines; in a file as a whole they are none."""
    hunks = engine.hunks(conflicts)
    inside = [one for one, found in zip(conflicts, hunks, strict=True) if found]
    files = _read(
        sources,
        [(one.path, side) for one in inside for side in (one.ours, one.theirs) if side is not None],
    )

    def symbols(conflict: ConflictedFile, hunk: Hunk) -> Iterator[Symbol]:
        for side, lines in ((conflict.ours, hunk.ours), (conflict.theirs, hunk.theirs)):
            if side is not None:
                yield from at_lines(files[conflict.path, side], [lines])

    return [
        [
            Clash(one.path, tuple(dict.fromkeys(symbol.address for symbol in symbols(one, hunk))))
            for hunk in found
        ]
        or [Clash(one.path, ())]
        for one, found in zip(conflicts, hunks, strict=True)
    ]


def _read(
    sources: Sources, asked: Iterable[tuple[str, Version]]
) -> dict[tuple[str, Version], FileSymbols]:
    """Files in several versions, of which each reading takes one."""
    versions: dict[str, list[Version]] = defaultdict(list)
    for path, version in dict.fromkeys(asked):
        versions[path].append(version)
    found: dict[tuple[str, Version], FileSymbols] = {}
    while versions:
        turn = {path: some.pop() for path, some in versions.items()}
        found.update(((file.path, turn[file.path]), file) for file in sources.read(turn))
        versions = {path: some for path, some in versions.items() if some}
    return found
