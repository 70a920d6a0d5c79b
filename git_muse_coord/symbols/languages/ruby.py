"""Ruby: modules, classes, methods, constants; blocks of RSpec, Rake and routes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.heredocs import without_heredocs
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    Declaration,
    Language,
    Place,
    by_field,
    define,
    dotted,
    first_named,
    function,
    several,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_BLOCKS = frozenset(
    {
        "describe",
        "context",
        "feature",
        "scenario",
        "it",
        "specify",
        "example",
        "shared_examples",
        "shared_context",
        "shared_examples_for",
        "let",
        "let!",
        "subject",
        "before",
        "after",
        "around",
        "task",
        "namespace",
        "test",
        "should",
        "setup",
        "get",
        "post",
        "put",
        "patch",
        "delete",
    }
)
_LOADS = frozenset({"require", "require_relative", "load", "autoload"})
_DEFINERS = frozenset(
    {"define_method", "define_singleton_method", "attr_accessor", "attr_reader", "attr_writer"}
)
_UNTITLED = frozenset({"before", "after", "around", "setup", "subject", "it"})
"""Of the blocks those that may stand without arguments."""
_TITLES = frozenset(
    {"string", "chained_string", "simple_symbol", "constant", "scope_resolution", "pair", "hash"}
)
_END_OF_TITLE = re.compile(r"=>|:\s")


def _assignment(node: Node, place: Place) -> Declaration | None:
    left = node.child_by_field_name("left")
    right = node.child_by_field_name("right")
    if left is None:
        return None
    if left.type == "left_assignment_list":
        return _constants(left, right, place)
    # a variable with a small first letter is local to its method or file
    if left.type not in ("constant", "scope_resolution"):
        return None
    names = tuple(filter(None, place.text(left).split("::")))
    if _makes_a_class(right, place):
        return Declaration(names, "class", right)
    if place.local or not names:
        return None
    return Declaration(names, "constant", right)


def _constants(
    left: Node,
    right: Node | None,
    place: Place,
) -> Declaration | None:
    """``A, B = 1, 2``."""
    if place.local:
        return None
    names: list[str] = []
    for target in left.named_children:
        if target.type == "constant":
            names.append(place.text(target))
    return several(names, "constant", right)


def _makes_a_class(value: Node | None, place: Place) -> bool:
    """Whether a value is ``Struct.new(...) do`` or the like: what is in its block are members."""
    if value is None or value.type != "call" or value.child_by_field_name("block") is None:
        return False
    return place.field(value, "method") == "new"


def _call(node: Node, place: Place) -> Declaration | None:
    """Ruby has no statements for imports, properties and tests: all of these are calls."""
    method = place.field(node, "method")
    if method in _LOADS:
        # plugin.load is a method of somebody's own
        is_own = node.child_by_field_name("receiver") is None
        return IMPORT if is_own and not place.local else None
    if method in _DEFINERS:
        return _defined(method, node, place)
    if method in _BLOCKS:
        return _block(method, node, place)
    return None


def _defined(
    method: str,
    node: Node,
    place: Place,
) -> Declaration | None:
    """``attr_reader :name, :price``; ``define_method(:name) { }``."""
    arguments = node.child_by_field_name("arguments")
    title = _title(arguments, place)
    if place.local or arguments is None or not title:
        return None
    if method.startswith("define"):
        return Declaration((title,), "method", node.child_by_field_name("block"), local=True)
    names: list[str] = []
    for argument in arguments.named_children:
        if argument.type in ("simple_symbol", "string"):
            names.append(unquote(place.text(argument).lstrip(":")))
    return several(names, "field", None)


def _block(
    method: str,
    node: Node,
    place: Place,
) -> Declaration | None:
    """``it "adds" do``, ``task :build do``."""
    arguments = node.child_by_field_name("arguments")
    block = node.child_by_field_name("block")
    # without a block get and post are calls of a client, and most of these words plain methods
    if block is None or (arguments is None and method not in _UNTITLED):
        return None
    title = f"{method} {_title(arguments, place)}".strip()
    return Declaration((title,), "block", block, local=True)


def _title(arguments: Node | None, place: Place) -> str:
    """The first argument as a name; of ``build: :test`` and ``"a" => "b"`` what is on the left."""
    first = first_named(arguments)
    if first is None or first.type not in _TITLES:
        return ""
    if first.type == "chained_string":  # 'one ' \\ 'two'
        texts = [place.text(part)[1:-1] for part in first.named_children]
        return "".join(texts).strip()
    text = place.text(first)
    if first.type in ("pair", "hash"):
        text = _END_OF_TITLE.split(text)[0].strip()
    return unquote(text).lstrip(":").rstrip(":")


FACTS = LanguageFacts(
    version=2,
    extensions="rb rake gemspec ru podspec",
    files="Gemfile Rakefile Guardfile Vagrantfile Podfile",
    interpreters="ruby",
    uses="others",
    last_definition_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_ruby:language",
    rules={
        "module": define("module", dotted(by_field(), "::")),
        "class": define("class", dotted(by_field(), "::")),
        "method": function(),
        "singleton_method": function(kind="method"),
        "alias": define("method", by_field("name"), body="alias"),
        "assignment": _assignment,
        "call": _call,
    },
    verbatim=frozenset(
        {
            "string_content",
            "heredoc_content",
            "simple_symbol",
            "regex",
            "string_array",
            "symbol_array",
        }
    ),
    closures=frozenset({"lambda"}),
    # the grammar loses itself in a heredoc that stands inside of another
    repair=without_heredocs,
    optional=frozenset({";"}),
    # what the interpreter itself reads
    heads=re.compile(
        rb"\A#!.*|\A#.*?coding[:=].*|\A#.*?\b(?:frozen[_-]string[_-]literal|warn[_-]indent)\s*:.*",
        re.IGNORECASE,
    ),
    directives=re.compile(rb"\A#\s*shareable[_-]constant[_-]value\s*:.*", re.IGNORECASE),
)
