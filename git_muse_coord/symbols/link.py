"""From the references of all files of a tree to its graph.

What a name leads to is the business of ``resolve``. Here is what becomes of it: edges and how sure
they are, and the one case for guessing: of a receiver nothing is known, and few methods have the
name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from posixpath import dirname

from git_muse_coord.model.address import IMPORTS, MODULE, Key
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph
from git_muse_coord.symbols.languages import facts_of
from git_muse_coord.symbols.references import (
    CALLED,
    CLASSES,
    FUNCTIONS,
    SPACES,
    Chain,
    Reference,
    References,
)
from git_muse_coord.symbols.resolve import NameResolver, Thing, Things, What

MAX_CANDIDATES = 3
"""Of a name that more symbols have, none is taken for the one that is meant."""

FILE = 0.996
"""A name of the same file."""
IMPORTED = 0.998
"""A name that was imported, or stands behind an imported module."""
SELF = 0.989
"""A member of the class around, or of what it inherits."""
MEMBER = 0.99
"""A member of a class that is named."""
INSTANCE = 0.99
"""A member of the class of a value, or what a call gives."""
GUESSED = (0.79, 0.36, 0.41)
"""A method of this name, of so many. How all these were measured is in docs/symbols.md."""

_HEADERS = (".h", ".hh", ".hpp", ".hxx")
"""Of a name that is declared there and defined elsewhere, the definition counts."""
_UNREAD = ("costly", "failed", "unread")
"""Why code was not read, where that is worth to be told."""


def link(files: Mapping[str, References], *, unread: Iterable[str] = ()) -> UseGraph:
    """The graph of a tree; ``unread`` are further paths that hold code."""
    named = {
        file.imported_as: dirname(path) for path, file in sorted(files.items()) if file.imported_as
    }
    linker = _Linker({path: file for path, file in sorted(files.items()) if file.scopes}, named)
    edges = _joined(linker.edges())
    tables = linker.names.tables
    broken = {
        path
        for path, file in files.items()
        if file.whole in _UNREAD or (file.broken and tables[file.language].modules)
    }
    return UseGraph(
        edges,
        unread=sorted(broken.union(unread)),
        unlinked=sorted(language for language, uses in tables.items() if not uses.modules),
        ambiguous=sorted(linker.ambiguous.items()),
    )


def _joined(edges: Iterable[UseEdge]) -> Iterable[UseEdge]:
    """One edge for all that differ in their line or in how sure they are only; a use that says more hides a name."""
    found: dict[tuple[Key, Key, Use], UseEdge] = {}
    for edge in edges:
        key = edge.source, edge.target, edge.use
        known = found.get(key)
        if known is None:
            found[key] = edge
        elif known.line > edge.line or known.confidence < edge.confidence:
            better = max(known.confidence, edge.confidence)
            found[key] = known._replace(line=min(known.line, edge.line), confidence=better)
    for source, target, use in [*found]:
        if use is not Use.NAME:
            found.pop((source, target, Use.NAME), None)
    return found.values()


class _Linker:
    def __init__(self, files: Mapping[str, References], named: Mapping[str, str]) -> None:
        self.files = files
        self.names = NameResolver(files, named)
        self.ambiguous: Counter[str] = Counter()
        """Uses that were left out because too many symbols have the name."""
        self._named: dict[tuple[str, str], dict[Key, Thing]] = defaultdict(dict)
        """What a name may mean when nothing else is known: methods; any symbol where uses are not followed."""
        for path, file in files.items():
            group, is_followed = self._group(file.language)
            added = {one.member for one in file.extensions}
            for at, scope in enumerate(file.scopes):
                is_method = at in added or file.scopes[scope.parent].kind in CLASSES
                if (scope.kind in FUNCTIONS and (is_method or not is_followed)) or (
                    scope.kind in CLASSES and not is_followed
                ):
                    self._named[group, scope.names[-1]][path, *scope.names] = Thing(
                        What.SYMBOL, path, at
                    )

    def _group(self, language: str) -> tuple[str, bool]:
        """The languages that use each other go by one name; and whether their uses are followed."""
        modules = self.names.tables[language].modules
        return modules or facts_of(language).shares_names_with or language, bool(modules)

    def edges(self) -> Iterator[UseEdge]:
        """Every use that leads somewhere."""
        for path, file in self.files.items():
            for reference in file.uses:
                is_import = reference.use is Use.IMPORT
                own = file.scopes[reference.scope].names or (IMPORTS if is_import else MODULE,)
                yield from self._edges((path, *own), path, reference)

    def _edges(self, source: Key, path: str, reference: Reference) -> Iterator[UseEdge]:
        scope, use, chain, line = reference
        if use is Use.IMPORT:
            things, sure = self.names.imported(path, chain), IMPORTED
            if all(
                thing.what is What.FOREIGN for thing in things
            ):  # of the module nothing is known by that name
                things = self.names.imported(path, chain[:1])
        else:
            things = self.names.value(path, scope, chain)
            sure = self._sureness(path, scope, chain, things)
            if not things and use is Use.CALL and len(chain) > 1:
                things, sure = self._guess(path, scope, chain)
        if len({self._key(thing) for thing in things}) > MAX_CANDIDATES:
            self.ambiguous[chain[-1]] += 1
            return
        for meant in things:
            for thing in self._called(meant) if use is Use.CALL else (meant,):
                if (target := self._key(thing)) is not None and target != source:
                    yield UseEdge(source, target, line, use, sure)

    def _key(self, thing: Thing) -> Key | None:
        if thing.what is What.SYMBOL:
            scope = self.names.scope(thing)
            return (thing.path, *scope.names) if scope.kind else None
        return (thing.path,) if thing.what is What.PLACE and not thing.path.endswith("/") else None

    def _called(self, thing: Thing) -> Things:
        """The symbols that run when this is called: the class and its constructor, what a variable holds."""
        if thing.what is What.PLACE:
            return tuple(
                one for one in self.names.member(thing, "default") if one.what is What.SYMBOL
            )
        if thing.what is not What.SYMBOL:
            return ()
        kind = self.names.scope(thing).kind
        if kind in CLASSES:
            table = self.names.tables[self.files[thing.path].language]
            members = (self.names.member(thing, name) for name in table.constructors)
            return (
                thing,
                *next((found for found in members if found and found[0].what is What.SYMBOL), ()),
            )
        if kind in SPACES:
            return (thing,)
        held = [one for one in self.names.held(thing) if one.what is What.SYMBOL]
        return tuple(one for one in held if self.names.scope(one).kind in FUNCTIONS | CLASSES) or (
            thing,
        )

    def _sureness(self, path: str, scope: int, chain: Chain, things: Things) -> float:
        if len(chain) == 1:
            return FILE if all(thing.path == path for thing in things) else IMPORTED
        if chain[-1] == CALLED:
            return INSTANCE
        receivers = self.names.value(path, scope, chain[:-1])
        if not receivers or receivers[0].what is What.PLACE:
            return IMPORTED
        receiver = receivers[0]
        if receiver.what is What.INHERITED or (receiver.path, receiver.scope) == (
            path,
            self.names.around(path, scope),
        ):
            return SELF
        return INSTANCE if receiver.what is What.INSTANCE else MEMBER

    def _guess(self, path: str, scope: int, chain: Chain) -> tuple[Things, float]:
        """The symbols of that name, when nothing is known of the receiver."""
        language = self.files[path].language
        group, is_followed = self._group(language)
        if chain[-1] in self.names.tables[language].common or self.names.value(
            path, scope, chain[:-1]
        ):
            return (), 0.0
        named = self._named.get((group, chain[-1]), {})
        candidates = [
            thing for key, thing in named.items() if not key[0].endswith(_HEADERS)
        ] or list(named.values())
        if len(candidates) > (MAX_CANDIDATES if is_followed else 1):
            self.ambiguous[chain[-1]] += 1
            return (), 0.0
        return tuple(candidates), GUESSED[len(candidates) - 1] if candidates else 0.0
