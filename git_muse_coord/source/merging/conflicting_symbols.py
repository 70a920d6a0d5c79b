"""Where git's merges conflict, in symbols instead of lines."""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from itertools import chain, combinations

from git_muse_coord.model.address import Address
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.forecast import BranchClash
from git_muse_coord.rules.merge_plan import Clash
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.branches import Branch
from git_muse_coord.store.git.hunks import Hunk
from git_muse_coord.store.git.merge_answers import ConflictedFile
from git_muse_coord.store.git.merges import Merges, merging_in_memory
from git_muse_coord.store.git.trees import Version
from git_muse_coord.symbols.lines import at_lines

if TYPE_CHECKING:
    from git_muse_coord.symbols.values import FileSymbols

BranchPair = tuple[Branch, Branch]
PathVersion = tuple[str, Version]
"""A path, and one of the versions that it has on the sides of a merge."""
FilesByVersion = Mapping[PathVersion, "FileSymbols"]


def branch_clashes(
    sources: Sources,
    engine: Merges,
    branches: Sequence[Branch],
) -> tuple[list[BranchClash], list[BranchPair]]:
    """The pairs of branches that git cannot merge by itself, as given; and those that it will not merge at all."""
    pairs = _different_pairs(branches)
    if not pairs:
        return [], []
    sources.progress(merging_in_memory(len(pairs)))
    conflicting: list[BranchPair] = []
    conflicts: list[Sequence[ConflictedFile]] = []
    refused: list[BranchPair] = []
    commits = [(first.commit, second.commit) for first, second in pairs]
    merges = engine.pairs(commits)
    for pair, merged in zip(pairs, merges, strict=True):
        if merged.conflicts:
            conflicting.append(pair)
            conflicts.append(merged.conflicts)
        if merged.problem:
            refused.append(pair)
    # All at once: the lines in conflict of one merge alone would cost a process of their own.
    places = symbols_in_conflict(sources, engine, conflicts)
    clashes: list[BranchClash] = []
    for pair, addresses in zip(conflicting, places, strict=True):
        clash = _branch_clash(pair, addresses)
        clashes.append(clash)
    return clashes, refused


def _branch_clash(pair: BranchPair, addresses: Iterable[Address]) -> BranchClash:
    first, second = pair
    names = first.name, second.name
    texts = sorted(map(str, addresses))
    return BranchClash(names, tuple(texts))


def _different_pairs(branches: Sequence[Branch]) -> list[BranchPair]:
    """Each two branches that are not at the same commit."""
    different: list[BranchPair] = []
    for pair in combinations(branches, 2):
        first, second = pair
        if first.commit != second.commit:
            different.append(pair)
    return different


def symbols_in_conflict(
    sources: Sources,
    engine: Merges,
    merges: Sequence[Sequence[ConflictedFile]],
) -> list[set[Address]]:
    """For what conflicts in each of some merges: the symbols in those lines, and the files that do so as a whole."""
    together = list(chain.from_iterable(merges))
    clashes_of_all = clashes(sources, engine, together)
    # One for each conflict, in their order: each merge takes as many as it has.
    clashes_of_files = iter(clashes_of_all)
    in_conflict: list[set[Address]] = []
    for conflicts in merges:
        addresses: set[Address] = set()
        for _ in conflicts:
            clashes_of_file = next(clashes_of_files)
            for clash in clashes_of_file:
                whole_file = Address(clash.path)
                addresses.update(clash.places or [whole_file])
        in_conflict.append(addresses)
    return in_conflict


def clashes(
    sources: Sources,
    engine: Merges,
    conflicts: Sequence[ConflictedFile],
) -> list[list[Clash]]:
    """For each conflict the symbols of both sides in each group of its lines; in a file as a whole they are none."""
    hunks = engine.hunks(conflicts)
    with_hunks = list(zip(conflicts, hunks, strict=True))
    wanted: list[PathVersion] = []
    for conflict, hunks_of_file in with_hunks:
        if hunks_of_file:
            wanted += _versions_on_sides(conflict)
    files = _read(sources, wanted)
    clashes_of_files: list[list[Clash]] = []
    for conflict, hunks_of_file in with_hunks:
        clashes_of_file = _clashes_in(conflict, hunks_of_file, files)
        clashes_of_files.append(clashes_of_file)
    return clashes_of_files


def _versions_on_sides(conflict: ConflictedFile) -> Iterator[PathVersion]:
    """What stands there on each side that has the file."""
    for version in (conflict.ours, conflict.theirs):
        if version is not None:
            yield conflict.path, version


def _clashes_in(
    conflict: ConflictedFile,
    hunks: Sequence[Hunk],
    files: FilesByVersion,
) -> list[Clash]:
    path = conflict.path
    if not hunks:
        return [Clash(path, ())]
    clashes_of_file: list[Clash] = []
    for hunk in hunks:
        addresses = _addresses_in(conflict, hunk, files)
        # A symbol in the lines of both sides is named once, where ours has it.
        distinct = dict.fromkeys(addresses)
        clash = Clash(path, tuple(distinct))
        clashes_of_file.append(clash)
    return clashes_of_file


def _addresses_in(
    conflict: ConflictedFile,
    hunk: Hunk,
    files: FilesByVersion,
) -> Iterator[Address]:
    sides = [
        (conflict.ours, hunk.ours),
        (conflict.theirs, hunk.theirs),
    ]
    for version, lines in sides:
        if version is None:
            continue
        file = files[conflict.path, version]
        for symbol in at_lines(file, [lines]):
            yield symbol.address


def _read(sources: Sources, wanted: Iterable[PathVersion]) -> dict[PathVersion, FileSymbols]:
    """Files in several versions, of which each reading takes one: it wants its files by path."""
    waiting: dict[str, list[Version]] = defaultdict(list)
    # A version that conflicts in several merges is read once.
    for path, version in dict.fromkeys(wanted):
        waiting[path].append(version)
    files: dict[PathVersion, FileSymbols] = {}
    while waiting:
        turn = _next_turn(waiting)
        for file in sources.read(turn):
            version = turn[file.path]
            files[file.path, version] = file
    return files


def _next_turn(waiting: dict[str, list[Version]]) -> dict[str, Version]:
    """One version of each path, which waits no longer."""
    turn: dict[str, Version] = {}
    paths = list(waiting)
    for path in paths:
        versions = waiting[path]
        turn[path] = versions.pop()
        if not versions:
            del waiting[path]
    return turn
