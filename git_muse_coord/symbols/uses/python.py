"""Python: imports with their levels, ``self``, bases, and values whose class can be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    FOREIGN,
    MAX_STEPS,
    STAR,
    SUPER,
    UNKNOWN,
    Chain,
)
from git_muse_coord.symbols.uses.table import Uses

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.collect import Collector

_DOTTED = re.compile(r"[\"']?\s*(\w+(?:\.\w+)*)\s*(?:\|\s*None\s*)?[\"']?\Z")
_OPTIONAL = re.compile(r"[\"']?(?:\w+\.)?(?:Optional|Annotated|ClassVar|Final)\[\s*(\w+(?:\.\w+)*)")
_TYPE = re.compile(r"[\"']?(?:\w+\.)?[Tt]ype\[\s*(\w+(?:\.\w+)*)\s*\]")
_CHOICES = ("boolean_operator", "conditional_expression")
_OF_CLASS = frozenset({"classmethod", "__new__", "__init_subclass__", "__class_getitem__"})
_PROPERTIES = ("property", "cached_property", "lazyproperty", "hybrid_property", "classproperty")
_COMMON = frozenset(
    name
    for kind in (str, bytes, list, dict, set, tuple, int, float, type, object)
    for name in dir(kind)
) | {
    "close",
    "read",
    "readline",
    "readlines",
    "write",
    "writelines",
    "flush",
    "seek",
    "tell",
    "group",
    "groups",
    "start",
}


def _import(node: Node, to: Collector) -> bool:
    for each in node.children_by_field_name("name"):
        module, alias = _aliased(each, to)
        if alias:
            to.imported(alias, module, "", node)
        else:
            to.imported(module.partition(".")[0], module.partition(".")[0], "", node)
            if "." in module:
                to.imported(f"import {module}", module, "", node)
    return True


def _from(node: Node, to: Collector) -> bool:
    module = to.text(node.child_by_field_name("module_name")).replace(" ", "")
    for each in node.children_by_field_name("name"):
        name, alias = _aliased(each, to)
        to.imported(alias or name, module, name, node)
    if any(each.type == "wildcard_import" for each in node.children):
        to.imported(STAR, module, STAR, node)
    return True


def _aliased(node: Node, to: Collector) -> tuple[str, str]:
    if node.type != "aliased_import":
        return to.text(node), ""
    return to.text(node.child_by_field_name("name")), to.text(node.child_by_field_name("alias"))


def _annotation(node: Node | None, to: Collector) -> Chain:
    """An instance of the class that an annotation names; empty where it names more than one."""
    text = to.text(node)
    if match := _TYPE.match(text):
        return tuple(match[1].split("."))
    if match := _DOTTED.match(text) or _OPTIONAL.match(text):
        if match[1] in ("Self", "typing.Self", "t.Self"):
            return (CLASS, CALLED)
        return (
            ()
            if match[1] in ("None", "Any", "t.Any", "typing.Any", "object")
            else (*match[1].split("."), CALLED)
        )
    return ()


def _value(node: Node | None, to: Collector) -> Chain:
    """What an expression is; empty when it says nothing."""
    for _ in range(MAX_STEPS):
        if node is None or node.type not in _CHOICES:
            break
        first, last = node.named_child(0), node.named_child(node.named_child_count - 1)
        node = (
            first
            if node.type == "conditional_expression" and first and first.type != "none"
            else last
        )
    if node is None or node.type == "none":
        return ()
    chain = to.chain(node)
    return chain if chain[0] != UNKNOWN else ()


def _function(node: Node, to: Collector) -> None:
    """Parameters, and what the function gives."""
    decorators = _decorators(to)
    name = to.text(node.child_by_field_name("name"))
    owner = to.around
    if owner >= 0 and "staticmethod" not in decorators:
        is_of_class = bool(_OF_CLASS & {name, *decorators})
    else:
        owner = -1
    parameters = node.child_by_field_name("parameters")
    for number, each in enumerate(parameters.named_children if parameters is not None else ()):
        if owner >= 0 and number == 0 and each.type in ("identifier", "typed_parameter"):
            to.bind(_parameter(each, to), (CLASS,) if is_of_class else (CLASS, CALLED))
        else:
            to.bind(_parameter(each, to), _annotation(each.child_by_field_name("type"), to))
    if result := _annotation(node.child_by_field_name("return_type"), to):
        to.current.results.append(result)
    to.current.is_property = any(one in _PROPERTIES for one in decorators)


def _decorators(to: Collector) -> list[str]:
    """The last names of the decorators."""
    parent = to.parent
    if parent is None or parent.type != "decorated_definition":
        return []
    texts = (to.text(each) for each in parent.children if each.type == "decorator")
    return [text.lstrip("@ ").partition("(")[0].rpartition(".")[2].strip() for text in texts]


def _parameter(node: Node, to: Collector) -> str:
    while node.type not in ("identifier", "keyword_separator") and node.named_child_count:
        inner = node.child_by_field_name("name") or node.named_child(0)
        if inner is None:
            break
        node = inner
    return to.text(node)


def _class(node: Node, to: Collector) -> None:
    superclasses = node.child_by_field_name("superclasses")
    for each in superclasses.named_children if superclasses is not None else ():
        if each.type not in ("keyword_argument", "comment"):
            base = (
                each.child_by_field_name("value") if each.type == "subscript" else each
            )  # Generic[T]
            to.base(to.chain(base), node)


def _assignment(node: Node, to: Collector) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return
    for _ in range(MAX_STEPS):  # a = b = value
        if right is None or right.type != "assignment":
            break
        right = right.child_by_field_name("right")
    value = _annotation(node.child_by_field_name("type"), to) or _value(right, to)
    if left.type == "identifier":
        to.hold(to.text(left), value)
    elif left.type == "attribute":
        receiver, name = left.child_by_field_name("object"), left.child_by_field_name("attribute")
        owner = (
            to.owner(to.text(receiver))
            if receiver is not None and receiver.type == "identifier"
            else -1
        )
        if owner >= 0:
            to.bind(to.text(name), value, at=owner)
    else:
        _targets(left, to)


def _targets(node: Node | None, to: Collector) -> None:
    """Names that are bound to what is not known."""
    waiting = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        if one.type == "identifier":
            to.bind(to.text(one))
        elif one.type not in ("attribute", "subscript", "call"):
            waiting += one.named_children


def _loop(node: Node, to: Collector) -> None:
    _targets(node.child_by_field_name("left"), to)


def _as(node: Node, to: Collector) -> None:
    alias = node.child_by_field_name("alias")
    target = alias.named_child(0) if alias is not None and alias.named_child_count else None
    if target is None:
        return
    if target.type == "identifier":
        value = node.named_child(0)
        to.bind(to.text(target), _caught(value, to) or _value(value, to))
    else:
        _targets(target, to)


def _caught(value: Node | None, to: Collector) -> Chain:
    """``except Error as error``: an instance of it."""
    is_caught = to.parent is not None and to.parent.type == "except_clause"
    is_named = value is not None and value.type in ("identifier", "attribute")
    return (*to.chain(value), CALLED) if is_caught and is_named else ()


def _named(node: Node, to: Collector) -> None:
    to.bind(
        to.text(node.child_by_field_name("name")), _value(node.child_by_field_name("value"), to)
    )


def _lambda(node: Node, to: Collector) -> None:
    to.enter()
    parameters = node.child_by_field_name("parameters")
    for each in parameters.named_children if parameters is not None else ():
        to.bind(_parameter(each, to))


def _return(node: Node, to: Collector) -> None:
    value = _value(node.named_child(0), to) if node.named_child_count else ()
    function = to.found.scopes[to.space]
    if (
        value
        and value[0] != FOREIGN
        and value not in function.results
        and len(function.results) < 4
    ):
        function.results.append(value)


def _decorator(_node: Node, to: Collector) -> None:
    """A decorator belongs to what it decorates, but reads names as they are around it."""
    parent = to.parent
    definition = parent.child_by_field_name("definition") if parent is not None else None
    if definition is not None and (name := to.text(definition.child_by_field_name("name"))):
        to.enter((*to.current.names, name))


USES = Uses(
    members={"attribute": ("object", "attribute")},
    calls={"call": "function"},
    through=frozenset({"parenthesized_expression", "await", "type"}),
    literals=frozenset(
        {
            "string",
            "concatenated_string",
            "integer",
            "float",
            "list",
            "dictionary",
            "set",
            "tuple",
            "true",
            "false",
        }
        | {
            "list_comprehension",
            "dictionary_comprehension",
            "set_comprehension",
            "comparison_operator",
            "not_operator",
        }
        | {"generator_expression", "none", "ellipsis", "lambda"}
    ),
    silent=frozenset({"name", "attribute", "alias", "module_name", "parameters"}),
    here={"super": (SUPER,)},
    handlers={
        "import_statement": _import,
        "import_from_statement": _from,
        "function_definition": _function,
        "class_definition": _class,
        "assignment": _assignment,
        "for_statement": _loop,
        "for_in_clause": _loop,
        "as_pattern": _as,
        "named_expression": _named,
        "lambda": _lambda,
        "return_statement": _return,
        "decorator": _decorator,
    },
    constructors=("__init__", "__new__"),
    modules="python",
    class_body_seen=True,
    common=_COMMON,
)
