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

_PsRow = tuple[int, list[str]]
"""What ``ps`` tells of a process: its parent, and its command line."""


class Ancestor(NamedTuple):
    """A process; ``born`` tells it from a later one of the same number, and is empty where the system does not."""

    pid: int
    born: str
    name: str
    words: Sequence[str]

    @property
    def is_alive(self) -> bool:
        """Whether this very process has not ended."""
        is_the_same = birth(self.pid) == self.born
        return is_the_same and not is_zombie(self.pid)


def ancestors(of: int | None = None) -> Iterator[Ancestor]:
    """Those of a process (of ourselves), the nearest first, as far as the system tells."""
    if not os.path.isdir(PROC):
        yield from _told_by_ps(of or os.getpid())
        return
    if of is None:
        pid = os.getppid()
    else:
        pid = _parent(of)
    while pid > 0:
        fields = stat_fields(pid)
        if not fields:
            return
        born = fields[START_TIME]
        words = strings_of(f"{PROC}/{pid}/cmdline")
        yield Ancestor(pid, born, fields[NAME], words)
        pid = int(fields[PARENT])


def caller() -> Ancestor | None:
    """The process on whose behalf we run: an agent, or the shell of a person; None where the system does not tell."""
    outside: list[Ancestor] = []
    for process in ancestors():
        # A hook has scripts of git's own above it, and git above those.
        if process.name == "git":
            outside = []
        else:
            outside.append(process)
    # A shell that was started for one command ends with it, and says nothing of who started it.
    lasting = dropwhile(_runs_one_command, outside)
    nearest = next(lasting, None)
    if nearest is None or not nearest.born:
        return None
    return nearest


def _runs_one_command(process: Ancestor) -> bool:
    if not process.words:
        return False
    program, *options = process.words
    name = os.path.basename(program)
    # a login shell has a hyphen before its name
    if name.lstrip("-") not in _SHELLS:
        return False
    return any(map(_is_option_c, options))


def _is_option_c(word: str) -> bool:
    # shells take it among others, as in ``bash -lc``
    if not word.startswith("-") or word.startswith("--"):
        return False
    return "c" in word


def _parent(pid: int) -> int:
    fields = stat_fields(pid)
    if not fields:
        return 0
    return int(fields[PARENT])


def _told_by_ps(pid: int) -> Iterator[Ancestor]:
    """From the program ``ps``, for systems without /proc."""
    import subprocess

    command = ["ps", "-axo", "pid=,ppid=,command="]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_PS_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return
    told = os.fsdecode(done.stdout)
    rows = _rows(told.splitlines())
    parent, _ = rows.pop(pid, (0, []))
    # each once, so that a number that is used again leads into no circle
    while parent in rows:
        pid = parent
        parent, words = rows.pop(pid)
        name = os.path.basename(words[0]) if words else ""
        yield Ancestor(pid, "", name, words)


def _rows(lines: Iterable[str]) -> dict[int, _PsRow]:
    """What ``ps`` tells of each process, by its number."""
    rows: dict[int, _PsRow] = {}
    for line in lines:
        pid, parent, *words = line.split()
        rows[int(pid)] = (int(parent), words)
    return rows
