"""Use case: answer an event of an agent's program."""

from __future__ import annotations

from collections.abc import Callable

from git_muse_coord.coordinator.agents.agent_run import AgentRun
from git_muse_coord.coordinator.agents.declined import let_go_of_declined
from git_muse_coord.coordinator.background_sync import begin_if_due
from git_muse_coord.coordinator.pause import pause_now
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.agents import AgentAnswer, AgentEvent, Moment
from git_muse_coord.rules.identity import of_event

_BEGINNINGS = (Moment.SESSION_START, Moment.AGENT_START)


def answer_event(
    session: Session,
    event: AgentEvent,
    *,
    muse_run_id: str | None = None,
    process: Callable[[], str] = str,
) -> AgentAnswer:
    """Do what an event asks for, and say what the agent is to be told.

    ``muse_run_id`` is what a person has said that the agent is called; ``process`` names the
    program that it runs in, as far as that is known.
    """
    if pause_now(session)[0]:
        return AgentAnswer()
    said = of_event(event.program, event.session, event.agent, muse_run_id)
    run_id = session.who(said.run_id)
    run = AgentRun(session, run_id, session.now())
    # Two programs may read the same settings, and call us twice for one call of a tool.
    if event.tool_use and not run.memory.calls.is_first(_name_of(event), run.now):
        return AgentAnswer()
    run.memory.saw(run_id, run.worktree, run.now, process)
    let_go_of_declined(run)
    answer = _answer(run, event)
    begin_if_due(session)
    return answer


def _name_of(event: AgentEvent) -> str:
    agent = event.agent or ""
    return f"{event.session} {agent} {event.tool_use} {event.moment}"


def _answer(run: AgentRun, event: AgentEvent) -> AgentAnswer:
    # Each is loaded when it is called: an agent waits for it.
    if event.moment in _BEGINNINGS:
        from git_muse_coord.coordinator.agents.briefing import briefing

        return AgentAnswer(briefing(run.session, run.run_id))
    if event.moment is Moment.BEFORE_EDIT:
        from git_muse_coord.coordinator.agents.before_edit import before_edit

        return before_edit(run, event)
    return AgentAnswer()
