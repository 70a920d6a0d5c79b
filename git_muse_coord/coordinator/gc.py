"""Use case: move to the archive what is past its time, here and at the remote."""

from __future__ import annotations

from typing import NamedTuple

from git_muse_coord.coordinator.exchanges import exchange_with, patience_with, sync_lock
from git_muse_coord.coordinator.learning import forget_lessons
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.coordinator.upkeep import note_sweep
from git_muse_coord.model.errors import BadInput, RemoteFailed
from git_muse_coord.model.results import Result
from git_muse_coord.store.git.patience import Patience
from git_muse_coord.store.records.sweep import (
    SweepPlan,
    pack,
    plan_sweep,
    sweep,
)
from git_muse_coord.store.sync.clearing import clearable
from git_muse_coord.store.sync.incoming import look_around, pull
from git_muse_coord.store.sync.outgoing import Outgoing
from git_muse_coord.store.sync.unread import (
    at_remote,
    by_folder,
    remove_here,
    remove_there,
)


class GcResult(Result):
    """How many records went to the archive, how many refs were deleted here and at the remote, and how many stay here.

    With ``dry_run``, how many would. ``not_understood`` is filled where those were asked for: how
    many there are of each kind, here and at the remote together.
    """

    archived: int
    deleted: int
    deleted_remotely: int
    kept: int
    dry_run: bool
    not_understood: dict[str, int]


def gc(
    session: Session,
    *,
    execute: bool = False,
    remote: bool = False,
    unknown: bool = False,
    timeout: int | None = None,
) -> GcResult:
    """Archive what is past its time; without ``execute`` only tell. With ``remote`` clear the remote, too.

    With ``unknown`` delete, instead, what is not understood here: it may be of use to a newer
    version. ``timeout`` is how many seconds the remote may say nothing.

    Raises BadInput, RemoteFailed (also where the remote knows no atomic pushes) and
    StoreFailed.
    """
    name = session.remote_name(None) if remote else None
    if remote and name is None:
        raise BadInput("no remote is configured", "add one: git remote add origin URL")
    patience = patience_with(session, timeout)
    # With a clock that is years ahead everything would be past its time.
    if execute:
        session.time_to_write()
    if unknown:
        return _remove_unknown(session, name, execute, patience)
    if not execute:
        return _plan(session, name, patience)
    if name is None:
        swept = _Swept(sweep(session.store, session.now(), session.settings.limits))
    else:
        swept = _sweep_with(session, name, patience)
    pack(session.repository.git, session.repository.common_dir)
    # The cache of symbols grows with every version that anybody has looked at.
    session.sources().prune()
    # What the forecast is not to use, nobody needs.
    if not session.settings.learns:
        forget_lessons(session)
    snapshot = session.store.look()
    note_sweep(session, snapshot)
    result = GcResult(
        archived=len(swept.here.archive),
        deleted=len(swept.here.drop),
        deleted_remotely=swept.there,
        kept=len(snapshot.entries),
        dry_run=False,
        not_understood={},
        warnings=ignored(snapshot),
    )
    if swept.is_refused:
        hint = "the archive is there, and its records count as archived all the same"
        raise RemoteFailed(f"remote {name!r} lets no ref be deleted", hint, result)
    return result


class _Swept(NamedTuple):
    """What was done here, how many refs were deleted at the remote, and whether it refuses that."""

    here: SweepPlan
    there: int = 0
    is_refused: bool = False


def _sweep_with(
    session: Session,
    name: str,
    patience: Patience,
) -> _Swept:
    """Sweep this clone and a remote."""
    with sync_lock(session), exchange_with(session, name, patience) as exchange:
        session.progress(f"asking {name}")
        pull(exchange)
        here = sweep(session.store, session.now(), session.settings.limits)
        session.progress(f"clearing {name}")
        out = Outgoing(exchange)
        # A release must be there before the reservation that it ends goes.
        out.push()
        out.clear()
        return _Swept(here, out.deleted, exchange.capabilities.deletions is False)


def _plan(
    session: Session,
    name: str | None,
    patience: Patience,
) -> GcResult:
    snapshot = session.store.look()
    todo = plan_sweep(snapshot, session.now(), session.settings.limits)
    deleted_remotely = 0
    if name is not None:
        with exchange_with(session, name, patience) as exchange:
            exchange.list()
            for carrier in exchange.ways:
                deleted_remotely += len(clearable(exchange, carrier))
    return GcResult(
        archived=len(todo.archive),
        deleted=len(todo.drop),
        deleted_remotely=deleted_remotely,
        kept=len(snapshot.entries) - len(todo.drop),
        dry_run=True,
        not_understood={},
        warnings=ignored(snapshot),
    )


def _remove_unknown(
    session: Session,
    name: str | None,
    execute: bool,
    patience: Patience,
) -> GcResult:
    here = session.store.look()
    refs = set(here.unread)
    deleted_remotely = 0
    if name is not None:
        with sync_lock(session), exchange_with(session, name, patience) as exchange:
            session.progress(f"asking {name}")
            look_around(exchange)
            for carrier in exchange.ways:
                there = at_remote(exchange, carrier)
                refs |= there.keys()
                # Without --execute nothing goes, and the answer says how much would.
                if execute:
                    deleted_remotely += remove_there(exchange, carrier)
                else:
                    deleted_remotely += len(there)
    deleted = len(here.unread)
    if execute:
        deleted = remove_here(session.store, here.unread)
    return GcResult(
        archived=0,
        deleted=deleted,
        deleted_remotely=deleted_remotely,
        kept=len(here.entries),
        dry_run=not execute,
        not_understood=by_folder(refs),
        warnings=ignored(here),
    )
