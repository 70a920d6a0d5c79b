"""What a clone remembers of its exchanges with one address."""

from __future__ import annotations

from typing import NamedTuple

from git_muse_coord.model.light_time import datetime


class LastExchange(NamedTuple):
    """When a clone last heard what a remote has, and what went wrong since.

    ``at`` is None for never. ``failures`` counts what failed since, ``failed_at`` is the last of
    them, and ``said`` why, on one line. ``needs_login`` says that the remote did not let us in, so
    that only a person can mend it.
    """

    at: datetime | None = None
    failures: int = 0
    failed_at: datetime | None = None
    needs_login: bool = False
    said: str = ""
