"""What stands twice in a merged file, although each side has it once: a definition that both added in two places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from git_muse_coord.model.address import Key
from git_muse_coord.symbols.languages import facts_of
from git_muse_coord.symbols.values import FileSymbols, Symbol

_CALLED = frozenset({"function", "method", "property"})
_REOPENED = frozenset({"block", "extension", "impl", "module", "namespace", "package", "route"})
"""Kinds of which several may have one name; what is inside is looked at all the same."""


def doubled(merged: FileSymbols, sides: Sequence[FileSymbols]) -> dict[Key, Symbol]:
    """The symbols of which a merged file has more than either side, each with the last one that stands there.

    Of a symbol and what is inside it, the symbol alone is told.
    """
    is_code_or_data = merged.language and not facts_of(merged.language).is_prose
    if not is_code_or_data or any(one.whole for one in (merged, *sides)):
        return {}
    limits = [Counter(identity for identity, _ in _identified(one)) for one in sides]
    found: dict[Key, Symbol] = {}
    seen: Counter[object] = Counter()
    for identity, symbol in _identified(merged):
        seen[identity] += 1
        if seen[identity] > max(limit[identity] for limit in limits):
            found[symbol.address.key] = symbol
    return {
        key: symbol
        for key, symbol in found.items()
        if not any(key[:end] in found for end in range(2, len(key)))
    }


def _identified(file: FileSymbols) -> Iterator[tuple[object, Symbol]]:
    """Each symbol that should stand once, with what makes it another than those of its name.

    That is never the path: it can differ between the sides.
    """
    inside = _Impls()
    facts = facts_of(file.language)
    repeatable = ("_", *facts.may_repeat.split())
    for symbol in file.symbols:
        names = symbol.address.key[1:]
        impl = inside.around(symbol)
        if symbol.is_own or symbol.kind in _REOPENED or not names or names[-1] in repeatable:
            continue
        if symbol.kind not in _CALLED and "partial " in symbol.signature:
            continue
        is_overloaded = facts.has_overloads and symbol.kind in _CALLED
        # setters, overloads and what depends on the system are told apart by what stands above them
        way = symbol.head if is_overloaded or symbol.decoration else ""
        yield (names, symbol.kind, symbol.decoration, way, impl), symbol


class _Impls:
    """The ``impl`` of Rust around each symbol: two of one type may each have a method of the same name."""

    def __init__(self) -> None:
        self._head = ""
        self._end = 0

    def around(self, symbol: Symbol) -> str:
        """The signature of the ``impl`` in which a symbol stands; symbols are to come in the order of the file."""
        if symbol.kind == "impl":
            self._head, self._end = symbol.head, symbol.end_byte
        return self._head if symbol.end_byte <= self._end else ""
