"""How a moment is told: in UTC, or at a terminal by the clock of who sits there; the zone is always named.

What is stored, JSON, and what other programs read has UTC. Only the program that a person called at
a terminal says otherwise, once, before it tells anything.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.model.light_time import datetime

_SHORT_NAME = 5


class _Telling:
    """Where times are told to: a value of the process, as a locale is."""

    in_local_time = False


def tell_local_times() -> None:
    """From now on tell times by the clock of this machine."""
    _Telling.in_local_time = True


def told_time(moment: datetime) -> str:
    """A moment to the second: ``2026-03-18T12:30:00 UTC``."""
    shown = _shown(moment)
    return f"{shown:%Y-%m-%dT%H:%M:%S} {_zone(shown)}"


def told_clock(moment: datetime) -> str:
    """The time of a day to the second, without its zone: for a list that names it once."""
    return f"{_shown(moment):%H:%M:%S}"


def told_minute(moment: datetime) -> str:
    """The time of a day to the minute: ``12:30 UTC``."""
    shown = _shown(moment)
    return f"{shown:%H:%M} {_zone(shown)}"


def told_zone(moment: datetime) -> str:
    """The zone in which times are told."""
    return _zone(_shown(moment))


def told_span(
    start: datetime,
    end: datetime,
    now: datetime,
) -> str:
    """A span of time to the minute, with days where they are not today: ``11:30 to 12:30 UTC``."""
    first = _shown(start)
    last = _shown(end)
    is_today = first.date() == last.date() == _shown(now).date()
    form = "%H:%M" if is_today else "%Y-%m-%d %H:%M"
    return f"{first:{form}} to {last:{form}} {_zone(last)}"


def _shown(moment: datetime) -> datetime:
    return moment.astimezone() if _Telling.in_local_time else moment


def _zone(shown: datetime) -> str:
    if not _Telling.in_local_time:
        return "UTC"
    name = shown.strftime("%Z")
    # Windows has names of several words, and not all zones have letters.
    if name.isascii() and name.isalpha() and len(name) <= _SHORT_NAME:
        return name
    return shown.strftime("%z")
