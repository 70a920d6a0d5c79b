"""A symbol that a side of a merge changed, as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.coordinator.answers.silent_break import CallSite, call_site
from git_muse_coord.model.declared import Declared

if TYPE_CHECKING:
    from git_muse_coord.rules.merge_plan import Item


class PlannedSymbol(Declared):
    """A symbol that a side changed, under the address that it has at the base.

    ``conflict_type`` is one of symbol_edit_overlap, rename_edit, move_edit, delete_use,
    dependency_conflict, double_definition, lost_import, lost_override, no_conflict; ``ours_change``
    and ``theirs_change`` are null for a side that left it alone; ``git_conflict`` says whether git
    itself conflicts there. ``silent``: git merges cleanly, but the result breaks. ``disjoint``: git
    conflicts, but in those lines the sides changed different symbols. ``sites`` are the uses that
    break, or the definitions that meet.
    """

    address: str
    conflict_type: str
    ours_change: str | None
    theirs_change: str | None
    git_conflict: bool
    silent: bool
    disjoint: bool
    recommendation: str
    sites: tuple[CallSite, ...]


def planned(item: Item) -> PlannedSymbol:
    """A symbol, as it is told."""
    return PlannedSymbol(
        address=str(item.address),
        conflict_type=str(item.conflict_type),
        ours_change=item.ours,
        theirs_change=item.theirs,
        git_conflict=item.git_conflict,
        silent=item.silent,
        disjoint=item.disjoint,
        recommendation=item.recommendation,
        sites=tuple(map(call_site, item.sites)),
    )
