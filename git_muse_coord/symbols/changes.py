"""Which symbols differ between two versions of some files, and how.

A change belongs to the innermost symbol: a container is listed only when its own header or direct
text changed. Who was renamed into whom is the business of ``renames``.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import MappingProxyType
from git_muse_coord.symbols import renames
from git_muse_coord.symbols.comparison import Comparison
from git_muse_coord.symbols.moved_files import moved_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.symbols.change import Change
    from git_muse_coord.symbols.values import FileSymbols


def changes(
    before: Mapping[str, FileSymbols],
    after: Mapping[str, FileSymbols],
    *,
    read_before: renames.Reader | None = None,
    read_after: renames.Reader | None = None,
    identical: Mapping[str, str] = MappingProxyType({}),
) -> list[Change]:
    """The changes between two versions of the paths that differ, in the order of the files.

    A path that is in one mapping only was added or deleted. ``identical`` names for new paths the
    old ones whose very bytes they have. Without the readers only exact renames are seen.
    """
    origins = _origins(before, after, identical)
    moved_away = set(origins.values())
    comparison = Comparison()
    for path in sorted(before.keys() | after.keys()):
        # What moved is compared with what it was, and not as gone here and new there.
        if path in moved_away:
            continue
        old = before.get(path)
        new = after.get(path)
        if old is None and path in origins:
            continue
        comparison.compare_versions(old, new)
    for path, origin in origins.items():
        comparison.compare_moved(before[origin], after[path])

    # only what is left over can have been renamed, and equal bodies are surer than similar ones
    deleted = comparison.deleted
    added = comparison.added
    for old_symbol, new_symbol in renames.exact(deleted, added):
        comparison.note_rename(old_symbol, new_symbol)
    if read_before is not None and read_after is not None:
        pairs = renames.similar(deleted, added, read_before, read_after)
        for old_symbol, new_symbol in pairs:
            comparison.note_rename(old_symbol, new_symbol)
    return comparison.result()


def _origins(
    before: Mapping[str, FileSymbols],
    after: Mapping[str, FileSymbols],
    identical: Mapping[str, str],
) -> dict[str, str]:
    """The old path of each file that was moved, the identical ones first."""
    taken = set(identical.values())
    old_files: dict[str, FileSymbols] = {}
    for path, file in before.items():
        if path not in taken:
            old_files[path] = file
    new_files: dict[str, FileSymbols] = {}
    for path, file in after.items():
        if path not in identical:
            new_files[path] = file
    return {**identical, **moved_files(old_files, new_files)}
