"""Use case: what a run holds, who overlaps it, and who waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from git_muse_coord.coordinator.holdings import Held, held
from git_muse_coord.coordinator.overlaps import ConflictDetail, conflict_details
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model.results import Result
from git_muse_coord.rules.conflicts import conflicts_among
from git_muse_coord.store.hook_scripts import NAMES
from git_muse_coord.store.hooks import Hooks


@dataclass(kw_only=True, eq=False)
class StatusResult(Result):
    """How a run stands.

    ``mine`` are its active reservations, ``conflicts`` those of others that overlap them, and ``waiting_for_me`` the
    active reservations of anybody that depend on them. ``hooks`` names the git hooks that are in place, by what the
    files say; whether git reaches them is for ``doctor`` to prove.
    """

    run_id: str
    branch: str | None
    mine: tuple[Held, ...]
    conflicts: tuple[ConflictDetail, ...]
    waiting_for_me: tuple[Held, ...]
    active_reservations: int
    hooks: tuple[str, ...]


class StatusCase(Session):
    """The verb ``status``."""

    def status(self, *, run_id: str | None = None) -> StatusResult:
        """Tell how a run stands. Raises BadInput."""
        holder = self.who(run_id)
        now = self.now()
        snapshot = self.store.look()
        world = snapshot.world()
        active = world.active(now)
        mine = [one for one, record in active.items() if record.run_id == holder]
        waiting = [one for one, record in active.items() if one not in mine and set(mine) & set(record.depends_on)]
        return StatusResult(
            run_id=holder,
            branch=self.repository.head().branch,
            mine=tuple(held(one, world, now) for one in mine),
            conflicts=conflict_details(conflicts_among(active, mine), world),
            waiting_for_me=tuple(held(one, world, now) for one in waiting),
            active_reservations=len(active),
            hooks=tuple(filter(Hooks(self.repository, self.settings).way, NAMES)),
            warnings=ignored(snapshot),
        )
