"""How a branch is merged at its turn, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

REPLAYED = 10
"""A branch of more commits than this is not replayed one by one."""

StrategyName = Literal["fast-forward", "rebase", "squash", "manual"]


class Facts(NamedTuple):
    """What decides how a branch is merged at its turn.

    ``ahead`` are the commits that it brings, ``is_forward`` says that it contains all that was
    merged before, and ``stops_at`` is the first commit that would conflict if they were replayed
    one by one, or why they are not.
    """

    ahead: int
    is_forward: bool
    conflicts: Sequence[str] = ()
    against: Sequence[str] = ()
    stops_at: str | None = None


def strategy(facts: Facts) -> tuple[StrategyName, str]:
    """How to merge a branch, and why."""
    if not facts.ahead:
        return "fast-forward", "brings nothing that is not merged by then"
    commits = "1 commit" if facts.ahead == 1 else f"{facts.ahead:,} commits"
    if facts.is_forward:
        return "fast-forward", f"{commits} on top of all that is merged by then"
    if facts.conflicts:
        with_which = ""
        if facts.against:
            with_which = f" with {', '.join(facts.against)}"
        return "manual", f"conflicts{with_which} in {', '.join(facts.conflicts)}"
    if facts.stops_at is not None:
        return "squash", f"merges cleanly as a whole, but {facts.stops_at}"
    which = "which applies" if facts.ahead == 1 else "each of which applies"
    return "rebase", f"{commits}, {which} cleanly"
