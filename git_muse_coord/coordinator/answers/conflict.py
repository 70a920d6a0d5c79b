"""Conflicts as answers: what every verb tells of what another holder has, and in which words."""

from __future__ import annotations

from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import few, quoted
from git_muse_coord.rules.identity import short_run_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.conflicts import Conflict
    from git_muse_coord.rules.state import World

_REASON = 200
_NAMED = 3


class ConflictDetail(Declared):
    """A reservation of another holder that overlaps an address; ``expires_at`` is its effective expiry.

    It is not ``certain`` where a change lies in what could not be read, and the reserved name was
    found nowhere else. ``kin`` are agents of which one started the other, and sessions that ended
    in this worktree: they are told of each other, and stop each other only with ``--strict``.
    ``asked_by`` is the run whose reservation meets it, null where a change does; ``told_before``
    says that the same run heard of it at its last sync, or at a commit that is pushed now.
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
    kin: bool = False
    asked_by: str | None = None
    told_before: bool = False

    @property
    def sentence(self) -> str:
        """The conflict in one line: what, who, since when, until when, what for."""
        is_reserved = "is reserved" if self.certain else "may be reserved"
        # What may be met is a name that could stand in text that nobody can read.
        name = short_run_id(self.run_id)
        where = "" if self.certain else ", where not all could be read,"
        as_what = "" if self.held_address == self.address else f" (as {self.held_address})"
        whose = "kin, " if self.kin else ""
        span = f"since {told_time(self.created_at)} until {told_time(self.expires_at)}"
        what_for = f", to {self.operation} it" if self.operation else ""
        why = f", reason: {quoted(self.reason, _REASON)}" if self.reason else ""
        return (
            f"{self.address}{where} {is_reserved} by {whose}run-id '{name}'{as_what}"
            f" {span}{what_for}{why}"
        )


def conflict_details(conflicts: Iterable[Conflict], world: World) -> tuple[ConflictDetail, ...]:
    """Conflicts as answers."""
    return tuple(_detail(conflict, world) for conflict in conflicts)


def number_of_conflicts(details: Iterable[ConflictDetail]) -> int:
    """How many conflicts a reader counts: one a reservation, however much of it is met."""
    return len({detail.reservation_id for detail in details})


def in_short(details: Sequence[ConflictDetail]) -> str:
    """How many conflicts there are and with whom, for an error, which is one line; they are told beside it."""
    names: dict[str, None] = {}
    for detail in details:
        names[f"run-id '{short_run_id(detail.run_id)}'"] = None
    number = number_of_conflicts(details)
    conflicts = "1 conflict" if number == 1 else f"{number:,} conflicts"
    return f"{conflicts} with {few(list(names), _NAMED)}"


def first_of(sentences: Sequence[str]) -> str:
    """The first of some sentences, and how many more there are: for an error, which is one line."""
    first, *others = sentences
    if not others:
        return first
    return f"{first} (and {len(others):,} more)"


def _detail(conflict: Conflict, world: World) -> ConflictDetail:
    held = conflict.held
    reservation = held.reservation
    asked_by: RunId | None = None
    # A change of the tree asks in nobody's name.
    if conflict.asking is not None and conflict.asking in world.reservations:
        asked_by = world.reservations[conflict.asking].run_id
    return ConflictDetail(
        address=str(conflict.asked),
        held_address=str(held.address),
        reservation_id=held.reservation_id,
        run_id=reservation.run_id,
        branch=reservation.branch,
        operation=reservation.operation,
        reason=reservation.reason,
        created_at=reservation.created_at,
        expires_at=world.effective_expiry(held.reservation_id),
        certain=conflict.certain,
        kin=conflict.kin,
        asked_by=asked_by,
    )
