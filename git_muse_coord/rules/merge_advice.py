"""What to do about a symbol that two sides of a merge have to do with, in a few words."""

from __future__ import annotations

from git_muse_coord.rules.merged_symbol import MOVES, ConflictType, MergedSymbol


def advice(symbol: MergedSymbol) -> str:
    """What to do."""
    if symbol.finding is not None:
        return symbol.finding.recommendation
    if symbol.conflict_type is ConflictType.NONE:
        return _where_nothing_collides(symbol)
    if symbol.sites:
        return _on_uses(symbol)
    if symbol.conflict_type in (ConflictType.RENAME_EDIT, ConflictType.MOVE_EDIT):
        return _on_moves(symbol)
    if "deleted" in symbol.changes:
        return "decide whether it goes: one side deletes what the other changes"
    if symbol.changes == {"added"}:
        return "keep one of the two, or give one another name"
    if symbol.git_conflict:
        return "unite the two edits by hand"
    return "read the result: both sides changed it"


def _where_nothing_collides(symbol: MergedSymbol) -> str:
    if not symbol.git_conflict:
        return "nothing to do"
    if symbol.is_beside:
        return "see to the overlap in the same lines"
    return "take both changes"


def _on_uses(symbol: MergedSymbol) -> str:
    if symbol.conflict_type is ConflictType.DEPENDENCY:
        return "fit these uses to the new signature"
    # Deleted by one side and moved by the other: the place of the first that changed it counts.
    for edit in symbol.edits:
        if edit is None:
            continue
        if edit.change in MOVES:
            return f"use {edit.address} there"
        if edit.change == "deleted":
            break
    return "take these uses out, or keep it"


def _on_moves(symbol: MergedSymbol) -> str:
    changes = symbol.changes
    if len(changes) == 1:
        what = "name" if "renamed" in changes else "place"
        return f"agree on one {what}"
    if "deleted" in changes:
        return f"decide whether it goes or lives on as {symbol.new_place}"
    if symbol.git_conflict:
        return f"bring the edit to {symbol.new_place}"
    return f"see that the edit has arrived in {symbol.new_place}"
