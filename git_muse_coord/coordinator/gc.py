"""Use case: move to the archive what is past its time, here and at the remote."""

from __future__ import annotations

from dataclasses import dataclass

from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.coordinator.sources import Sources
from git_muse_coord.coordinator.sync import LOCK_SECONDS, exchange_with, patience_with, sync_lock
from git_muse_coord.model.errors import BadInput, RemoteFailed
from git_muse_coord.model.results import Result
from git_muse_coord.store.outgoing import Outgoing
from git_muse_coord.store.patience import Patience
from git_muse_coord.store.sweep import pack, plan, sweep


@dataclass(kw_only=True, eq=False)
class GcResult(Result):
    """How many records went to the archive, how many refs were deleted here and at the remote, and how many stay here.

    With ``dry_run``, how many would.
    """

    archived: int
    deleted: int
    deleted_remotely: int
    kept: int
    dry_run: bool


class GcCase(Session):
    """The verb ``gc``."""

    def gc(self, *, execute: bool = False, remote: bool = False, timeout: int | None = None) -> GcResult:
        """Archive what is past its time; without ``execute`` only tell. With ``remote`` clear the remote, too.

        ``timeout`` is how many seconds the remote may say nothing.
        Raises BadInput, RemoteFailed (also where the remote knows no atomic pushes) and StoreFailed.
        """
        name = self.remote_name(None) if remote else None
        if remote and name is None:
            raise BadInput("no remote is configured", "add one: git remote add origin URL")
        patience = patience_with(self, timeout)
        if not execute:
            return self._plan(name, patience)
        gone = 0
        refused = False
        if name is None:
            done = sweep(self.store, self.now(), self.settings.limits)
        else:
            with sync_lock(self, LOCK_SECONDS), exchange_with(self, name, patience) as exchange:
                self.progress(f"asking {name}")
                exchange.pull()
                done = sweep(self.store, self.now(), self.settings.limits)
                self.progress(f"clearing {name}")
                out = Outgoing(exchange)
                out.push()  # a release must be there before the reservation that it ends goes
                out.clear()
                gone = out.deleted
                refused = exchange.capabilities.deletions is False
        pack(self.repository.git, self.repository.common_dir)
        Sources(self).prune()
        snapshot = self.store.look()
        result = GcResult(
            archived=len(done.archive),
            deleted=len(done.drop),
            deleted_remotely=gone,
            kept=len(snapshot.entries),
            dry_run=False,
            warnings=ignored(snapshot),
        )
        if refused:
            hint = "the archive is there, and its records count as archived all the same"
            raise RemoteFailed(f"remote {name!r} lets no ref be deleted", hint, result)
        return result

    def _plan(self, name: str | None, patience: Patience) -> GcResult:
        snapshot = self.store.look()
        todo = plan(snapshot, self.now(), self.settings.limits)
        gone = 0
        if name is not None:
            with exchange_with(self, name, patience) as exchange:
                exchange.list()
                gone = sum(len(Outgoing(exchange).clearable(carrier)) for carrier in exchange.ways)
        return GcResult(
            archived=len(todo.archive),
            deleted=len(todo.drop),
            deleted_remotely=gone,
            kept=len(snapshot.entries) - len(todo.drop),
            dry_run=True,
            warnings=ignored(snapshot),
        )
