"""What a clone remembers of its exchanges with one address."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class LastExchange(NamedTuple):
    """When a clone last heard what a remote has, and what went wrong since.

    ``at`` is None for never. ``failures`` counts what failed since, ``failed_at`` is the last of
    them, and ``said`` why, on one line. ``stop`` is a word for what only a person can mend: until
    then nothing is tried in the background.
    """

    at: datetime | None = None
    failures: int = 0
    failed_at: datetime | None = None
    stop: str = ""
    said: str = ""


LOGIN = "login"
"""The remote did not let us in."""

ADDRESS = "address"
"""The remote has another address than the one that was agreed to."""
