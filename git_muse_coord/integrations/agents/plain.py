"""The plain form, for programs that are not known here: docs/agents.md describes it."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.integrations.agents.dialect import Dialect, ToolCall
from git_muse_coord.integrations.agents.edits import named_path
from git_muse_coord.integrations.agents.fields import Payload, text_of
from git_muse_coord.integrations.agents.texts import encoded
from git_muse_coord.model.agents import AgentAnswer, Edit, Moment


def _edit(call: ToolCall) -> Iterator[Edit]:
    path = named_path(call, "path")
    if path is None:
        return
    now = call.read(path)
    before = None if call.is_done else now
    after = now if call.is_done else None
    said = call.arguments
    # What is said counts for more than what is there: null says that there is no file.
    if "before" in said:
        before = _content(said, "before")
    if "after" in said:
        after = _content(said, "after")
    if before != after:
        yield Edit(path, before, after)


def _content(said: Payload, name: str) -> bytes | None:
    text = text_of(said, name)
    return None if text is None else encoded(text)


def _answer(_moment: Moment, answer: AgentAnswer) -> Payload:
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
