"""When a task is finished: what its outcomes say together.

Nothing works through a queue yet; but tasks travel, are archived, and leave when they are over.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Task

if TYPE_CHECKING:
    from datetime import datetime

    from git_muse_coord.model.records import Outcome, Record


def later(known: Outcome | None, outcome: Outcome) -> Outcome:
    """Of two outcomes of one task that of the later attempt; the known one where they are equal."""
    if known is None or outcome.attempt > known.attempt:
        return outcome
    return known


def finished_at(task: Record | None, last: Outcome | None) -> datetime | None:
    """When a task was finished, from the outcome of its last attempt; None while it is not.

    ``task`` is what is known under its id, None where that has not arrived.
    """
    if last is None:
        return None
    if last.status == "completed" or not last.retry:
        return last.ended_at
    # Without the task nobody knows how many attempts it has: the last that is known counts.
    if isinstance(task, Task) and last.attempt < task.max_attempts:
        return None
    return last.ended_at
