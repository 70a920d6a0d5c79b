"""What stands twice in a merged file, although each side has it once: a definition that both added in two places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from git_muse_coord.model.address import Key
from git_muse_coord.symbols.languages import facts_of
from git_muse_coord.symbols.values import FileSymbols, Symbol

_OVERLOADS = frozenset(
    {"cpp", "csharp", "java", "javascript", "kotlin", "scala", "swift", "tsx", "typescript"}
)
"""Languages in which functions of one name may stand side by side, if they are called in different ways."""
_CALLED = frozenset({"function", "method", "property"})
_REOPENED = frozenset({"block", "extension", "impl", "module", "namespace", "package", "route"})
"""Kinds of which several may have one name; what is inside is looked at all the same."""
_REPEATED = {"go": ("init",)}
"""Names that may stand any number of times."""


def doubled(merged: FileSymbols, sides: Sequence[FileSymbols]) -> dict[Key, Symbol]:
    """The symbols of which a merged file has more than either side, each with the last one that stands there.

    Of a symbol and what is inside it, the symbol alone is told.
    """
    if not merged.language or facts_of(merged.language).names_repeat:
        return {}
    if any(file.whole for file in (merged, *sides)):
        return {}
    limits: Counter[object] = Counter()
    for side in sides:
        # the union of counters has the larger number of each
        limits |= Counter(identity for identity, _ in _identified(side))
    doubles: dict[Key, Symbol] = {}
    seen: Counter[object] = Counter()
    for identity, symbol in _identified(merged):
        seen[identity] += 1
        if seen[identity] > limits[identity]:
            doubles[symbol.key] = symbol
    outermost: dict[Key, Symbol] = {}
    for key, symbol in doubles.items():
        if not _is_inside(key, doubles):
            outermost[key] = symbol
    return outermost


def _is_inside(key: Key, doubles: dict[Key, Symbol]) -> bool:
    return any(key[:end] in doubles for end in range(2, len(key)))


def _identified(file: FileSymbols) -> Iterator[tuple[object, Symbol]]:
    """Each symbol that should stand once, with what makes it another than those of its name.

    That is never the path: it can differ between the sides.
    """
    impls = _Impls()
    for symbol in file.symbols:
        impl = impls.around(symbol)
        if _may_stand_twice(symbol, file.language):
            continue
        is_overloaded = file.language in _OVERLOADS and symbol.kind in _CALLED
        # setters, overloads and what depends on the system are told apart by what stands above them
        head = symbol.head if is_overloaded or symbol.decoration else ""
        names = symbol.names
        yield (names, symbol.kind, symbol.decoration, head, impl), symbol


def _may_stand_twice(symbol: Symbol, language: str) -> bool:
    names = symbol.names
    if symbol.is_own or not names:
        return True
    if symbol.kind in _REOPENED:
        return True
    name = names[-1]
    # `_` is the name for what nobody wants to name
    if name == "_" or name in _REPEATED.get(language, ()):
        return True
    # a class in C# can be written in several parts
    return symbol.kind not in _CALLED and "partial " in symbol.signature


class _Impls:
    """The ``impl`` of Rust around each symbol: two of one type may each have a method of the same name."""

    def __init__(self) -> None:
        self._head = ""
        self._end = 0

    def around(self, symbol: Symbol) -> str:
        """The signature of the ``impl`` in which a symbol stands; symbols are to come in the order of the file."""
        if symbol.kind == "impl":
            self._head = symbol.head
            self._end = symbol.end_byte
        is_inside = symbol.end_byte <= self._end
        return self._head if is_inside else ""
