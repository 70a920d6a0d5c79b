"""Conflicts as answers: what ``reserve`` and ``status`` tell of another holder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from git_muse_coord.rules.conflicts import Conflict
from git_muse_coord.rules.state import World


@dataclass(kw_only=True, eq=False)
class ConflictDetail:
    """A reservation of another holder that overlaps an address; ``expires_at`` is its effective expiry.

    It is not ``certain`` where a change lies in what could not be read, and the reserved name was
    found nowhere else.
    """

    address: str
    held_address: str
    reservation_id: str
    run_id: str
    branch: str | None
    operation: str | None
    reason: str | None
    created_at: datetime
    expires_at: datetime
    certain: bool = True

    @property
    def sentence(self) -> str:
        """The conflict in one line."""
        as_what = "" if self.held_address == self.address else f", held as {self.held_address}"
        why = f", reason: {self.reason}" if self.reason else ""
        until = f"{self.expires_at:%Y-%m-%dT%H:%M:%S}"
        return f"{self.address} already reserved by run-id '{self.run_id}' (expires {until}){as_what}{why}"


def conflict_details(conflicts: Iterable[Conflict], world: World) -> tuple[ConflictDetail, ...]:
    """Conflicts as answers."""
    return tuple(
        ConflictDetail(
            address=str(asked),
            held_address=str(held.address),
            reservation_id=held.reservation_id,
            run_id=held.reservation.run_id,
            branch=held.reservation.branch,
            operation=held.reservation.operation,
            reason=held.reservation.reason,
            created_at=held.reservation.created_at,
            expires_at=world.effective_expiry(held.reservation_id),
            certain=certain,
        )
        for asked, held, certain in conflicts
    )
