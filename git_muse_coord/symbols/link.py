"""From the references of all files of a tree to its graph.

What a name leads to is the business of ``resolve``. Here is what becomes of it: edges and how sure
they are, and the one case for guessing: of a receiver nothing is known, and few methods have the
name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from posixpath import join

from git_muse_coord.model.address import IMPORTS, MODULE, Key
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph
from git_muse_coord.symbols.astray import Imports
from git_muse_coord.symbols.go_names import MANIFEST, root_of_tree
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
"""A method that is one, two or three of this name. How all these were measured is in docs/reference/symbols.md."""

_GROUPS = {"cpp": "c"}
_HEADERS = (".h", ".hh", ".hpp", ".hxx")
"""Of a name that is declared there and defined elsewhere, the definition counts."""
_UNREAD = ("costly", "failed", "unread")
"""Why code was not read, where that is worth to be told."""


def link(files: Mapping[str, References], *, unread: Iterable[str] = ()) -> UseGraph:
    """The graph of a tree; ``unread`` are further paths that hold code."""
    linker = _linker(files)
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
    unlinked: list[str] = []
    for language, uses in tables.items():
        if not uses.modules:
            unlinked.append(language)
    return UseGraph(
        edges,
        unread=sorted(not_read),
        unlinked=sorted(unlinked),
        ambiguous=sorted(linker.ambiguous.items()),
        imports=linker.imports.counts(),
    )


class FileByFile:
    """The uses in single files of a tree, for who needs those of few: to link all takes far longer."""

    def __init__(self, files: Mapping[str, References]) -> None:
        self._linker = _linker(files)

    def link(self, path: str) -> UseGraph:
        """What a file uses; the same whichever files were asked for before."""
        if path not in self._linker.files:
            return UseGraph(())
        # What leads to itself is told by where one came from: no file must know what another asked.
        self._linker.names.forget()
        self._linker.imports.forget()
        edges = _joined(self._linker.edges_of(path))
        return UseGraph(edges, imports=self._linker.imports.counts())


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
        manifests[join(root.directory, MANIFEST)] = Manifest(root.name)
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
            joined[key] = known._replace(
                line=min(known.line, edge.line),
                confidence=max(known.confidence, edge.confidence),
            )
    # a copy, for entries are taken out meanwhile
    for source, target, use in list(joined):
        if use is not Use.NAME:
            joined.pop((source, target, Use.NAME), None)
    return joined.values()


class _Linker:
    def __init__(self, files: Mapping[str, References], manifests: Mapping[str, Manifest]) -> None:
        self.files = files
        self.names = NameResolver(files, manifests)
        self.ambiguous: Counter[str] = Counter()
        """Uses that were left out because too many symbols have the name."""
        self.imports = Imports(files)
        self._candidates: dict[tuple[str, str], dict[Key, Thing]] = defaultdict(dict)
        """What a name of a group of languages may mean when nothing else is known."""
        for path, file in files.items():
            self._add_candidates(path, file)

    def _add_candidates(self, path: str, file: References) -> None:
        """Methods can be meant by their names alone, and any function or class where uses are not followed."""
        group = self._group(file.language)
        is_followed = self._is_followed(file.language)
        extensions = {extension.member for extension in file.extensions}
        for index, scope in enumerate(file.scopes):
            if scope.kind in FUNCTIONS:
                is_in_class = file.scopes[scope.parent].kind in CLASSES
                is_method = is_in_class or index in extensions
            elif scope.kind in CLASSES:
                is_method = False
            else:
                continue
            if is_followed and not is_method:
                continue
            symbol = Thing(ThingKind.SYMBOL, path, index)
            candidates = self._candidates[group, scope.names[-1]]
            candidates[path, *scope.names] = symbol

    def _group(self, language: str) -> str:
        """The name by which the languages go that use each other."""
        modules = self.names.tables[language].modules
        return modules or _GROUPS.get(language, language)

    def _is_followed(self, language: str) -> bool:
        """Whether imports and receivers are followed."""
        return bool(self.names.tables[language].modules)

    def edges(self) -> Iterator[UseEdge]:
        """Every use that leads somewhere."""
        for path in self.files:
            yield from self.edges_of(path)

    def edges_of(self, path: str) -> Iterator[UseEdge]:
        """Every use in a file that leads somewhere."""
        file = self.files[path]
        for reference in file.uses:
            outside = IMPORTS if reference.use is Use.IMPORT else MODULE
            own = file.scopes[reference.scope].names or (outside,)
            yield from self._edges((path, *own), path, reference)

    def _edges(
        self,
        source: Key,
        path: str,
        reference: Reference,
    ) -> Iterator[UseEdge]:
        things, confidence = self._meant(path, reference)
        keys = set(map(self._key, things))
        if len(keys) > MAX_CANDIDATES:
            name = reference.chain[-1]
            self.ambiguous[name] += 1
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
            return self._guess(path, scope, chain)
        return things, self._confidence(path, scope, chain, things)

    def _imported(self, path: str, chain: Chain) -> Things:
        things = self.names.imported(path, chain)
        if not _are_here(things):
            # the module may be there, though nothing is known of it by that name
            things = self.names.imported(path, chain[:1])
        language = self.files[path].language
        self.imports.note(language, chain[0], is_found=_are_here(things))
        return things

    def _key(self, thing: Thing) -> Key | None:
        if thing.within:
            return None
        if thing.kind is ThingKind.SYMBOL:
            scope = self.names.scope(thing)
            # A scope without a kind is no symbol of its own.
            return (thing.path, *scope.names) if scope.kind else None
        if thing.kind is not ThingKind.PLACE:
            return None
        is_directory = thing.path.endswith("/")
        return None if is_directory else (thing.path,)

    def _called(self, thing: Thing) -> Things:
        """The symbols that run when this is called: the class and its constructor, what a variable holds."""
        if thing.kind is ThingKind.PLACE:
            return _symbols(self.names.member(thing, "default"))
        if thing.kind is not ThingKind.SYMBOL or thing.within:
            return NOTHING
        kind = self.names.scope(thing).kind
        if kind in CLASSES:
            return (thing, *self._constructor(thing))
        if kind in SPACES:
            return (thing,)
        held: list[Thing] = []
        for symbol in _symbols(self.names.held(thing)):
            kind = self.names.scope(symbol).kind
            if kind in FUNCTIONS or kind in CLASSES:
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
        if len(chain) == 1:
            for thing in things:
                if thing.path != path:
                    return IMPORTED
            return FILE
        if chain[-1] == CALLED:
            return INSTANCE
        receivers = self.names.value(path, scope, chain[:-1])
        if not receivers or receivers[0].kind is ThingKind.PLACE:
            return IMPORTED
        receiver = receivers[0]
        if receiver.kind is ThingKind.INHERITED:
            return SELF
        own_class = self.names.class_around(path, scope)
        if receiver.path == path and receiver.scope == own_class:
            return SELF
        if receiver.kind is ThingKind.INSTANCE:
            return INSTANCE
        return MEMBER

    def _guess(
        self,
        path: str,
        scope: int,
        chain: Chain,
    ) -> tuple[Things, float]:
        """The symbols of that name, when nothing is known of the receiver."""
        name = chain[-1]
        receiver = chain[:-1]
        language = self.files[path].language
        # Such as get and append: nearly always they are of the language's own types.
        if name in self.names.tables[language].common:
            return NOTHING, 0.0
        if self.names.value(path, scope, receiver):
            return NOTHING, 0.0
        candidates = self._definitions(self._group(language), name)
        if not candidates:
            return NOTHING, 0.0
        # without imports a name alone decides, so that it must be the only one
        limit = MAX_CANDIDATES if self._is_followed(language) else 1
        if len(candidates) > limit:
            self.ambiguous[name] += 1
            return NOTHING, 0.0
        confidence = GUESSED[len(candidates) - 1]
        return candidates, confidence

    def _definitions(self, group: str, name: str) -> Things:
        candidates = self._candidates.get((group, name), {})
        defined: list[Thing] = []
        for (path, *_), thing in candidates.items():
            if not path.endswith(_HEADERS):
                defined.append(thing)
        return tuple(defined or candidates.values())


def _are_here(things: Things) -> bool:
    return any(thing.kind is not ThingKind.FOREIGN for thing in things)


def _symbols(things: Things) -> Things:
    return tuple(thing for thing in things if thing.kind is ThingKind.SYMBOL and not thing.within)
