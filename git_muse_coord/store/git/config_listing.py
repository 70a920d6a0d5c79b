"""The whole configuration as git lists it: the scope of each value, the file that it comes from, its key and text."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LIST_CONFIG = ("config", "--null", "--show-scope", "--show-origin", "--list")
"""The words that ask git for it."""

Value = tuple[bytes, bytes, bytes, bytes]
"""Scope (system, global, local, worktree, command), origin (``file:PATH``, ``command line:``), key and text."""


def values_of(output: bytes) -> Iterator[Value]:
    """The values, in the order in which they count: of several of one key the last."""
    for scope, origin, row in _rows(output):
        key, _, text = row.partition(b"\n")
        yield scope, origin, key, text


def without_origins(output: bytes) -> bytes:
    """The same as ``Settings`` reads it: scope and row alone."""
    kept: list[bytes] = []
    for scope, _, row in _rows(output):
        kept.append(scope)
        kept.append(row)
    # each field ends with a null byte, the last one, too
    kept.append(b"")
    return b"\0".join(kept)


def _rows(output: bytes) -> Iterator[Sequence[bytes]]:
    """The scope, the origin and the rest of each value."""
    fields = output.split(b"\0")
    scopes = fields[0::3]
    origins = fields[1::3]
    rows = fields[2::3]
    return zip(scopes, origins, rows, strict=False)
