"""What the source says to one who reserves: the symbols that a difference touches, and names near to one not there.

Apart from ``reserve``, so that a reservation of files pays nothing for it.
"""

from __future__ import annotations

from itertools import groupby

from git_muse_coord.model import address
from git_muse_coord.model.address import IMPORTS, MODULE, Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.source.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.source.addressing.resolver import AddressResolver
    from git_muse_coord.symbols.values import FileSymbols

_ALWAYS = (IMPORTS, MODULE)
"""What every file can come to have."""


def from_differences(
    session: Session,
    revisions: str,
    *,
    alone: bool,
    worktree: bool = False,
) -> tuple[list[Address], list[str]]:
    """The addresses that a range of commits touches, with where they were before.

    Where the range is empty: those that the index touches, or, ``worktree``, the working tree.

    And sentences about what is passed over because the name of its file is no address. Raises
    BadInput when nothing differs, or, ``alone``, nothing that has an address.
    """
    from git_muse_coord.source.changed import changed_paths, differences

    deltas = changed_paths(session.repository, worktree=worktree, range=revisions or None)
    touched: dict[Address, None] = {}
    for change in differences(session.sources(), deltas).changes:
        if change.is_formatting:
            continue
        touched[change.address] = None
        # Who works on its old place meets it there.
        if change.from_address is not None:
            touched[change.from_address] = None
    if not touched:
        where = "the working tree" if worktree else "the index"
        what = repr(revisions) if revisions else where
        hint = "name a RANGE"
        if not worktree:
            hint += ", stage something first with git add, or say --worktree"
        raise BadInput(f"{what} changes nothing to reserve", hint)
    named: list[Address] = []
    exact_paths: set[str] = set()
    for place in touched:
        if address.is_exact(place):
            named.append(place)
            exact_paths.add(place.path)
    all_paths = {place.path for place in touched}
    odd_paths = sorted(all_paths - exact_paths)
    if alone and not named:
        path = odd_paths[0]
        raise BadInput(
            f"{path!r} has no address", f"reserve the directory that it is in: {_home(path)}"
        )
    passed_over: list[str] = []
    for path in odd_paths:
        passed_over.append(f"passed over, as it has no address: {path!r}; it lies in {_home(path)}")
    return named, passed_over


def _home(path: str) -> str:
    return address.directories(path)[-1]


def near_symbols(
    session: Session,
    resolver: AddressResolver,
    named: Sequence[Address],
) -> dict[Address, tuple[str, ...]]:
    """Those addresses whose file is there and read, but has no such symbol, with names that are near."""
    sources = session.sources()
    missing: dict[Address, tuple[str, ...]] = {}
    for path, group in groupby(named, key=lambda place: place.path):
        wanted: list[Address] = []
        for place in group:
            if place.segments[0].name not in _ALWAYS:
                wanted.append(place)
        # Reading a file costs time, so it is read only where it can make a difference.
        if not wanted:
            continue
        file = _symbols_of(path, sources, resolver)
        if file is None or file.whole:
            continue
        known = [symbol.address for symbol in file.symbols]
        for place in wanted:
            if not any(symbol.answers_to(place) for symbol in file.symbols):
                missing[place] = _near(place, known)
    return missing


def _near(place: Address, known: Sequence[Address]) -> tuple[str, ...]:
    # Comparing texts is loaded only by those who misspelt one.
    from git_muse_coord.symbols.suggest import suggest

    return tuple(map(str, suggest(place, known)))


def _symbols_of(
    path: str,
    sources: Sources,
    resolver: AddressResolver,
) -> FileSymbols | None:
    """The symbols of a file; one that is not on disk, as in a sparse checkout, is read from the index."""
    on_disk = sources.on_disk(path)
    if on_disk is not None or resolver.is_on_disk(path):
        return on_disk
    version = resolver.reader.version(path)
    if version is None:
        return None
    return next(iter(sources.read({path: version})), None)
