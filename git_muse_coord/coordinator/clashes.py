"""Where git's merges conflict, in symbols instead of lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.sources import Sources
from git_muse_coord.model.address import Address
from git_muse_coord.rules.forecast import BranchClash
from git_muse_coord.store.branches import Branch
from git_muse_coord.store.merges import Conflict, Hunk, Merges
from git_muse_coord.symbols.lines import at_lines

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session


def branch_clashes(session: Session, branches: Sequence[Branch]) -> Iterator[BranchClash]:
    """The pairs of branches that git cannot merge by itself, in the order in which they are given."""
    pairs = list(combinations(branches, 2))
    if not pairs:
        return
    session.progress(f"merging {len(pairs):,} pairs of branches in memory")
    with Merges(session.repository) as engine:
        merged = engine.pairs((one.commit, other.commit) for one, other in pairs)
        for (one, other), result in zip(pairs, merged, strict=True):
            if result.conflicts:
                places = {place for some in conflicting(session, engine, result.conflicts) for place in some}
                yield BranchClash((one.name, other.name), tuple(sorted(map(str, places))))


def conflicting(session: Session, engine: Merges, conflicts: Sequence[Conflict]) -> Iterator[list[Address]]:
    """For each path that conflicts the symbols in the lines that do, or the file where it does as a whole."""
    sources = Sources(session)
    for conflict, hunks in zip(conflicts, engine.hunks(conflicts), strict=True):
        found = dict.fromkeys(_in_hunks(sources, conflict, hunks))
        yield list(found) or [Address(conflict.path)]


def _in_hunks(sources: Sources, conflict: Conflict, hunks: Sequence[Hunk]) -> Iterator[Address]:
    sides = ((conflict.ours, [one.ours for one in hunks]), (conflict.theirs, [one.theirs for one in hunks]))
    for version, spans in sides:
        if version is not None and hunks:
            for file in sources.read({conflict.path: version}):
                yield from (symbol.address for symbol in at_lines(file, spans))
