"""Who belongs together: an agent and the agents that it started."""

from __future__ import annotations


def are_kin(one: str, other: str) -> bool:
    """Whether one run id is the other with whole further steps of a path: ``X`` and ``X/...``; siblings are not kin.

    >>> are_kin("claude:1", "claude:1/a"), are_kin("claude:1/a", "claude:1/b"), are_kin("claude:1", "claude:12")
    (True, False, False)
    """
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(f"{shorter}/")
