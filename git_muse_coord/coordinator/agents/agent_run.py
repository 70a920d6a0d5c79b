"""The run that an event is about, and whose reservations cannot stand in its way."""

from __future__ import annotations

from git_muse_coord.coordinator.kin import Kin
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import (
    REF_PREFIX,
    UNKNOWN,
    Message,
    Reservation,
)

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.light_time import datetime
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.store.agent_memory.memory import AgentMemory


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

    def sees_any(self) -> bool:
        """Whether there are reservations, or messages, here at all."""
        # One ref tells it, and what reads records need not be loaded.
        folders = [f"{REF_PREFIX}{kind.folder}/" for kind in (Reservation, Message)]
        git = self.session.repository.git
        listed = git.ask("for-each-ref", "--count=1", *folders)
        return bool(listed.out)

    def kin(self) -> Kin:
        """Who is kin of the run now."""
        return Kin(self.session, self.run_id)

    def noted(self, name: str) -> str:
        """A note about the run; empty where there is none."""
        return self.memory.notes.read(self.run_id, name)

    def note(self, name: str, text: str) -> None:
        """Put a note in the place of the one of that name."""
        notes = self.memory.notes
        notes.write(
            self.run_id,
            name,
            text,
            self.now,
        )

    def is_news(self, what: str) -> bool:
        """Whether the run hears of something for the first time."""
        notes = self.memory.notes
        return notes.is_news(self.run_id, what, self.now)
