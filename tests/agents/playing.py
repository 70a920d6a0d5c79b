"""Agents at work, as their programs would tell of it: each edit is asked about, made if nothing stops it, and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from git_muse_coord.coordinator.agents.events import answer_event, was_told
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.agents import AgentAnswer, AgentEvent, Decision, Edit, Moment
from tests.tools import NOON, Repo

SOURCE = '''"""A module."""


def f(x):
    return x


def g(x):
    return f(x) + 1


def h(x):
    return 2 * x
'''


@dataclass
class Clock:
    """The time of a play."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Player:
    """One agent, or sub-agent, at work in one worktree."""

    path: Path
    session: str
    clock: Clock
    agent: str | None = None
    program: str = "claude"
    process: Callable[[], str] = str
    tool_uses: count[int] = field(default_factory=count)

    @property
    def run_id(self) -> str:
        return f"{self.program}:{self.session}" + (f"/{self.agent}" if self.agent else "")

    def sub(self, agent: str) -> Player:
        return Player(self.path, self.session, self.clock, agent, self.program)

    def tell(self, moment: Moment, *edits: Edit, tool_use: str | None = None) -> AgentAnswer:
        session = Session(str(self.path), clock=self.clock, stays=False)
        event = AgentEvent(
            self.program,
            moment,
            self.session,
            str(self.path),
            self.agent,
            tool_use,
            edits=edits,
        )
        answer = answer_event(session, event, process=self.process)
        was_told(session, answer)
        return answer

    def start(self) -> str:
        return self.tell(Moment.AGENT_START if self.agent else Moment.SESSION_START).text

    def end(self) -> None:
        self.tell(Moment.AGENT_END if self.agent else Moment.SESSION_END)

    def ask(self, path: str, old: str, new: str, tool_use: str | None = None) -> AgentAnswer:
        """Tell of an edit, and do not make it."""
        place = self.path / path
        before = place.read_bytes() if place.exists() else None
        after = (before or b"").replace(old.encode(), new.encode()) if old else new.encode()
        return self.tell(Moment.BEFORE_EDIT, Edit(str(place), before, after), tool_use=tool_use)

    def edit(self, path: str, old: str, new: str) -> AgentAnswer:
        """Make an edit, if nothing stops it; the answer is that from before it."""
        place = self.path / path
        tool_use = f"t{next(self.tool_uses)}"
        before = place.read_bytes() if place.exists() else None
        after = (before or b"").replace(old.encode(), new.encode()) if old else new.encode()
        edit = Edit(str(place), before, after)
        answer = self.tell(Moment.BEFORE_EDIT, edit, tool_use=tool_use)
        if answer.decision is not Decision.DENY:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(after)
            self.heard = self.tell(Moment.AFTER_EDIT, edit, tool_use=tool_use).text
        return answer

    def shell(self, action: Callable[[], object] = lambda: None) -> str:
        """Run a command in the shell; what the agent hears of it."""
        tool_use = f"s{next(self.tool_uses)}"
        self.tell(Moment.BEFORE_SHELL, tool_use=tool_use)
        action()
        return self.tell(Moment.AFTER_SHELL, tool_use=tool_use).text


def held(repo: Repo) -> dict[str, set[str]]:
    """What each run holds, by its id."""
    addresses: dict[str, set[str]] = {}
    for reservation in repo.json("list")["reservations"]:
        addresses.setdefault(reservation["run_id"], set()).update(reservation["addresses"])
    return addresses


def a_place(repo: Repo, *settings: str) -> None:
    """A repository in which hooks are at work, with some files, and settings such as ``agentMode=block``."""
    repo.git("config", "muse-coord.autoReserve", "true")
    for setting in settings:
        name, _, value = setting.partition("=")
        repo.git("config", f"muse-coord.{name}", value)
    for name in ("src/a.py", "src/b.py", "src/c.py"):
        repo.write(name, SOURCE)
    repo.write(".gitignore", "build/\n")
    repo.commit("Modules")


def a_worktree(repo: Repo, name: str) -> Path:
    """Another worktree of a repository, on a branch of its own."""
    path = repo.path.parent / name
    repo.git("worktree", "add", "-q", "-b", name, str(path))
    return path
