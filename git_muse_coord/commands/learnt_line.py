"""The line that says how much was learnt from the merges of a repository."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.ui.text import count

if TYPE_CHECKING:
    from git_muse_coord.coordinator.learning import Learnt


def learnt_from(learnt: Learnt) -> str:
    """How many merges taught something, and how many are left."""
    merges = count(learnt.merges, "merge")
    left = f"; {learnt.waiting:,} are still to be looked at" if learnt.waiting else ""
    return f"Learnt from {merges} of this repository, {learnt.conflicted:,} in conflict{left}."
