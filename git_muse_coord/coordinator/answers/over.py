"""What is over of what somebody held: which, since when, and the command that reserves it again."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import (
    and_more,
    few,
    shell_line,
    short_id,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import World

_NAMED = 3
_LONGEST = 2000
"""A longer command is nothing that anybody pastes."""


def told_over(
    ids: Sequence[RecordId],
    world: World,
    how: Sequence[str],
) -> str:
    """Which reservations are over, and ``how`` each of them ended, in one line."""
    parts: list[str] = []
    for reservation_id, ended in zip(ids, how, strict=True):
        reservation = world.reservations.get(reservation_id)
        places = ""
        # It may be an id that nobody here knows.
        if reservation is not None:
            places = f" ({few(reservation.addresses, _NAMED)})"
        parts.append(f"{short_id(reservation_id)}{places} {ended}")
    return few(parts, _NAMED, "; ")


def expired(reservation_id: RecordId, world: World) -> str:
    """That its time was over, and when."""
    ended_at = world.effective_expiry(reservation_id)
    return f"expired at {told_time(ended_at)}"


def again(
    ids: Sequence[RecordId],
    world: World,
    run_id: str | None,
    *,
    with_reason: bool = True,
) -> str | None:
    """The commands that reserve again what is over, for a shell; None where nothing is known of it.

    ``run_id`` is who they are to be for, where that was said by an option. The reason of another
    run is nobody else's.
    """
    known = [reservation_id for reservation_id in ids if reservation_id in world.reservations]
    lines: list[str] = []
    for reservation_id in known[:_NAMED]:
        reservation = world.reservations[reservation_id]
        line = _reserve_again(reservation, run_id, with_reason=with_reason)
        if len(line) > _LONGEST:
            name = short_id(reservation_id)
            return f"reserve again what git muse-coord show {name} lists"
        lines.append(line)
    if not lines:
        return None
    # One after the other, and only as long as each gets in.
    left = len(known) - len(lines)
    more = f", {and_more(left)}" if left else ""
    return " && ".join(lines) + more


def _reserve_again(
    reservation: Reservation,
    run_id: str | None,
    *,
    with_reason: bool,
) -> str:
    words = ["git", "muse-coord", "reserve"]
    if reservation.operation:
        words += ["--op", reservation.operation]
    # What a terminal shows in another form cannot be pasted.
    if with_reason and reservation.reason and reservation.reason.isprintable():
        words += ["--reason", reservation.reason]
    if run_id is not None:
        words += ["--run-id", run_id]
    # Else the first of them would be taken for an option.
    if any(address.startswith("-") for address in reservation.addresses):
        words.append("--")
    return shell_line([*words, *reservation.addresses])
