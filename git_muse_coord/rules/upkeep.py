"""When a clone is worth a sweep: told from how many records there are, and from what the last sweep foresaw."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.records import MAX_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.lifetime import Limits
    from git_muse_coord.rules.state import World

SPARE_BEATS = 50
"""At least this many heartbeats that later ones make superfluous are worth a sweep."""

PAST = 100
"""At least this many records past their time and the grace are worth one."""

_RESOLUTION = timedelta(seconds=10)


class Outlook(NamedTuple):
    """What a sweep left: live records, heartbeats beyond one a subject, and the moment when many will be past it all.

    Before the first sweep nothing is known, which makes it come early.
    """

    live: int = 0
    spare_beats: int = 0
    due: datetime | None = None


def is_due(
    live: int,
    spare_beats: int,
    last: Outlook,
    now: datetime,
) -> bool:
    """Whether enough has come, or enough time has passed, since the last sweep."""
    new_spare_beats = spare_beats - last.spare_beats
    new_live = live - last.live
    if new_spare_beats >= SPARE_BEATS or new_live >= PAST:
        return True
    if last.due is None or now < last.due:
        return False
    return live >= PAST


def foresee(
    records: Mapping[RecordId, Record],
    world: World,
    now: datetime,
    limits: Limits,
) -> datetime | None:
    """The moment, to some seconds, from which on many records will be past their time, if no more is written.

    None: there are not so many.
    """
    # Only a sweep foresees, and every reservation looks whether one is due.
    from git_muse_coord.rules.lifetime import Fate, fate

    def many_are_past(moment: datetime) -> bool:
        past = 0
        for record_id, record in records.items():
            fate_then = fate(
                record_id,
                record,
                world,
                moment,
                limits,
            )
            past += fate_then >= Fate.ARCHIVE
        return past >= PAST

    # Fates are not sorted by time, so the moment is found by halving: nothing ever becomes less past.
    before = now
    after = now + 2 * timedelta(seconds=MAX_SECONDS)
    if len(records) < PAST or not many_are_past(after):
        return None
    while after - before > _RESOLUTION:
        half = (after - before) / 2
        middle = before + half
        if many_are_past(middle):
            after = middle
        else:
            before = middle
    return after
