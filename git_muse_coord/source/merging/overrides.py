"""Overrides that override nothing any more: one side renames a method, the other adds one of the old name below it."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.model.address import Address, Key
from git_muse_coord.rules.merge_plan import Break, ConflictType, Site
from git_muse_coord.rules.uses import Use, UseGraph
from git_muse_coord.source.merging.side import Side

_OF_ALL = frozenset({"equals", "hashCode", "toString", "clone", "finalize", "compareTo"})
"""Methods that every class of Java has, whatever becomes of the one above."""


def lost_overrides(ours: Side, theirs: Side) -> dict[Key, Break]:
    """The methods that a side renamed and of which the other has a new override, by their old places."""
    found: dict[Key, Break] = {}
    for one, other in ((ours, theirs), (theirs, ours)):
        for old, new in _renamed(one):
            sites = tuple(
                Site(symbol.address, symbol.start_line, other.name)
                for key in _new_methods(other, old[-1])
                if key[:-1] in heirs(other.graph, old[:-1])
                and (symbol := other.standing.get(key)) is not None
            )
            if sites:
                found[old] = Break(
                    ConflictType.LOST_OVERRIDE, sites, f"name it {new.segments[-1].name} there, too"
                )
    return found


def heirs(graph: UseGraph, root: Key) -> set[Key]:
    """The classes that inherit from one, over any number of steps."""
    found: set[Key] = set()
    waiting = [root]
    while waiting:
        bases = (edge.source for edge in graph.users_of(waiting.pop()) if edge.use is Use.BASE)
        fresh = {source for source in bases if source not in found}
        found |= fresh
        waiting += fresh
    return found


def _renamed(side: Side) -> Iterator[tuple[Key, Address]]:
    """Members of classes that a side gave another name, in their class: where they were, and what they are now."""
    for key in side.gone:
        edit = side.edits.get(key)
        if edit is None or edit.change != "renamed" or edit.address is None or len(key) < 3:
            continue
        is_given = key[-1] in _OF_ALL or (key[-1].startswith("__") and key[-1].endswith("__"))
        if edit.address.key[-1] != key[-1] and not is_given:
            yield key, edit.address


def _new_methods(side: Side, name: str) -> list[Key]:
    """The members of a name that a side added."""
    return [
        key
        for key, origin in side.origins.items()
        if key[-1] == name and len(key) > 2 and origin != key
    ]
