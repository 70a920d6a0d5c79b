"""Ruby: modules, classes, methods, constants; blocks of RSpec, Rake and routes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import Facts
from git_muse_coord.symbols.languages.heredocs import without_heredocs
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    Declaration,
    Language,
    Place,
    by_field,
    define,
    dotted,
    function,
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
_TITLES = frozenset({"string", "simple_symbol", "constant", "scope_resolution", "pair", "hash"})


def _assignment(node: Node, place: Place) -> Declaration | None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is not None and left.type == "left_assignment_list" and not place.local:
        several = [place.text(each) for each in left.named_children if each.type == "constant"]
        return (
            Declaration((several[0],), "constant", right, also=tuple(several[1:]))
            if several
            else None
        )
    if left is None or left.type not in ("constant", "scope_resolution"):
        return None
    names = tuple(filter(None, place.text(left).split("::")))
    block = (
        right.child_by_field_name("block") if right is not None and right.type == "call" else None
    )
    if (
        block is not None
        and place.text(right.child_by_field_name("method") if right else None) == "new"
    ):
        return Declaration(names, "class", right)
    return Declaration(names, "constant", right) if names and not place.local else None


def _call(node: Node, place: Place) -> Declaration | None:
    method = place.text(node.child_by_field_name("method"))
    if method in _LOADS:
        return IMPORT if not place.local and node.child_by_field_name("receiver") is None else None
    if method not in _BLOCKS and method not in _DEFINERS:
        return None
    arguments, block = node.child_by_field_name("arguments"), node.child_by_field_name("block")
    first = (
        arguments.named_child(0) if arguments is not None and arguments.named_child_count else None
    )
    title = place.text(first) if first is not None and first.type in _TITLES else ""
    title = unquote(re.split(r"=>|:\s", title)[0].strip()).lstrip(":").rstrip(":")
    if method in _DEFINERS:
        if place.local or arguments is None or not title:
            return None
        if method.startswith("define"):
            return Declaration((title,), "method", block, local=True)
        names = [
            unquote(place.text(each).lstrip(":"))
            for each in arguments.named_children
            if each.type in ("simple_symbol", "string")
        ]
        return Declaration((names[0],), "field", None, also=tuple(names[1:])) if names else None
    if block is None or (
        arguments is None and method not in ("before", "after", "around", "setup", "subject", "it")
    ):
        return None
    return Declaration((f"{method} {title}".strip(),), "block", block, local=True)


FACTS = Facts(
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
    repair=without_heredocs,
    optional=frozenset({";"}),
    heads=re.compile(
        rb"\A#!.*|\A#.*?coding[:=].*|\A#.*?\b(?:frozen[_-]string[_-]literal|warn[_-]indent)\s*:.*",
        re.IGNORECASE,
    ),
    directives=re.compile(rb"\A#\s*shareable[_-]constant[_-]value\s*:.*", re.IGNORECASE),
)
