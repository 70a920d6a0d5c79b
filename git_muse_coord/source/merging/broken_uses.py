"""Which uses break when two sides are merged: one takes a symbol away or changes its signature, the other uses it.

Git merges such sides without a word where the two are in different places.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from git_muse_coord.model.address import Address, Key, Segment
from git_muse_coord.rules.merge_plan import Site
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.sources import Sources
from git_muse_coord.source.use_graphs import UseGraphs

SURE = 0.5
"""Below this a use is a guess among several symbols of one name."""


def broken_uses(sources: Sources, base: str, ours: Side, theirs: Side) -> dict[Key, list[Site]]:
    """The uses that break, by the symbol that is used."""
    found: dict[Key, list[Site]] = {}
    for one, other in ((ours, theirs), (theirs, ours)):
        gone, resigned = one.gone, set(one.resigned)
        if not other.origins or not (gone or resigned):
            continue
        sources.progress(f"looking for uses of what {one.name} took away or changed")
        fresh = _Fresh(sources, base, one, other)
        for key in sorted(gone | resigned):
            uses = fresh.uses(key, only_calls=key not in gone)
            sites = [
                _site(edge, other.name) for edge in uses if not one.spares(key, edge.source, other)
            ]
            if sites:
                found.setdefault(key, []).extend(sites)
    return found


class _Fresh:
    """The uses that one side adds, of what the other took away or changed."""

    def __init__(self, sources: Sources, base: str, taker: Side, user: Side) -> None:
        self._sources = sources
        self._base = base
        self._taker = taker
        self._user = user

    def uses(self, key: Key, *, only_calls: bool) -> Iterator[UseEdge]:
        """New uses of a symbol; with ``only_calls`` also calls in what was changed, unless the taker changed it too."""
        changed = [
            edge for edge in self._user.graph.users_of(key) if edge.source in self._user.origins
        ]
        has_older = any(self._user.origins[edge.source] for edge in changed)
        before = {edge.source for edge in self._graph.users_of(key)} if has_older else set()
        for edge in changed:
            if edge.confidence < SURE or (only_calls and edge.use is not Use.CALL):
                continue
            origin = self._user.origins[edge.source]
            if (
                origin is None
                or origin not in before
                or (only_calls and origin not in self._taker.edits)
            ):
                yield edge

    @cached_property
    def _graph(self) -> UseGraph:
        return UseGraphs(self._sources).at(self._base)


def _site(edge: UseEdge, side: str) -> Site:
    path, *names = edge.source
    return Site(Address(path, tuple(map(Segment, names))), edge.line, side)
