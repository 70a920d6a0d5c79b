"""What several merges in one repository have in common: each file is read, and each side compared, once."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.tree_uses import KnownReferences, TreeUses
from git_muse_coord.store.git.tree_files import TreeFiles
from git_muse_coord.store.git.trees import Trees

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.source.sources import Sources
    from git_muse_coord.store.git.trees import Delta, Version
    from git_muse_coord.symbols.index import Loader


class SharedTrees:
    """The sides and the uses of commits that were asked for."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.references = KnownReferences(sources)
        self._trees = Trees(sources.repository)
        self._tree_files = TreeFiles(sources.repository)
        self._sides: dict[tuple[str, str, str], Side] = {}
        self._uses: dict[str, TreeUses] = {}

    def side(
        self,
        name: str,
        base: str,
        tip: str,
    ) -> Side:
        """What a side did since its base; ``name`` is what it is called where its uses are told."""
        key = (name, base, tip)
        side = self._sides.get(key)
        if side is None:
            deltas = self.deltas(base, tip)
            side = Side(
                self.sources,
                self.uses,
                name,
                base,
                tip,
                deltas,
            )
            self._sides[key] = side
        return side

    def deltas(self, base: str, tip: str) -> list[Delta]:
        """The paths in which a side differs from its base."""
        return self._trees.from_to(base, tip)

    def uses(self, commit: str) -> TreeUses:
        """Who uses whom in a commit."""
        uses = self._uses.get(commit)
        if uses is None:
            files = self._tree_files.at(commit)
            uses = self.uses_among(files)
            self._uses[commit] = uses
        return uses

    def uses_among(self, files: Mapping[str, Version], load: Loader | None = None) -> TreeUses:
        """Who uses whom in a tree; ``load`` gives contents that the repository does not have."""
        return TreeUses(self.references, files, load)
