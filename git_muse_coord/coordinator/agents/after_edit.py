"""After an edit: what was not asked about before, and news of others that concern the run."""

from __future__ import annotations

from types import MappingProxyType

from git_muse_coord.coordinator.agents.messages import with_messages
from git_muse_coord.coordinator.agents.news import news
from git_muse_coord.coordinator.agents.reserving import reserve_and_look, unite
from git_muse_coord.coordinator.agents.telling import what_to_say
from git_muse_coord.coordinator.agents.touching import (
    MODIFY,
    Touching,
    edits_in_tree,
    touching,
)
from git_muse_coord.coordinator.agents.working_tree import note_edits
from git_muse_coord.model.address import Address
from git_muse_coord.model.agents import AgentAnswer, Decision
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.touched import Touched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.coordinator.agents.touching import Edits
    from git_muse_coord.model.agents import AgentEvent


def after_edit(run: AgentRun, event: AgentEvent, *, was_asked: bool) -> AgentAnswer:
    """Answer an edit that was made; ``was_asked`` says that it was answered before it was made."""
    if not run.session.settings.auto_reserve and not run.sees_any():
        return AgentAnswer()
    # What a program does not take before the edit was kept for now.
    texts = [run.memory.notes.take_put_off(run.run_id)]
    edits = edits_in_tree(run.session, event.edits)
    if edits and not was_asked:
        texts.append(tell_afterwards(run, edits))
    note_edits(run, edits)
    heard = hear_news(run)
    texts.append(heard.text)
    text = "\n".join(filter(None, texts))
    return AgentAnswer(text, receipts=heard.receipts)


def tell_afterwards(
    run: AgentRun,
    edits: Edits,
    oids_before: Mapping[str, str] = MappingProxyType({}),
    *,
    may_reserve: bool = True,
) -> str:
    """Reserve what was edited already, and say whom it meets: nothing can be stopped any more.

    ``oids_before`` are the objects that some files held then, where that is not what the edits say.
    """
    touched = touching(run.session, edits, oids_before)
    return _tell(run, touched, may_reserve)


def tell_of_files(
    run: AgentRun,
    paths: Sequence[str],
    *,
    may_reserve: bool,
) -> str:
    """The same for many files, without looking what changed inside of them."""
    places = [Address(path) for path in paths]
    touched = Touching(
        touched=[Touched(place, inside=False) for place in places],
        addresses={MODIFY: places},
        broken=[],
        symbols={},
        edits={},
    )
    return _tell(run, touched, may_reserve)


def _tell(
    run: AgentRun,
    touched: Touching,
    may_reserve: bool,
) -> str:
    if not touched.touched:
        return ""
    attempt = reserve_and_look(
        run,
        touched,
        may_refuse=False,
        may_reserve=may_reserve,
    )
    return what_to_say(run, touched, attempt, Decision.INFORM)


def hear_news(run: AgentRun) -> AgentAnswer:
    """What happened to what the run holds and waits for, and what others tell it.

    Besides, one is made of its own reservations, if it is time.
    """
    snapshot = run.session.store.look()
    text = news(run, snapshot)
    unite(run, snapshot)
    return with_messages(run, AgentAnswer(text), snapshot)
