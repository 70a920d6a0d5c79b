"""Which names a file uses and nothing in it binds, what it imports how often, and what of that a merge breaks.

The pass of ``collect`` keeps only what can lead somewhere; here the rest counts. What a language
binds in ways that no table knows is free on both sides of a merge as well as in what comes out, so
whoever compares these is not misled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.symbols import grammar
from git_muse_coord.symbols.collect import Collector
from git_muse_coord.symbols.extract import unreadable
from git_muse_coord.symbols.languages import detect, facts_of
from git_muse_coord.symbols.name_draft import NameDraft
from git_muse_coord.symbols.references import (
    CLASS,
    IMPORTED,
    STAR,
    SUPER,
    VALUE,
    Binding,
    References,
)
from git_muse_coord.symbols.uses import uses_of

if TYPE_CHECKING:
    from tree_sitter import Tree

_ONCE = frozenset({"ecmascript", "go", "rust"})
"""Ways of importing in which a name can be taken in only once."""
_BINDING_NODES = frozenset({"case_pattern", "type_parameter", "type_parameters"})
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
    free_before: set[str] = set()
    imported: set[str] = set()
    for side in sides:
        imported.update(side.imported)
        for name, _ in side.free:
            free_before.add(name)
    lost: dict[str, list[Place]] = defaultdict(list)
    for place in sorted(merged.free):
        name, _ = place
        # What no side imports is bound in a way that is not known here.
        if name in imported and name not in free_before:
            lost[name].append(place)
    return dict(lost)


def imported_twice(merged: Names, sides: Sequence[Names]) -> list[str]:
    """The names that a merged file imports more often than either side does."""
    names: list[str] = []
    for name, lines in merged.imports.items():
        most = 0
        for side in sides:
            lines_of_side = side.imports.get(name, ())
            most = max(most, len(lines_of_side))
        if len(lines) > most:
            names.append(name)
    return names


def read_names(path: str, data: bytes) -> Names | None:
    """The names of a file; None for one that cannot be read in full, or whose language has no table of imports."""
    if unreadable(path, data):
        return None
    language = detect(path, data)
    uses = uses_of(language) if language else None
    if uses is None or not uses.modules:
        return None
    # Components and notebooks hold code, but are none: no grammar of ours reads such a file.
    if facts_of(language).reader:
        return None
    loaded = grammar.load(language)
    tree = grammar.parse_source(loaded, data)
    # What is not read as it is meant may hide that a name is bound.
    if tree is None or tree.root_node.has_error:
        return None
    references = References.of_code(path, language)
    draft = NameDraft(references, uses, data)
    Collector(draft, uses, loaded).run(tree)
    lines: dict[Place, int] = {}
    free: set[Place] = set()
    also_bound = _bound_in_patterns(tree, data)
    for name, scope, line, is_free in draft.uses_of_names(also_bound):
        # several scopes can be in one symbol, as closures in a function
        place = name, scope.names
        known_line = lines.get(place, line)
        lines[place] = min(line, known_line)
        if is_free:
            free.add(place)
    imports = draft.imports if uses.modules in _ONCE else {}
    return Names(
        path,
        lines,
        frozenset(free),
        imported_names(references),
        imports,
    )


def _bound_in_patterns(tree: Tree, data: bytes) -> set[str]:
    """The names in patterns and among type parameters, which bind without a table that says so: all may."""
    bound: set[str] = set()
    waiting = [(tree.root_node, False)]
    while waiting:
        node, is_inside = waiting.pop()
        if is_inside and node.type in _NAME_NODES:
            name = data[node.start_byte : node.end_byte]
            bound.add(name.decode("utf-8", "replace"))
        # what a type of Python is given has the kind of node of what one takes
        is_use = node.type == "generic_type"
        for child in node.named_children:
            is_binding = is_inside or child.type in _BINDING_NODES
            waiting.append((child, is_binding and not is_use))
    return bound


def imported_names(file: References) -> frozenset[str]:
    """The names that a file imports, at the top or further inside."""
    names: set[str] = set()
    for scope in file.scopes:
        for name, meanings in scope.bindings.items():
            is_hidden = name == STAR or name.startswith("<")
            if not is_hidden and any(map(_is_import, meanings)):
                names.add(name)
    return frozenset(names)


def _is_import(meaning: Binding) -> bool:
    """Whether a name was imported; a static member of Java is a value behind the hidden name of its class."""
    if meaning.kind != VALUE or not meaning.chain:
        return meaning.kind == IMPORTED
    owner = meaning.chain[0]
    return owner.startswith("<") and owner not in (CLASS, SUPER)
