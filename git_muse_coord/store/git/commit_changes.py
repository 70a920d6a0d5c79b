"""What commits change that are known by their ids, many of them in one question to git."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from git_muse_coord.store.git.process import Git, fields_of, input_lines
from git_muse_coord.store.git.ranges import empty_tree
from git_muse_coord.store.git.trees import (
    PLAIN,
    Delta,
    delta_of,
    deltas_told,
)

_BY_COMMITS = ("diff-tree", "--stdin", "--root", "-r", *PLAIN)


def between_commits(
    git: Git,
    old: str | None,
    new: str,
) -> list[Delta]:
    """What differs between two commits; where there is no old one, all that is in the new."""
    if old is None:
        old = empty_tree(git)
    told = git.run("diff-tree", "-r", *PLAIN, old, new, "--")
    return deltas_told(told)


def by_commits(git: Git, commits: Iterable[str]) -> list[list[Delta]]:
    """What each of some commits changes in its parent; nothing for a merge."""
    question = input_lines(commits)
    told = git.run(*_BY_COMMITS, given=question)
    changes: list[list[Delta]] = []
    fields = iter(fields_of(told))
    for field in fields:
        # The id of a commit stands before its facts and paths.
        if not field.startswith(":"):
            changes.append([])
            continue
        path = next(fields)
        delta = delta_of(field, path)
        if delta is not None:
            changes[-1].append(delta)
    return changes


class CommitChange(NamedTuple):
    """What a commit changes in its parent; of a merge, the paths that differ from all its parents."""

    commit: str
    deltas: list[Delta]
    merged_paths: list[str]


def with_merges(git: Git, commits: Iterable[str]) -> Iterator[CommitChange]:
    """What each of some commits changes, in their order."""
    question = input_lines(commits)
    told = git.run(*_BY_COMMITS, "-c", given=question)
    change: CommitChange | None = None
    fields = iter(fields_of(told))
    for field in fields:
        # The id of a commit stands before its facts and paths.
        if not field.startswith(":"):
            if change is not None:
                yield change
            commit = field.strip()
            change = CommitChange(commit, [], [])
            continue
        path = next(fields)
        assert change is not None  # noqa: S101 - git names the commit first
        if field.startswith("::"):
            change.merged_paths.append(path)
            continue
        delta = delta_of(field, path)
        if delta is not None:
            change.deltas.append(delta)
    if change is not None:
        yield change
