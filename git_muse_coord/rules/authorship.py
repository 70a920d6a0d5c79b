"""Which of several runs that changed a file has changed a symbol of it."""

from __future__ import annotations

from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.touched import Touched

Renamed = tuple[str, str]
"""The name of a symbol before a commit, and after it."""


def authors_of(
    names: Iterable[Address],
    touched: Mapping[RunId, Sequence[Touched] | None],
    renames: Sequence[Renamed],
) -> set[RunId]:
    """The runs that touched a symbol by one of its names; all of them, where what they touched shows none.

    ``touched`` is None for a run of which that cannot be told: then it may have been that one, too.
    """
    all_names = _with_renamed(names, renames)
    authors: set[RunId] = set()
    for run_id, places in touched.items():
        if places is None or _is_any_at(places, all_names):
            authors.add(run_id)
    return authors or set(touched)


def _with_renamed(names: Iterable[Address], renames: Sequence[Renamed]) -> list[Address]:
    """The names of a symbol, with those that it had before and after on its way through some commits."""
    texts = set(map(str, names))
    size = 0
    # Until nothing is added any more: a rename may lead to the next one, in whatever order they come.
    while len(texts) > size:
        size = len(texts)
        for pair in renames:
            if not texts.isdisjoint(pair):
                texts.update(pair)
    return list(map(revive_stored, texts))


def _is_any_at(places: Iterable[Touched], names: Sequence[Address]) -> bool:
    for touch in places:
        if touch.unclear is not None:
            return True
        place = touch.address
        if any(map(place.overlaps, names)):
            return True
    return False
