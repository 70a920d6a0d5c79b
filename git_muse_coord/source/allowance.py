"""How long a command may take, so that it can answer with what it knows before it is stopped."""

from __future__ import annotations

import os
import time


class Allowance:
    """Seconds from now on: of a processor's time, by this process and those that it waited for, and in all."""

    def __init__(self, processor: float, total: float) -> None:
        self._processor = processor
        self._total = total
        self._worked = _worked()
        self._start = time.monotonic()

    @property
    def spent(self) -> float:
        """How much of it is used up, from 0 to 1 and beyond: of that which ends first."""
        worked = _worked() - self._worked
        passed = time.monotonic() - self._start
        return max(worked / self._processor, passed / self._total)


def _worked() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
