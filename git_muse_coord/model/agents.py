"""What the programs of coding agents tell their hooks, in one form for all of them, and what a hook answers.

The words of each program are known to ``integrations/agents/`` alone.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_enum import StrEnum

if TYPE_CHECKING:
    from git_muse_coord.model.records import Receipt


class Moment(StrEnum):
    """When in the life of an agent a hook is called."""

    SESSION_START = "session-start"
    AGENT_START = "agent-start"
    BEFORE_EDIT = "before-edit"
    AFTER_EDIT = "after-edit"
    BEFORE_SHELL = "before-shell"
    AFTER_SHELL = "after-shell"
    AGENT_END = "agent-end"
    SESSION_END = "session-end"


class Edit(NamedTuple):
    """What a tool is about to do with one file, or has done.

    ``path`` is absolute. ``before`` and ``after`` are the whole texts, None where there is no file:
    a file that is made has no ``before``, one that is deleted no ``after``.
    """

    path: str
    before: bytes | None
    after: bytes | None


class AgentEvent(NamedTuple):
    """One call of a hook.

    ``program`` is the short name that run ids begin with (``claude``); ``session`` and ``agent``
    are the program's own ids, ``agent`` only where a sub-agent acts. ``tool_use`` tells the calls
    of tools apart where the program does. ``source`` says why a session starts or ends (startup,
    resume, clear, compact, ...; empty where the program does not say). ``edits`` are those of the
    files that could be computed. ``name`` is the program's own for the event, where answers repeat it.
    """

    program: str
    moment: Moment
    session: str
    cwd: str
    agent: str | None = None
    tool_use: str | None = None
    source: str = ""
    edits: tuple[Edit, ...] = ()
    name: str = ""


class Decision(StrEnum):
    """What becomes of a tool's call where a hook is asked. There is no allowing: that is the person's."""

    INFORM = "inform"
    ASK = "ask"
    DENY = "deny"


class AgentAnswer(NamedTuple):
    """What an agent is told; an empty text is silence.

    ``receipts`` are to be written once it was told: of the messages that are in the text.
    """

    text: str = ""
    decision: Decision = Decision.INFORM
    receipts: tuple[Receipt, ...] = ()
