"""Overrides that override nothing any more: one side renames a method, the other adds one of the old name below it."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.model.address import Address, Key
from git_muse_coord.rules.merged_symbol import Break, ConflictType, Site
from git_muse_coord.rules.uses import Use
from git_muse_coord.source.merging.side import Side, both_ways
from git_muse_coord.source.tree_uses import TreeUses

_OF_ALL = frozenset({"equals", "hashCode", "toString", "clone", "finalize", "compareTo"})
"""Methods that every class of Java has, whatever becomes of the one above."""


def lost_overrides(ours: Side, theirs: Side) -> dict[Key, Break]:
    """The methods that a side renamed and of which the other has a new override, by their old places."""
    breaks: dict[Key, Break] = {}
    for renamer, adder in both_ways(ours, theirs):
        for old_key, new_address in _renamed_members(renamer):
            sites = tuple(_new_overrides(adder, old_key))
            if not sites:
                continue
            new_name = new_address.segments[-1].name
            breaks[old_key] = Break(
                ConflictType.LOST_OVERRIDE,
                sites,
                f"name it {new_name} there, too",
            )
    return breaks


def _inherits(uses: TreeUses, heir: Key, root: Key) -> bool:
    """Whether a class inherits from another, over any number of steps."""
    known: set[Key] = set()
    waiting = [heir]
    while waiting:
        below = waiting.pop()
        for edge in uses.used_by(below):
            if edge.use is not Use.BASE:
                continue
            above = edge.target
            if above == root:
                return True
            # What is known is not asked again: code that does not run can inherit in a circle.
            if above not in known:
                known.add(above)
                waiting.append(above)
    return False


def _renamed_members(side: Side) -> Iterator[tuple[Key, Address]]:
    """Members of classes that a side gave another name, in their class: where they were, and what they are now."""
    for key in side.gone:
        edit = side.edits.get(key)
        if edit is None or edit.address is None:
            continue
        if edit.change != "renamed":
            continue
        old_name = key[-1]
        new_name = edit.address.key[-1]
        if new_name == old_name:  # its class has another name, or its file
            continue
        if _is_member(key) and not _is_given(old_name):
            yield key, edit.address


def _new_overrides(side: Side, overridden: Key) -> Iterator[Site]:
    """Where a side adds members of that name to heirs of the class that has, or had, the overridden one."""
    root = overridden[:-1]
    name = overridden[-1]
    for key, origin in side.origins.items():
        if key[-1] != name or not _is_member(key):
            continue
        if origin == key:  # changed, but there before
            continue
        symbol = side.symbols.get(key)
        if symbol is None:
            continue
        heir = key[:-1]
        if _inherits(side.uses, heir, root):
            yield side.site_of(symbol)


def _is_member(key: Key) -> bool:
    """Whether a place is in a class: behind the path there are two names."""
    return len(key) >= 3


def _is_given(name: str) -> bool:
    """Whether the language gives every class a method of that name, so that an override keeps its meaning."""
    if name in _OF_ALL:
        return True
    return name.startswith("__") and name.endswith("__")
