"""The references of a file as bytes, for the cache and for pipes between processes. Paths are not part of it.

A line of JSON for each part, so that each is read when somebody looks at it: a merge asks most files
only whether they parse.
"""

from __future__ import annotations

from itertools import repeat

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_json import loads, writer
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.kinds import ReadingKind
from git_muse_coord.symbols.manifests import Manifest
from git_muse_coord.symbols.references import (
    VERSION,
    Binding,
    Chain,
    Extension,
    Reference,
    References,
    Scope,
)

if TYPE_CHECKING:
    from typing import Any

_USES = tuple(Use)
_as_json = writer()


def encode_references(file: References) -> bytes:
    """A compact form; the path is left out, because equal blobs lie under many paths."""
    scopes = list(map(_scope_fields, file.scopes))
    parts = (
        (file.language, file.whole, file.broken, file.manifest),
        scopes[:1],
        scopes[1:],
        _use_columns(file.uses),
        file.extensions,
    )
    return "\n".join(map(_as_json, parts)).encode()


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


def _use_columns(uses: list[Reference]) -> tuple[object, ...]:
    """What is used, each once, and then a column for each field: the same is used again and again."""
    chains: dict[Chain, int] = {}
    for use in uses:
        chains.setdefault(use.chain, len(chains))
    return (
        list(chains),
        [use.scope for use in uses],
        [_USES.index(use.use) for use in uses],
        [chains[use.chain] for use in uses],
        [use.line for use in uses],
    )


def decode_references(path: str, value: bytes) -> References:
    """The references again, under a path. Raises ValueError, TypeError or IndexError on other bytes."""
    head, top, scopes, uses, extensions = value.split(b"\n")
    language, whole, broken, manifest = loads(head.decode())
    stored = _StoredReferences(
        path,
        language,
        whole=whole,
        broken=broken,
        manifest=_manifest(manifest),
    )
    stored.parts = _Parts(top, scopes, uses, extensions)
    return stored


def _manifest(fields: list[Any] | None) -> Manifest | None:
    if fields is None:
        return None
    name, aliases, entries, extends = fields
    return Manifest(
        name,
        tuple(map(tuple, aliases)),
        tuple(map(tuple, entries)),
        tuple(extends),
    )


class _Parts(NamedTuple):
    top: bytes
    scopes: bytes
    """Those in it."""
    uses: bytes
    extensions: bytes


class _StoredReferences(References):
    """References that are still bytes where nobody has looked yet."""

    parts: _Parts

    @cached_property
    def scopes(self) -> list[Scope]:
        inside = _scopes(self.parts.scopes)
        return inside if self.top is None else [self.top, *inside]

    @cached_property
    def top(self) -> Scope | None:
        scopes = _scopes(self.parts.top)
        return scopes[0] if scopes else None

    @cached_property
    def uses(self) -> list[Reference]:
        chains, scopes, uses, chain_numbers, lines = loads(self.parts.uses.decode())
        tuples = list(map(tuple, chains))
        rows = zip(
            scopes,
            map(_USES.__getitem__, uses),
            map(tuples.__getitem__, chain_numbers),
            lines,
            strict=True,
        )
        # as ``_make``, but in C
        return list(map(tuple.__new__, repeat(Reference), rows))

    @cached_property
    def extensions(self) -> list[Extension]:
        stored = loads(self.parts.extensions.decode())
        return [Extension(scope, tuple(of), name, member) for scope, of, name, member in stored]


def _scopes(part: bytes) -> list[Scope]:
    return [_scope(*fields) for fields in loads(part.decode())]


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


def _read(path: str, data: bytes) -> References:
    from git_muse_coord.symbols.collect import (
        collect,  # which loads grammars; what is known needs none
    )

    return collect(path, data)


def _failed(path: str, _data: bytes) -> References:
    return References(path, whole="failed")


REFERENCES = ReadingKind(
    name="uses",
    version=VERSION,
    read=_read,
    failed=_failed,
    encode=encode_references,
    decode=decode_references,
)
"""How references are read and remembered."""
