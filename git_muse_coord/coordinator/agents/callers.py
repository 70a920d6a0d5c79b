"""Who holds a caller of what an edit breaks: one step away, and only where that is cheap to know."""

from __future__ import annotations

from git_muse_coord.model.address import Address, Segment
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.conflicts import Conflict, Holdings
from git_muse_coord.rules.uses import Use

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_muse_coord.coordinator.agents.touching import Touching
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.rules.conflicts import Holding
    from git_muse_coord.rules.state import Reservations
    from git_muse_coord.rules.uses import UseGraph

_FILES_MOST = 20
"""At most so many files in which others hold symbols are read for calls, the nearest first."""

_SURE_ENOUGH = 0.5


def held_callers(
    session: Session,
    touching: Touching,
    others: Reservations,
) -> Iterator[Conflict]:
    """What others hold that calls a symbol whose signature changes, or whose name goes away.

    Only the files in which they hold symbols are read, and linked with those that are edited: the
    graph of the whole tree would have to be made anew for every edit.
    """
    holdings = Holdings(others)
    homes = {place.path for place in touching.broken}
    files = _nearest(session, homes, others)
    if not homes or not files:
        return
    # Most edits break nothing, and load none of this.
    from git_muse_coord.source.use_graphs import UseGraphs
    from git_muse_coord.store.git.trees import Version

    versions: dict[str, Version] = {}
    for path in (*homes, *files):
        # On disk all still reads as before the edit.
        versions[path] = Version("100644", "")
    sources = session.sources()
    graph = UseGraphs(sources).of(versions)
    known: set[tuple[Address, Holding]] = set()
    for place in touching.broken:
        for caller in _callers(graph, place):
            for held in holdings.overlapping(caller):
                pair = (place, held)
                # Who holds the changed symbol itself is met there already.
                if held.address.overlaps(place) or pair in known:
                    continue
                known.add(pair)
                yield Conflict(place, held)


def _callers(graph: UseGraph, place: Address) -> Iterator[Address]:
    """The symbols that surely call another."""
    for edge in graph.users_of(place.key):
        if edge.use is not Use.CALL or edge.confidence < _SURE_ENOUGH:
            continue
        path, *names = edge.source
        segments = map(Segment, names)
        yield Address(path, tuple(segments))


def _nearest(
    session: Session,
    homes: set[str],
    others: Reservations,
) -> Sequence[str]:
    """The files in which others hold symbols, those beside the edited ones first."""
    paths: set[str] = set()
    for reservation in others.values():
        for text in reservation.addresses:
            path, separator, _ = text.partition("::")
            # Whoever holds a whole file holds no caller that could be named.
            if separator and session.repository.has_path(path):
                paths.add(path)
    folders = {_folder(path) for path in homes}

    def distance(path: str) -> tuple[bool, str]:
        is_elsewhere = _folder(path) not in folders
        return is_elsewhere, path

    nearest_first = sorted(paths, key=distance)
    return nearest_first[:_FILES_MOST]


def _folder(path: str) -> str:
    folder, _, _ = path.rpartition("/")
    return folder
