"""When a sync in the background is due, and how long one that failed is let rest."""

from __future__ import annotations

from git_muse_coord.model.last_exchange import LastExchange
from git_muse_coord.model.light_time import datetime, timedelta
from git_muse_coord.rules.freshness import age

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
)
"""How long to wait after the first failure, the second, the third, and each one that follows."""


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row."""
    if failures < 1:
        return timedelta()
    last = len(PAUSES) - 1
    return PAUSES[min(failures - 1, last)]


def time_until_due(
    last: LastExchange,
    tried_at: datetime | None,
    every: timedelta,
    now: datetime,
) -> timedelta | None:
    """How long until another exchange is due, zero for now; None: not before a person does something.

    ``tried_at`` is when the last one was started, which may have died without a word. By a clock
    that was set back nothing is known, so it is due.
    """
    if last.needs_login:
        return None
    left = timedelta()
    waits = (
        (last.at, every),
        (tried_at, every),
        (last.failed_at, pause_after(last.failures)),
    )
    for moment, span in waits:
        if moment is None:
            continue
        passed = age(moment, now)
        if passed is not None:
            left = max(left, span - passed)
    return left
