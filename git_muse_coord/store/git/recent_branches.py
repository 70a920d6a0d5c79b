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
    names = fields[0::3]
    commits = fields[1::3]
    moments = fields[2::3]
    for name, commit, moment in zip(names, commits, moments, strict=False):
        # Each line but the first begins with the end of the one before.
        name = name.removeprefix("\n")
        # a branch need not name a commit, which alone has a time
        moved_at = float(moment or 0)
        yield RecentBranch(name, commit, moved_at)


class CommitFacts(NamedTuple):
    """The tree of a commit, and when it was made, in seconds since 1970."""

    tree: str
    made_at: float


def facts_of_commits(git: Git, commits: Collection[str]) -> dict[str, CommitFacts]:
    """What is to be known of some commits, by their ids; without those that are not here."""
    if not commits:
        return {}
    lines = git.lines(
        "log",
        "--ignore-missing",
        "--no-walk=unsorted",
        "--no-show-signature",
        "--format=%H %T %ct",
        *commits,
        "--",
    )
    facts: dict[str, CommitFacts] = {}
    for line in lines:
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
    command = ("rev-list", "--topo-order", "--parents", *commits, "--not", target, "--")
    on: dict[str, set[str]] = {}
    reached_from: dict[str, set[str]] = defaultdict(set)
    for commit in commits:
        on[commit] = set()
        reached_from[commit].add(commit)
    # Children come before their parents, so that whatever reaches a commit is known by then.
    for line in git.lines(*command):
        commit, *parents = line.split(" ")
        tips = reached_from[commit]
        for tip in tips:
            on[tip].add(commit)
        for parent in parents:
            reached_from[parent] |= tips
    return on
