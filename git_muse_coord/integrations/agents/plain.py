"""The plain form, for programs that are not known here: docs/reference/agents.md describes it."""

from __future__ import annotations

from git_muse_coord.integrations.agents.dialect import Dialect
from git_muse_coord.integrations.agents.edits import named_path
from git_muse_coord.integrations.agents.fields import text_of
from git_muse_coord.integrations.agents.texts import encoded
from git_muse_coord.model.agents import Edit, Moment
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.integrations.agents.dialect import ToolCall
    from git_muse_coord.integrations.agents.fields import Payload
    from git_muse_coord.model.agents import AgentAnswer, AgentEvent


def _edit(call: ToolCall) -> Iterator[Edit]:
    path = named_path(call)
    if path is None:
        return
    # What is not said is what is there now; null says that there is no file.
    before = _content(call, path, "before")
    after = _content(call, path, "after")
    if before != after:
        yield Edit(path, before, after)


def _content(
    call: ToolCall,
    path: str,
    name: str,
) -> bytes | None:
    if name not in call.arguments:
        return call.read(path)
    text = text_of(call.arguments, name)
    if text is None:
        return None
    return encoded(text)


def _answer(_event: AgentEvent, answer: AgentAnswer) -> Payload:
    return {"decision": answer.decision.value, "text": answer.text}


DIALECT = Dialect(
    program="agent",
    moments={moment.value: moment for moment in Moment},
    tools={"before-edit": _edit, "after-edit": _edit},
    shells=frozenset({"shell"}),
    answer=_answer,
    event=("event",),
    session=("session",),
    agent=("agent",),
    tool=(),
    arguments=(),
    tool_use=("tool_use",),
)
