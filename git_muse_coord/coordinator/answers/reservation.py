"""Reservations as answers: what ``list`` and ``status`` tell of each."""

from __future__ import annotations

from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.rules.state import CLOCK_SKEW

if TYPE_CHECKING:
    from datetime import datetime

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import World


class Held(Declared):
    """A reservation with its state: active, released or expired.

    ``seconds_left`` is 0 unless it is active; ``from_future`` marks one made by a clock that is far
    ahead of ours. The fields of the record come last, in the order in which they are stored.
    """

    reservation_id: str
    state: str
    effective_expires_at: datetime
    seconds_left: int
    from_future: bool
    addresses: tuple[str, ...]
    branch: str | None
    commit: str | None
    created_at: datetime
    depends_on: tuple[str, ...]
    expires_at: datetime
    operation: str | None
    reason: str | None
    run_id: str


def held(
    reservation_id: RecordId,
    world: World,
    now: datetime,
) -> Held:
    """A reservation as an answer."""
    record = world.reservations[reservation_id]
    state = world.state(reservation_id, now)
    until = world.effective_expiry(reservation_id)
    left = until - now if state == "active" else timedelta()
    return Held(
        reservation_id=reservation_id,
        state=state,
        effective_expires_at=until,
        seconds_left=int(left.total_seconds()),
        from_future=record.created_at - now > CLOCK_SKEW,
        addresses=record.addresses,
        branch=record.branch,
        commit=record.commit,
        created_at=record.created_at,
        depends_on=record.depends_on,
        expires_at=record.expires_at,
        operation=record.operation,
        reason=record.reason,
        run_id=record.run_id,
    )
