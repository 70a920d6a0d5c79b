"""Where the hooks of agents' programs come in that call a tool: the engine of ``door.py``, in a process that stays.

What a program tells stands in texts, because some can put nothing else into a call; a table is JSON
in one of them. The answer is what the hook would print, had it been a process.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio
import anyio.to_thread
import mcp_types as types

from git_muse_coord.coordinator.agents.events import is_plainly_in
from git_muse_coord.coordinator.session import Session
from git_muse_coord.integrations.agents.door import answer_to, is_probe, read_file
from git_muse_coord.integrations.agents.reading import event_in
from git_muse_coord.integrations.environment import is_silent
from git_muse_coord.integrations.mcp.arguments import must_be_valid
from git_muse_coord.model.errors import NoRepository
from git_muse_coord.store.agents.answering_mark import AnsweringMark
from git_muse_coord.store.agents.hook_calls import CALLED_BY, SHARING, TOOL
from git_muse_coord.store.git.processes import program_above

if TYPE_CHECKING:
    from anyio.abc import TaskGroup

_SECONDS = 8.0
"""A program waits 10 for a hook; an answer that comes later is heard by nobody."""

_SECONDS_UNTIL_ENDED = 10.0
"""Until a server is ended that did not even see ``_SECONDS`` pass, as native code lets nothing else run."""

_SECONDS_UNTIL_OUT = 0.05
"""Until an answer is written to the program, if that has not called it off."""

_SESSIONS_MOST = 16

_TEXT = {"type": "string"}
_TEXT_OR_TABLE = {"type": ["string", "object"]}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "program": {"enum": list(CALLED_BY)},
        "hook_event_name": _TEXT,
        "session_id": _TEXT,
        "tool_input": _TEXT_OR_TABLE,
    },
    "required": ["program", "hook_event_name", "session_id"],
    "additionalProperties": _TEXT_OR_TABLE,
}
"""The fields behind that are looked at one by one, as those that a process reads."""


class _Answer(NamedTuple):
    """What a hook is to print, empty for nothing, and what is to be done once the program has it."""

    text: str
    afterwards: Callable[[], None] | None = None
    is_error: bool = False


class _Place(NamedTuple):
    """A session, and the directory of git's that it was opened on."""

    session: Session
    identity: tuple[int, int]


class HookCalls:
    """Answers the hooks of the program that started this server; one call after the other.

    Each event says where its agent stands, which may be another worktree or repository each time.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._places: dict[str, _Place] = {}
        self._program = program_above(os.getpid())
        self._mark = AnsweringMark(environment, os.getppid())
        # Beside the tools that an agent calls: its program waits for each of these.
        self._turn = anyio.CapacityLimiter(1)
        self._tasks: TaskGroup | None = None
        self._open_calls = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """While it lasts, hooks are answered; at its end processes take over."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            try:
                yield
            finally:
                self._mark.take_back()

    async def call(
        self,
        arguments: Mapping[str, Any],
        facts: Mapping[str, Any],
    ) -> types.CallToolResult:
        """Answer one call; an error is none that stops what the agent does. Raises MCPError for a malformed one.

        ``facts`` are what the program says of the call itself, beside what its hook asks for.
        """
        must_be_valid(TOOL, _SCHEMA, arguments)
        given = _with_agent(arguments, facts)
        answer = None
        with self._ended_if_stuck(), anyio.move_on_after(_SECONDS):
            answer = await anyio.to_thread.run_sync(
                self._answer, given, abandon_on_cancel=True, limiter=self._turn
            )
        if answer is None:
            self._forget()
            answer = _Answer(f"no answer within {_SECONDS:.0f} s", is_error=True)
        if answer.afterwards is not None and self._tasks is not None:
            self._tasks.start_soon(self._once_out, answer.afterwards)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=answer.text)],
            is_error=answer.is_error,
        )

    @contextmanager
    def _ended_if_stuck(self) -> Iterator[None]:
        """Have the system end this server if it gets stuck: its mark then names a dead one, and processes answer."""
        self._open_calls += 1
        _end_in(_SECONDS_UNTIL_ENDED)
        try:
            yield
        finally:
            self._open_calls -= 1
            _end_in(_SECONDS_UNTIL_ENDED if self._open_calls else 0.0)

    async def _once_out(self, afterwards: Callable[[], None]) -> None:
        """What was told counts as heard once it is out, and never where the program did not wait for it."""
        await anyio.sleep(_SECONDS_UNTIL_OUT)
        # Where that fails, it is told again.
        with suppress(Exception):
            await anyio.to_thread.run_sync(afterwards, limiter=self._turn)

    def _answer(self, given: Mapping[str, Any]) -> _Answer:
        try:
            return self._answer_in_repository(given)
        except NoRepository:
            return _Answer("")
        except Exception as error:  # the server lives on, whatever it is
            self._forget()
            return _Answer(str(error) or type(error).__name__, is_error=True)

    def _answer_in_repository(self, given: Mapping[str, Any]) -> _Answer:
        if is_silent(self._environment):
            return _Answer("")
        event = event_in(str(given["program"]), given, read_file)
        if event is None or is_probe(event, self._environment):
            return _Answer("")
        session = self._session_at(event.cwd or ".")
        text, afterwards = answer_to(session, event, self._environment, lambda: self._program)
        # What the server of a sub-agent answers says nothing of that of its session.
        if event.agent is None or event.program in SHARING:
            self._mark.put(event.session)
        return _Answer(text, afterwards if text else None)

    def _forget(self) -> None:
        """Begin anew: processes answer, until this server has shown again that it can."""
        self._mark.take_back()
        self._places = {}

    def _session_at(self, cwd: str) -> Session:
        """The session of a directory, kept from call to call. Raises NoRepository."""
        place = self._places.pop(cwd, None)
        if place is None or not _is_still(place, cwd):
            session = Session(cwd, stays=True)
            place = _Place(session, _identity_of(session))
        # The one that was used last stands last.
        self._places[cwd] = place
        if len(self._places) > _SESSIONS_MOST:
            del self._places[next(iter(self._places))]
        return place.session


def _end_in(seconds: float) -> None:
    """End this process after some seconds, with 0 not any more."""
    # it has no such timer
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _with_agent(arguments: Mapping[str, Any], facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a hook was told, with the sub-agent that it is about where its program has a thread for each."""
    thread = facts.get("threadId")
    if arguments["program"] in SHARING or thread is None or thread == arguments["session_id"]:
        return arguments
    return {**arguments, "agent_id": thread}


def _identity_of(session: Session) -> tuple[int, int]:
    facts = os.stat(session.repository.git_dir)
    return facts.st_dev, facts.st_ino


def _is_still(place: _Place, cwd: str) -> bool:
    """Whether a directory is in the same repository still: it may be deleted and made anew, or get one of its own."""
    top = place.session.repository.top
    try:
        is_same = _identity_of(place.session) == place.identity
    except OSError:
        return False
    return is_same and top is not None and is_plainly_in(cwd, top)
