"""The run id of a worktree in which nobody says who it is, kept in the git directory of that worktree.

It is made with the first record that is written under it. The name of its file says for which
directory it was made, so that a copy of the directory is not taken for the same.
"""

from __future__ import annotations

import os

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.kind import MAX_RUN_ID
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property, suppress
from git_muse_coord.model.text_types import RunId

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository

_RANDOM_BYTES = 3


class DerivedIdentity:
    """The run id of one worktree; until it is kept, one of this process alone, under which nobody holds anything."""

    def __init__(self, repository: Repository, user: str) -> None:
        self._repository = repository
        self._user = user

    @property
    def run_id(self) -> RunId:
        """The one that is kept, else one that may be."""
        return self.kept() or self._possible

    def kept(self) -> RunId | None:
        """The one that was kept for this directory."""
        try:
            with open(self._path, encoding="utf-8") as file:
                run_id = file.read(MAX_RUN_ID + 1).removesuffix("\n")
        except (OSError, ValueError):
            return None
        # Whatever was damaged is made anew; a line of ours has all its parts.
        if len(run_id) > MAX_RUN_ID or ":" not in run_id:
            return None
        if not run_id.isprintable():
            return None
        return RunId(run_id)

    def keep(self) -> RunId:
        """The one that is kept, which is made now if there is none: of many processes one makes it for all.

        Raises StoreFailed.
        """
        kept = self.kept()
        if kept is not None:
            return kept
        try:
            self._make()
        except OSError as error:
            raise StoreFailed(
                f"cannot keep a run id for this worktree: {error.strerror}",
                "say who you are with --run-id, or see whether git can write here",
            ) from None
        return self.kept() or self._possible

    @cached_property
    def _path(self) -> str:
        # A copy has an inode of its own; a directory that was moved keeps its own.
        facts = os.stat(self._repository.git_dir)
        name = f"identity-{facts.st_ino:x}"
        return os.path.join(self._repository.worktree_folder, name)

    @cached_property
    def _possible(self) -> RunId:
        from git_muse_coord.rules.identity import derived

        folder = self._repository.top
        if folder is None:  # a bare repository, which is called name.git by custom
            folder = self._repository.git_dir.removesuffix(".git")
        name = os.path.basename(folder.rstrip(os.sep))
        random = os.urandom(_RANDOM_BYTES)
        return derived(self._user, name, random.hex())

    def _make(self) -> None:
        """Write it aside, and give it its name, unless another process was faster."""
        folder = self._repository.worktree_folder
        os.makedirs(folder, exist_ok=True)
        random = os.urandom(8).hex()
        aside = self._repository.worktree_file(f"identity-{random}")
        try:
            with open(aside, "w", encoding="utf-8") as file:
                file.write(f"{self._possible}\n")
                file.flush()
                os.fsync(file.fileno())
            self._place(aside)
        finally:
            with suppress(OSError):
                os.unlink(aside)
        # The record that follows must not outlive the name that it was written under.
        _flush_folder(folder)

    def _place(self, aside: str) -> None:
        try:
            os.link(aside, self._path)
        except OSError:
            # It is there already, or this is a file system without hard links.
            if self.kept() is None:  # it is damaged, or nowhere yet
                os.replace(aside, self._path)


def _flush_folder(path: str) -> None:
    # Not every system can open a folder.
    with suppress(OSError):
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
