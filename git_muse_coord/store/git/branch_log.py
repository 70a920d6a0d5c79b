"""The reflog of a branch: which commits were made on it in this clone, and not only came to it from elsewhere."""

from __future__ import annotations

import re
from typing import NamedTuple

from git_muse_coord.model.light_time import UTC, datetime
from git_muse_coord.store.git.process import Git

MOST = 200
"""Entries of a reflog, and commits of a rebase, that are looked at."""

_FIELDS = "%H%x00%P%x00%gd%x00%gs"
_MADE = re.compile(r"(?:commit|cherry-pick|revert|am)\b")
_FIRST = "commit (initial)"
_REBASED = re.compile(r"\(finish\).* onto ([0-9a-f]{40,64})$")
"""How git ends a rebase, whatever the user called it; what was replayed lies between that commit and the new one."""
_TIME = re.compile(r"@\{([0-9]{1,10})\}$")


class BranchLog(NamedTuple):
    """The commits that were made or replayed on a branch here, without merges, and when the branch last moved."""

    made: list[str]
    moved_at: datetime | None


def read_log(git: Git, branch: str) -> BranchLog:
    """Read the reflog of a branch; where there is none, nothing was made.

    Nor was it where a branch was moved, reset, or taken forward to the work of others.
    """
    answer = git.ask(
        "log",
        "-g",
        "--no-show-signature",
        "--no-color",
        f"--max-count={MOST}",
        "--date=unix",
        f"--format={_FIELDS}",
        f"refs/heads/{branch}",
        "--",
    )
    *rows, _ = answer.text.split("\n")
    made: dict[str, None] = {}
    times: list[int] = []
    for row in rows:
        commit, parents, selector, subject = row.split("\0", 3)
        rebased = _REBASED.search(subject)
        if rebased is not None:
            replayed = _replayed(git, rebased[1], commit)
            made.update(dict.fromkeys(replayed))
        elif _MADE.match(subject) and _has_one_parent(parents, subject):
            made[commit] = None
        time = _TIME.search(selector)
        if time is not None:
            times.append(int(time[1]))
    moved_at: datetime | None = None
    if times:
        moved_at = datetime.fromtimestamp(max(times), UTC)
    return BranchLog(list(made), moved_at)


def _has_one_parent(parents: str, subject: str) -> bool:
    """Whether what a commit did can be told from its parent; that of a shallow clone may not be here."""
    number = len(parents.split())
    is_first = number == 0 and subject.startswith(_FIRST)
    return is_first or number == 1


def _replayed(
    git: Git,
    onto: str,
    commit: str,
) -> list[str]:
    command = ("rev-list", "--no-merges", f"--max-count={MOST}")
    answer = git.ask(*command, commit, f"^{onto}", "--")
    return answer.words


def added_since(
    git: Git,
    commit: str | None,
    tip: str,
) -> set[str] | None:
    """The commits on a tip that were not on an older commit; None where one of the two is not here."""
    ends = [tip]
    if commit:
        ends.append(f"^{commit}")
    answer = git.ask("rev-list", "--no-merges", *ends, "--")
    if answer.code:
        return None
    return set(answer.words)


def has_stash(git: Git, branch: str) -> bool:
    """Whether changes lie in the stash that were made on a branch."""
    options = ("--no-show-signature", "--no-color", "--format=%gs")
    answer = git.ask("log", "-g", *options, "refs/stash", "--")
    # how git begins to describe what it puts there, by itself or with a message
    beginnings = (f"WIP on {branch}: ", f"On {branch}: ")
    for subject in answer.text.split("\n"):
        if subject.startswith(beginnings):
            return True
    return False
