"""Perl: subroutines, packages with a block, the variables and constants of a file or package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    by_field,
    child,
    define,
    dotted,
    first_named,
    function,
    imports,
    several,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _package(node: Node, place: Place) -> Declaration | None:
    """A package with a block; without one it goes on to the end of the file, and names nothing."""
    # its subroutines keep their bare names, for few files hold more than one package
    block = child(node, "block")
    name = place.field(node, "name")
    if block is None or not name:
        return None
    return Declaration(tuple(name.split("::")), "module", block)


def _use(node: Node, place: Place) -> Declaration | None:
    """``use constant`` declares; every other ``use`` is an import."""
    if place.field(node, "module") != "constant":
        return imports(node, place)
    if place.local:
        return None
    values = child(node, "list_expression", "anonymous_hash_expression", "autoquoted_bareword")
    if values is not None and values.type == "anonymous_hash_expression":
        return several(_keys(first_named(values), place), "constant", values)
    first = (
        first_named(values) if values is not None and values.type == "list_expression" else values
    )
    return Declaration((place.text(first),), "constant", values) if first is not None else None


def _keys(pairs: Node | None, place: Place) -> list[str]:
    words = [] if pairs is None else pairs.named_children
    return [place.text(word) for word in words if word.type == "autoquoted_bareword"]


def _variable(node: Node, place: Place) -> Declaration | None:
    """``our $x = 1`` and ``my ($x, @y) = ...`` outside of subroutines, with their signs."""
    return _declared(node.child_by_field_name("left"), node.child_by_field_name("right"), place)


def _statement(node: Node, place: Place) -> Declaration | None:
    """``my %table;``, without a value."""
    return _declared(first_named(node), None, place)


def _declared(left: Node | None, right: Node | None, place: Place) -> Declaration | None:
    if place.local or left is None or left.type != "variable_declaration":
        return None
    variables = left.children_by_field_name("variable") or left.children_by_field_name("variables")
    return several([place.text(variable) for variable in variables], "variable", right)


def _phase(node: Node, place: Place) -> Names:
    """``BEGIN`` and its like, by their words."""
    return (place.text(node).partition(" ")[0].partition("{")[0],)


FACTS = LanguageFacts(
    extensions="pl pm t",
    package="tree_sitter_perl",
    last_definition_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_perl:language",
    rules={
        "use_statement": _use,
        "require_expression": imports,
        "package_statement": _package,
        "class_statement": _package,
        "subroutine_declaration_statement": function(dotted(by_field(), "::")),
        "method_declaration_statement": function(kind="method"),
        "phaser_statement": define("block", _phase, "block", local=True),
        "assignment_expression": _variable,
        "expression_statement": _statement,
    },
    comments=frozenset({"comment", "pod"}),
    verbatim=frozenset(
        {
            "string_literal",
            "interpolated_string_literal",
            "command_string",
            "quoted_word_list",
            "heredoc_content",
            "match_regexp",
            "substitution_regexp",
            "transliteration_expression",
            "quoted_regexp",
            "data_section",
        }
    ),
    wrappers=frozenset({"expression_statement"}),
    decorations=frozenset({"attrlist"}),
    closures=frozenset({"anonymous_subroutine_expression", "anonymous_method_expression"}),
    optional=frozenset({";"}),
    strict=frozenset({"cstyle_for_statement"}),
)
