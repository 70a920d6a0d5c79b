"""Use case: answer an event of an agent's program."""

from __future__ import annotations

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
) -> AgentAnswer:
    """Do what an event asks for, and say what the agent is to be told.

    ``muse_run_id`` is what a person has said that the agent is called.
    """
    if pause_now(session)[0]:
        return AgentAnswer()
    holder = session.who(of_event(event.program, event.session, event.agent, muse_run_id).run_id)
    session.agent_memory.saw(holder, session.repository.git_dir, session.now())
    if event.moment in _BEGINNINGS:
        from git_muse_coord.coordinator.agents.briefing import briefing

        return AgentAnswer(briefing(session, holder))
    return AgentAnswer()
