"""Which uses break when two sides are merged: one takes a symbol away or changes its signature, the other uses it.

Git merges such sides without a word where the two are in different places.
"""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.model.address import Key
from git_muse_coord.rules.merged_symbol import Site
from git_muse_coord.rules.uses import Use, UseEdge
from git_muse_coord.source.by_path import address_of
from git_muse_coord.source.merging.merge_trees import MergeTrees
from git_muse_coord.source.merging.side import Side, both_ways
from git_muse_coord.source.merging.spared_uses import is_spared
from git_muse_coord.source.merging.spoken_names import nameable

SitesByKey = dict[Key, list[Site]]
"""Uses, by the symbol that is used, as it was at the base."""

SURE = 0.5
"""Below this confidence a use is a guess among several symbols of one name."""


def broken_uses(
    trees: MergeTrees,
    ours: Side,
    theirs: Side,
) -> SitesByKey:
    """The uses that break, by the symbol that is used."""
    broken: SitesByKey = {}
    for taker, user in both_ways(ours, theirs):
        taken = taker.gone.union(taker.resigned)
        if not user.origins or not taken:
            continue
        # To link files of the user is costly, so that is done only where something can break.
        taken_by_name = nameable(taken, taker, user)
        if not taken_by_name:
            continue
        trees.progress(f"looking for uses of what {taker.name} took away or changed")
        new_uses = _NewUses(taker, user)
        for key in taken_by_name:
            sites = list(_breaking(trees, new_uses, key))
            if not sites:
                continue
            # Each side may have taken a symbol of that key.
            sites_so_far = broken.setdefault(key, [])
            sites_so_far += sites
    return broken


def _breaking(
    trees: MergeTrees,
    new_uses: _NewUses,
    key: Key,
) -> Iterator[Site]:
    """Where the new uses of a symbol break."""
    taker = new_uses.taker
    user = new_uses.user
    is_gone = key in taker.gone
    edges = new_uses.of(key, only_calls=not is_gone)
    for edge in edges:
        caller = edge.source
        if is_spared(taker, key, user, caller):
            continue
        if is_gone and trees.arrives(taker, key, user, caller):
            continue
        yield _site(edge, user.name)


class _NewUses:
    """The uses that one side, the user, adds of what the other, the taker, took away or changed."""

    def __init__(
        self,
        taker: Side,
        user: Side,
    ) -> None:
        self.taker = taker
        self.user = user
        # Only what was changed can bring a new use.
        changed = user.origins
        self._paths = {key[0] for key in changed}

    def of(self, key: Key, *, only_calls: bool) -> Iterator[UseEdge]:
        """New uses of a symbol; with ``only_calls`` also calls in what was changed, unless the taker changed it too."""
        origins = self.user.origins
        edges: list[UseEdge] = []
        users = self.user.uses.users_of(key, self._paths)
        for edge in users:
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
            is_unmended = only_calls and origin not in self.taker.edits
            if is_new or is_unmended:
                yield edge

    def _users_at_base(self, key: Key, edges: list[UseEdge]) -> set[Key]:
        """Which of those that use a symbol now used it at the base."""
        paths: set[str] = set()
        for edge in edges:
            origin = self.user.origins[edge.source]
            if origin is not None:
                paths.add(origin[0])
        edges_at_base = self.user.uses_before.users_of(key, paths)
        return {edge.source for edge in edges_at_base}


def _site(edge: UseEdge, side: str) -> Site:
    caller = address_of(edge.source)
    return Site(caller, edge.line, side)
