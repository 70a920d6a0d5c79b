"""The tree in which a merge ended: as git makes it in memory, or as it stands in a commit or in the index."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.symbols.extract import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.store.git.merge_answers import ConflictedFile, Merged
    from git_muse_coord.store.git.merges import Merges
    from git_muse_coord.store.git.trees import Version
    from git_muse_coord.symbols.index import Loader


class MergeOutcome:
    """A tree that is there. ``load`` gives contents that the repository does not have."""

    conflicts: Sequence[ConflictedFile] = ()
    load: Loader | None = None

    def __init__(self, list_files: Callable[[], Mapping[str, Version]]) -> None:
        self._list_files = list_files

    @cached_property
    def files(self) -> Mapping[str, Version]:
        """Every path of the tree."""
        return self._list_files()

    @cached_property
    def paths_in_conflict(self) -> set[str]:
        """What has git's markers in it, or is on one side alone."""
        return {conflict.path for conflict in self.conflicts}

    def as_on(self, tip: str) -> Mapping[str, Version]:  # noqa: ARG002 - nothing conflicts here
        """The same, where what conflicts counts as one side has it, which is named by its commit."""
        return self.files


class OutcomeInMemory(MergeOutcome):
    """What git made in memory of two commits; what conflicts has git's markers in it."""

    def __init__(self, merges: Merges, merged: Merged) -> None:
        self._merges = merges
        self._merged = merged
        self.conflicts = merged.conflicts
        # What git merged in memory is in its objects, not in those of the repository.
        self.load = self._load

    @cached_property
    def files(self) -> Mapping[str, Version]:
        """Every path after the merge."""
        return self._merges.files(self._merged)

    def as_on(self, tip: str) -> Mapping[str, Version]:
        """The same, where what conflicts counts as one side has it."""
        files = dict(self.files)
        for conflict in self.conflicts:
            version = conflict.theirs
            if tip == self._merged.ours:
                version = conflict.ours
            files.pop(conflict.path, None)
            if version is not None:
                files[conflict.path] = version
        return files

    def _load(self, oids: Sequence[str]) -> Iterator[bytes | None]:
        return self._merges.read(oids, MAX_BYTES)
