"""The only door to tree-sitter: loads one grammar when it is needed and joins it with its table.

Parsing is bounded in time here; what is found in the tree is the business of ``walk``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages import language_of
from git_muse_coord.symbols.languages.table import Language, Rule

if TYPE_CHECKING:
    from tree_sitter import Parser, Tree

SECONDS = 0.5
"""The processor time that the parser gets for one file: error recovery can be quadratic."""
MAX_NODES = 600_000
"""Ordinary code has 200,000 nodes a megabyte; more is not worth the time and the memory."""

MAX_UNCLOSED = 1_000
"""Brackets. At four times as many, recovery from the error has taken 200 MB or 7 s; it cannot be stopped on the way."""
_BRACKETS = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"))

CLOSE = 2
"""The first byte of the tokens that mark the end of a node, without which a dedent would go unseen."""

BOM = b"\xef\xbb\xbf"
"""What may stand before all text; it is no part of it."""

_ERROR = 0xFFFF


@dataclass(frozen=True, slots=True)
class Special:
    """What a table says of one kind of node."""

    rule: Rule | None = None
    wrapper: bool = False
    decoration: bool = False
    attached: bool = False
    closure: bool = False
    comment: bool = False
    verbatim: bool = False
    indented: bool = False
    text: bool = False
    error: bool = False
    opaque: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """A table, indexed by the numbers that the grammar gives to kinds of nodes."""

    language: Language
    parser: Parser
    specials: list[Special | None]
    literals: list[bytes | None]
    """The token that stands for a kind whose text is always the same."""
    closes: list[bytes]
    """The token for the end of a node of a kind."""
    loose: frozenset[int]
    """Kinds of which round brackets are formatting, but for those directly in one of ``accesses``."""
    accesses: frozenset[int]
    strict: frozenset[int]
    """Kinds directly in which what is optional elsewhere counts."""
    commas: frozenset[int]
    """Kinds in which a trailing comma counts."""
    texts: frozenset[int]
    """Kinds in which blanks count."""


@cache
def load(language: str) -> Grammar:
    """The grammar of a language, with its table."""
    from tree_sitter import Language as TreeSitterLanguage
    from tree_sitter import Parser

    rules = language_of(language)
    module, function = rules.grammar.split(":")
    grammar = TreeSitterLanguage(getattr(import_module(module), function)())
    names = [grammar.node_kind_for_id(kind) or "" for kind in range(grammar.node_kind_count)]
    padding = _ERROR + 1 - len(names)
    return Grammar(
        rules,
        Parser(grammar),
        [_special(rules, name) for name in names] + [None] * (padding - 1) + [Special(error=True)],
        [
            (b"" if name in rules.optional else name.encode())
            if not grammar.node_kind_is_named(kind)
            else None
            for kind, name in enumerate(names)
        ]
        + [None] * padding,
        [bytes([CLOSE]) + name.encode() for name in names] + [bytes([CLOSE]) + b"ERROR"] * padding,
        *(
            frozenset(kind for kind, name in enumerate(names) if name in some)
            for some in (rules.loose, rules.accesses, rules.strict, rules.commas, rules.texts)
        ),
    )


def _special(rules: Language, name: str) -> Special | None:
    special = Special(
        rules.rules.get(name),
        name in rules.wrappers,
        name in rules.decorations or name in rules.attached,
        name in rules.attached,
        name in rules.closures,
        name in rules.comments,
        name in rules.verbatim,
        name in rules.indented,
        name in rules.texts,
        opaque=name in rules.opaque,
    )
    return None if special == Special() else special


def parse_source(grammar: Grammar, data: bytes) -> Tree | None:
    """The tree of a file, or None when that would cost too much. ``text`` of its nodes must not be asked for."""
    if _is_hopeless(grammar.language, data):
        return None
    deadline, soonest = time.thread_time() + SECONDS, time.perf_counter() + SECONDS
    handed: list[memoryview] = []

    def read(offset: int, _point: object) -> memoryview:
        handed.append(memoryview(data)[offset:])
        return handed[-1]

    try:
        tree = grammar.parser.parse(
            read,  # any buffer will do
            # the clock of the thread, which alone is just on a busy machine, costs a system call
            progress_callback=lambda _offset, _error: (
                time.perf_counter() > soonest and time.thread_time() > deadline
            ),
        )
    except ValueError:  # stopped by the callback
        grammar.parser.reset()
        return None
    finally:
        for view in handed:
            view.release()  # py-tree-sitter 0.26.1 never lets go of what is handed to it: bytes would stay for ever
    return tree if tree.root_node.descendant_count <= MAX_NODES else None


def _is_hopeless(language: Language, data: bytes) -> bool:
    """Whether the parser would not come back in time, or not at all."""
    pairs = (*_BRACKETS, language.unclosed) if language.unclosed else _BRACKETS
    if any(data.count(opening) - data.count(closing) > MAX_UNCLOSED for opening, closing in pairs):
        return True
    return language.deadly is not None and language.deadly.search(data) is not None
