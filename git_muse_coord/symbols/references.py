"""The references of one file as values and as bytes: scopes, what names mean in them, and what is used where.

Nothing here knows of other files: what a reference leads to is the business of ``link``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import NamedTuple

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.languages.table import TYPES

VERSION = 5
"""Raised when files of many languages give other references than before, so that caches forget those.

A change of one table raises the version of its language instead (``languages.facts``)."""

Chain = tuple[str, ...]
"""An expression as steps, ``("app", "get", "()", "run")`` for ``app.get(...).run``; empty when nothing is known."""
MAX_STEPS = 24
"""At most so many steps of an expression are followed."""

CALLED = "()"
UNKNOWN = "?"
"""A first step of which nothing is known."""
FOREIGN = "!"
"""A first step that is surely nothing of this tree, as a literal."""
CLASS = "<class>"
"""The class around the use."""
SUPER = "<super>"
"""What the class around the use inherits."""
CONSTRUCTOR = "<new>"
"""What is named like its class, and is no member of that name."""
STAR = "*"
"""The name under which a scope takes in all names of another file."""

DEFINITION, IMPORTED, VALUE = "def", "import", "value"

FUNCTIONS = frozenset({"function", "method"})
CLASSES = TYPES | {"type"}
SPACES = frozenset({"", "module", "namespace", "package"}) | FUNCTIONS
"""Kinds of scopes whose names are seen from inside."""


class Binding(NamedTuple):
    """What a name means: a definition (``scope``), an import (module and name), or the value of a chain in a scope."""

    kind: str
    chain: Chain = ()
    scope: int = -1


@dataclass(slots=True)
class Scope:
    """A stretch of the file in which names have their meaning; the first of a file is the file.

    ``names`` are those of the innermost symbol around, ``kind`` is empty where the scope is no
    symbol of its own. ``results`` is what a call of a function gives, or what a variable holds.
    """

    parent: int
    names: tuple[str, ...]
    kind: str = ""
    is_property: bool = False
    bases: list[Chain] = field(default_factory=list)
    results: list[Chain] = field(default_factory=list)
    bindings: dict[str, list[Binding]] = field(default_factory=dict)


class Reference(NamedTuple):
    """One use; of equal ones in a scope the first. The chain of an import is a module and a name, or a module alone."""

    scope: int
    use: Use
    chain: Chain
    line: int


class Extension(NamedTuple):
    """A member of a class that stands elsewhere; without a name, a scope whose names all are members."""

    scope: int
    of: Chain
    name: str
    member: int


@dataclass(slots=True)
class References:
    """All references of one version of one file. ``whole`` says why it was not read, ``broken`` that parts were not."""

    path: str
    language: str = ""
    scopes: list[Scope] = field(default_factory=list)
    uses: list[Reference] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    whole: str = ""
    broken: bool = False
    imported_as: str = ""
    """What others call the directory of this file, when it is a manifest."""


def encode_references(file: References) -> bytes:
    """A compact form; the path is left out, because equal blobs lie under many paths."""
    parts = (
        file.language,
        list(map(_scope_fields, file.scopes)),
        file.uses,
        file.extensions,
        file.whole,
        file.broken,
        file.imported_as,
    )
    return json.dumps(parts, separators=(",", ":")).encode()


def _scope_fields(scope: Scope) -> tuple[object, ...]:
    return (
        scope.parent,
        scope.names,
        scope.kind,
        scope.is_property,
        scope.bases,
        scope.results,
        scope.bindings,
    )


def decode_references(path: str, value: bytes) -> References:
    """The references again, under a path. Raises ValueError, TypeError or IndexError on other bytes."""
    # decoding is most of what a warm plan-merge costs: no more calls a reference than these
    language, scopes, uses, extensions, whole, broken, imported_as = json.loads(value)
    return References(
        path,
        language,
        [_scope(*fields) for fields in scopes],
        [Reference(scope, Use(use), tuple(chain), line) for scope, use, chain, line in uses],
        [Extension(scope, tuple(of), name, member) for scope, of, name, member in extensions],
        whole,
        broken,
        imported_as,
    )


def _scope(
    parent: int,
    names: list[str],
    kind: str,
    is_property: bool,
    bases: list[list[str]],
    results: list[list[str]],
    bindings: dict[str, list[tuple[str, list[str], int]]],
) -> Scope:
    scope = Scope(parent, tuple(names), kind, is_property)
    scope.bases.extend(map(tuple, bases))
    scope.results.extend(map(tuple, results))
    for name, meanings in bindings.items():
        scope.bindings[name] = [
            Binding(what, tuple(chain), index) for what, chain, index in meanings
        ]
    return scope
