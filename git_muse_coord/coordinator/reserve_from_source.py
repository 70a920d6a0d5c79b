"""What the source says to one who reserves: the symbols that a difference touches, and names near to one not there.

Apart from ``reserve``, so that a reservation of files pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from git_muse_coord.model import address
from git_muse_coord.model.address import IMPORTS, MODULE, Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.source.sources import Sources

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.source.addressing.resolver import Resolver
    from git_muse_coord.symbols.values import FileSymbols

_ALWAYS = (IMPORTS, MODULE)
"""What every file can come to have."""


def from_differences(
    session: Session, revisions: str, *, alone: bool
) -> tuple[list[Address], list[str]]:
    """The addresses that a range of commits (or, empty, the index) touches, with where they were before.

    And sentences about what is passed over because the name of its file is no address. Raises
    BadInput when nothing differs, or, ``alone``, nothing that has an address.
    """
    from git_muse_coord.source.changed import differences, differing

    found = differences(session.sources(), differing(session.repository, range=revisions or None))
    places = dict.fromkeys(
        place
        for change in found.changes
        if change.change != "formatting"
        for place in (change.address, change.from_address)
        if place is not None
    )
    if not places:
        what = f"{revisions!r} changes" if revisions else "the index changes"
        raise BadInput(
            f"{what} nothing to reserve", "name a RANGE, or stage something first: git add"
        )
    named = [place for place in places if address.is_exact(place)]
    odd = sorted({place.path for place in places}.difference(place.path for place in named))
    if alone and not named:
        raise BadInput(
            f"{odd[0]!r} has no address", f"reserve the directory that it is in: {_home(odd[0])}"
        )
    return named, [
        f"passed over, as it has no address: {path!r}; it lies in {_home(path)}" for path in odd
    ]


def _home(path: str) -> str:
    return address.directories(path)[-1]


def near_symbols(
    session: Session, resolver: Resolver, named: Sequence[Address]
) -> dict[Address, tuple[str, ...]]:
    """Those addresses whose file is there and read, but has no such symbol, with names that are near."""
    missing: dict[Address, tuple[str, ...]] = {}
    sources = session.sources()
    for path, group in groupby(named, key=lambda one: one.path):
        wanted = [one for one in group if one.segments[0].name not in _ALWAYS]
        file = (sources.on_disk(path) or _left_out(sources, resolver, path)) if wanted else None
        if file is None or file.whole:
            continue
        known = [symbol.address for symbol in file.symbols]
        for one in wanted:
            if not any(one.covers(other) for other in known):
                from git_muse_coord.symbols.suggest import suggest

                missing[one] = tuple(map(str, suggest(one, known)))
    return missing


def _left_out(sources: Sources, resolver: Resolver, path: str) -> FileSymbols | None:
    """The symbols of a tracked file that is not on disk, as in a sparse checkout."""
    if resolver.is_on_disk(path):
        return None
    version = resolver.reader.version(path)
    return next(iter(sources.read({path: version})), None) if version is not None else None
