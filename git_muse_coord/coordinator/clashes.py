"""Where git conflicts, by symbols: what stands in the lines that it could not merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.sources import Sources
from git_muse_coord.rules.plan import Clash
from git_muse_coord.symbols.lines import at_lines

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.store.merges import Conflict, Merges
    from git_muse_coord.store.trees import Version
    from git_muse_coord.symbols.values import FileSymbols


def clashes(session: Session, merges: Merges, conflicts: Sequence[Conflict]) -> list[Clash]:
    """The symbols of both sides in each group of lines that conflict; a file that conflicts as a whole names none."""
    hunks = merges.hunks(conflicts)
    inside = [one for one, found in zip(conflicts, hunks, strict=True) if found]
    ours = _read(session, {one.path: one.ours for one in inside if one.ours is not None})
    theirs = _read(session, {one.path: one.theirs for one in inside if one.theirs is not None})
    clashes: list[Clash] = []
    for one, found in zip(conflicts, hunks, strict=True):
        if not found:
            clashes.append(Clash(one.path, frozenset()))
        for hunk in found:
            standing = (*at_lines(ours[one.path], [hunk.ours]), *at_lines(theirs[one.path], [hunk.theirs]))
            clashes.append(Clash(one.path, frozenset(symbol.address.key for symbol in standing)))
    return clashes


def _read(session: Session, versions: Mapping[str, Version]) -> Mapping[str, FileSymbols]:
    return {file.path: file for file in Sources(session).read(versions)}
