"""Symbols of one name in one file: each gets a signature, so that it has an address of its own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from git_muse_coord.model.address import MAX_BYTES, Address, Segment
from git_muse_coord.symbols.hashes import hash_bytes
from git_muse_coord.symbols.values import Symbol
from git_muse_coord.symbols.walked import Definition

_TAG_BYTES = 7
"""A signature of 6 characters, and the sign before it."""


class DefinedSymbol(NamedTuple):
    """A symbol, and the definition that it was made of."""

    symbol: Symbol
    definition: Definition


def renamed(address: Address, name: str) -> Address:
    """The address of a symbol that has another name in its place."""
    containers = address.segments[:-1]
    return Address(address.path, (*containers, Segment(name)))


def fits(address: Address) -> bool:
    """Whether an address can be reserved, with a signature at each of its segments."""
    names = sum(len(segment.name) for segment in address.segments)
    # Hardly one comes near the limit, and most need not be written out to see that.
    if len(address.path) + names < MAX_BYTES // 8:
        return True
    text = str(address).encode("utf-8", "surrogateescape")
    room_for_signatures = _TAG_BYTES * len(address.segments)
    return len(text) + room_for_signatures <= MAX_BYTES


def tell_apart(pairs: list[DefinedSymbol]) -> list[Symbol]:
    """Append signatures to equal names, to as few segments as will do."""
    heads: dict[int, str] = {}
    groups: dict[Address, list[DefinedSymbol]] = defaultdict(list)
    for pair in pairs:
        heads[id(pair.definition)] = pair.symbol.head
        groups[pair.symbol.address].append(pair)
    told_apart: list[Symbol] = []
    for group in groups.values():
        if len(group) == 1:
            told_apart.append(group[0].symbol)
            continue
        addresses = _addresses(group, heads)
        for pair, address in zip(group, addresses, strict=True):
            told_apart.append(replace(pair.symbol, address=address))
    return told_apart


def _addresses(group: list[DefinedSymbol], heads: dict[int, str]) -> list[Address]:
    """An address for each of several symbols of one name; the bare name for all where nothing tells them apart."""

    def by_head(pair: DefinedSymbol) -> Address:
        return _tag(pair.symbol.address, 1, pair.symbol.head)

    def by_head_and_decoration(pair: DefinedSymbol) -> Address:
        both = pair.symbol.head + pair.symbol.decoration
        return _tag(pair.symbol.address, 1, hash_bytes(both.encode()))

    def by_container(pair: DefinedSymbol) -> Address:
        definition = pair.definition
        head = heads.get(id(definition.parent), "")
        back = 1 + len(definition.names) - _depth(definition)
        return _tag(pair.symbol.address, back, head)

    for way in (by_head, by_head_and_decoration, by_container):
        addresses = [way(pair) for pair in group]
        if len(set(addresses)) == len(addresses):
            return addresses
    return [pair.symbol.address for pair in group]


def _depth(definition: Definition) -> int:
    if definition.parent is None:
        return len(definition.names)
    return len(definition.parent.names)


def _tag(
    address: Address,
    back: int,
    hashed: str,
) -> Address:
    """The address with the segment that is so far from its end carrying a signature."""
    segments = list(address.segments)
    name = segments[-back].name
    segments[-back] = Segment(name, hashed[:6])
    return Address(address.path, tuple(segments))
