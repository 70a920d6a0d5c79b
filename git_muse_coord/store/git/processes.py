"""Who may be at work in a repository, where the system tells (``/proc``)."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

PROC = "/proc"
_SLACK_SECONDS = 2.0
_HOLD_NOTHING = ("muse-coord", "fsmonitor--daemon")
"""Commands of git that write no refs themselves: what starts our program, and what watches a worktree for ever."""

_OURSELVES = "git-muse-coord"
_NAMES = ("GIT_DIR", "GIT_COMMON_DIR")


class Process(NamedTuple):
    """A process of this machine; ``started`` is in seconds since 1970."""

    pid: int
    name: str
    parent: int
    started: float


def user_of(files: Sequence[str], places: Collection[str], since: float) -> int | None:
    """A process that may be using files: one that has any open, or a git at work in one of some directories.

    A git that was started after ``since`` counts for nothing, and neither does the one that waits
    for our next transaction. None: there is no such process, or the system does not tell.
    """
    for process in _processes():
        is_git = process.name.startswith("git") and process.name != _OURSELVES
        was_there = process.started <= since + _SLACK_SECONDS
        if (is_git and was_there and _works_in(process, places)) or _has_open(process.pid, files):
            return process.pid
    return None


def _processes() -> Iterator[Process]:
    booted = _booted()
    if booted is None:
        return
    for entry in os.listdir(PROC):
        facts = _read(f"{PROC}/{entry}/stat") if entry.isdigit() else b""
        head, _, tail = facts.rpartition(b")")
        fields = tail.split()
        if len(fields) > 19 and fields[0] != b"Z":  # a zombie holds nothing
            name = os.fsdecode(head.partition(b"(")[2])
            yield Process(
                int(entry),
                name,
                int(fields[1]),
                booted + int(fields[19]) / os.sysconf("SC_CLK_TCK"),
            )


def _booted() -> float | None:
    for line in _read(f"{PROC}/stat").splitlines():
        if line.startswith(b"btime "):
            return float(line.split()[1])
    return None


def _works_in(process: Process, places: Collection[str]) -> bool:
    folder = f"{PROC}/{process.pid}"
    try:
        directory = os.readlink(f"{folder}/cwd")
    except OSError:
        return False
    words = os.fsdecode(_read(f"{folder}/cmdline")).split("\0")
    waits_for_us = process.parent == os.getpid() and "update-ref" in words
    if waits_for_us or any(command in words for command in _HOLD_NOTHING):
        return False
    named = [word.removeprefix("--git-dir=") for word in words if word]
    for variable in os.fsdecode(_read(f"{folder}/environ")).split("\0"):
        name, _, value = variable.partition("=")
        if name in _NAMES:
            named.append(value)
    paths = [directory, *(os.path.join(directory, name) for name in named)]
    return any(os.path.realpath(path) in places for path in paths)


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
