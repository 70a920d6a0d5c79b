"""Which names a file uses and nothing in it binds, what it imports how often, and what of that a merge breaks.

The pass of ``collect`` notes only what can lead somewhere; here the rest counts. What a language
binds in ways that no table knows is free on both sides of a merge as well as in what comes out, so
whoever compares these is not misled.
"""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols import grammar
from git_muse_coord.symbols.collect import Collector
from git_muse_coord.symbols.extract import unreadable
from git_muse_coord.symbols.languages import detect
from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    CLASSES,
    IMPORTED,
    SPACES,
    STAR,
    SUPER,
    UNKNOWN,
    VALUE,
    Binding,
    Chain,
    References,
    Scope,
)
from git_muse_coord.symbols.uses import uses_of
from git_muse_coord.symbols.uses.table import words

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_GIVEN = {
    "python": frozenset(dir(builtins)),
    "ecmascript": words(
        "AbortController Blob Buffer Event EventTarget Promise TextDecoder TextEncoder URL URLSearchParams"
        " WebSocket clearInterval clearTimeout console crypto fetch global globalThis module performance process"
        " queueMicrotask require setImmediate setInterval setTimeout structuredClone window"
    ),
    "rust": words("Box Drop FromIterator Option Result String ToString TryFrom TryInto Vec"),
}
"""Names that need no import, although one sees them imported."""
_ONCE = frozenset({"ecmascript", "go", "rust"})
"""Ways of importing in which a name can be taken in only once."""


_BINDING = frozenset({"case_pattern", "type_parameter", "type_parameters"})
_NAME_NODES = frozenset({"identifier", "type_identifier"})

Place = tuple[str, tuple[str, ...]]
"""A name that is used, and the names of the symbol in which that is."""


class Names(NamedTuple):
    """What is to know of the names of one file; lines count from 1.

    ``uses`` has the line of the first use at each place, ``free`` those places at which nothing
    binds the name, ``imported`` all names that are imported, ``imports`` the lines in which each is
    imported at the top of the file, in languages that allow one such line only.
    """

    path: str
    uses: Mapping[Place, int]
    free: frozenset[Place]
    imported: frozenset[str]
    imports: Mapping[str, list[int]]


def lost_names(merged: Names, sides: Sequence[Names]) -> dict[str, list[Place]]:
    """The names that a merged file uses without binding them, though each side binds what it uses itself."""
    free_before = {name for side in sides for name, _ in side.free}
    imported = frozenset[str]().union(*(side.imported for side in sides))
    found: dict[str, list[Place]] = defaultdict(list)
    for place in sorted(merged.free):
        if place[0] in imported and place[0] not in free_before:
            found[place[0]].append(place)
    return dict(found)


def imported_twice(merged: Names, sides: Sequence[Names]) -> list[str]:
    """The names that a merged file imports more often than either side does."""
    return [
        name
        for name, lines in merged.imports.items()
        if len(lines) > max(len(side.imports.get(name, ())) for side in sides)
    ]


def read_names(path: str, data: bytes) -> Names | None:
    """The names of a file; None for one that cannot be read in full, or whose language has no table of imports."""
    language = "" if unreadable(path, data) else detect(path, data)
    uses = uses_of(language) if language else None
    if uses is None or not uses.modules:
        return None
    loaded = grammar.load(language)
    tree = grammar.parse_source(loaded, data)
    if tree is None or tree.root_node.has_error:
        return None
    collector = _NameCollector(References(path, language, [Scope(-1, ())]), loaded, uses, data)
    collector.run(tree)
    return collector.names(_bound_in_patterns(tree, data))


def _bound_in_patterns(tree: Tree, data: bytes) -> set[str]:
    """The names in patterns and among type parameters, which bind without a table that says so: all may."""
    bound: set[str] = set()
    pending = [(tree.root_node, False)]
    while pending:
        node, inside = pending.pop()
        if inside and node.type in _NAME_NODES:
            bound.add(data[node.start_byte : node.end_byte].decode("utf-8", "replace"))
        is_use = (
            node.type == "generic_type"
        )  # what a type of Python is given has the kind of node of what one takes
        pending += [
            (child, not is_use and (inside or child.type in _BINDING))
            for child in node.named_children
        ]
    return bound


def imported_names(file: References) -> frozenset[str]:
    """The names that a file imports, at the top or further inside."""
    return frozenset(
        name
        for scope in file.scopes
        for name, meanings in scope.bindings.items()
        if name != STAR
        and not name.startswith("<")
        and any(_is_import(meaning) for meaning in meanings)
    )


def _is_import(meaning: Binding) -> bool:
    """Whether a name was imported; a static member of Java is a value behind the hidden name of its class."""
    return meaning.kind == IMPORTED or (meaning.kind == VALUE and _is_hidden(meaning.chain[:1]))


def _is_hidden(chain: Chain) -> bool:
    return chain != () and chain[0].startswith("<") and chain[0] not in (CLASS, SUPER)


class _NameCollector(Collector):
    """The pass of ``collect``, which also keeps the first step of every chain, and every import."""

    heads: dict[tuple[int, str], int]
    """The line of the first use of each name in each scope."""
    imports: dict[str, list[int]]

    def run(self, tree: Tree) -> References:
        """Walk the whole tree."""
        self.heads, self.imports = {}, defaultdict(list)
        return super().run(tree)

    def use(self, use: Use, chain: Chain, node: Node) -> None:
        super().use(use, chain, node)
        if self._is_use(chain, node):
            self.heads.setdefault((self.scope, chain[0]), node.start_point.row + 1)

    def imported(
        self, name: str, module: str, what: str, node: Node | None, *, at: int | None = None
    ) -> None:
        super().imported(name, module, what, node, at=at)
        if (self.space if at is None else at) == 0 and node is not None:
            self.imports[name].append(node.start_point.row + 1)

    def names(self, also_bound: Collection[str]) -> Names:
        """What was found; ``also_bound`` are names that something binds somewhere."""
        scopes, way = self.found.scopes, self.uses.modules
        uses: dict[Place, int] = {}
        free: set[Place] = set()
        for (scope, name), line in self.heads.items():
            place = name, scopes[scope].names
            uses[place] = min(line, uses.get(place, line))
            given = name in also_bound or name in _GIVEN.get(way, ())
            if not given and not self._is_bound(scope, name):
                free.add(place)
        imports = self.imports if way in _ONCE else {}
        return Names(self.found.path, uses, frozenset(free), imported_names(self.found), imports)

    def _is_use(self, chain: Chain, node: Node) -> bool:
        """Whether the first step of a chain is a name, and not a key or the field of something."""
        if chain[0] in (CALLED, UNKNOWN) or chain[0].startswith("<"):
            return False
        if self.uses.modules == "go":  # a package is used with a dot; a bare name may be a key
            return len(chain) > 1
        parent = self.parent
        if (
            parent is None
            or parent.type != "token_tree"
            or node.type == "token_tree"
            or chain[0][:1].isupper()
        ):
            return True
        # what a macro of Rust is given is no syntax yet: `self.path`, `path = 1`
        before, behind = self.data[: node.start_byte].rstrip(), self.data[node.end_byte :].lstrip()
        return not before.endswith(b".") and behind[:2] == b"::"

    def _finish(self) -> References:
        """Leave everything in."""
        return self.found

    def _is_bound(self, at: int, name: str) -> bool:
        """Whether anything around a use binds the name, or takes in names that nobody knows."""
        uses, is_own = self.uses, True
        if self._takes_in_members and not (name[:1].isupper() and name != name.upper()):
            return True
        while at >= 0:
            one = self.found.scopes[at]
            is_seen = (
                one.kind not in CLASSES
                or uses.class_names_seen
                or (uses.class_body_seen and is_own)
            )
            if is_seen and (name in one.bindings or STAR in one.bindings):
                return True
            is_own = is_own and one.kind not in SPACES and one.kind not in CLASSES
            at = one.parent
        return False

    @cached_property
    def _takes_in_members(self) -> bool:
        """Whether all static members of a class are imported (Java): then the hidden name of that has no member."""
        bindings = self.found.scopes[0].bindings
        hidden = {name for name in bindings if name.startswith("<")}
        told = {
            meaning.chain[0]
            for meanings in bindings.values()
            for meaning in meanings
            if meaning.chain
        }
        return not hidden <= told
