"""Use case: take all that we left out of this clone, and out of a remote: refs, notes, files, settings.

What is at a remote is looked at first, told, and agreed to, and only then is anything undone.
"""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.coordinator.answers.purged import PurgedRefs, PurgePlan, PurgeResult
from git_muse_coord.coordinator.exchanges import exchange_with, patience_with, sync_lock
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.records import Reservation
from git_muse_coord.model.text_types import RunId
from git_muse_coord.model.wording import few, span_of_time
from git_muse_coord.rules.bystanders import bystanders
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.store.records.repair import heal
from git_muse_coord.store.records.traces import (
    Traces,
    delete_files,
    delete_refs,
    forget_settings,
)
from git_muse_coord.store.sync.remote_traces import RemoteTraces, delete_at, traces_at


def look_before_purge(session: Session, remote: str | None = None) -> PurgePlan:
    """Fetch what a remote has, and tell what would be deleted there, and who may miss it.

    Raises BadInput where no remote is configured, and RemoteFailed.
    """
    from git_muse_coord.store.sync.incoming import pull

    name = session.remote_name(remote)
    if name is None:
        raise BadInput("no remote is configured", "leave --remote out")
    with (
        sync_lock(session),
        exchange_with(session, name, patience_with(session)) as exchange,
    ):
        pull(exchange)
        there = traces_at(exchange)
    return PurgePlan(
        remote=name,
        at_remote=_told(there),
        others=tuple(_others(session)),
    )


def _others(session: Session) -> Iterator[str]:
    snapshot = session.store.look()
    live = snapshot.records()
    everything = {**snapshot.archived(), **live}
    now = session.now()
    own = set(_own_runs(session))
    for run_id, at in bystanders(everything.values(), own, now).items():
        age = max(0, int((now - at).total_seconds()))
        yield f"{short_run_id(run_id)} ({span_of_time(age)} ago)"


def _own_runs(session: Session) -> Iterator[RunId]:
    """The runs of this clone, as far as it is known which those are."""
    yield session.who_reads(None)
    yield from session.agent_memory.runs()
    records = session.store.look().records()
    for reservation_id in session.store.made_here.worktrees():
        record = records.get(reservation_id)
        if isinstance(record, Reservation):
            yield record.run_id


def check_purge(plan: PurgePlan, *, is_sure: bool) -> None:
    """Refuse to take records from those who work with them, unless somebody is sure. Raises BadInput."""
    if plan.others and not is_sure:
        raise BadInput(
            f"others were at work with {plan.remote!r} in the last 7 days: {few(plan.others)}",
            "tell them; with --yes it is done all the same",
        )


def purge(session: Session, plan: PurgePlan | None = None) -> PurgeResult:
    """Delete all of ours at the remote of a plan, then in this clone.

    Raises RemoteFailed, and the clone is then as it was; StoreFailed. The session is of no use afterwards.
    """
    repository = session.repository
    with sync_lock(session):
        if plan is not None:
            with exchange_with(session, plan.remote, patience_with(session)) as exchange:
                exchange.list()
                delete_at(exchange)
        # Git deletes no ref beside one whose object is lost.
        heal(session.store, repository.common_dir)
        gone = delete_refs(session.store.refs)
    settings = forget_settings(repository)
    # Last, and when no lock of ours is held any more, for those lie there as well.
    session.store.cache.close()
    had_files = delete_files(repository)
    return PurgeResult(
        refs=_told(RemoteTraces(gone, None)),
        settings=tuple(settings),
        files=had_files,
        remote=plan.remote if plan else None,
        at_remote=plan.at_remote if plan else None,
    )


def _told(traces: RemoteTraces) -> PurgedRefs:
    held: Traces = traces.held
    return PurgedRefs(
        records=held.records,
        archive=held.archive,
        notes=held.notes,
        branch=traces.branch,
    )
