"""Work that nobody waits for: our program in a process that outlives us, at most one of a kind in a clone.

A mark names the process that was started last. Whether it is still there is asked of the system,
so that neither a process that was killed nor a clock that was set holds up the next one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import UTC, datetime
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.store.git import processes
from git_muse_coord.store.git.lock import briefly_locked, put_text, text_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from git_muse_coord.store.git.repository import Repository

_MARK_MOST = 100

LOCAL_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REFLOG_ACTION",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
"""What git tells its hooks of the one command that it runs; a process that outlives that must not believe it."""


class Started(NamedTuple):
    """The process that was started last, and when. ``birth`` tells it from a later one of the same number."""

    pid: int
    birth: str
    at: datetime

    @property
    def is_there(self) -> bool:
        """Whether it is there still, at work or as a zombie that nobody reaps."""
        return processes.birth(self.pid) == self.birth

    @property
    def is_zombie(self) -> bool:
        """Whether it has ended, and whoever should take note of that does not."""
        return self.is_there and processes.is_zombie(self.pid)


class Background:
    """One kind of work in the background of one clone.

    In a container whose init reaps nothing each process leaves a zombie: ``spares_zombies`` is for
    work so frequent that they would fill the table of processes.
    """

    def __init__(
        self,
        repository: Repository,
        work: str,
        *,
        spares_zombies: bool = False,
    ) -> None:
        self._repository = repository
        self._spares_zombies = spares_zombies
        self._mark = f"{work}.started"

    def last(self) -> Started | None:
        """The process that was started last; None where that is not known."""
        folder = self._repository.own_folder
        # not ``own_file``, which would make one
        path = os.path.join(folder, self._mark)
        try:
            with open(path, "rb") as file:
                return _started(file.fileno())
        except OSError:
            return None

    def start(
        self,
        module: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        is_due: Callable[[], bool] = lambda: True,
    ) -> None:
        """Run a module of ours, unless the last run is still there, or it is no longer due once that is certain.

        Raises OSError where no process can be started.
        """
        if not sys.executable:
            return
        path = self._repository.own_file(self._mark)
        with briefly_locked(path) as mark:
            # of many who ask at once one gets the lock, and the others need not wait
            if mark is None or not is_due():
                return
            last = _started(mark)
            if self._is_at_it(last):
                return
            variables = environment or self.environment()
            process = _run(module, arguments, variables)
            birth = processes.birth(process.pid)
            put_text(mark, f"{process.pid} {birth}")
        # where we stay, it must not become a zombie
        waiting = threading.Thread(target=process.wait, daemon=True)
        waiting.start()

    def _is_at_it(self, last: Started | None) -> bool:
        if last is None or not last.is_there:
            return False
        return self._spares_zombies or not last.is_zombie

    @property
    def place(self) -> str:
        """Where to work: no worktree, because those go away."""
        common_dir = self._repository.common_dir
        top, name = os.path.split(common_dir)
        if name != ".git":
            return common_dir
        return top

    def environment(self) -> dict[str, str]:
        """What the process is told: all that we are, but for what git tells a hook."""
        variables = dict(os.environ)
        for name in LOCAL_VARIABLES:
            variables.pop(name, None)
        variables["GIT_DIR"] = self._repository.common_dir
        return variables


def _run(
    module: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # -P: a module in the directory of somebody's choice must not be taken for one of ours
        [sys.executable, "-P", "-m", module, *arguments],
        cwd=os.path.abspath(os.sep),
        env=environment,
        # a caller who waits for the end of our output must not wait for this
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        start_new_session=True,
        creationflags=getattr(subprocess, "DETACHED_PROCESS", 0),
    )


def _started(mark: int) -> Started | None:
    """What a mark says."""
    with suppress(ValueError, OverflowError):
        text = text_in(mark, _MARK_MOST)
        pid, birth = text.split()
        facts = os.fstat(mark)
        at = datetime.fromtimestamp(facts.st_mtime, UTC)
        return Started(int(pid), birth, at)
    return None
