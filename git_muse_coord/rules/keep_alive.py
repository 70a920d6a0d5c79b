"""When what a run holds wants a sign of life, and how far that reaches."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.records import MAX_SECONDS, UNKNOWN
from git_muse_coord.rules.state import lives_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.state import World

_LONGEST = timedelta(seconds=MAX_SECONDS)
_NO_TIME = timedelta()


class Life(NamedTuple):
    """The time from a reservation, or from the heartbeat that reaches furthest, to its end."""

    began: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.ends - self.began


def life_of(reservation_id: RecordId, world: World) -> Life:
    """The life that a reservation has now. Of two that end at once, the one that began last."""
    reservation = world.reservations[reservation_id]
    ends = [(reservation.expires_at, reservation.created_at)]
    beats = world.heartbeats.get(reservation_id, {})
    for beat in beats.values():
        # As for the expiry: anybody can write a heartbeat, only the holder's own count.
        if beat.run_id == reservation.run_id:
            reach = lives_until(beat)
            ends.append((reach, beat.beat_at))
    end, began = max(ends)
    return Life(began, end)


def renewed_end(
    life: Life,
    now: datetime,
    asked: timedelta = _NO_TIME,
) -> datetime | None:
    """Until when a sign of life makes a life last; None while it is fresh, so that none is written.

    Fresh is what has not yet had a third of its time, and is no shorter than what is ``asked`` for:
    who asks in a loop leaves no record each time. It grows by its own length, or by what is asked
    for where that is longer, and never ends earlier than before.
    """
    age = now - life.began
    is_long_enough = asked <= life.length
    if is_long_enough and 3 * age <= life.length:
        return None
    wanted = max(asked, life.length)
    length = min(wanted, _LONGEST)
    return max(now + length, life.ends)


def renewals(
    holder: RunId,
    world: World,
    now: datetime,
) -> Mapping[RecordId, datetime]:
    """The active reservations of a run that want a sign of life now, oldest first, and until when each is to last."""
    # Nobody knows whose the reservations of a run without identity are, so nobody keeps them alive.
    if holder == UNKNOWN:
        return {}
    wanted: dict[RecordId, datetime] = {}
    for reservation_id, reservation in world.active(now).items():
        if reservation.run_id != holder:
            continue
        life = life_of(reservation_id, world)
        end = renewed_end(life, now)
        if end is not None:
            wanted[reservation_id] = end
    return wanted
