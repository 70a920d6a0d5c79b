"""Before an edit: reserve what it touches, and say who is there before it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from git_muse_coord.coordinator.agents.agent_run import AgentRun
from git_muse_coord.coordinator.agents.encounter import Encounter, Reservations
from git_muse_coord.coordinator.agents.reserving import Attempt, reserve_and_look
from git_muse_coord.coordinator.agents.touching import Touching, edits_in_tree, touching
from git_muse_coord.coordinator.agents.wording import (
    encounter_lines,
    place_name,
    told,
    waiting_command,
)
from git_muse_coord.model.agents import AgentAnswer, AgentEvent, Decision
from git_muse_coord.model.records import REF_PREFIX, Reservation
from git_muse_coord.model.wording import few
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.store.agent_memory.calls import Coming
from git_muse_coord.store.git.objects import blob_oid

_DECISIONS = {"inform": Decision.INFORM, "ask": Decision.ASK, "block": Decision.DENY}
_FIRST = {
    Decision.INFORM: "git muse-coord: another agent is at what this edit touches.",
    Decision.ASK: "git muse-coord: another agent was first at what this edit touches. Make it all the same?",
    Decision.DENY: "git muse-coord: not edited, because another agent was first at what this edit touches.",
}
_NEARBY = 3


def before_edit(run: AgentRun, event: AgentEvent) -> AgentAnswer:
    """Answer an edit that is about to be made."""
    settings = run.session.settings
    if not settings.auto_reserve and not _is_anything_held(run):
        return AgentAnswer()
    edits = edits_in_tree(run.session, event.edits)
    if not edits:
        return AgentAnswer()
    touched = touching(run.session, edits)
    if not touched.touched:
        return AgentAnswer()
    decision = _DECISIONS[settings.agent_mode]
    attempt = reserve_and_look(run, touched, may_refuse=decision is Decision.DENY)
    _expect(run, touched, attempt)
    if not attempt.is_refused:
        decision = Decision.INFORM
    return AgentAnswer(what_to_say(run, touched, attempt, decision), decision)


def what_to_say(
    run: AgentRun,
    touched: Touching,
    attempt: Attempt,
    decision: Decision,
) -> str:
    """What to say of whom an edit meets; who only is informed hears each once."""
    encounters: list[Encounter] = []
    for encounter in attempt.encounters:
        # Each is news once; what stops the edit must be understood each time.
        is_news = run.is_news(f"meets {encounter.key}")
        is_worth_it = is_news if decision is Decision.INFORM else encounter.stops
        if is_worth_it:
            encounters.append(encounter)
    if not encounters:
        return ""
    first = _FIRST[decision]
    lines = encounter_lines(encounters, run.now)
    advice = _advice(touched, attempt, encounters)
    return told(first, lines, list(advice))


def _advice(
    touched: Touching,
    attempt: Attempt,
    encounters: Sequence[Encounter],
) -> Iterator[str]:
    free = list(_free_nearby(touched, attempt.others))
    if free:
        yield f"Free in the same file: {few(free, _NEARBY)}."
    stopping = [encounter for encounter in encounters if encounter.stops]
    if stopping:
        yield f"Do other work first; to hear when it is free: {waiting_command(stopping[0])}"


def _free_nearby(touched: Touching, others: Reservations) -> Iterator[str]:
    """Symbols of the edited files at which nobody else is."""
    holdings = Holdings(others)
    for file in touched.symbols.values():
        for symbol in file.symbols:
            is_at_the_top = len(symbol.address.segments) == 1
            if not is_at_the_top or symbol.is_own:
                continue
            if not any(holdings.overlapping(symbol.address)):
                name = place_name(symbol.address)
                yield name.rpartition("::")[2]


def _is_anything_held(run: AgentRun) -> bool:
    # One ref tells it, and what reads records need not be loaded.
    folder = f"{REF_PREFIX}{Reservation.folder}/"
    listed = run.session.repository.git.ask("for-each-ref", "--count=1", folder)
    return bool(listed.out)


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
            coming.append(Coming(reservation_id, edit.path, oid))
    run.memory.calls.expect(run.run_id, coming, run.now)
