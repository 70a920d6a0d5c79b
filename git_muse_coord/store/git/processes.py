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
_HOLD_NOTHING = {"muse-coord", "fsmonitor--daemon"}
"""Commands of git that write no refs themselves: what starts our program, and what watches a worktree for ever."""

_OURSELVES = "git-muse-coord"
_PASSING_ON = ("git", "sh", "bash", "dash", "zsh", "fish", "env", "timeout", _OURSELVES)
"""What stands between a program and the hook that it calls."""
_NAMES = ("GIT_DIR", "GIT_COMMON_DIR")
_ZOMBIE = "Z"
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
    latest_start = since + _SLACK_SECONDS
    for process in _processes():
        if _has_open(process.pid, files):
            return process.pid
        if not process.name.startswith("git") or process.name == _OURSELVES:
            continue
        was_there = process.started <= latest_start
        if was_there and _works_in(process, places):
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
        if not fields:
            break
        if fields[NAME] not in _PASSING_ON:
            return f"{parent} {fields[START_TIME]}"
    return ""


def is_running(program: str) -> bool:
    """Whether the program of such a name is there still."""
    digits, _, started = program.partition(" ")
    if not digits.isdigit():
        return False
    pid = int(digits)
    # Numbers of processes are used again, with another time.
    return birth(pid) == started and not is_zombie(pid)


def birth(pid: int) -> str:
    """What tells a process from a later one of the same number, for as long as it is there, be it as a zombie.

    Empty where there is none. Where the system does not tell, all that are there have the same.
    """
    if not os.path.isdir(PROC):
        return "-" if _is_there(pid) else ""
    fields = stat_fields(pid)
    if not fields:
        return ""
    return fields[START_TIME]


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
    if not fields:
        return False
    return fields[STATE] == _ZOMBIE


def _processes() -> Iterator[Process]:
    booted = _booted()
    if booted is None:
        return
    for entry in os.listdir(PROC):
        if not entry.isdigit():
            continue
        pid = int(entry)
        fields = stat_fields(pid)
        if not fields or fields[STATE] == _ZOMBIE:  # it ended; a zombie holds nothing
            continue
        since_boot = int(fields[START_TIME]) / _ticks_a_second()
        yield Process(
            pid=pid,
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
    told = _read(f"{PROC}/{pid}/stat")
    # the name may hold spaces and parentheses, so the others are counted from behind it
    head, _, tail = os.fsdecode(told).rpartition(")")
    _, _, name = head.partition("(")
    fields = [name, *tail.split()]
    if len(fields) <= START_TIME:
        return []
    return fields


def _booted() -> float | None:
    """When this machine was started, in seconds since 1970."""
    told = _read(f"{PROC}/stat")
    for line in told.splitlines():
        if line.startswith(b"btime "):
            seconds = line.removeprefix(b"btime ")
            return float(seconds)
    return None


def _works_in(process: Process, places: Set[str]) -> bool:
    folder = f"{PROC}/{process.pid}"
    try:
        directory = os.readlink(f"{folder}/cwd")
    except OSError:
        return False
    words = strings_of(f"{folder}/cmdline")
    waits_for_us = process.parent == os.getpid() and "update-ref" in words
    if waits_for_us or not _HOLD_NOTHING.isdisjoint(words):
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
    real_paths = map(os.path.realpath, paths)
    return not places.isdisjoint(real_paths)


def strings_of(path: str) -> list[str]:
    """What a file of /proc holds, parted by null bytes."""
    text = os.fsdecode(_read(path))
    return list(filter(None, text.split("\0")))


def _has_open(pid: int, files: Sequence[str]) -> bool:
    folder = f"{PROC}/{pid}/fd"
    try:
        for handle in os.listdir(folder):
            file = os.readlink(f"{folder}/{handle}")
            if file in files:
                return True
    except OSError:  # it ended, or is none of ours to look into
        return False
    return False


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
