"""What to say of whom an edit meets, before it or after it."""

from __future__ import annotations

from git_muse_coord.coordinator.agents.looking_after import inherit
from git_muse_coord.coordinator.agents.news import wait_for
from git_muse_coord.coordinator.agents.wording import (
    encounter_lines,
    place_name,
    told,
    waiting_command,
)
from git_muse_coord.model.agents import Decision
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import few
from git_muse_coord.rules.conflicts import Holdings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.coordinator.agents.encounter import Encounter
    from git_muse_coord.coordinator.agents.reserving import Attempt
    from git_muse_coord.coordinator.agents.touching import Touching
    from git_muse_coord.rules.state import Reservations

_FIRST = {
    Decision.INFORM: "git muse-coord: another agent is at what this edit touches.",
    Decision.ASK: "git muse-coord: another agent was first at what this edit touches. Make it all the same?",
    Decision.DENY: "git muse-coord: not edited, because another agent was first at what this edit touches.",
}
_NEARBY = 3


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
        if encounter.stops:
            wait_for(run, encounter.conflict.held.reservation_id)
        elif encounter.is_left_here:
            inherit(run, encounter.holder)
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
        command = waiting_command(stopping[0])
        yield f"Do other work first; to hear when it is free: {command}"


def _free_nearby(touched: Touching, others: Reservations) -> Iterator[str]:
    """Symbols of the edited files at which nobody else is."""
    holdings = Holdings(others)
    for file in touched.symbols.values():
        for symbol in file.symbols:
            is_at_the_top = len(symbol.names) == 1
            if not is_at_the_top or symbol.is_own:
                continue
            is_held = any(holdings.overlapping(symbol.address))
            if not is_held:
                name = place_name(symbol.address)
                _, _, symbol_name = name.rpartition("::")
                yield symbol_name
