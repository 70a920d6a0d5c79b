"""Haskell: types with their constructors and fields, classes, instances, and what is defined by equations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    define,
    first_named,
    imports,
    several,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _import(node: Node, place: Place) -> Declaration | None:
    """An import; the keyword, which stands in ``foreign import`` too, is called like it."""
    return imports(node, place) if node.is_named else None


def _signature(node: Node, place: Place) -> Declaration | None:
    """``f, g :: A -> B`` has the names of what it is the type of, and is a piece of both."""
    if place.local:
        return None
    body = node.child_by_field_name("type")
    return several(_all_names(node, place), "function", body)


def _all_names(node: Node, place: Place) -> list[str]:
    """The names of what says one thing of one or of several."""
    list_of_names = node.child_by_field_name("names")
    if list_of_names is None:
        name = _bare(place.field(node, "name"))
        return [name] if name else []
    names: list[str] = []
    for name_node in list_of_names.named_children:
        name = place.text(name_node)
        names.append(_bare(name))
    return names


def _equation(node: Node, place: Place) -> Declaration | None:
    """One equation of several, which all have the same name."""
    if place.local:
        return None
    name = _bare(place.field(node, "name")) or _infix_name(node, place)
    if name:
        body = node.child_by_field_name("match")
        return Declaration((name,), "function", body, local=True)
    return _pattern(node, place)


def _infix_name(node: Node, place: Place) -> str:
    """``<+>`` of ``a <+> b = ...``."""
    inner = first_named(node)
    if inner is None or inner.type != "infix":
        return ""
    return _bare(place.field(inner, "operator"))


def _pattern(node: Node, place: Place) -> Declaration | None:
    """``(a, b) = ...`` binds what stands directly in it."""
    pattern = node.child_by_field_name("pattern")
    if pattern is None:
        return None
    names: list[str] = []
    for part in pattern.named_children:
        if part.type == "variable":
            names.append(place.text(part))
    return several(names, "variable", node.child_by_field_name("match"))


def _bare(name: str) -> str:
    """The name of an operator without brackets, and that of a function without the quotes of an operator."""
    return name.strip("()` ")


def _constructor(node: Node, place: Place) -> Declaration | None:
    inner = first_named(node)
    if inner is not None and inner.type in ("forall", "context"):
        inner = node.child_by_field_name("constructor")
    if inner is None:
        return None
    name = place.field(inner, "name") or place.field(inner, "operator")
    bare = _bare(name)
    return Declaration((bare,), "variant") if bare else None


def _of_generalised(node: Node, place: Place) -> Declaration | None:
    """A constructor by its type; several may share one."""
    list_of_names = node.child_by_field_name("names")
    if list_of_names is None:
        name = _bare(place.field(node, "name"))
        return Declaration((name,), "variant") if name else None
    return several([place.text(name) for name in list_of_names.named_children], "variant", None)


def _field(node: Node, place: Place) -> Declaration | None:
    names = list(map(place.text, node.children_by_field_name("name")))
    return several(names, "field", node.child_by_field_name("type"))


def _instance(node: Node, place: Place) -> Declaration | None:
    """``Show-Wrapper``: one class has many instances, told apart by the types they are for."""
    name = place.field(node, "name")
    patterns = node.child_by_field_name("patterns")
    if not name or patterns is None:
        return None
    types: list[str] = []
    for pattern in patterns.named_children:
        # of `(Wrapper a)` what a is does not matter: there is one instance of it
        written = place.text(pattern).strip("() ")
        types += written.split()[:1]
    if not types:
        return None
    title = f"{name}-{','.join(types)}"
    return Declaration((title,), "impl", node.child_by_field_name("declarations"))


def _synonym(node: Node, place: Place) -> Declaration | None:
    inner = first_named(node)
    if inner is None:
        return None
    name = place.field(inner, "synonym")
    return Declaration((name,), "variant", local=True) if name else None


FACTS = LanguageFacts(
    extensions="hs",
    package="tree_sitter_haskell",
    imports_in_any_order=True,
    # the equations of a function, and its type
    names_repeat=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_haskell:language",
    rules={
        "import": _import,
        "class": define("class", body="declarations"),
        "instance": _instance,
        "deriving_instance": _instance,
        "data_type": define("type", body="constructors"),
        "newtype": define("type", body="constructor"),
        "type_synonym": define("type", body="type"),
        "type_family": define("type", body=""),
        "type_instance": define("type", body=""),
        "data_family": define("type", body=""),
        "data_instance": define("type", body="constructors"),
        "kind_signature": define("type", body=""),
        "data_constructor": _constructor,
        "newtype_constructor": define("variant", body="field"),
        "gadt_constructor": _of_generalised,
        "field": _field,
        "signature": _signature,
        "function": _equation,
        "bind": _equation,
        "pattern_synonym": _synonym,
    },
    comments=frozenset({"comment", "haddock"}),
    verbatim=frozenset({"string", "char", "quasiquote_body", "cpp"}),
    wrappers=frozenset({"foreign_import", "foreign_export"}),
    # a section of a tuple, (a,), is no a in brackets
    commas=frozenset({"tuple", "tuple_section", "unboxed_tuple"}),
)
