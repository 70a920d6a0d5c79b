"""Where git's merges conflict, in symbols instead of lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.sources import Sources
from git_muse_coord.model.address import Address
from git_muse_coord.rules.forecast import BranchClash
from git_muse_coord.rules.plan import Clash
from git_muse_coord.store.branches import Branch
from git_muse_coord.store.merges import Conflict, Merges
from git_muse_coord.store.trees import Version
from git_muse_coord.symbols.lines import at_lines

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.symbols.values import FileSymbols


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
                places = standing(session, engine, result.conflicts)
                yield BranchClash((one.name, other.name), tuple(sorted(map(str, places))))


def standing(session: Session, engine: Merges, conflicts: Sequence[Conflict]) -> set[Address]:
    """The symbols in lines that conflict, and the files that conflict as a whole."""
    found = clashes(session, engine, conflicts)
    return {place for clash in found for place in clash.places or [Address(clash.path)]}


def clashes(session: Session, engine: Merges, conflicts: Sequence[Conflict]) -> list[Clash]:
    """The symbols of both sides in each group of lines that conflict; a file that conflicts as a whole names none."""
    hunks = engine.hunks(conflicts)
    inside = [one for one, found in zip(conflicts, hunks, strict=True) if found]
    ours = _read(session, {one.path: one.ours for one in inside if one.ours is not None})
    theirs = _read(session, {one.path: one.theirs for one in inside if one.theirs is not None})
    clashes: list[Clash] = []
    for one, found in zip(conflicts, hunks, strict=True):
        if not found:
            clashes.append(Clash(one.path, ()))
        for hunk in found:
            symbols = (*at_lines(ours[one.path], [hunk.ours]), *at_lines(theirs[one.path], [hunk.theirs]))
            clashes.append(Clash(one.path, tuple(dict.fromkeys(symbol.address for symbol in symbols))))
    return clashes


def _read(session: Session, versions: Mapping[str, Version]) -> Mapping[str, FileSymbols]:
    return {file.path: file for file in Sources(session).read(versions)}
