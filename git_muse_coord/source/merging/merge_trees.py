"""The uses in the trees of one merge besides those of its sides: the base, and what git makes of the two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from git_muse_coord.model.address import Key
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.sources import Sources
from git_muse_coord.source.tree_uses import KnownReferences, TreeUses
from git_muse_coord.store.git.merges import Merged, Merges
from git_muse_coord.store.git.trees import Trees, Version
from git_muse_coord.symbols.extract import MAX_BYTES
from git_muse_coord.symbols.link import GUESSED


class MergeTrees:
    """The trees of a merge that git has made in memory."""

    def __init__(
        self,
        sources: Sources,
        merges: Merges,
        merged: Merged,
        base: str,
    ) -> None:
        self.references = KnownReferences(sources)
        self.progress = sources.progress
        self._sources = sources
        self._merges = merges
        self._merged = merged
        self._base = base
        self._conflicts = {conflict.path for conflict in merged.conflicts}
        self._after: dict[str, TreeUses] = {}

    def side(self, name: str, tip: str) -> Side:
        """What a side did since the base."""
        return Side(self.references, name, self._base, tip)

    @cached_property
    def base(self) -> TreeUses:
        """The uses at the base."""
        files = Trees(self._sources.repository).at(self._base)
        return TreeUses(self.references, files)

    def arrives(
        self,
        taker: Side,
        key: Key,
        user: Side,
        caller: Key,
    ) -> bool:
        """Whether what a caller used before the taker took it away is found by it after the merge.

        As where the taker moved both, with the import between them: its own files import each other
        from their new places, and git puts the caller there, too.
        """
        moved: Key = ()
        edit = taker.edits.get(key)
        if edit is not None and edit.address is not None:
            moved = self._place_of(edit.address.key, taker, user)
        caller_now = self._place_of(caller, user, taker)
        uses = self._after_merge(user)
        for edge in uses.used_by(caller_now):
            if edge.target == moved:
                return True
            # What conflicts is here as the user has it, what was taken included.
            if edge.target[0] in self._conflicts and edge.target[1:] == key[1:]:
                continue
            is_guess = edge.confidence <= max(GUESSED)
            if edge.target[-1] == key[-1] and not is_guess:
                return True
        return False

    def _place_of(
        self,
        key: Key,
        side: Side,
        mover: Side,
    ) -> Key:
        """Where git's merge puts what one side has, and the other may have moved with its file."""
        path, *names = key
        return (self._path_of(path, side, mover), *names)

    def _path_of(
        self,
        path: str,
        side: Side,
        mover: Side,
    ) -> str:
        if path in self._files:
            return path
        at_base = side.renamed_files.get(path, path)
        for new_path, old_path in mover.renamed_files.items():
            if old_path == at_base and new_path in self._files:
                return new_path
        # A new file goes along with the directory that it lies in.
        version = side.version(path)
        for new_path, merged_version in self._files.items():
            if version is not None and merged_version.oid == version.oid:
                return new_path
        return path

    @cached_property
    def _files(self) -> dict[str, Version]:
        return self._merges.files(self._merged)

    def _after_merge(self, user: Side) -> TreeUses:
        """The uses after the merge; what conflicts counts as the user has it."""
        if user.name not in self._after:
            files = dict(self._files)
            for conflict in self._merged.conflicts:
                version = conflict.theirs
                if user.name == "ours":
                    version = conflict.ours
                # What stands there now has git's markers in it.
                files.pop(conflict.path, None)
                if version is not None:
                    files[conflict.path] = version
            self._after[user.name] = TreeUses(self.references, files, self._load)
        return self._after[user.name]

    def _load(self, oids: Sequence[str]) -> Iterator[bytes | None]:
        # What git merged in memory is in its objects, not in those of the repository.
        return self._merges.read(oids, MAX_BYTES)
