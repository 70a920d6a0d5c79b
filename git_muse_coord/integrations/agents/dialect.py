"""What there is to know of a program: its names for events and tools, and how it wants to be answered."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from git_muse_coord.integrations.agents.fields import Payload
    from git_muse_coord.model.agents import (
        AgentAnswer,
        AgentEvent,
        Edit,
        Moment,
    )

    Read = Callable[[str], bytes | None]
    """A file as it is now, None where there is none."""


class ToolCall(NamedTuple):
    """A tool that is about to be used, or, where ``is_done``, that was used."""

    arguments: Payload
    response: Payload
    cwd: str
    is_done: bool
    read: Read


if TYPE_CHECKING:
    Tool = Callable[[ToolCall], Iterable[Edit]]
    """Computes what a call of a tool does to files; nothing where that cannot be computed."""


class Dialect(NamedTuple):
    """How a program speaks.

    ``moments`` says what its events are. Those of tools are told as edits there; a tool among ``shells`` makes them
    moments of the shell, one that is neither there nor in ``tools`` does not concern us. ``failures`` are the events
    of tools that failed.
    """

    program: str
    moments: Mapping[str, Moment]
    tools: Mapping[str, Tool]
    answer: Callable[[AgentEvent, AgentAnswer], Payload | None]
    shells: frozenset[str] = frozenset()
    failures: frozenset[str] = frozenset()
    event: tuple[str, ...] = ("hook_event_name",)
    session: tuple[str, ...] = ("session_id",)
    agent: tuple[str, ...] = ("agent_id",)
    tool: tuple[str, ...] = ("tool_name",)
    arguments: tuple[str, ...] = ("tool_input",)
    tool_use: tuple[str, ...] = ("tool_use_id",)
