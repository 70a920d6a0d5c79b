"""Use case: what can be addressed, and which of it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.answers.symbol_list import Listing, SymbolLine
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model import address
from git_muse_coord.model.address import ROOT, Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.results import Result
from git_muse_coord.source.changed import Changed, differences, differing
from git_muse_coord.store.git.trees import Trees, Version

if TYPE_CHECKING:
    from git_muse_coord.symbols.values import FileSymbols


@dataclass(kw_only=True, eq=False)
class SymbolsResult(Result):
    """What can be addressed, in the order of the files, or with ``changed`` what differs."""

    symbols: Sequence[SymbolLine]
    changes: tuple[Changed, ...]


def symbols(
    session: Session, paths: Iterable[str] = (), *, changed: str | None = None
) -> SymbolsResult:
    """The symbols of the files in the working tree, of all tracked ones or of those named.

    ``paths`` are addresses: files (tracked or not), directories, or symbols with what lies in
    them. ``changed`` is a range of commits, or empty for the index against HEAD: then only what
    it changes, and how. In a bare repository the files are those of HEAD. Raises BadInput.
    """
    asked = session.addresses(paths) if (paths := list(paths)) else []
    if changed is None:
        return SymbolsResult(symbols=_listing(session, asked), changes=())
    deltas = differing(session.repository, range=changed or None)
    if asked:
        deltas = [
            one for one in deltas if any(_is_near(Address(one.path), place) for place in asked)
        ]
    answers = differences(session.sources(), deltas).answers()
    kept = [one for one in answers if not asked or _is_among(one, asked)]
    return SymbolsResult(symbols=(), changes=tuple(kept))


def _listing(session: Session, asked: list[Address]) -> Listing:

    sources, listing = session.sources(), Listing()
    for file in sources.read(sources.contents.hashed(_files(session, asked))):
        listing.add(file.path, _lines_of(file, asked))
    if not asked:
        sources.prune()
    return listing


def _files(session: Session, asked: list[Address]) -> dict[str, Version]:
    trees = Trees(session.repository)
    everything = any(one.path == ROOT for one in asked)
    places = [] if everything else list(dict.fromkeys(one.path.rstrip("/") for one in asked))
    files = trees.tracked(places)
    for one in asked:
        if one.path == ROOT or one.path in files:
            continue
        if one.is_directory and any(path.startswith(one.path) for path in files):
            continue
        version = (
            None if one.is_directory or session.repository.top is None else trees.on_disk(one.path)
        )
        if version is None:
            raise BadInput(
                f"no file here is called {one.path}", _hint(one, session.repository.tracked())
            )
        files[one.path] = version
    return files


def _lines_of(file: FileSymbols, asked: list[Address]) -> Iterator[SymbolLine]:
    for symbol in file.symbols:
        if not asked or any(_is_near(symbol.address, one) for one in asked):
            yield SymbolLine(
                address=str(symbol.address),
                kind=symbol.kind,
                start_line=symbol.start_line,
                end_line=symbol.end_line,
                signature=symbol.signature,
            )


def _is_near(one: Address, asked: Address) -> bool:
    """Whether an address lies in one that was asked for, or is the file of it."""
    return asked.covers(one) or (not one.segments and one.path == asked.path)


def _is_among(one: Changed, asked: list[Address]) -> bool:
    places = [
        address.revive_stored(text) for text in (one.address, one.from_address) if text is not None
    ]
    return any(_is_near(place, other) for place in places for other in asked)


def _hint(missing: Address, tracked: list[str]) -> str | None:
    from git_muse_coord.rules.near import near_paths

    near = near_paths(missing, tracked)
    return f"did you mean {', '.join(near)}?" if near else None
