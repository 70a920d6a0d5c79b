"""Who may be at work in a repository, where the system tells (``/proc``)."""

from __future__ import annotations

import os
import sys

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

PROC = "/proc"
_MAY_WAIT = 0x00100000
"""The right to wait for a process, in the words of Windows."""
_SLACK_SECONDS = 2.0
"""The start of a process is known to the second, by the boot time, and that of a file more exactly."""
_HOLD_NOTHING = ("muse-coord", "fsmonitor--daemon")
"""Commands of git that write no refs themselves: what starts our program, and what watches a worktree for ever."""

_OURSELVES = "git-muse-coord"
_PASSING_ON = ("git", "sh", "bash", "dash", "zsh", "fish", "env", "timeout", _OURSELVES)
"""What stands between a program and the hook that it calls."""
_NAMES = ("GIT_DIR", "GIT_COMMON_DIR")
NAME, STATE, PARENT, START_TIME = 0, 1, 2, 20
"""The places of the name and of what follows it in ``/proc/PID/stat``; the start is in clock ticks since boot."""


class Process(NamedTuple):
    """A process of this machine; ``started`` is in seconds since 1970."""

    pid: int
    name: str
    parent: int
    started: float


def user_of(
    files: Sequence[str],
    places: Set[str],
    since: float,
) -> int | None:
    """A process that may be using files: one that has any open, or a git at work in one of some directories.

    A git that was started after ``since`` counts for nothing, and neither does the one that waits
    for our next transaction. None: there is no such process, or the system does not tell.
    """
    for process in _processes():
        if _has_open(process.pid, files):
            return process.pid
        is_git = process.name.startswith("git") and process.name != _OURSELVES
        was_there = process.started <= since + _SLACK_SECONDS
        if is_git and was_there and _works_in(process, places):
            return process.pid
    return None


def program_above(pid: int) -> str:
    """What names the program that started a process, and no other one ever; empty where the system does not tell.

    What only passes on, a shell or git, is passed over.
    """
    fields = stat_fields(pid)
    while fields:
        parent = int(fields[PARENT])
        fields = stat_fields(parent)
        if fields and fields[NAME] not in _PASSING_ON:
            return f"{parent} {fields[START_TIME]}"
    return ""


def is_running(program: str) -> bool:
    """Whether the program of such a name is there still."""
    pid, _, started = program.partition(" ")
    # Numbers of processes are used again, with another time.
    return pid.isdigit() and birth(int(pid)) == started and not is_zombie(int(pid))


def birth(pid: int) -> str:
    """What tells a process from a later one of the same number, for as long as it is there, be it as a zombie.

    Empty where there is none. Where the system does not tell, all that are there have the same.
    """
    if os.path.isdir(PROC):
        fields = stat_fields(pid)
        return fields[START_TIME] if fields else ""
    return "-" if _is_there(pid) else ""


def _is_there(pid: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        # to ask it by a signal, as elsewhere, would interrupt it
        system = ctypes.windll.kernel32
        handle = system.OpenProcess(_MAY_WAIT, False, pid)
        if not handle:
            return False
        has_ended = system.WaitForSingleObject(handle, 0) == 0
        system.CloseHandle(handle)
        return not has_ended
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def is_zombie(pid: int) -> bool:
    """Whether a process has ended and its parent takes no note of that; as far as the system tells."""
    fields = stat_fields(pid)
    return bool(fields) and fields[STATE] == "Z"


def _processes() -> Iterator[Process]:
    booted = _booted()
    if booted is None:
        return
    for entry in os.listdir(PROC):
        fields = stat_fields(int(entry)) if entry.isdigit() else []
        if not fields or fields[STATE] == "Z":  # it ended; a zombie holds nothing
            continue
        since_boot = int(fields[START_TIME]) / _ticks_a_second()
        yield Process(
            pid=int(entry),
            name=fields[NAME],
            parent=int(fields[PARENT]),
            started=booted + since_boot,
        )


def _ticks_a_second() -> int:
    if sys.platform == "win32":
        return 1  # nobody asks where there is no /proc
    return os.sysconf("SC_CLK_TCK")


def stat_fields(pid: int) -> list[str]:
    """What the system tells of a process in short: its name, state, parent, ...; nothing when it has ended."""
    head, _, tail = os.fsdecode(_read(f"{PROC}/{pid}/stat")).rpartition(")")
    # the name may hold spaces and parentheses, so the others are counted from behind it
    fields = [head.partition("(")[2], *tail.split()]
    return fields if len(fields) > START_TIME else []


def _booted() -> float | None:
    for line in _read(f"{PROC}/stat").splitlines():
        if line.startswith(b"btime "):
            return float(line.split()[1])
    return None


def _works_in(process: Process, places: Set[str]) -> bool:
    folder = f"{PROC}/{process.pid}"
    try:
        directory = os.readlink(f"{folder}/cwd")
    except OSError:
        return False
    words = strings_of(f"{folder}/cmdline")
    waits_for_us = process.parent == os.getpid() and "update-ref" in words
    if waits_for_us or any(command in words for command in _HOLD_NOTHING):
        return False
    # it may be told of its repository by an option, by a variable, or by where it stands
    named = [directory]
    for word in words:
        named.append(word.removeprefix("--git-dir="))
    for variable in strings_of(f"{folder}/environ"):
        name, _, value = variable.partition("=")
        if name in _NAMES:
            named.append(value)
    paths = [os.path.join(directory, name) for name in named]
    return not places.isdisjoint(map(os.path.realpath, paths))


def strings_of(path: str) -> list[str]:
    """What a file of /proc holds, parted by null bytes."""
    return [text for text in os.fsdecode(_read(path)).split("\0") if text]


def _has_open(pid: int, files: Sequence[str]) -> bool:
    folder = f"{PROC}/{pid}/fd"
    try:
        handles = os.listdir(folder)
        return any(os.readlink(f"{folder}/{handle}") in files for handle in handles)
    except OSError:  # it ended, or is none of ours to look into
        return False


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
