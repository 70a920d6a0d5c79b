"""Whether a caller can stay as it is when a signature changes: its calls give the same to each parameter as before.

Where an argument can be left out, the calls are looked at; in Go, Java and Rust the signature alone
(``typed_signatures``). Of other languages nothing is known here, and each caller is to be looked at.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from git_muse_coord.symbols import typed_signatures
from git_muse_coord.symbols.clips import Source, clip
from git_muse_coord.symbols.values import Symbol
from git_muse_coord.symbols.written_signatures import (
    TYPED,
    NamedCall,
    WrittenCall,
    WrittenSignature,
    all_calls,
    function_of,
    signature_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Tree

_LANGUAGES = (*TYPED, "python", "javascript")
_CONSTRUCTORS = ("__init__", "__new__", "constructor")
_MAX_TREES = 16
"""At most so many trees are kept, for each is many times as large as its file."""


class CallComparison:
    """Compares calls with a signature before and after it changed.

    It keeps what it has seen, because one symbol is asked for again and again, and the last files
    parsed. So it is to live no longer than the merge for which it is made.
    """

    def __init__(self) -> None:
        self._tree = lru_cache(maxsize=_MAX_TREES)(_parsed)
        self._signatures: dict[Source, WrittenSignature | None] = {}
        self._calls: dict[Source, list[NamedCall]] = {}

    def still_fits(
        self,
        old: Source,
        new: Source,
        caller: Source,
        other_names: Iterable[str] = (),
    ) -> bool:
        """Whether all calls in ``caller`` of what is named like a symbol mean what they meant before it changed.

        ``other_names`` are those under which it is called as well.
        """
        languages = {old.language, new.language, caller.language}
        if len(languages) == 1 and old.language in typed_signatures.LANGUAGES:
            return self._takes_the_same(old, new)
        if not languages.issubset(_LANGUAGES):
            return False
        before = self._signature(old)
        after = self._signature(new)
        if before is None or after is None:
            return False
        if before.is_async != after.is_async:
            return False
        names = set(map(str.encode, other_names))
        names |= _called_names(new.symbol)
        is_called = False
        for name, call in self._calls_in(caller):
            if name not in names:
                continue
            is_called = True
            if not _means_the_same(call, before, after):
                return False
        # a caller without a call that can be seen uses the symbol in a way that nobody knows
        return is_called

    def _takes_the_same(self, old: Source, new: Source) -> bool:
        before = self._written(old)
        after = self._written(new)
        return typed_signatures.takes_the_same(before, after)

    def _written(self, source: Source) -> typed_signatures.Written | None:
        source_read, tree = self._read(source)
        if tree is None:
            return None
        function = function_of(source_read, tree)
        if function is None:
            return None
        return typed_signatures.Written(function, source_read.data)

    def _signature(self, source: Source) -> WrittenSignature | None:
        if source not in self._signatures:
            source_read, tree = self._read(source)
            signature = signature_of(source_read, tree) if tree is not None else None
            self._signatures[source] = signature
        return self._signatures[source]

    def _calls_in(self, source: Source) -> list[NamedCall]:
        if source not in self._calls:
            source_read, tree = self._read(source)
            calls = all_calls(source_read, tree) if tree is not None else []
            self._calls[source] = calls
        return self._calls[source]

    def _read(self, source: Source) -> tuple[Source, Tree | None]:
        """The tree in which a symbol stands, with its place there: that of the symbol alone, or else of its file."""
        clipped = clip(source)
        if clipped is not None:
            tree = _parsed(clipped.language, clipped.data)
            if tree is not None and not tree.root_node.has_error:
                return clipped, tree
        return source, self._tree(source.language, source.data)


def _parsed(language: str, data: bytes) -> Tree | None:
    # which a merge without changed signatures does not need
    from git_muse_coord.symbols import grammar

    return grammar.parse_source(grammar.load(language), data)


def _means_the_same(
    call: WrittenCall | None,
    before: WrittenSignature,
    after: WrittenSignature,
) -> bool:
    """Whether a call gives the same to each parameter; never for one whose arguments are not all there to see."""
    if call is None:
        return False
    if call.is_used and before.result != after.result:
        return False
    given = after.positional[: call.positional]
    if given != before.positional[: call.positional]:
        return False
    if len(given) < call.positional:
        # the rest goes to a parameter that takes more
        takes_more = before.takes_more and after.takes_more
        if not takes_more or before.positional != after.positional:
            return False
    if not after.takes_any and not call.named <= after.named:
        return False
    return after.required <= call.named.union(given)


def _called_names(symbol: Symbol) -> frozenset[bytes]:
    """By which names it is called: a constructor also by that of its class."""
    names = symbol.names
    count = 2 if names[-1] in _CONSTRUCTORS else 1
    return frozenset(map(str.encode, names[-count:]))
