"""Before an edit: reserve what it touches, and say who is there before it is made."""

from __future__ import annotations

from git_muse_coord.coordinator.agents.messages import with_messages
from git_muse_coord.coordinator.agents.reserving import reserve_and_look
from git_muse_coord.coordinator.agents.telling import what_to_say
from git_muse_coord.coordinator.agents.touching import edits_in_tree, touching
from git_muse_coord.model.agents import AgentAnswer, Decision
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.agent_memory.calls import Coming
from git_muse_coord.store.git.objects import blob_oid

if TYPE_CHECKING:
    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.coordinator.agents.reserving import Attempt
    from git_muse_coord.coordinator.agents.touching import Touching
    from git_muse_coord.model.agents import AgentEvent

_DECISIONS = {
    "inform": Decision.INFORM,
    "ask": Decision.ASK,
    "block": Decision.DENY,
}


def before_edit(run: AgentRun, event: AgentEvent) -> AgentAnswer:
    """Answer an edit that is about to be made."""
    edits = edits_in_tree(run.session, event.edits)
    if not edits:
        return AgentAnswer()
    touched = touching(run.session, edits)
    if not touched.touched:
        return AgentAnswer()
    decision = _DECISIONS[run.session.settings.agent_mode]
    may_refuse = decision is Decision.DENY
    attempt = reserve_and_look(run, touched, may_refuse=may_refuse)
    _expect(run, touched, attempt)
    if not attempt.is_refused:
        decision = Decision.INFORM
    text = what_to_say(run, touched, attempt, decision)
    if decision is Decision.DENY:
        # After an edit that is not made nobody asks us again.
        return with_messages(run, AgentAnswer(text, decision))
    return AgentAnswer(text, decision)


def _expect(
    run: AgentRun,
    touched: Touching,
    attempt: Attempt,
) -> None:
    """Remember what was reserved for an edit that a person may yet decline."""
    if not attempt.reserved:
        return
    object_format = run.session.repository.object_format
    coming: list[Coming] = []
    for edit in touched.edits.values():
        oid = ""
        if edit.before is not None:
            oid = blob_oid(edit.before, object_format)
        for reservation_id in attempt.reserved:
            expected = Coming(reservation_id, edit.path, oid)
            coming.append(expected)
    calls = run.memory.calls
    calls.expect(run.run_id, coming, run.now)
