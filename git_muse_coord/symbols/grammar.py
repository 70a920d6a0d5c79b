"""The only door to tree-sitter: loads one grammar when it is needed and joins it with its table.

Parsing is bounded in time here; what is found in the tree is the business of ``walk``.
"""

from __future__ import annotations

import threading
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from git_muse_coord.symbols.bindings import grammar_function
from git_muse_coord.symbols.languages import language_of
from git_muse_coord.symbols.languages.looseness import Looseness
from git_muse_coord.symbols.languages.table import Language, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Language as TreeSitterLanguage, Tree

SECONDS = 0.5
"""The processor time that the parser gets for one file: error recovery can be quadratic."""
MAX_NODES = 600_000
"""Ordinary code has 200,000 nodes a megabyte; more is not worth the time and the memory."""

MAX_UNCLOSED = 1_000
"""Brackets. At four times as many, recovery from the error has taken 200 MB or 7 s; it cannot be stopped on the way."""
_PAIRS = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"))
_FORMATTED = frozenset("()]}")
"""The brackets that are formatting in some places, or that a trailing comma may stand before."""

CLOSE = 2
"""The first byte of the tokens that mark the end of a node, without which a dedent would go unseen."""

BOM = b"\xef\xbb\xbf"
"""What may stand before all text; it is no part of it."""

_ERROR = 0xFFFF
"""The number that tree-sitter gives to errors, whatever the grammar."""


@dataclass(frozen=True, slots=True)
class Special:
    """What a table says of one kind of node; each field is explained at the table's field of that name."""

    rule: Rule | None = None
    wrapper: bool = False
    decoration: bool = False
    attached: bool = False
    closure: bool = False
    comment: bool = False
    verbatim: bool = False
    unparsed: bool = False
    indented: bool = False
    text: bool = False
    """Nobody asks for it, but it makes such nodes special, so that blanks before their ends count."""
    error: bool = False
    opaque: bool = False
    settled: bool = False
    """What is in it is settled when it closes: an order that means nothing, a comma at its end."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """A table, indexed by the numbers that the grammar gives to kinds of nodes."""

    language: Language
    node_kinds: TreeSitterLanguage
    specials: list[Special | None]
    closes: list[bytes]
    """The token for the end of a node of a kind."""
    brackets: dict[int, bytes]
    """The kinds that are brackets of which formatting may be made, and those brackets."""
    optional: frozenset[int]
    """Kinds of tokens that a formatter may add or leave out."""
    names: list[str]
    """What the grammar calls them."""
    loose: dict[int, Looseness]
    """Those that may say nothing, and when."""
    separators: dict[int, frozenset[int]]
    """Tokens that say nothing directly in some kinds, and these."""
    strict: frozenset[int]
    """Kinds directly in which what is optional elsewhere counts."""
    commas: frozenset[int]
    """Kinds in which a trailing comma counts."""
    texts: frozenset[int]
    """Kinds in which blanks count."""
    documented: frozenset[int]
    """Kinds directly in which a text documents what follows."""
    settled: frozenset[int]
    """Kinds of which something is settled when they close."""


@cache
def load(language: str) -> Grammar:
    """The grammar of a language, with its table."""
    from tree_sitter import Language as TreeSitterLanguage

    table = language_of(language)
    module, function = table.grammar.split(":")
    with warnings.catch_warnings():
        # some wheels give the address of the grammar, which tree-sitter takes with a warning
        warnings.simplefilter("ignore", DeprecationWarning)
        grammar = TreeSitterLanguage(grammar_function(module, function)())
    names = [grammar.node_kind_for_id(kind) or "" for kind in range(grammar.node_kind_count)]
    literals = {
        kind: name for kind, name in enumerate(names) if not grammar.node_kind_is_named(kind)
    }
    # errors have the last number of all, far behind those of the grammar
    padding = _ERROR + 1 - len(names)
    specials = [_special(table, name) for name in names]
    specials += [None] * (padding - 1)
    specials.append(Special(error=True))
    formatted = _FORMATTED.union(table.signs)
    separators = {
        kind: _numbers(names, table.separators[name])
        for kind, name in literals.items()
        if name in table.separators
    }
    closes = [_close(name) for name in names]
    closes += [_close("ERROR")] * padding
    return Grammar(
        table,
        grammar,
        specials,
        closes,
        brackets={kind: name.encode() for kind, name in literals.items() if name in formatted},
        optional=_numbers(names, table.optional).union(separators),
        names=[*names, *["ERROR"] * padding],
        loose={kind: table.loose[name] for kind, name in enumerate(names) if name in table.loose},
        separators=separators,
        strict=_numbers(names, table.strict),
        commas=_numbers(names, table.commas),
        texts=_numbers(names, table.texts),
        documented=_numbers(names, table.documented),
        settled=_numbers(names, table.trailing.union(table.unordered)),
    )


def _special(table: Language, name: str) -> Special | None:
    is_attached = name in table.attached
    special = Special(
        rule=table.rules.get(name),
        wrapper=name in table.wrappers,
        decoration=is_attached or name in table.decorations,
        attached=is_attached,
        closure=name in table.closures,
        comment=name in table.comments,
        verbatim=name in table.verbatim,
        unparsed=name in table.unparsed,
        indented=name in table.indented,
        text=name in table.texts,
        opaque=name in table.opaque,
        settled=name in table.unordered or name in table.trailing,
    )
    return None if special == Special() else special


def _close(name: str) -> bytes:
    return bytes([CLOSE]) + name.encode()


def _numbers(names: list[str], wanted: frozenset[str]) -> frozenset[int]:
    """The kinds that have one of the names; several kinds can have the same."""
    return frozenset(kind for kind, name in enumerate(names) if name in wanted)


class _Kept(threading.local):
    """The tree of the file that a thread is reading for several readers."""

    data: bytes | None = None
    trees: dict[str, Tree | None] = {}  # noqa: RUF012 - replaced before anything is put in


_KEPT = _Kept()


@contextmanager
def parsing_once(data: bytes) -> Iterator[None]:
    """Let those who ask for the tree of these very bytes inside share one. It is kept no longer: trees are large."""
    _KEPT.data = data
    _KEPT.trees = {}
    try:
        yield
    finally:
        _KEPT.data = None
        _KEPT.trees = {}


def parse_source(grammar: Grammar, data: bytes) -> Tree | None:
    """The tree of a file, or None when that would cost too much.

    The tree does not hold the source: ``text`` of its nodes must not be asked for.
    """
    if data is not _KEPT.data:
        return _parsed(grammar, data)
    language = grammar.language.grammar
    if language not in _KEPT.trees:
        _KEPT.trees[language] = _parsed(grammar, data)
    return _KEPT.trees[language]


def _parsed(grammar: Grammar, data: bytes) -> Tree | None:
    if _is_hopeless(grammar.language, data):
        return None
    from tree_sitter import Parser

    # One for each file: other threads come in at the calls below, and two in one parser crash. It
    # costs less than a microsecond.
    parser = Parser(grammar.node_kinds)
    deadline = time.thread_time() + SECONDS
    soonest = time.perf_counter() + SECONDS
    handed: list[memoryview] = []

    def read(offset: int, _point: object) -> memoryview:
        view = memoryview(data)[offset:]
        handed.append(view)
        return view

    def is_over(_offset: int, _has_error: bool) -> bool:
        # the clock of the thread, which alone is just on a busy machine, costs a system call
        return time.perf_counter() > soonest and time.thread_time() > deadline

    try:
        tree = parser.parse(read, progress_callback=is_over)
    except ValueError:  # stopped by the callback
        return None
    finally:
        # py-tree-sitter 0.26.1 never lets go of what is handed to it: bytes would stay for ever,
        # while of a view that is released only the shell stays
        for view in handed:
            view.release()
    return tree if tree.root_node.descendant_count <= MAX_NODES else None


def _is_hopeless(language: Language, data: bytes) -> bool:
    """Whether the parser would not come back in time, or not at all."""
    pairs = [*_PAIRS]
    if language.unclosed is not None:
        pairs.append(language.unclosed)
    for opening, closing in pairs:
        if data.count(opening) - data.count(closing) > MAX_UNCLOSED:
            return True
    return language.deadly is not None and language.deadly.search(data) is not None
