"""Use case: exchange records with a remote, through plain git."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.answers.conflict import ConflictDetail, conflict_details
from git_muse_coord.coordinator.answers.let_go import LetGo, let_go
from git_muse_coord.coordinator.exchanges import exchange_with, patience_with, sync_lock
from git_muse_coord.coordinator.learning import begin_learning_if_due
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.coordinator.told_by_sync import about_branch, mark_told_by_sync
from git_muse_coord.model.errors import BadInput, RemoteFailed
from git_muse_coord.model.results import Result
from git_muse_coord.rules.conflicts import conflicts_among
from git_muse_coord.store.git.leftovers import Leftovers
from git_muse_coord.store.git.patience import Patience
from git_muse_coord.store.records.revival import revivable
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.records.sweep import pack, plan_sweep, sweep
from git_muse_coord.store.sync.exchange import Exchange, always

if TYPE_CHECKING:
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.sync.outgoing import Outgoing

# Every push of everybody advertises all live refs.
WARN_LIVE = 1000
"""With more than so many we warn."""
INSIST_LIVE = 2000
"""With more than so many we clear some without being asked."""
CLEARED_MOST = 1000
"""At most so many at once: a user's sync must not take longer for it than seconds."""


class SyncResult(Result):
    """What a sync did, in records by kind.

    ``rejected`` counts what the remote offers and we refuse, ``not_understood`` what is there of a
    newer format or an unknown kind and was left alone, ``archived`` what was past its time,
    ``deleted`` what was cleared at the remote. ``via`` is refs, or branch where the host refuses
    our refs. ``landed`` is what was released first, because its work is in the default branch.
    ``conflict_details`` are those of the run's own reservations, and of all that this sync pushed;
    ``run_id`` is that run.
    """

    remote: str
    run_id: str
    via: str
    fetched: dict[str, int]
    pushed: dict[str, int]
    rejected: int
    not_understood: int
    archived: int
    deleted: int
    conflict_details: tuple[ConflictDetail, ...]
    landed: LetGo | None = None


def sync(
    session: Session,
    remote: str | None = None,
    *,
    fetch_only: bool = False,
    push_only: bool = False,
    gc: bool = False,
    timeout: int | None = None,
    run_id: str | None = None,
) -> SyncResult:
    """Fetch what is missing, verify it, push what the remote lacks.

    With ``gc`` also delete there what nobody needs any more; ``timeout`` is how many seconds a
    remote may say nothing. Raises BadInput (unknown remote) and RemoteFailed, also where the
    remote refused some of the records, with the answer in its ``result``; local records stay,
    and the next sync completes the work.
    """
    if fetch_only and push_only:
        raise BadInput("--fetch-only and --push-only exclude each other")
    patience = patience_with(session, timeout)
    holder = session.who_reads(run_id)
    name = session.remote_name(remote)
    if name is None:
        raise BadInput("no remote is configured", "add one: git remote add origin URL")
    session.time_to_write()
    repository = session.repository
    leftovers = Leftovers(repository.git, repository.common_dir)
    leftovers.remove_packed(session.notice)
    # First, so that others hear of it at once.
    landed = let_go(session, holder)
    begin_learning_if_due(session)
    session.progress(f"asking {name}")
    if not gc:
        # Most syncs have nothing to do. One listing tells, and waits for no lock.
        idle = if_idle(session, name, patience, holder)
        if idle is not None:
            return _told(session, idle, landed)
    with sync_lock(session):
        result = synchronise(
            session,
            name,
            patience,
            holder,
            fetch=not push_only,
            push=not fetch_only,
            gc=gc,
        )
    return _told(session, result, landed)


def _told(
    session: Session,
    result: SyncResult,
    landed: LetGo | None,
) -> SyncResult:
    """The answer as somebody is about to read it, who remembers what the last one said."""
    result.landed = landed
    mark_told_by_sync(session, result.run_id, result.conflict_details)
    if result.via == "branch":
        result.warnings += about_branch(session, result.remote)
    return result


def if_idle(
    session: Session,
    name: str,
    patience: Patience,
    holder: str,
    may_tidy: Callable[[], bool] = always,
) -> SyncResult | None:
    """The answer where there is nothing to fetch, push, archive or revive."""
    with exchange_with(session, name, patience, may_tidy) as exchange:
        exchange.list()
        snapshot = session.store.look()
        if exchange.differs(snapshot):
            return None
        now = session.now()
        to_sweep = plan_sweep(snapshot, now, session.settings.limits)
        if any(to_sweep):
            return None
        if revivable(session.store, snapshot, now):
            return None
        exchange.note()
        return _result(session, holder, exchange, snapshot)


def synchronise(
    session: Session,
    name: str,
    patience: Patience,
    holder: str,
    *,
    fetch: bool = True,
    push: bool = True,
    gc: bool = False,
    may_tidy: Callable[[], bool] = always,
) -> SyncResult:
    """One sync, which tells ``holder`` of its conflicts.

    ``may_tidy`` is asked before anything here is deleted or packed that can wait for the next one.
    Raises StoreFailed, and RemoteFailed, with the answer in its ``result`` where all was done but
    what the remote refused.
    """
    from git_muse_coord.store.records.repair import heal
    from git_muse_coord.store.sync import refusals
    from git_muse_coord.store.sync.incoming import pull
    from git_muse_coord.store.sync.moving import exchange_notes
    from git_muse_coord.store.sync.outgoing import Outgoing

    # Before anything is listed: git refuses to push or fetch beside a ref without its object.
    heal(session.store, session.repository.common_dir)
    with exchange_with(session, name, patience, may_tidy) as exchange:
        out = Outgoing(exchange)
        archived = 0
        warnings: list[str] = []
        if fetch:
            pull(exchange)
            if may_tidy():
                archived = _sweep(session)
        else:
            exchange.list()
        if push:
            session.progress(f"pushing to {name}")
            out.push()
            if out.reservations and fetch:
                # Write, then look: of two clones that race at least one sees the other.
                pull(exchange)
            warnings += _clear(session, exchange, out, is_asked_for=gc)
        exchange_notes(exchange, push=push)
        # Thousands of loose refs slow every command of git.
        if may_tidy():
            pack(session.repository.git, session.repository.common_dir)
        snapshot = session.store.look()
        result = _result(
            session,
            holder,
            exchange,
            snapshot,
            out,
            archived=archived,
        )
        result.warnings += warnings
        if out.refused is not None:
            raise refusals.failure(name, out.refused, result)
        return result


def _sweep(session: Session) -> int:
    """Archive what is past its time. Returns how much."""
    swept = sweep(session.store, session.now(), session.settings.limits)
    return len(swept.archive)


def _clear(
    session: Session,
    exchange: Exchange,
    out: Outgoing,
    *,
    is_asked_for: bool,
) -> list[str]:
    """Delete at the remote what nobody needs, where somebody asks for it or there is very much of it.

    Returns warnings. Raises RemoteFailed only where it was asked for: a sync that did all else has
    not failed.
    """
    is_slow = exchange.live > INSIST_LIVE and exchange.capabilities.deletions is not False
    if not is_asked_for and not is_slow:
        return []
    session.progress(f"clearing {exchange.remote.name}")
    try:
        out.clear(None if is_asked_for else CLEARED_MOST)
    except RemoteFailed as error:
        if is_asked_for:
            raise
        return [f"not cleared: {error.message}"]
    return []


def _result(
    session: Session,
    holder: str,
    exchange: Exchange,
    snapshot: Snapshot,
    out: Outgoing | None = None,
    *,
    archived: int = 0,
) -> SyncResult:
    world = snapshot.world()
    active = world.active(session.now())
    pushed: set[RecordId] = set()
    if out is not None:
        pushed.update(out.reservations)
    # Whoever pushes for others is told of their conflicts, too: nobody else may look.
    asking = []
    for reservation_id, reservation in active.items():
        if reservation.run_id == holder or reservation_id in pushed:
            asking.append(reservation_id)
    met = conflicts_among(active, asking)
    return SyncResult(
        remote=exchange.remote.name,
        run_id=holder,
        via="branch" if exchange.capabilities.refs is False else "refs",
        fetched=_plain(exchange.fetched),
        pushed=_plain(out.pushed) if out else {},
        rejected=len(exchange.judge.rejected),
        not_understood=len(exchange.judge.unread),
        archived=archived + exchange.archived,
        deleted=out.deleted if out else 0,
        conflict_details=conflict_details(met, world),
        warnings=[*ignored(snapshot), *_advice(exchange)],
    )


def _plain(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _advice(exchange: Exchange) -> list[str]:
    """What whoever syncs should know of the remote."""
    warnings = list(exchange.said)
    name = exchange.remote.name
    rejected = len(exchange.judge.rejected)
    if rejected:
        warnings.append(f"{rejected:,} refs at {name!r} are no sound records and were left there")
    if exchange.left:
        warnings.append(
            f"{exchange.left:,} refs at {name!r} were left for the next sync, which goes on"
        )
    if exchange.archive_trouble is not None:
        warnings.append(f"the archive at {name!r} was left as it is: {exchange.archive_trouble}")
    if exchange.revived:
        warnings.append(
            f"{exchange.revived:,} unfinished records are live again that a clone whose clock is ahead had archived"
        )
    if exchange.live > WARN_LIVE:
        warnings.append(
            f"{exchange.live:,} live records at {name!r} slow every push; run git muse-coord gc --execute --remote"
        )
    return warnings
