"""How old what a clone knows of a remote is, and in which words that is told."""

from __future__ import annotations

from git_muse_coord.model.light_time import datetime, timedelta
from git_muse_coord.model.wording import span_of_time

OLD = timedelta(minutes=10)
"""What is younger than this is told without a remark."""

_SLACK = timedelta(minutes=2)
"""A clock may be set back by so much without anybody taking note: they are corrected all the time."""


def age(synced_at: datetime, now: datetime) -> timedelta | None:
    """How long ago that was; None where the clock was set back since, so that nobody can tell."""
    passed = now - synced_at
    if passed < -_SLACK:
        return None
    return max(passed, timedelta())


def staleness(
    remote: str,
    synced_at: datetime | None,
    now: datetime,
) -> str:
    """A few words about what is known of a remote where that is old; empty where it is not."""
    if synced_at is None:
        return f"never synced with {remote!r}, so other clones are not seen: git muse-coord sync"
    passed = age(synced_at, now)
    if passed is None:
        return f"last synced with {remote!r} by a clock that was ahead: git muse-coord sync"
    if passed <= OLD:
        return ""
    seconds = int(passed.total_seconds())
    return f"last synced with {remote!r} {span_of_time(seconds)} ago"
