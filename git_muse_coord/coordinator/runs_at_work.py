"""Whose the work in a worktree or on a branch is, as far as this clone knows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from git_muse_coord.coordinator.own_identity import OwnIdentity
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.stakes import Stake
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.worktrees import Worktree
from git_muse_coord.store.settings import Settings


class Workers(NamedTuple):
    """The run that is at work somewhere, None where nobody knows; and all that have to do with it."""

    run_id: RunId | None
    all: frozenset[RunId]


class RunsAtWork:
    """What is known of runs: what was announced in this clone, who was seen where, what each worktree is called.

    On the branch ``shared``, onto which all work goes in the end, a record of another clone says
    nothing about the work here.
    """

    def __init__(
        self,
        session: Session,
        announced: Sequence[Stake],
        shared: str,
    ) -> None:
        self._session = session
        self._announced = announced
        self._shared = shared

    def on_branch(self, branch: str) -> Workers:
        """Who works on a branch that is checked out nowhere."""
        holders = self._holders(branch, None)
        return _workers([], holders)

    def in_worktree(
        self,
        worktree: Worktree,
        branch: str | None,
        repository: Repository,
    ) -> Workers:
        """Who works in a worktree."""
        # Whoever was seen there last comes first, then who holds something, then who it is called.
        seen: list[RunId] = []
        others: set[RunId] = set()
        if self._session.has_agent_memory:
            memory = self._session.agent_memory
            others = memory.runs_in(repository.git_dir)
            latest = memory.latest_in(repository.git_dir)
            if latest is not None:
                seen.append(latest)
        holders = self._holders(branch, worktree.name)
        named = self._named(repository)
        workers = _workers(seen, [*holders, *named])
        everybody = workers.all | others
        return workers._replace(all=everybody)

    def _holders(self, branch: str | None, worktree: str | None) -> list[RunId]:
        """The runs with something announced there, the latest first."""
        holders: dict[RunId, None] = {}
        for stake in reversed(self._announced):
            made_in = self._made_in.get(stake.id)
            is_there = worktree is not None and made_in == worktree
            is_on_it = branch is not None and stake.branch == branch
            tells = made_in is not None or branch != self._shared
            if is_there or (is_on_it and tells):
                holders[stake.run_id] = None
        holders.pop(UNKNOWN, None)
        return list(holders)

    @cached_property
    def _made_in(self) -> dict[RecordId, str]:
        return self._session.store.made_here.worktrees()

    def _named(self, repository: Repository) -> list[RunId]:
        """The run that whoever says nothing is in a worktree, if that is one to stay."""
        session = self._session
        is_here = repository.git_dir == session.repository.git_dir
        settings = Settings.of(repository.configuration)
        own = OwnIdentity(repository, lambda: settings)
        try:
            identity = own.now()
            if is_here:
                identity = session.identity()
        except BadInput:
            return []
        if identity.run_id == UNKNOWN:
            return []
        # What is made up for this process alone is nobody.
        if not own.is_lasting(identity):
            return []
        return [identity.run_id]


def _workers(seen: list[RunId], known: list[RunId]) -> Workers:
    everybody = [*seen, *known]
    latest: RunId | None = None
    if everybody:
        latest = everybody[0]
    return Workers(latest, frozenset(everybody))
