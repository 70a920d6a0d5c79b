"""The branches of a clone on which somebody was at work lately, and how far their work has come."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping

from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.store.git.process import Git, fields_of

_LISTED_MOST = 200
"""Branches that are looked at, newest first; most of the recent ones are merged already."""
_FORMAT = "--format=%(refname:strip=2)%00%(objectname)%00%(committerdate:unix)%00"
_REMOTE = "refs/remotes/"


class RecentBranch(NamedTuple):
    """A branch of this clone; ``moved_at`` is when its last commit was made, in seconds since 1970."""

    name: str
    commit: str
    moved_at: float


def recent_branches(git: Git) -> list[RecentBranch]:
    """The branches, newest first."""
    told = git.run(
        "for-each-ref",
        "--sort=-committerdate",
        f"--count={_LISTED_MOST}",
        _FORMAT,
        "refs/heads/",
    )
    return list(_branches(told))


def _branches(told: bytes) -> Iterable[RecentBranch]:
    fields = fields_of(told)
    for name, commit, moved_at in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
        # Each line but the first begins with the end of the one before.
        yield RecentBranch(name.removeprefix("\n"), commit, float(moved_at or 0))


class CommitFacts(NamedTuple):
    """The tree of a commit, and when it was made, in seconds since 1970."""

    tree: str
    made_at: float


def facts_of_commits(git: Git, commits: Collection[str]) -> dict[str, CommitFacts]:
    """What is to be known of some commits, by their ids; without those that are not here."""
    if not commits:
        return {}
    told = git.run(
        "log",
        "--ignore-missing",
        "--no-walk=unsorted",
        "--no-show-signature",
        "--format=%H %T %ct",
        *commits,
        "--",
    )
    facts: dict[str, CommitFacts] = {}
    for line in told.decode().splitlines():
        commit, tree, moment = line.split(" ")
        facts[commit] = CommitFacts(tree, float(moment))
    return facts


def pushed_of(git: Git, branches: Mapping[str, str]) -> set[str]:
    """Those of some branches, given with their commits, that some remote has as they are here."""
    if not branches:
        return set()
    patterns = [f"{_REMOTE}*/{name}" for name in branches]
    told = git.run("for-each-ref", "--format=%(objectname) %(refname:strip=3)", *patterns)
    there: set[str] = set()
    for line in os.fsdecode(told).split("\n"):
        commit, _, name = line.partition(" ")
        if branches.get(name) == commit:
            there.add(name)
    return there


def unmerged_on(
    git: Git,
    commits: Collection[str],
    target: str,
) -> dict[str, set[str]]:
    """What is on each of some commits and not on another one, by their ids."""
    if not commits:
        return {}
    told = git.run("rev-list", "--topo-order", "--parents", *commits, "--not", target, "--")
    reached_from: dict[str, set[str]] = defaultdict(set)
    for commit in commits:
        reached_from[commit].add(commit)
    on: dict[str, set[str]] = {commit: set() for commit in commits}
    # Children come before their parents, so that whatever reaches a commit is known by then.
    for line in told.decode().splitlines():
        commit, *parents = line.split(" ")
        for tip in reached_from.get(commit, ()):
            on[tip].add(commit)
        for parent in parents:
            reached_from[parent] |= reached_from[commit]
    return on
