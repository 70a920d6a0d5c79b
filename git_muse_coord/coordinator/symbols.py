"""Use case: what can be addressed, and which of it changes."""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.answers.symbol_list import Listing, SymbolLine
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.address import ROOT, Address, revive_stored
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import list_of_texts
from git_muse_coord.model.wording import and_more
from git_muse_coord.source.changed import Changed, changed_paths, differences
from git_muse_coord.store.git.tree_files import TreeFiles
from git_muse_coord.store.git.trees import Delta, Version, version_on_disk
from git_muse_coord.symbols.extract import NOT_INSTALLED

if TYPE_CHECKING:
    from git_muse_coord.symbols.values import FileSymbols

_EXTRA = "git-muse-coord[more-languages]"


class SymbolsResult(Result):
    """What can be addressed, in the order of the files, or with ``changed`` what differs."""

    symbols: Sequence[SymbolLine]
    changes: tuple[Changed, ...]


def symbols(
    session: Session,
    paths: Iterable[str] = (),
    *,
    changed: str | None = None,
) -> SymbolsResult:
    """The symbols of the files in the working tree, of all tracked ones or of those named.

    ``paths`` are addresses: files (tracked or not), directories, or symbols with what lies in
    them. ``changed`` is a range of commits, or empty for the index against HEAD: then only what
    it changes, and how. In a bare repository the files are those of HEAD. Raises BadInput.
    """
    paths = list_of_texts(paths)
    asked = session.addresses(paths) if paths else []
    if changed is None:
        unread: list[str] = []
        listing = _listing(session, asked, unread)
        return SymbolsResult(
            symbols=listing,
            changes=(),
            warnings=_hints(unread),
        )
    # An empty range stands for the index against HEAD.
    changes = _changes(session, asked, changed or None)
    return SymbolsResult(symbols=(), changes=tuple(changes))


def _listing(
    session: Session,
    asked: Sequence[Address],
    unread: list[str],
) -> Listing:
    """The symbols of the files. ``unread`` takes the files whose language is in an extra that is missing."""
    sources = session.sources()
    versions = _files(session, asked)
    files = sources.contents.hashed(versions)
    listing = Listing()
    for file in sources.read(files):
        lines = _lines_of(file, asked)
        listing.add(file.path, lines)
        if file.whole == NOT_INSTALLED:
            unread.append(file.path)
    if not asked:
        # Whoever lists everything has just told the cache which files there are.
        sources.prune()
    return listing


def _hints(unread: list[str]) -> list[str]:
    """One line, however many files there are."""
    if not unread:
        return []
    if len(unread) == 1:
        return [f"{unread[0]} is read as a whole; its symbols take {_EXTRA}"]
    more = and_more(len(unread) - 1)
    return [f"{min(unread)} {more} are read as a whole; their symbols take {_EXTRA}"]


def _files(session: Session, asked: Sequence[Address]) -> dict[str, Version]:
    """The files that are meant, by path. Raises BadInput for what is not there."""
    paths = _paths_to_list(asked)
    files = TreeFiles(session.repository).tracked(paths)
    for place in asked:
        if not _is_tracked(place, files):
            files[place.path] = _untracked(session, place)
    return files


def _paths_to_list(asked: Iterable[Address]) -> list[str]:
    """What git is asked for: each path once, and none where everything is meant."""
    paths: dict[str, None] = {}
    for place in asked:
        # The root has no name that git would take, and holds all other places.
        if place.path == ROOT:
            return []
        paths[place.path.rstrip("/")] = None
    return list(paths)


def _is_tracked(place: Address, files: Mapping[str, Version]) -> bool:
    if place.path == ROOT or place.path in files:
        return True
    if not place.is_directory:
        return False
    # git tracks files alone: a directory is there when something in it is.
    return any(path.startswith(place.path) for path in files)


def _untracked(session: Session, place: Address) -> Version:
    version: Version | None = None
    has_files = session.repository.top is not None
    if has_files and not place.is_directory:
        version = version_on_disk(session.repository, place.path)
    if version is not None:
        return version
    tracked = session.repository.tracked()
    hint = _hint(place, tracked)
    raise BadInput(f"no file here is called {place.path}", hint)


def _hint(missing: Address, tracked: list[str]) -> str | None:
    from git_muse_coord.rules.near import near_paths

    near = near_paths(missing, tracked)
    if not near:
        return None
    names = ", ".join(near)
    return f"did you mean {names}?"


def _lines_of(file: FileSymbols, asked: Sequence[Address]) -> Iterator[SymbolLine]:
    for symbol in file.symbols:
        if _is_asked_for(symbol.address, asked):
            yield SymbolLine(
                address=str(symbol.address),
                kind=symbol.kind,
                start_line=symbol.start_line,
                end_line=symbol.end_line,
                signature=symbol.signature,
            )


def _changes(
    session: Session,
    asked: Sequence[Address],
    revisions: str | None,
) -> Iterator[Changed]:
    deltas = changed_paths(session.repository, range=revisions)
    near: list[Delta] = []
    for delta in deltas:
        file = Address(delta.path)
        if _is_asked_for(file, asked):
            near.append(delta)
    for change in differences(session.sources(), near).answers():
        address = revive_stored(change.address)
        if _is_asked_for(address, asked):
            yield change
            continue
        # What has moved away belongs to the place where it was, too.
        if change.from_address is None:
            continue
        origin = revive_stored(change.from_address)
        if _is_asked_for(origin, asked):
            yield change


def _is_asked_for(address: Address, asked: Sequence[Address]) -> bool:
    """Whether an address lies in one that was asked for, or is the file of it; without any, all are meant."""
    if not asked:
        return True
    for place in asked:
        is_its_file = not address.segments and address.path == place.path
        if is_its_file or place.covers(address):
            return True
    return False
