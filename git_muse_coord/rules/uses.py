"""Who uses whom: the graph of calls, imports and bases among the symbols of one tree, as values and questions.

How references are found in source and resolved is the business of ``references`` and ``link``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cached_property
from operator import attrgetter

from git_muse_coord.model.address import Key
from git_muse_coord.model.light import NamedTuple

VERSION = 3
"""Raised with every change of what is linked, so that caches forget what older versions found."""


class Use(StrEnum):
    """How one symbol uses another."""

    CALL = "call"
    IMPORT = "import"
    BASE = "base"
    NAME = "name"
    """Named without being called: passed on, decorated with, stored."""


class UseEdge(NamedTuple):
    """``source`` uses ``target``; both are a path followed by bare names.

    ``source`` is the innermost symbol around the use, or ``(path, "<module>")`` or ``(path,
    "<imports>")``. ``line`` counts from 1 and is that of the first such use in the file of
    ``source``; ``confidence`` says how often a use that was resolved in this way means what it was
    resolved to, from 0 to 1.
    """

    source: Key
    target: Key
    line: int
    use: Use
    confidence: float


_EdgesByKey = dict[Key, list[UseEdge]]
ImportCount = tuple[str, int, int]
"""A language, how many imports lead to something here, and how many nowhere that seem to mean something here."""
_ENOUGH_ASTRAY = 10
"""Of fewer imports nothing can be concluded."""


def languages_astray(counts: Iterable[ImportCount]) -> list[ImportCount]:
    """The languages in which most imports lead nowhere, so that hardly any caller in other files is known."""
    arrived: Counter[str] = Counter()
    astray: Counter[str] = Counter()
    for language, here, nowhere in counts:
        arrived[language] += here
        astray[language] += nowhere
    lost: list[ImportCount] = []
    for language, nowhere in sorted(astray.items()):
        here = arrived[language]
        if nowhere >= _ENOUGH_ASTRAY and nowhere > here:
            lost.append((language, here, nowhere))
    return lost


class UseGraph:
    """The uses among the symbols of one tree.

    ``unread`` are the paths that hold code which could not be read, or not all of it; ``unlinked``
    the languages that were linked by unique names only. ``ambiguous`` tells the names of which
    calls were left out, because too many symbols have them and the receiver is not known, and how
    many places there are. ``imports`` counts for each language those that lead to something here,
    and those that lead nowhere although something here is called like that.
    """

    def __init__(
        self,
        edges: Iterable[UseEdge],
        *,
        unread: Iterable[str] = (),
        unlinked: Iterable[str] = (),
        ambiguous: Iterable[tuple[str, int]] = (),
        imports: Iterable[ImportCount] = (),
    ) -> None:
        self._given = tuple(edges)
        self.unread = tuple(unread)
        self.unlinked = tuple(unlinked)
        self.ambiguous = tuple(ambiguous)
        self.imports = tuple(imports)

    @property
    def edges(self) -> tuple[UseEdge, ...]:
        """All uses."""
        return self._given

    # Each index is made when it is first asked for: most answers need only one of them.

    @cached_property
    def _from(self) -> _EdgesByKey:
        return _grouped(self.edges, attrgetter("source"))

    @cached_property
    def _to(self) -> _EdgesByKey:
        return _grouped(self.edges, attrgetter("target"))

    @property
    def targets(self) -> Iterable[Key]:
        """All that is used."""
        return self._to.keys()

    def used_by(self, source: Key) -> list[UseEdge]:
        """What a symbol itself uses."""
        return self._from.get(source, [])

    def users_of(self, target: Key) -> list[UseEdge]:
        """Where a symbol is used."""
        return self._to.get(target, [])

    def users_within(self, target: Key, depth: int) -> set[Key]:
        """The symbols from which calls lead to a symbol in at most ``depth`` steps: its blast radius."""
        users: set[Key] = set()
        ring = {target}
        for _ in range(depth):
            callers: set[Key] = set()
            for symbol in ring:
                for edge in self.users_of(symbol):
                    if edge.use is Use.CALL:
                        callers.add(edge.source)
            # Only those that are new are followed further, so that a cycle of calls ends.
            ring = callers - users - {target}
            users |= ring
        return users

    def file_edges(self) -> dict[tuple[str, str], int]:
        """How many uses lead from one file to another, for each pair of files."""
        counts: Counter[tuple[str, str]] = Counter()
        for edge in self.edges:
            user_path, *_ = edge.source
            used_path, *_ = edge.target
            if user_path != used_path:
                counts[user_path, used_path] += 1
        return dict(counts)


def _grouped(
    edges: Iterable[UseEdge],
    end: Callable[[UseEdge], Key],
) -> _EdgesByKey:
    groups: _EdgesByKey = defaultdict(list)
    for edge in edges:
        key = end(edge)
        groups[key].append(edge)
    # A plain one, so that to ask for what is not there adds nothing.
    return dict(groups)
