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
        alive: list[Ancestor] = []
        for process in self._read():
            if _is_same(ours, process):
                return
            if process.is_alive:
                alive.append(process)
        with suppress(OSError):
            self._write([*alive, ours])

    def at_once(self) -> list[Ancestor]:
        """Those that are alive, of which none has started another."""
        alive = [process for process in self._read() if process.is_alive]
        above: set[int] = set()
        for process in alive:
            for ancestor in ancestors(process.pid):
                above.add(ancestor.pid)
        # A script and the shell that it was started from are one.
        return [process for process in alive if process.pid not in above]

    def _read(self) -> list[Ancestor]:
        try:
            with open(self._path(), encoding="utf-8", errors="replace") as file:
                lines = list(file)
        except OSError:
            return []
        noted: list[Ancestor] = []
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) != 4:  # torn
                continue
            run_id, pid, born, name = fields
            # Notes under other run ids are of those who had another name before.
            if run_id == self._run_id and pid.isdigit():
                noted.append(Ancestor(int(pid), born, name, ()))
        return noted

    def _write(self, processes: Iterable[Ancestor]) -> None:
        os.makedirs(self._repository.worktree_folder, exist_ok=True)
        # A name of its own, and then the one of all: nobody ever reads half a file.
        pid = os.getpid()
        aside = self._repository.worktree_file(f"{_NAME}.{pid}")
        with open(aside, "w", encoding="utf-8", errors="replace") as file:
            for process in processes:
                printable = filter(str.isprintable, process.name)
                name = "".join(printable)
                fields = (self._run_id, str(process.pid), process.born, name)
                file.write("\t".join(fields) + "\n")
        os.replace(aside, self._path())

    def _path(self) -> str:
        return os.path.join(self._repository.worktree_folder, _NAME)


def _is_same(ours: Ancestor, noted: Ancestor) -> bool:
    """Whether it is the very process: a number alone may have been given anew."""
    return ours.pid == noted.pid and ours.born == noted.born
