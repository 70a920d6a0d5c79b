"""From the references of all files of a tree to its graph.

What a name leads to is the business of ``resolve``, and of ``guesses`` where nothing is known. Here is
what becomes of it: edges, and how sure they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from posixpath import join

from git_muse_coord.model.address import IMPORTS, MODULE, Key
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph
from git_muse_coord.symbols.astray import Imports
from git_muse_coord.symbols.go_names import MANIFEST, root_of_tree
from git_muse_coord.symbols.guesses import MAX_CANDIDATES, Guesses
from git_muse_coord.symbols.manifests import Manifest
from git_muse_coord.symbols.references import (
    CALLED,
    CLASSES,
    FUNCTIONS,
    SPACES,
    Chain,
    Reference,
    References,
)
from git_muse_coord.symbols.resolve import NameResolver
from git_muse_coord.symbols.things import (
    NOTHING,
    Thing,
    ThingKind,
    Things,
)

FILE = 0.996
"""A name of the same file."""
IMPORTED = 0.998
"""A name that was imported, or stands behind an imported module."""
SELF = 0.989
"""A member of the class around, or of what it inherits."""
MEMBER = 0.99
"""A member of a class that is named."""
INSTANCE = 0.99
"""A member of the class of a value, or what a call gives. docs/reference/symbols.md says how these were measured."""
_UNREAD = ("costly", "failed", "unread")
"""Why code was not read, where that is worth to be told."""


def link(files: Mapping[str, References], *, unread: Iterable[str] = ()) -> UseGraph:
    """The graph of a tree; ``unread`` are further paths that hold code."""
    linker = _linker(files)
    # first of all, for to link counts what is ambiguous and astray
    edges = _joined(linker.edges())
    tables = linker.names.tables
    not_read = set(unread)
    for path, file in files.items():
        if file.whole in _UNREAD:
            not_read.add(path)
            continue
        # Where uses are not followed anyway, what is broken takes nothing away.
        if file.broken and tables[file.language].modules:
            not_read.add(path)
    unlinked = [language for language, uses in tables.items() if not uses.modules]
    unlinked.sort()
    ambiguous = sorted(linker.guesses.ambiguous.items())
    return UseGraph(
        edges,
        unread=sorted(not_read),
        unlinked=unlinked,
        ambiguous=ambiguous,
        imports=linker.imports.counts(),
    )


class FileByFile:
    """The uses in single files of a tree, for who needs those of few: to link all takes far longer."""

    def __init__(self, files: Mapping[str, References]) -> None:
        self._linker = _linker(files)

    def link(self, path: str) -> UseGraph:
        """What a file uses; the same whichever files were asked for before."""
        linker = self._linker
        if path not in linker.files:
            return UseGraph(())
        # What leads to itself is told by where one came from: no file must know what another asked.
        linker.names.forget()
        linker.imports.forget()
        edges = _joined(linker.edges_of(path))
        return UseGraph(edges, imports=linker.imports.counts())


def _linker(files: Mapping[str, References]) -> _Linker:
    manifests: dict[str, Manifest] = {}
    code: dict[str, References] = {}
    for path, file in sorted(files.items()):
        if file.manifest is not None:
            manifests[path] = file.manifest
        if file.scopes:
            code[path] = file
    root = root_of_tree(code, manifests)
    if root is not None:
        # as if it were written down
        path = join(root.directory, MANIFEST)
        manifests[path] = Manifest(root.name)
    return _Linker(code, manifests)


def _joined(edges: Iterable[UseEdge]) -> Iterable[UseEdge]:
    """One edge for all that differ in their line or in how sure they are only; a use that says more hides a name."""
    joined: dict[tuple[Key, Key, Use], UseEdge] = {}
    for edge in edges:
        key = edge.source, edge.target, edge.use
        known = joined.get(key)
        if known is None:
            joined[key] = edge
            continue
        # Most are no earlier and no surer, and a new edge costs more than to look.
        if known.line > edge.line or known.confidence < edge.confidence:
            line = min(known.line, edge.line)
            confidence = max(known.confidence, edge.confidence)
            joined[key] = known._replace(line=line, confidence=confidence)
    # a copy, for entries are taken out meanwhile
    for source, target, use in list(joined):
        if use is not Use.NAME:
            joined.pop((source, target, Use.NAME), None)
    return joined.values()


class _Linker:
    def __init__(self, files: Mapping[str, References], manifests: Mapping[str, Manifest]) -> None:
        self.files = files
        self.names = NameResolver(files, manifests)
        self.guesses = Guesses(files, self.names)
        self.imports = Imports(files)

    def edges(self) -> Iterator[UseEdge]:
        """Every use that leads somewhere."""
        for path in self.files:
            yield from self.edges_of(path)

    def edges_of(self, path: str) -> Iterator[UseEdge]:
        """Every use in a file that leads somewhere."""
        file = self.files[path]
        for reference in file.uses:
            names = file.scopes[reference.scope].names
            # outside of every symbol
            if not names:
                names = (IMPORTS,) if reference.use is Use.IMPORT else (MODULE,)
            source = (path, *names)
            yield from self._edges(source, path, reference)

    def _edges(
        self,
        source: Key,
        path: str,
        reference: Reference,
    ) -> Iterator[UseEdge]:
        things, confidence = self._meant(path, reference)
        keys = set(map(self._key, things))
        if len(keys) > MAX_CANDIDATES:
            # told, for that something is used it is not
            name = reference.chain[-1]
            self.guesses.ambiguous[name] += 1
            return
        for meant in things:
            used: Things = (meant,)
            if reference.use is Use.CALL:
                used = self._called(meant)
            for thing in used:
                target = self._key(thing)
                # a function that calls itself depends on nothing else
                if target is None or target == source:
                    continue
                yield UseEdge(
                    source,
                    target,
                    reference.line,
                    reference.use,
                    confidence,
                )

    def _meant(self, path: str, reference: Reference) -> tuple[Things, float]:
        """What is used, and how sure that is."""
        scope, use, chain, _ = reference
        if use is Use.IMPORT:
            return self._imported(path, chain), IMPORTED
        things = self.names.value(path, scope, chain)
        has_receiver = len(chain) > 1
        if not things and has_receiver and use is Use.CALL:
            return self.guesses.guess(path, scope, chain)
        return things, self._confidence(path, scope, chain, things)

    def _imported(self, path: str, chain: Chain) -> Things:
        things = self.names.imported(path, chain)
        if not _are_here(things):
            # the module may be there, though nothing is known of it by that name
            things = self.names.imported(path, chain[:1])
        language = self.files[path].language
        module = chain[0]
        self.imports.note(language, module, is_found=_are_here(things))
        return things

    def _key(self, thing: Thing) -> Key | None:
        """The symbol, or the file, that a thing is; None for what is neither."""
        if thing.within:
            return None
        if thing.kind is ThingKind.SYMBOL:
            scope = self.names.scope(thing)
            # A scope without a kind is no symbol of its own.
            if not scope.kind:
                return None
            return (thing.path, *scope.names)
        is_file = thing.kind is ThingKind.PLACE and not thing.path.endswith("/")
        return (thing.path,) if is_file else None

    def _called(self, thing: Thing) -> Things:
        """The symbols that run when this is called: the class and its constructor, what a variable holds."""
        if thing.kind is ThingKind.PLACE:
            # a module that exports one thing is called as that
            exported = self.names.member(thing, "default")
            return _symbols(exported)
        if thing.kind is not ThingKind.SYMBOL or thing.within:
            return NOTHING
        kind = self.names.scope(thing).kind
        if kind in CLASSES:
            constructor = self._constructor(thing)
            return (thing, *constructor)
        if kind in SPACES:
            return (thing,)
        held: list[Thing] = []
        for symbol in _symbols(self.names.held(thing)):
            scope = self.names.scope(symbol)
            if scope.kind in FUNCTIONS or scope.kind in CLASSES:
                held.append(symbol)
        return tuple(held) or (thing,)

    def _constructor(self, thing: Thing) -> Things:
        """The first of a language's constructors that a class has."""
        language = self.files[thing.path].language
        for name in self.names.tables[language].constructors:
            members = self.names.member(thing, name)
            if members and members[0].kind is ThingKind.SYMBOL:
                return members
        return NOTHING

    def _confidence(
        self,
        path: str,
        scope: int,
        chain: Chain,
        things: Things,
    ) -> float:
        """How sure it is that a chain means these, by what its last step is taken from."""
        if len(chain) == 1:
            is_own = all(thing.path == path for thing in things)
            return FILE if is_own else IMPORTED
        if chain[-1] == CALLED:
            return INSTANCE
        receivers = self.names.value(path, scope, chain[:-1])
        if not receivers or receivers[0].kind is ThingKind.PLACE:
            return IMPORTED
        receiver = receivers[0]
        own_class = self.names.class_around(path, scope)
        is_of_own_class = receiver.path == path and receiver.scope == own_class
        if is_of_own_class or receiver.kind is ThingKind.INHERITED:
            return SELF
        return INSTANCE if receiver.kind is ThingKind.INSTANCE else MEMBER


def _are_here(things: Things) -> bool:
    return any(thing.kind is not ThingKind.FOREIGN for thing in things)


def _symbols(things: Things) -> Things:
    return tuple(thing for thing in things if thing.kind is ThingKind.SYMBOL and not thing.within)
