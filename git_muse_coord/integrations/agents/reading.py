"""The two ways through: from what a program says to an event, and from an answer to what it wants to hear."""

from __future__ import annotations

from importlib import import_module

from git_muse_coord.integrations.agents.dialect import ToolCall
from git_muse_coord.integrations.agents.fields import (
    parsed,
    table_of,
    text_of,
    word_of,
)
from git_muse_coord.integrations.agents.recognition import OWN_WORDS, PLAIN, spoken_by
from git_muse_coord.integrations.agents.texts import is_path_text
from git_muse_coord.model.agents import AgentEvent, Moment
from git_muse_coord.model.later import json
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.integrations.agents.dialect import Dialect, Read
    from git_muse_coord.integrations.agents.fields import Payload
    from git_muse_coord.model.agents import AgentAnswer

_OF_THE_SHELL = {
    Moment.BEFORE_EDIT: Moment.BEFORE_SHELL,
    Moment.AFTER_EDIT: Moment.AFTER_SHELL,
}
_ENDS_AND_STARTS = (Moment.SESSION_START, Moment.SESSION_END)


def read_event(
    argument: str,
    payload: bytes,
    read: Read,
) -> AgentEvent | None:
    """What a program told its hook; None where that does not concern us, or is not understood.

    ``argument`` is the program named on the hook's command line; ``read`` reads a file as it is now.
    """
    said = parsed(payload)
    return None if said is None else event_in(argument, said, read)


def event_in(
    argument: str,
    said: Payload,
    read: Read,
) -> AgentEvent | None:
    """The same of what a program said, where that is read already."""
    spoken = spoken_by(argument, said)
    dialect = _dialect(spoken)
    name = text_of(said, *dialect.event) or ""
    moment = dialect.moments.get(name)
    session = word_of(said, *dialect.session)
    if moment is None or session is None:
        return None
    event = AgentEvent(
        program=_program(dialect, argument, said),
        moment=moment,
        session=session,
        cwd=_directory(said),
        agent=word_of(said, *dialect.agent),
        tool_use=word_of(said, *dialect.tool_use),
        source=_source(moment, said),
        name=name,
    )
    if moment not in _OF_THE_SHELL:
        return event
    return _with_edits(event, dialect, said, read)


def answer_text(
    event: AgentEvent,
    program: str,
    answer: AgentAnswer,
) -> str:
    """What to print for an answer, in the words of ``program``: one JSON object, or nothing at all."""
    if not answer.text:
        return ""
    dialect = _dialect(program)
    payload = dialect.answer(event, answer)
    if payload is None:
        return ""
    return json.dumps(payload)


def _dialect(program: str) -> Dialect:
    # Only the table that is needed is loaded: a hook runs at every edit.
    name = program if program in OWN_WORDS else PLAIN
    module = import_module(f"git_muse_coord.integrations.agents.{name}")
    dialect: Dialect = module.DIALECT
    return dialect


def _program(
    dialect: Dialect,
    argument: str,
    said: Payload,
) -> str:
    if dialect.program in OWN_WORDS:
        return dialect.program
    # A program that is not known here may say its name, but not that of another.
    named = word_of(said, "program") or argument
    if named in OWN_WORDS:
        return dialect.program
    is_simple = named.isascii() and named.isalnum()
    return named if is_simple else dialect.program


def _directory(said: Payload) -> str:
    """Where the agent is at work, empty where that is not said or can be no directory."""
    cwd: object = text_of(said, "cwd")
    roots = said.get("workspace_roots")
    if not cwd and isinstance(roots, list) and roots:
        cwd = roots[0]
    if isinstance(cwd, str) and is_path_text(cwd):
        return cwd
    return ""


def _source(moment: Moment, said: Payload) -> str:
    if moment not in _ENDS_AND_STARTS:
        return ""
    return word_of(said, "source", "reason") or ""


def _with_edits(
    event: AgentEvent,
    dialect: Dialect,
    said: Payload,
    read: Read,
) -> AgentEvent | None:
    """The event with what its tool does to files; None for a tool that touches none."""
    # Events that are about one tool only do not name it: then the event is its name.
    tool = text_of(said, *dialect.tool) or event.name
    if tool in dialect.shells:
        return event._replace(moment=_OF_THE_SHELL[event.moment])
    compute = dialect.tools.get(tool)
    if compute is None:
        return None
    # A tool that failed has edited nothing; only a shell may have done so before it failed.
    if event.name in dialect.failures:
        return event
    call = ToolCall(
        arguments=table_of(said, *dialect.arguments) or said,
        response=table_of(said, "tool_response"),
        cwd=event.cwd,
        is_done=event.moment is Moment.AFTER_EDIT,
        read=read,
    )
    # Writing what is there already touches nothing.
    edits = [edit for edit in compute(call) if edit.before != edit.after]
    return event._replace(edits=tuple(edits))
