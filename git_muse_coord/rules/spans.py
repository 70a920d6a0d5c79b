"""Spans of time as people write them: ``90s``, ``30m``, ``1h``, ``2d``."""

from __future__ import annotations

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.later import re
from git_muse_coord.model.records import MAX_SECONDS

_SPAN = r"([0-9]{1,9})([smhd]?)"
_SECONDS = {
    "": 1,
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86_400,
}


def read_span(text: str) -> int:
    """The seconds that a text means; a number alone is of seconds. Raises BadInput, also for more than a year."""
    span = 0
    match = re.fullmatch(_SPAN, text.strip())
    if match is not None:
        count, unit = match.groups()
        span = int(count) * _SECONDS[unit]
    if not 1 <= span <= MAX_SECONDS:
        raise BadInput(
            f"{text!r} is no span of 1 second to 365 days",
            "write it like 30m, 1h or 2d",
        )
    return span
