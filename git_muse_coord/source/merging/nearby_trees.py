"""Trees of which only the code near a merge is looked at, where there is no time to link all of them."""

from __future__ import annotations

from posixpath import basename, dirname

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.source.by_path import code_among, file_ids
from git_muse_coord.source.merging.shared_trees import SharedTrees
from git_muse_coord.symbols.uses import is_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.source.sources import Sources
    from git_muse_coord.source.tree_uses import TreeUses
    from git_muse_coord.store.git.trees import Delta, Version
    from git_muse_coord.symbols.index import Loader

WHOLE_MOST = 3000
"""Trees of so many files of code are linked as a whole, if their references are remembered."""
UNKNOWN_MOST = 100
"""So many files may be read for that which are not."""
_PASSING_ON = ("__init__.py", "index.ts", "index.js", "index.tsx", "index.jsx", "mod.rs", "lib.rs")
"""Files that give others what lies beside them."""


class NearbyTrees(SharedTrees):
    """The code that two sides changed, and what leads to it; all other code where that is quick.

    ``is_whole`` says that nothing was left out so far.
    """

    def __init__(self, sources: Sources) -> None:
        super().__init__(sources)
        self.is_whole = True
        self._near: set[str] = set()
        self._deltas: dict[tuple[str, str], list[Delta]] = {}

    def deltas(self, base: str, tip: str) -> list[Delta]:
        """The paths of code in which a side differs from its base."""
        key = (base, tip)
        known = self._deltas.get(key)
        if known is not None:
            return known
        changed: list[Delta] = []
        for delta in super().deltas(base, tip):
            if _is_code(delta):
                # What any side changed is near in the trees of all of them.
                changed.append(delta)
                self._near.add(delta.path)
        self._deltas[key] = changed
        return changed

    def uses_among(self, files: Mapping[str, Version], load: Loader | None = None) -> TreeUses:
        """Who uses whom in a tree, or in what of it is near."""
        code = code_among(files)
        if not self._is_quick(code):
            self.is_whole = False
            code = self._nearby(code)
        return super().uses_among(code, load)

    def _is_quick(self, code: Mapping[str, Version]) -> bool:
        if len(code) > WHOLE_MOST:
            return False
        # What is remembered costs little.
        unknown = self.references.count_unknown(file_ids(code))
        return unknown <= UNKNOWN_MOST

    def _nearby(self, code: Mapping[str, Version]) -> dict[str, Version]:
        directories = self._directories_above()
        nearby: dict[str, Version] = {}
        for path, version in code.items():
            if path in self._near:
                nearby[path] = version
                continue
            name = basename(path)
            leads_on = name in _PASSING_ON or is_manifest(name)
            # What lies above a file that was changed may give others its names.
            if leads_on and dirname(path) in directories:
                nearby[path] = version
        return nearby

    def _directories_above(self) -> set[str]:
        """Every directory that holds what a side changed, at any depth; the top is an empty text."""
        directories: set[str] = set()
        for path in self._near:
            directory = path
            while directory:
                directory = dirname(directory)
                directories.add(directory)
        return directories


def _is_code(delta: Delta) -> bool:
    for version in delta.versions:
        if code_among({delta.path: version}):
            return True
    return False
