"""A clock for tests that let time pass."""

from __future__ import annotations

from datetime import datetime

from tests.tools import NOON


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
