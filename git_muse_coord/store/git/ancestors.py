"""The processes that we descend from, and whether one that was seen before is still there."""

from __future__ import annotations

import os
from itertools import dropwhile

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git.processes import (
    NAME,
    PARENT,
    PROC,
    START_TIME,
    birth,
    is_zombie,
    stat_fields,
    strings_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PS_SECONDS = 5.0
_SHELLS = ("sh", "bash", "dash", "zsh", "ksh", "fish")


class Ancestor(NamedTuple):
    """A process; ``born`` tells it from a later one of the same number, and is empty where the system does not."""

    pid: int
    born: str
    name: str
    words: Sequence[str]

    @property
    def is_alive(self) -> bool:
        """Whether this very process has not ended."""
        return birth(self.pid) == self.born and not is_zombie(self.pid)


def ancestors(of: int | None = None) -> Iterator[Ancestor]:
    """Those of a process (of ourselves), the nearest first, as far as the system tells."""
    if not os.path.isdir(PROC):
        yield from _told_by_ps(of or os.getpid())
        return
    pid = os.getppid() if of is None else _parent(of)
    while pid > 0:
        fields = stat_fields(pid)
        if not fields:
            return
        words = strings_of(f"{PROC}/{pid}/cmdline")
        yield Ancestor(pid, fields[START_TIME], fields[NAME], words)
        pid = int(fields[PARENT])


def caller() -> Ancestor | None:
    """The process on whose behalf we run: an agent, or the shell of a person; None where the system does not tell."""
    chain = list(ancestors())
    # A hook has scripts of git's own above it, and git above those.
    gits = [place for place, process in enumerate(chain) if process.name == "git"]
    outside = chain[gits[-1] + 1 :] if gits else chain
    # A shell that was started for one command ends with it, and says nothing of who started it.
    nearest = next(dropwhile(_runs_one_command, outside), None)
    return nearest if nearest is not None and nearest.born else None


def _runs_one_command(process: Ancestor) -> bool:
    name = os.path.basename(process.words[0]).lstrip("-") if process.words else ""
    return name in _SHELLS and any(_is_option_c(word) for word in process.words[1:])


def _is_option_c(word: str) -> bool:
    # shells take it among others, as in ``bash -lc``
    return word.startswith("-") and not word.startswith("--") and "c" in word


def _parent(pid: int) -> int:
    fields = stat_fields(pid)
    return int(fields[PARENT]) if fields else 0


def _told_by_ps(pid: int) -> Iterator[Ancestor]:
    """From the program ``ps``, for systems without /proc."""
    import subprocess

    columns = ["ps", "-axo", "pid=,ppid=,command="]
    try:
        told = subprocess.run(columns, capture_output=True, check=False, timeout=_PS_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return
    known = _rows(os.fsdecode(told.stdout).splitlines())
    parent, _ = known.pop(pid, (0, []))
    while parent in known:
        pid = parent
        parent, words = known.pop(pid)
        name = os.path.basename(words[0]) if words else ""
        yield Ancestor(pid, "", name, words)


def _rows(lines: Iterable[str]) -> dict[int, tuple[int, list[str]]]:
    """The parent and the command line of each process."""
    known = {}
    for line in lines:
        pid, parent, *words = line.split()
        known[int(pid)] = (int(parent), words)
    return known
