"""The uses after a merge: what a caller finds where git has put it."""

from __future__ import annotations

from git_muse_coord.model.address import Key
from git_muse_coord.source.merging.merge_outcome import MergeOutcome
from git_muse_coord.source.merging.shared_trees import SharedTrees
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.tree_uses import TreeUses
from git_muse_coord.symbols.guesses import GUESSED


class MergeTrees:
    """The tree after one merge, with those that it shares with others."""

    def __init__(self, shared: SharedTrees, outcome: MergeOutcome) -> None:
        self.progress = shared.sources.progress
        self._shared = shared
        self._outcome = outcome
        self._after: dict[str, TreeUses] = {}

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
            moved = self.place_of(edit.address.key, taker, user)
        caller_now = self.place_of(caller, user, taker)
        uses = self._after_merge(user)
        for edge in uses.used_by(caller_now):
            if edge.target == moved:
                return True
            if self._is_what_was_taken(edge.target, key):
                continue
            # A guess by a name that many have says nothing.
            is_guess = edge.confidence <= max(GUESSED)
            has_its_name = edge.target[-1] == key[-1]
            if has_its_name and not is_guess:
                return True
        return False

    def _is_what_was_taken(self, target: Key, key: Key) -> bool:
        # What conflicts is here as the user has it, what was taken included.
        path, *names = target
        _, *names_taken = key
        return names == names_taken and path in self._outcome.paths_in_conflict

    def place_of(
        self,
        key: Key,
        side: Side,
        mover: Side,
    ) -> Key:
        """Where git's merge puts what one side has, and the other may have moved with its file."""
        path, *names = key
        path_now = self._path_of(path, side, mover)
        return (path_now, *names)

    def _path_of(
        self,
        path: str,
        side: Side,
        mover: Side,
    ) -> str:
        files = self._outcome.files
        if path in files:
            return path
        at_base = side.renamed_files.get(path, path)
        for new_path, old_path in mover.renamed_files.items():
            if old_path == at_base and new_path in files:
                return new_path
        version = side.version(path)
        if version is None:
            return path
        # A new file goes along with the directory that it lies in.
        for new_path, merged_version in files.items():
            if merged_version.oid == version.oid:
                return new_path
        return path

    def _after_merge(self, user: Side) -> TreeUses:
        """The uses after the merge; what conflicts counts as the user has it."""
        uses = self._after.get(user.tip)
        if uses is None:
            outcome = self._outcome
            files = outcome.as_on(user.tip)
            uses = self._shared.uses_among(files, outcome.load)
            self._after[user.tip] = uses
        return uses
