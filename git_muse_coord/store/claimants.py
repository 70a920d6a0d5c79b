"""Which processes have written under a run id that no agent said itself: two of them at once may be two agents.

They are noted in a small file of the worktree, where the system tells of processes at all.
"""

from __future__ import annotations

import os

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.store.git.ancestors import Ancestor, ancestors, caller

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.store.git.repository import Repository

_NAME = "claimants"


class Claimants:
    """Those of one run id in one worktree. What cannot be read or written is passed over."""

    def __init__(self, repository: Repository, run_id: RunId) -> None:
        self._repository = repository
        self._run_id = run_id

    def note(self) -> None:
        """Note the process on whose behalf we run, unless it is noted already."""
        ours = caller()
        if ours is None:
            return
        noted = self._read()
        if any(_is_same(ours, process) for process in noted):
            return
        alive = [process for process in noted if process.is_alive]
        with suppress(OSError):
            self._write([*alive, ours])

    def at_once(self) -> list[Ancestor]:
        """Those that are alive, of which none has started another."""
        alive = [process for process in self._read() if process.is_alive]
        above = {process.pid for one in alive for process in ancestors(one.pid)}
        # A script and the shell that it was started from are one.
        return [process for process in alive if process.pid not in above]

    def _read(self) -> list[Ancestor]:
        try:
            with open(self._path(), encoding="utf-8", errors="replace") as file:
                rows = [line.rstrip("\n").split("\t") for line in file]
        except OSError:
            return []
        noted: list[Ancestor] = []
        for row in rows:
            if len(row) == 4 and row[0] == self._run_id and row[1].isdigit():
                noted.append(Ancestor(int(row[1]), row[2], row[3], ()))
        return noted

    def _write(self, processes: Iterable[Ancestor]) -> None:
        os.makedirs(self._repository.worktree_folder, exist_ok=True)
        # Notes under other run ids are of those who had another name before.
        aside = self._repository.worktree_file(f"{_NAME}.{os.getpid()}")
        with open(aside, "w", encoding="utf-8", errors="replace") as file:
            for process in processes:
                name = "".join(filter(str.isprintable, process.name))
                file.write(f"{self._run_id}\t{process.pid}\t{process.born}\t{name}\n")
        os.replace(aside, self._path())

    def _path(self) -> str:
        return os.path.join(self._repository.worktree_folder, _NAME)


def _is_same(one: Ancestor, other: Ancestor) -> bool:
    return one.pid == other.pid and one.born == other.born
