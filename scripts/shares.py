"""How much of each symbol a side of a merge changed, in lines of what was there before."""

from __future__ import annotations

import pygit2

from git_muse_coord.model.address import Key
from git_muse_coord.symbols.values import FileSymbols

_LARGE = 1 << 20
"""Above so many bytes a file is not compared."""


def changed_shares(
    objects: pygit2.Repository,
    base: FileSymbols,
    old_oid: str,
    new_oid: str,
) -> dict[Key, float]:
    """The share of the lines of each symbol that lie in a change; what is put between two lines counts as both."""
    changed = _changed_lines(objects, old_oid, new_oid)
    shares: dict[Key, float] = {}
    for symbol in base.symbols:
        lines = range(symbol.start_line, symbol.end_line + 1)
        inside = [line for line in changed if line in lines]
        if inside:
            shares[symbol.key] = len(inside) / len(lines)
    if changed and not base.symbols:
        shares[base.path,] = 1.0
    return shares


def _changed_lines(objects: pygit2.Repository, old_oid: str, new_oid: str) -> list[int]:
    """The lines of the old version that a change replaces, takes away or adjoins."""
    old, new = objects.get(old_oid), objects.get(new_oid)
    if not (isinstance(old, pygit2.Blob) and isinstance(new, pygit2.Blob)):
        return []
    if old.is_binary or new.is_binary or max(old.size, new.size) > _LARGE:
        return []
    lines: set[int] = set()
    for hunk in old.diff(new, context_lines=0).hunks:  # type: ignore[call-arg]  # its stubs forget it
        if hunk.old_lines:
            lines.update(range(hunk.old_start, hunk.old_start + hunk.old_lines))
        else:
            lines.update((hunk.old_start, hunk.old_start + 1))
    return sorted(lines)
