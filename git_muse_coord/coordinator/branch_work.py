"""What a branch did at held addresses, as git and the symbols tell it: the values that ``rules.landed`` judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set as AbstractSet
from functools import cached_property

from git_muse_coord.coordinator.held_files import (
    HeldFiles,
    HeldPlaces,
    Inside,
    NotClear,
)
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.address import Address
from git_muse_coord.model.light_time import datetime
from git_muse_coord.rules.landed import Parting, Work
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.touched import Touched
from git_muse_coord.store.git.branch_log import (
    BranchLog,
    added_since,
    has_stash,
    read_log,
)
from git_muse_coord.store.git.branches import Branch
from git_muse_coord.store.git.commit_changes import between_commits, by_commits
from git_muse_coord.store.git.commits import bases
from git_muse_coord.store.git.worktrees import Worktree, worktrees

MOST_BASES = 4
"""Criss-cross merges can have many bases."""


class BranchWork:
    """The work on the branches of this clone, compared with its default branch."""

    def __init__(self, session: Session, default: Branch) -> None:
        self._repository = session.repository
        self._git = session.repository.git
        self._default = default
        # One reader for all, because several comparisons meet the same versions of files.
        self._here = HeldFiles(session.repository, session.sources())
        self._logs: dict[str, BranchLog] = {}

    def moved_at(self, tip: Branch) -> datetime | None:
        """When a branch last moved, which it does where somebody is at work; None where that is not known."""
        log = self._log(tip)
        return log.moved_at

    def since(
        self,
        commit: str | None,
        tip: Branch,
        addresses: Iterable[Address],
        names: AbstractSet[str],
    ) -> Work:
        """What was done at held addresses on a branch since a commit, and in the worktrees of some names.

        Raises NotClear, and what git raises where objects are missing.
        """
        places = [(address, address) for address in addresses]
        held: HeldPlaces = Places(places)
        # The cheapest question comes first: most branches are under way, and many untouched.
        made = self._made(commit, tip, held)
        # Put aside, it may be of anything, and is still to come.
        if has_stash(self._git, tip.name):
            raise NotClear("there is more in the stash")
        together = self._between(commit, tip.commit, held)
        parting = self._parting(tip.commit, held)
        elsewhere: list[Parting] = []
        uncommitted: list[Touched] = []
        for files in self._files_of_holders(tip, names):
            uncommitted += files.uncommitted(held)
            head = files.repository.head()
            # The holder went on to another branch, or stands in the middle of a rebase.
            if head.commit not in (None, tip.commit):
                elsewhere.append(self._parting(head.commit, held))
        return Work(
            made=made.touched,
            renamed=made.renamed,
            together=together,
            tip=parting,
            elsewhere=elsewhere,
            uncommitted=uncommitted,
        )

    def _log(self, tip: Branch) -> BranchLog:
        log = self._logs.get(tip.name)
        if log is None:
            log = read_log(self._git, tip.name)
            self._logs[tip.name] = log
        return log

    def _made(
        self,
        commit: str | None,
        tip: Branch,
        held: HeldPlaces,
    ) -> Inside:
        """What the commits touch that were made here, are on the branch now, and were not when it was reserved."""
        log = self._log(tip)
        wanted: list[str] = []
        # Without a commit made here, what is on the branch need not be asked.
        if log.made:
            added = added_since(self._git, commit, tip.commit)
            if added is None:
                raise NotClear("the commit of the reservation is not here any more")
            wanted = [made for made in log.made if made in added]
        together = Inside([], [])
        # The oldest first, so that what was renamed twice is followed.
        wanted.reverse()
        for deltas in by_commits(self._git, wanted):
            single = self._here.inside(deltas, held)
            together.touched.extend(single.touched)
            together.renamed.extend(single.renamed)
        if not together.touched:
            raise NotClear("nothing was done at the held addresses")
        return together

    def _parting(self, commit: str, held: HeldPlaces) -> Parting:
        """What a commit did since it parted from the default branch, and where the two differ now."""
        parted_at = bases(self._git, commit, self._default.commit)
        if not 1 <= len(parted_at) <= MOST_BASES:
            raise NotClear("the branch has no clear history in common with the default branch")
        did: list[Touched] = []
        for base in parted_at:
            did += self._between(base, commit, held)
        differs = self._between(self._default.commit, commit, held)
        return Parting(did, differs)

    def _between(
        self,
        old: str | None,
        new: str,
        held: HeldPlaces,
    ) -> list[Touched]:
        if old == new:
            return []
        deltas = between_commits(self._git, old, new)
        inside = self._here.inside(deltas, held)
        return inside.touched

    def _files_of_holders(self, tip: Branch, names: AbstractSet[str]) -> Iterator[HeldFiles]:
        """The files of the worktrees that are named, and of that in which the branch is checked out."""
        for worktree in self._worktrees:
            is_named = worktree.name in names
            is_on_branch = worktree.branch == tip.name
            # What somebody removed holds nothing any more.
            if (is_named or is_on_branch) and not worktree.is_gone:
                yield HeldFiles.of(worktree, self._repository)

    @cached_property
    def _worktrees(self) -> list[Worktree]:
        return worktrees(self._repository)
