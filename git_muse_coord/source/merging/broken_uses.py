"""Which uses break when two sides are merged: one takes a symbol away or changes its signature, the other uses it.

Git merges such sides without a word where the two are in different places.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from git_muse_coord.model.address import Address, Key, Segment
from git_muse_coord.rules.merged_symbol import Site
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.merging.spared_uses import is_spared
from git_muse_coord.source.sources import Sources
from git_muse_coord.source.use_graphs import UseGraphs

SURE = 0.5
"""Below this confidence a use is a guess among several symbols of one name."""


def broken_uses(
    sources: Sources,
    base: str,
    ours: Side,
    theirs: Side,
) -> dict[Key, list[Site]]:
    """The uses that break, by the symbol that is used."""
    broken: dict[Key, list[Site]] = {}
    for taker, user in ((ours, theirs), (theirs, ours)):
        gone = taker.gone
        taken = gone.union(taker.resigned)
        # The graph of the user links a whole tree, so it is asked only where it can break something.
        if not user.origins or not taken:
            continue
        sources.progress(f"looking for uses of what {taker.name} took away or changed")
        new_uses = _NewUses(sources, base, taker, user)
        for key in sorted(taken):
            only_calls = key not in gone
            for edge in new_uses.of(key, only_calls=only_calls):
                if is_spared(taker, key, user, edge.source):
                    continue
                site = _site(edge, user.name)
                broken.setdefault(key, []).append(site)
    return broken


class _NewUses:
    """The uses that one side, the user, adds of what the other, the taker, took away or changed."""

    def __init__(
        self,
        sources: Sources,
        base: str,
        taker: Side,
        user: Side,
    ) -> None:
        self._sources = sources
        self._base = base
        self._taker = taker
        self._user = user

    def of(self, key: Key, *, only_calls: bool) -> Iterator[UseEdge]:
        """New uses of a symbol; with ``only_calls`` also calls in what was changed, unless the taker changed it too."""
        origins = self._user.origins
        edges: list[UseEdge] = []
        for edge in self._user.graph.users_of(key):
            if edge.source in origins:
                edges.append(edge)
        users_at_base = self._users_at_base(key, edges)
        for edge in edges:
            if edge.confidence < SURE:
                continue
            if only_calls and edge.use is not Use.CALL:
                continue
            origin = origins[edge.source]
            is_new = origin is None or origin not in users_at_base
            # A caller that the taker changed too will have been mended with the signature.
            is_unmended = only_calls and origin not in self._taker.edits
            if is_new or is_unmended:
                yield edge

    def _users_at_base(self, key: Key, edges: list[UseEdge]) -> set[Key]:
        """Who used a symbol at the base; nobody, unasked, where all that uses it now is new."""
        has_older = any(self._user.origins[edge.source] for edge in edges)
        if not has_older:  # spares the linking of a third tree
            return set()
        return {edge.source for edge in self._base_graph.users_of(key)}

    @cached_property
    def _base_graph(self) -> UseGraph:
        return UseGraphs(self._sources).at(self._base)


def _site(edge: UseEdge, side: str) -> Site:
    path, *names = edge.source
    segments = map(Segment, names)
    caller = Address(path, tuple(segments))
    return Site(caller, edge.line, side)
