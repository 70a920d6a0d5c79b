"""Symbols of one name in one file: each gets a signature, so that it has an address of its own."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from git_muse_coord.model.address import MAX_BYTES
from git_muse_coord.symbols.hashes import hash_bytes
from git_muse_coord.symbols.values import Symbol
from git_muse_coord.symbols.walked import Definition

Tags = tuple[str, ...]
"""A signature for each segment of an address, empty for most; or none at all."""
_TAG_BYTES = 7
"""A signature of 6 characters, and the sign before it."""


class DefinedSymbol(NamedTuple):
    """A symbol, and the definition that it was made of."""

    symbol: Symbol
    definition: Definition


def fits(symbol: Symbol) -> bool:
    """Whether a symbol can be reserved, with a signature at each segment of its address."""
    names = sum(map(len, symbol.names))
    # Hardly one comes near the limit, and most need not be written out to see that.
    if len(symbol.path) + names < MAX_BYTES // 8:
        return True
    text = str(symbol.address).encode("utf-8", "surrogateescape")
    room_for_signatures = _TAG_BYTES * len(symbol.names)
    return len(text) + room_for_signatures <= MAX_BYTES


def tell_apart(pairs: list[DefinedSymbol]) -> list[Symbol]:
    """Put signatures to equal names, to as few segments as will do."""
    heads: dict[int, str] = {}
    groups: dict[tuple[str, ...], list[DefinedSymbol]] = defaultdict(list)
    for pair in pairs:
        heads[id(pair.definition)] = pair.symbol.head
        groups[pair.symbol.names].append(pair)
    told_apart: list[Symbol] = []
    for group in groups.values():
        if len(group) == 1:
            told_apart.append(group[0].symbol)
            continue
        for pair, tags in zip(group, _tags(group, heads), strict=True):
            told_apart.append(pair.symbol._replace(tags=tags))
    return told_apart


def _tags(group: list[DefinedSymbol], heads: dict[int, str]) -> list[Tags]:
    """The tags of several symbols of one name; none for all where nothing tells them apart."""

    def by_head(pair: DefinedSymbol) -> Tags:
        return _tag(pair.symbol, 1, pair.symbol.head)

    def by_head_and_decoration(pair: DefinedSymbol) -> Tags:
        both = pair.symbol.head + pair.symbol.decoration
        return _tag(pair.symbol, 1, hash_bytes(both.encode()))

    def by_container(pair: DefinedSymbol) -> Tags:
        definition = pair.definition
        head = heads.get(id(definition.parent), "")
        back = 1 + len(definition.names) - _depth(definition)
        return _tag(pair.symbol, back, head)

    for way in (by_head, by_head_and_decoration, by_container):
        tags = [way(pair) for pair in group]
        if len(set(tags)) == len(tags):
            return tags
    return [()] * len(group)


def _depth(definition: Definition) -> int:
    if definition.parent is None:
        return len(definition.names)
    return len(definition.parent.names)


def _tag(
    symbol: Symbol,
    back: int,
    hashed: str,
) -> Tags:
    """Tags of which one counts, that of the segment which is so far from the end of the address."""
    if not hashed:
        return ()
    tags = [""] * len(symbol.names)
    tags[-back] = hashed[:6]
    return tuple(tags)
