"""The sides of work under way: each worktree as it is now, and each branch that is checked out in none."""

from __future__ import annotations

import os
from collections.abc import (
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)

from git_muse_coord.coordinator.runs_at_work import RunsAtWork, Workers
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.model.wording import few
from git_muse_coord.rules.radar import SIDES_MOST, WorkSide, is_recent
from git_muse_coord.rules.stakes import Stake
from git_muse_coord.store.git.branches import Branch
from git_muse_coord.store.git.merges import Merges
from git_muse_coord.store.git.recent_branches import (
    CommitFacts,
    RecentBranch,
    facts_of_commits,
    pushed_of,
    recent_branches,
    unmerged_on,
)
from git_muse_coord.store.git.uncommitted import Uncommitted, uncommitted
from git_muse_coord.store.git.worktrees import Worktree, rebased_branch, worktrees

_SECONDS = 5.0
"""So long the files of all worktrees together are waited for."""


class _Place(NamedTuple):
    """Where work is done: a branch, a worktree, or both; ``held`` is what lies there uncommitted, as far as known."""

    branch: str | None
    worktree: Worktree | None
    commit: str
    held: Uncommitted | None


class SidesAtWork:
    """The sides of one clone. ``gaps`` are told what could not be looked at."""

    def __init__(
        self,
        session: Session,
        announced: Sequence[Stake],
        merges: Merges,
        target: Branch,
        gaps: list[str],
    ) -> None:
        self._session = session
        self._git = session.repository.git
        self._merges = merges
        self._target = target
        self._gaps = gaps
        self._now = session.now().timestamp()
        self._runs = RunsAtWork(session, announced, target.name)

    def sides(self) -> list[WorkSide]:
        """All that hold anything that is not in the target, by their commits."""
        places = self._places()
        commits = {place.commit for place in places}
        facts = facts_of_commits(self._git, commits)
        # A repository may have lost the objects of one of them.
        places = [place for place in places if place.commit in facts]
        unmerged = unmerged_on(self._git, facts.keys(), self._target.commit)
        pushed = self._pushed(places)
        sides: list[WorkSide] = []
        for place in places:
            commit = place.commit
            is_pushed = place.branch in pushed
            side = self._side(place, facts[commit], unmerged[commit], is_pushed)
            if side is not None:
                sides.append(side)
        return _named_apart(sides)

    def _places(self) -> list[_Place]:
        branches = self._branches()
        places = list(self._worktrees(branches))
        checked_out = {place.branch for place in places}
        for name, branch in branches.items():
            if name in checked_out:
                continue
            if is_recent(branch.moved_at, self._now):
                places.append(_Place(name, None, branch.commit, None))
        return places

    def _branches(self) -> dict[str, RecentBranch]:
        try:
            return {branch.name: branch for branch in recent_branches(self._git)}
        except StoreFailed as error:
            self._gaps.append(f"without the branches that are not checked out: {error.message}")
            return {}

    def _worktrees(self, branches: Mapping[str, RecentBranch]) -> Iterator[_Place]:
        """The worktrees that could be entered."""
        try:
            listed = worktrees(self._session.repository)
        except StoreFailed as error:
            self._gaps.append(f"without the worktrees: {error.message}")
            return
        listed.sort(key=self._last_use, reverse=True)
        asked = listed[:SIDES_MOST]
        unread: list[str] = []
        entered = uncommitted(
            self._session.repository,
            asked,
            self._merges,
            _SECONDS,
            self._edited(asked),
            unread,
        )
        for worktree, held in entered:
            if held.trouble:
                self._gaps.append(f"{worktree.top} counts as committed: {held.trouble}")
            if held.too_many:
                self._gaps.append(
                    f"{held.too_many:,} changed files in {worktree.top} are too many to look at"
                )
            place = _place(worktree, held, branches)
            if place is not None:
                yield place
        if unread:
            self._gaps.append(f"these worktrees cannot be entered, or not in time: {few(unread)}")

    def _edited(self, asked: Iterable[Worktree]) -> dict[str, Collection[str]]:
        """The files that agents' tools edited, by the names of the worktrees."""
        edited: dict[str, Collection[str]] = {}
        if not self._session.has_agent_memory:
            return edited
        stamps = self._session.agent_memory.stamps
        common_dir = self._session.repository.common_dir
        for worktree in asked:
            git_dir = worktree.git_dir(common_dir)
            edited[worktree.name] = stamps.edited(git_dir)
        return edited

    def _last_use(self, worktree: Worktree) -> float:
        """When git was last at work in a worktree, by what lies in its own directory, not on the disk that it is on."""
        folder = worktree.git_dir(self._session.repository.common_dir)
        times = [0.0]
        for name in ("index", "HEAD", os.path.join("logs", "HEAD")):
            path = os.path.join(folder, name)
            with suppress(OSError):
                times.append(os.stat(path).st_mtime)
        return max(times)

    def _pushed(self, places: Iterable[_Place]) -> set[str]:
        """The branches of which a remote has all; where there is no remote, every one has come as far as it can."""
        branches: dict[str, str] = {}
        for place in places:
            if place.branch is not None:
                branches[place.branch] = place.commit
        if not self._session.settings.remotes:
            return set(branches)
        return pushed_of(self._git, branches)

    def _side(
        self,
        place: _Place,
        facts: CommitFacts,
        unmerged: Collection[str],
        is_pushed: bool,
    ) -> WorkSide | None:
        """A side; None for a place at which nothing is left to be merged."""
        commit = place.commit
        held = place.held
        touched_at = facts.made_at if unmerged else 0.0
        has_uncommitted = held is not None and held.tree not in (None, facts.tree)
        if held is not None and held.tree is not None and has_uncommitted:
            touched_at = max(touched_at, held.changed_at)
            commit = self._merges.commit(held.tree, [commit])
        if not touched_at:
            return None
        top = place.worktree.top if place.worktree else None
        workers = self._workers(place)
        return WorkSide(
            name=place.branch or top or commit,
            branch=place.branch,
            worktree=top,
            commit=commit,
            run_id=workers.run_id,
            known_runs=workers.all,
            unmerged=frozenset(unmerged),
            has_uncommitted=has_uncommitted,
            is_finished=is_pushed and not has_uncommitted,
            touched_at=touched_at,
        )

    def _workers(self, place: _Place) -> Workers:
        if place.worktree is not None and place.held is not None:
            return self._runs.in_worktree(place.worktree, place.branch, place.held.repository)
        return self._runs.on_branch(place.branch or "")


def _place(
    worktree: Worktree,
    held: Uncommitted,
    branches: Mapping[str, RecentBranch],
) -> _Place | None:
    """What is done in a worktree; None before the first commit."""
    head = held.repository.head()
    rebased = rebased_branch(held.repository.git_dir)
    if rebased is not None and rebased in branches:
        # Half of it is replayed; the branch still has all of it.
        return _Place(rebased, worktree, branches[rebased].commit, held)
    if head.commit is None:
        return None
    return _Place(head.branch, worktree, head.commit, held)


def _named_apart(sides: Iterable[WorkSide]) -> list[WorkSide]:
    """The sides, each with a name of its own: git lets a branch be checked out twice, if it is forced to."""
    names: set[str] = set()
    apart: list[WorkSide] = []
    for side in sides:
        name = side.name
        if name in names:
            name = f"{name} ({side.worktree})"
        names.add(name)
        apart.append(side._replace(name=name))
    return apart
