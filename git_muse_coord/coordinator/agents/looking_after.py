"""What every event does besides: keep alive what the run holds, and what it took over from those who ended."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.kin import is_part_of

if TYPE_CHECKING:
    from git_muse_coord.coordinator.agents.agent_run import AgentRun

_LOOKED = "looked after"
_HEIRLOOMS = "heirlooms"
_SHARE = 12
"""It is done that many times in the life of a reservation; what is to be renewed, is when a third is over."""


def look_after(run: AgentRun) -> None:
    """Extend what needs it, at most every few minutes."""
    if not run.is_somebody or not _is_time(run):
        return
    # Most events come too early, and need nothing that reads records.
    from git_muse_coord.coordinator.keep_alive import keep_alive

    snapshot = run.session.store.look()
    keep_alive(run.session, run.run_id, snapshot)
    for holder in _in_whose_name(run):
        # Only a heartbeat of the holder counts, and the holder cannot beat any more.
        keep_alive(run.session, holder, snapshot)


def inherit(run: AgentRun, holder: RunId) -> None:
    """Keep alive from now on what a session that ended left in this worktree."""
    heirlooms = _heirlooms(run)
    if holder in heirlooms:
        return
    listed = "\n".join([*heirlooms, holder])
    run.note(_HEIRLOOMS, listed)
    from git_muse_coord.coordinator.keep_alive import keep_alive

    # Its time may be nearly over.
    keep_alive(run.session, holder, run.session.store.look())


def _heirlooms(run: AgentRun) -> list[RunId]:
    text = run.noted(_HEIRLOOMS)
    names = filter(None, text.split("\n"))
    return list(map(RunId, names))


def _in_whose_name(run: AgentRun) -> set[RunId]:
    """Those who ended and left their work to this run: its own sub-agents, and whose work it went on with."""
    holders = set(_heirlooms(run))
    for holder in run.session.ended_here():
        if holder != run.run_id and is_part_of(holder, run.run_id):
            holders.add(holder)
    return holders


def _is_time(run: AgentRun) -> bool:
    settings = run.session.settings
    every = timedelta(seconds=settings.ttl / _SHARE)
    is_due = run.memory.notes.is_news(
        run.run_id,
        _LOOKED,
        run.now,
        every,
    )
    return is_due and (settings.auto_reserve or run.sees_any())
