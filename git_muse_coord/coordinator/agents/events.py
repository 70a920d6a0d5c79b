"""Use case: answer an event of an agent's program."""

from __future__ import annotations

import os

from git_muse_coord.coordinator.agents.agent_run import AgentRun
from git_muse_coord.coordinator.agents.declined import let_go_of_declined
from git_muse_coord.coordinator.autosync import begin_if_due
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.agents import AgentAnswer, Moment
from git_muse_coord.model.errors import NoRepository
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.identity import of_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_muse_coord.model.agents import AgentEvent
    from git_muse_coord.model.text_types import RunId

_ENDINGS = (Moment.AGENT_END, Moment.SESSION_END)


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
    if session.settings.is_paused(session.now()):
        return AgentAnswer()
    session = _where_it_edits(session, event)
    run_id = _run_of(session, event, muse_run_id)
    run = AgentRun(session, run_id, session.now())
    # Two programs may read the same settings, and call us twice for one call of a tool.
    if event.tool_use and not run.memory.calls.is_first(_name_of(event), run.now):
        return AgentAnswer()
    if event.moment not in _ENDINGS:
        begins = event.moment is Moment.SESSION_START
        run.memory.saw(
            run.run_id,
            run.worktree,
            run.now,
            process,
            begins=begins,
        )
    let_go_of_declined(run)
    answer = _answer(run, event, muse_run_id)
    if event.moment not in _ENDINGS:
        _look_after(run)
    begin_if_due(session)
    return answer


def put_off(
    session: Session,
    event: AgentEvent,
    answer: AgentAnswer,
    muse_run_id: str | None = None,
) -> None:
    """Keep an answer that the agent's program takes no word of now, for the next moment at which it does."""
    run_id = _run_of(session, event, muse_run_id)
    session.agent_memory.notes.put_off(run_id, answer.text, session.now())


def was_told(session: Session, answer: AgentAnswer) -> None:
    """Write the receipts of the messages in an answer, now that it is out."""
    if answer.receipts:
        from git_muse_coord.coordinator.mailbox import write_receipts

        write_receipts(session, answer.receipts)
        begin_if_due(session)


def _run_of(
    session: Session,
    event: AgentEvent,
    muse_run_id: str | None,
) -> RunId:
    said = of_event(event.program, event.session, event.agent, muse_run_id)
    return session.who_reads(said.run_id)


def _name_of(event: AgentEvent, moment: Moment | None = None) -> str:
    agent = event.agent or ""
    when = moment or event.moment
    return f"{event.session} {agent} {event.tool_use} {when}"


def _answer(
    run: AgentRun,
    event: AgentEvent,
    muse_run_id: str | None,
) -> AgentAnswer:
    # Each is loaded when it is called: an agent waits for it.
    moment = event.moment
    if moment is Moment.BEFORE_EDIT:
        # Where nothing is held and nothing is to be held, nothing need be read.
        if not run.session.settings.auto_reserve and not run.sees_any():
            return AgentAnswer()
        from git_muse_coord.coordinator.agents.before_edit import before_edit

        return before_edit(run, event)
    if moment is Moment.AFTER_EDIT:
        from git_muse_coord.coordinator.agents.after_edit import after_edit

        was_asked = False
        if event.tool_use:
            name = _name_of(event, Moment.BEFORE_EDIT)
            was_asked = run.memory.calls.was_answered(name)
        return after_edit(run, event, was_asked=was_asked)
    if moment in (Moment.BEFORE_SHELL, Moment.AFTER_SHELL):
        return _shell(run, event, muse_run_id)
    if moment in _ENDINGS:
        return _end(run, moment)
    return _begin(run, moment)


def _begin(run: AgentRun, moment: Moment) -> AgentAnswer:
    from git_muse_coord.coordinator.agents.briefing import briefing

    if moment is Moment.SESSION_START:
        from git_muse_coord.coordinator.agents.working_tree import stamp
        from git_muse_coord.coordinator.learning import begin_learning_if_due

        stamp(run)
        begin_learning_if_due(run.session, by_hook=True)
    from git_muse_coord.coordinator.agents.messages import with_messages

    text = briefing(run.session, run.run_id)
    return with_messages(run, AgentAnswer(text))


def _shell(
    run: AgentRun,
    event: AgentEvent,
    muse_run_id: str | None,
) -> AgentAnswer:
    calls = run.memory.calls
    # Kept under the session: to a shell the variables say no more than that.
    by_session = event._replace(agent=None)
    session_run = _run_of(run.session, by_session, muse_run_id)
    tool_use = event.tool_use or ""
    if event.moment is Moment.BEFORE_SHELL:
        calls.begin_shell(session_run, tool_use, run.run_id, run.now)
        return AgentAnswer()
    from git_muse_coord.coordinator.agents.after_shell import after_shell

    calls.end_shell(session_run, tool_use)
    return after_shell(run)


def _end(run: AgentRun, moment: Moment) -> AgentAnswer:
    from git_muse_coord.coordinator.agents.endings import agent_ends, session_ends

    if moment is Moment.AGENT_END:
        agent_ends(run)
    else:
        session_ends(run)
    return AgentAnswer()


def _look_after(run: AgentRun) -> None:
    from git_muse_coord.coordinator.agents.looking_after import look_after

    look_after(run)


def _where_it_edits(session: Session, event: AgentEvent) -> Session:
    """A session in the worktree of this clone in which the edited file lies: an agent may stand in another."""
    top = session.repository.top
    for edit in event.edits[:1]:
        folder = os.path.dirname(edit.path)
        # What is to be made may need folders that are not there yet.
        above = os.path.dirname(folder)
        while not os.path.isdir(folder) and folder != above:
            folder = above
            above = os.path.dirname(folder)
        if top is not None and is_plainly_in(folder, top):
            return session
        try:
            there = Session(
                folder,
                clock=session.now,
                nonce=session.nonce,
                stays=False,
            )
        except NoRepository:
            return session
        here = session.repository.common_dir
        if os.path.samefile(there.repository.common_dir, here):
            return there
    return session


def is_plainly_in(folder: str, top: str) -> bool:
    """Whether a folder lies in a worktree, and no other repository is on the way to it."""
    folder = os.path.realpath(folder)
    top = os.path.realpath(top)
    while folder != top:
        above = os.path.dirname(folder)
        is_another = os.path.lexists(os.path.join(folder, ".git"))
        if is_another or folder == above:
            return False
        folder = above
    return True
