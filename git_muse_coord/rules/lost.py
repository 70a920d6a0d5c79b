"""What a run held until a short while ago, and lost without letting go of it."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.records import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Release
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.conflicts import Holdings
    from git_muse_coord.rules.state import World
    from git_muse_coord.rules.touched import Touched

LATELY = timedelta(hours=4)
"""What was lost longer ago than this is not spoken of: whoever held it was long at something else."""


class Lost(NamedTuple):
    """A reservation that a run lost, when, and the release of the run that ended it; None: its time was over."""

    reservation_id: RecordId
    at: datetime
    release: Release | None


def lost_lately(
    holder: RunId,
    world: World,
    now: datetime,
) -> dict[RecordId, Lost]:
    """What a run lost lately: what has expired, and what another run released."""
    lost: dict[RecordId, Lost] = {}
    # Nobody knows whether what a run without identity held was this one's.
    if holder == UNKNOWN:
        return lost
    for reservation_id, reservation in world.reservations.items():
        if reservation.run_id != holder or world.is_active(reservation_id, now):
            continue
        release = world.releases.get(reservation_id)
        if release is None:
            # It goes on in a union, or its release cannot be read, so that nobody knows whose it is.
            if world.is_released(reservation_id):
                continue
            at = world.effective_expiry(reservation_id)
        elif release.run_id == holder:
            continue
        else:
            at = release.released_at
        if now - at <= LATELY:
            lost[reservation_id] = Lost(reservation_id, at, release)
    return lost


def touched_after(
    touched: Iterable[Touched],
    lost: Holdings,
    kept: Holdings,
) -> Iterator[tuple[RecordId, Address]]:
    """Of what was lost, by reservation, the addresses that a change touches and that the run holds no more."""
    named: set[tuple[RecordId, Address]] = set()
    for touch in touched:
        place = touch.address
        # What may have been touched, where not all could be read, is no reason to speak.
        if touch.unclear is not None or _is_within(place, kept):
            continue
        for holding in lost.overlapping(place):
            pair = (holding.reservation_id, holding.address)
            if pair in named:
                continue
            if holding.address.is_around(place):
                named.add(pair)
                yield pair


def _is_within(place: Address, kept: Holdings) -> bool:
    for holding in kept.overlapping(place):
        if holding.address.is_around(place):
            return True
    return False
