"""Symbols of one name in one file: which of them keeps the plain name, and by which tails the others are told apart.

A tail says as little as will do. Nothing depends on what stands further behind in the file, but for
what is of another sort: so what is added behind its equals changes no address.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from git_muse_coord.model.address import MAX_BYTES
from git_muse_coord.model.tails import HASH, KIND, split
from git_muse_coord.symbols.hashes import hash_bytes
from git_muse_coord.symbols.head_tails import (
    CALLED,
    NAMED_TYPES,
    kind_tails,
    possible_tails,
    result_of,
)
from git_muse_coord.symbols.head_text import DefinitionHead
from git_muse_coord.symbols.heads import HeadText
from git_muse_coord.symbols.languages.facts import TYPES
from git_muse_coord.symbols.values import Symbol, Tags
from git_muse_coord.symbols.walked import Definition

_MAX_TAIL = 300
"""What a tail can take, at most: what is longer cannot be read, and is no better than a hash."""
_ADDING = frozenset({"impl", "extension"})
"""Kinds of what only adds to something, and has a tail even where it stands alone."""
_COMPANIONS = TYPES - {"object"} | {"type"}
"""Kinds beside which an object of the same name is their companion."""
_VALUES = frozenset({"constant", "field", "key", "property", "value", "variable"})
_SORTS = {
    **dict.fromkeys(NAMED_TYPES, 1),
    **dict.fromkeys(("interface", "type"), 2),
    **dict.fromkeys(CALLED, 3),
}
"""Which kind is the primary one of a name; values come first, for nothing else tells them apart."""
_BLANKS = re.compile(r"\s+|,\s*(?=[)\]}>])")


class DefinedSymbol(NamedTuple):
    """A symbol, and the definition that it was made of."""

    symbol: Symbol
    definition: Definition


HeadReader = Callable[[Definition], HeadText]


def fits(symbol: Symbol) -> bool:
    """Whether a symbol can be reserved, with a tail in its address."""
    names = sum(map(len, symbol.names))
    # Hardly one comes near the limit, and most need not be written out to see that.
    if len(symbol.path) + names < MAX_BYTES // 8:
        return True
    text = str(symbol.address).encode("utf-8", "surrogateescape")
    return len(text) + 2 * _MAX_TAIL <= MAX_BYTES


def names_of(definition: Definition) -> tuple[tuple[str, ...], Tags]:
    """The names of a definition, and the tails with which they seem to end, as that of a heading ``f()``."""
    joined = "".join(definition.names)
    if "(" not in joined and "<" not in joined:
        return definition.names, ()
    steps = list(map(split, definition.names))
    tags = tuple(tail for _, tail in steps)
    if not any(tags):
        return definition.names, ()
    names = tuple(name for name, _ in steps)
    return names, tags


def tell_apart(
    pairs: list[DefinedSymbol],
    language: str,
    read: HeadReader,
    *,
    has_overloads: bool,
) -> list[Symbol]:
    """Give tails to the symbols of one name, to all but the first."""
    groups: dict[tuple[str, ...], list[DefinedSymbol]] = defaultdict(list)
    for pair in pairs:
        groups[pair.symbol.names].append(pair)
    naming = _Naming(language, read, has_overloads=has_overloads)
    told_apart: list[Symbol] = []
    # what is outside first: what is inside can be told apart by it
    for names in sorted(groups, key=len):
        group = groups[names]
        symbol = group[0].symbol
        if len(group) > 1 or symbol.kind in _ADDING:
            told_apart += naming.told_apart(group)
        else:
            told_apart.append(symbol)
    return told_apart


class _Candidate(NamedTuple):
    """A symbol of several, and what it can be called."""

    pair: DefinedSymbol
    plain: Tags
    ways: list[Tags]
    """The tags that it can have, those that say least first."""
    text: str
    """All that tells it from others."""
    has_tail: bool
    only_adds: bool
    """It never has the plain name."""
    alike: list[object]
    """What makes it one with another symbol of its name."""
    offers: list[object]
    """What another one must have to be one with it."""


class _Given:
    """The tags that the symbols of one name have so far."""

    def __init__(self) -> None:
        self._taken: set[Tags] = set()
        self._meant: set[Tags] = set()
        """What could mean the first of them as well."""
        self._alike: dict[object, Tags] = {}

    def choose(self, candidate: _Candidate) -> Tags:
        """The tags of the next one."""
        tags = self._free(candidate)
        self._taken.add(tags)
        if tags == candidate.plain:
            self._meant.update(candidate.ways)
            self._taken.update(candidate.ways[-1:])
        for offer in candidate.offers:
            self._alike.setdefault(offer, tags)
        return tags

    def _free(self, candidate: _Candidate) -> Tags:
        if not candidate.only_adds and candidate.plain not in self._taken:
            return candidate.plain
        for alike in candidate.alike:
            if alike in self._alike:
                return self._alike[alike]
        for way in candidate.ways:
            if way not in self._taken and way not in self._meant:
                return way
        # that the first could be called so, too, makes no difference where it is called otherwise
        for way in candidate.ways:
            if way not in self._taken:
                return way
        # blanks are formatting, and so is a comma behind the last of several
        text = _BLANKS.sub("", candidate.text)
        encoded = text.encode("utf-8", "surrogateescape")
        hashed = hash_bytes(encoded)
        return _with_tail(candidate.plain, HASH + hashed[:6])


class _Naming:
    """Names the symbols of one file."""

    def __init__(
        self,
        language: str,
        read: HeadReader,
        *,
        has_overloads: bool,
    ) -> None:
        self._language = language
        self._has_overloads = has_overloads
        self._read = read
        self._tags: dict[int, Tags] = {}
        """Those of definitions that have some."""

    def told_apart(self, group: list[DefinedSymbol]) -> Iterator[Symbol]:
        """The symbols of one name, with their tags."""
        has_type = any(pair.symbol.kind in _COMPANIONS for pair in group)
        candidates = [self._candidate(pair, has_type=has_type) for pair in group]
        candidates.sort(key=self._rank)
        given = _Given()
        for candidate in candidates:
            symbol, definition = candidate.pair
            tags = given.choose(candidate)
            if any(tags):
                # of several names of one definition the first one counts
                self._tags.setdefault(id(definition), tags)
                yield symbol._replace(tags=tags, alias=())
                continue
            # what has the plain name answers to the tail that says least, too
            alias = candidate.ways[0] if candidate.ways else ()
            yield symbol._replace(tags=(), alias=alias)

    def _rank(self, candidate: _Candidate) -> tuple[int, int, bool, int]:
        """What comes first among symbols of one name: of one sort, what stands first."""
        symbol, definition = candidate.pair
        within = 0
        for tail in self._tags_around(definition):
            if not tail:
                continue
            # an extension that adds no protocol is nearly as good as what it extends
            is_plain = tail.startswith(KIND) and "-" not in tail
            within = 1 if is_plain else 2
        # of values, what is static or of an interface has a tail to show
        has_tail = symbol.kind in _VALUES and candidate.has_tail
        return within, _SORTS.get(symbol.kind, 0), has_tail, symbol.start_byte

    def _tags_around(self, definition: Definition) -> Tags:
        """The tags of what a definition is in; none where that has the plain name."""
        return self._tags.get(id(definition.parent), ())

    def _candidate(self, pair: DefinedSymbol, *, has_type: bool) -> _Candidate:
        symbol, definition = pair
        words = self._read(definition)
        head = _head(pair, self._language, words)
        can_add = symbol.kind in _ADDING or (symbol.kind == "object" and has_type)
        tails = kind_tails(head) if can_add else []
        only_adds = bool(tails)
        if not only_adds:
            tails = possible_tails(head)
        plain = symbol.tags or ("",) * len(symbol.names)
        readable = [tail for tail in tails if len(tail.encode()) <= _MAX_TAIL]
        ways = [_with_tail(plain, tail) for tail in readable]
        finest = plain
        around = self._tags_around(definition)
        if around:
            # with the tails of what it is in: what is inside can be told apart by those alone
            finest = around + plain[len(around) :]
            ways.append(finest)
            ways += [_with_tail(finest, tail) for tail in readable]
        if tails:
            finest = _with_tail(finest, tails[-1])
        text = words.text
        alike, offers = self._alike(pair, head, finest, text)
        return _Candidate(
            pair,
            plain,
            ways,
            text,
            bool(tails),
            only_adds,
            alike,
            offers,
        )

    def _alike(
        self,
        pair: DefinedSymbol,
        head: DefinitionHead,
        finest: Tags,
        text: str,
    ) -> tuple[list[object], list[object]]:
        """What makes a symbol one with an earlier of its name, and what a later one must have for that."""
        symbol, definition = pair
        kind = symbol.kind
        is_called = kind in CALLED and kind != "macro"
        if is_called and self._has_overloads:
            return _alike_overloads(definition, finest, result_of(head))
        sort = _sort_of(kind)
        # of what is of no sort nothing but its text tells what is one
        key = (sort, finest, "") if sort else (kind, finest, text)
        return [key], [key]


def _sort_of(kind: str) -> str:
    """What may be declared as one kind and defined as another is of one sort; empty for all else."""
    if kind in _ADDING:
        return "added"
    if kind == "macro":
        return kind
    if kind in CALLED:
        return "called"
    if kind in NAMED_TYPES:
        return "type"
    if kind in _VALUES:
        return "value"
    return ""


def _alike_overloads(
    definition: Definition,
    finest: Tags,
    result: str,
) -> tuple[list[object], list[object]]:
    """What is declared and what defines it are one, and so are equals that are there in different cases."""
    alike: list[object] = [(finest, "result", result)]
    offers: list[object] = [*alike, (finest, "any")]
    if definition.body_start < 0:
        alike.append((finest, "any"))
        offers.append((finest, "declared"))
    else:
        alike.append((finest, "declared"))
    return alike, offers


def _head(
    pair: DefinedSymbol,
    language: str,
    words: HeadText,
) -> DefinitionHead:
    symbol, definition = pair
    parent = definition.parent
    is_member = parent is not None and parent.kind in TYPES
    *around, name = symbol.names
    outer = around[-1] if around else ""
    return DefinitionHead(
        symbol.path,
        language,
        symbol.kind,
        name,
        words.text,
        words.decoration,
        outer,
        is_member,
    )


def _with_tail(tags: Tags, tail: str) -> Tags:
    return (*tags[:-1], tail)
