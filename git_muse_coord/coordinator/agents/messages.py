"""An answer to an agent, with the messages that wait for it, where there are any."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Message

if TYPE_CHECKING:
    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.model.agents import AgentAnswer
    from git_muse_coord.store.records.snapshot import Snapshot


def with_messages(
    run: AgentRun,
    answer: AgentAnswer,
    snapshot: Snapshot | None = None,
) -> AgentAnswer:
    """The answer, and below it what others tell the run."""
    snapshot = snapshot or run.session.store.look()
    # Mostly there are none, and then nothing that knows of them is loaded: an agent waits for this.
    if not snapshot.index.has(Message):
        return answer
    from git_muse_coord.coordinator.agents.delivery import deliver

    delivery = deliver(run, snapshot)
    texts = filter(None, [answer.text, delivery.text])
    return answer._replace(text="\n".join(texts), receipts=delivery.receipts)
