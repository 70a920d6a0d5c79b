"""Who belongs together: an agent and the agents that it started."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from git_muse_coord.model.text_types import RunId


def are_kin(run_id: str, other_run_id: str) -> bool:
    """Whether one run id is the other with whole further steps of a path: ``X`` and ``X/...``; siblings are not kin.

    >>> are_kin("claude:1", "claude:1/a"), are_kin("claude:1/a", "claude:1/b"), are_kin("claude:1", "claude:12")
    (True, False, False)
    """
    if run_id == other_run_id:
        return False
    return is_part_of(run_id, other_run_id) or is_part_of(other_run_id, run_id)


def is_part_of(run_id: str, run: str) -> bool:
    """Whether a run id is that of a run, or of an agent that it started: what a session's end is the end of, too."""
    return run_id == run or run_id.startswith(f"{run}/")


def is_kin(
    run_id: str,
    holder: str,
    ended_here: Collection[RunId],
) -> bool:
    """Whether what a holder has is told to a run, and never stops it.

    ``ended_here`` are the sessions of agents that were at work in the run's own worktree and have
    ended: what they left there is taken up by whoever comes after them, and by nobody elsewhere.
    """
    return are_kin(run_id, holder) or holder in ended_here
