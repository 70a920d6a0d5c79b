"""The run that an event is about, and whose reservations cannot stand in its way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.kin import is_kin
from git_muse_coord.store.agent_memory import AgentMemory


class AgentRun(NamedTuple):
    """A run at work in the worktree of a session, at the moment of an event."""

    session: Session
    run_id: RunId
    now: datetime

    @property
    def memory(self) -> AgentMemory:
        """What is remembered of it and of the others."""
        return self.session.agent_memory

    @property
    def worktree(self) -> str:
        """What names its worktree in the memory."""
        return self.session.repository.git_dir

    @property
    def is_somebody(self) -> bool:
        """Whether it has an identity: for nobody nothing is reserved."""
        return self.run_id != UNKNOWN

    def kin(self) -> Callable[[RunId], bool]:
        """Whether a run is kin: of its own family, or one that has ended and left its work in this worktree."""
        ended = self.session.ended_here()

        def is_kin_of_ours(other: RunId) -> bool:
            return is_kin(self.run_id, other, ended)

        return is_kin_of_ours

    def is_news(self, what: str) -> bool:
        """Whether the run hears of something for the first time."""
        return self.memory.notes.is_news(self.run_id, what, self.now)
