"""Python: imports with their levels, ``self``, bases, and values whose class can be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import CALLED, CLASS, MAX_STEPS, STAR, SUPER, Chain
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import first_child, named_children
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node

_DOTTED = re.compile(r"[\"']?\s*(\w+(?:\.\w+)*)\s*(?:\|\s*None\s*)?[\"']?\Z")
_WRAPPED = re.compile(r"[\"']?(?:\w+\.)?(?:Optional|Annotated|ClassVar|Final)\[\s*(\w+(?:\.\w+)*)")
_TYPE = re.compile(r"[\"']?(?:\w+\.)?[Tt]ype\[\s*(\w+(?:\.\w+)*)\s*\]")
_SELF = ("Self", "typing.Self", "t.Self")
_ANYTHING = ("None", "Any", "t.Any", "typing.Any", "object")
"""Annotations that say nothing of what a value can do."""
_CHOICES = ("boolean_operator", "conditional_expression")
_OF_CLASS = frozenset({"classmethod", "__new__", "__init_subclass__", "__class_getitem__"})
_PROPERTIES = frozenset(
    {"property", "cached_property", "lazyproperty", "hybrid_property", "classproperty"}
)
_TARGETS = ("identifier",)
_NO_TARGETS = ("attribute", "subscript", "call")
"""What is assigned to without binding a name."""


def _common() -> frozenset[str]:
    """The members of the built-in types and of files and matches."""
    members = set(
        words("close flush group groups read readline readlines seek start tell write writelines")
    )
    for kind in (str, bytes, list, dict, set, tuple, int, float, type, object):
        members.update(dir(kind))
    return frozenset(members)


def _import(node: Node, draft: Draft) -> bool:
    for name in node.children_by_field_name("name"):
        module, alias = _aliased(name, draft)
        if alias:
            draft.bind_import(alias, module, "", node)
            continue
        # `import a.b` binds `a` alone, but is a use of `a.b` too, under a name that no code can say
        package, dot, _ = module.partition(".")
        draft.bind_import(package, package, "", node)
        if dot:
            draft.bind_import(f"import {module}", module, "", node)
    return True


def _from(node: Node, draft: Draft) -> bool:
    module = draft.field_text(node, "module_name").replace(" ", "")
    for child in node.children_by_field_name("name"):
        name, alias = _aliased(child, draft)
        draft.bind_import(alias or name, module, name, node)
    # the star is no field of the node, other than names
    if any(child.type == "wildcard_import" for child in node.children):
        draft.bind_import(STAR, module, STAR, node)
    return True


def _aliased(node: Node, draft: Draft) -> tuple[str, str]:
    """What is imported, and its new name, if it has one."""
    if node.type != "aliased_import":
        return draft.text(node), ""
    return draft.field_text(node, "name"), draft.field_text(node, "alias")


def _annotation(node: Node | None, draft: Draft) -> Chain:
    """An instance of the class that an annotation names; empty where it names more than one."""
    text = draft.text(node)
    match = _TYPE.match(text)
    if match:
        return tuple(match[1].split("."))
    match = _DOTTED.match(text) or _WRAPPED.match(text)
    if match is None or match[1] in _ANYTHING:
        return ()
    if match[1] in _SELF:
        return (CLASS, CALLED)
    return (*match[1].split("."), CALLED)


def _value(node: Node | None, draft: Draft) -> Chain:
    """What an expression is; empty when it says nothing."""
    for _ in range(MAX_STEPS):
        if node is None or node.type not in _CHOICES:
            break
        node = _choice(node)
    if node is None or node.type == "none":
        return ()
    return draft.known_chain(node)


def _choice(node: Node) -> Node | None:
    """What stands for the value of ``a or b`` and of ``a if condition else b``."""
    first = node.named_child(0)
    if node.type == "conditional_expression" and first and first.type != "none":
        return first
    return node.named_child(node.named_child_count - 1)


def _function(node: Node, draft: Draft) -> None:
    """Parameters, and what the function gives."""
    decorators = _decorators(draft)
    name = draft.field_text(node, "name")
    parameters = [*named_children(node.child_by_field_name("parameters"))]
    is_method = draft.class_of_method >= 0 and "staticmethod" not in decorators
    # a star in front (`*args`) takes the receiver too, but names more than that
    if is_method and parameters and parameters[0].type in ("identifier", "typed_parameter"):
        is_of_class = not _OF_CLASS.isdisjoint((name, *decorators))
        receiver = (CLASS,) if is_of_class else (CLASS, CALLED)
        draft.bind(_parameter(parameters.pop(0), draft), receiver)
    for parameter in parameters:
        annotation = parameter.child_by_field_name("type")
        draft.bind(_parameter(parameter, draft), _annotation(annotation, draft))
    draft.note_result(_annotation(node.child_by_field_name("return_type"), draft))
    draft.current.is_property = not _PROPERTIES.isdisjoint(decorators)


def _decorators(draft: Draft) -> list[str]:
    """The last names of the decorators."""
    parent = draft.parent
    if parent is None or parent.type != "decorated_definition":
        return []
    names: list[str] = []
    for child in parent.children:
        if child.type == "decorator":
            expression = draft.text(child).lstrip("@ ")
            callee = expression.partition("(")[0]
            names.append(callee.rpartition(".")[2].strip())
    return names


def _parameter(node: Node, draft: Draft) -> str:
    """The name of a parameter, through stars, annotations and defaults."""
    while node.type not in ("identifier", "keyword_separator"):
        inner = node.child_by_field_name("name") or first_child(node)
        if inner is None:
            break
        node = inner
    return draft.text(node)


def _class(node: Node, draft: Draft) -> None:
    for base in named_children(node.child_by_field_name("superclasses")):
        if base.type in ("keyword_argument", "comment"):
            continue
        # of `Generic[T]` the base is Generic
        named = base.child_by_field_name("value") if base.type == "subscript" else base
        draft.note_base(draft.chain(named), node)


def _assignment(node: Node, draft: Draft) -> None:
    left = node.child_by_field_name("left")
    if left is None:
        return
    annotation = _annotation(node.child_by_field_name("type"), draft)
    value = annotation or _value(_assigned(node), draft)
    if left.type == "identifier":
        draft.assign(draft.text(left), value)
    elif left.type == "attribute":
        _assign_attribute(left, value, draft)
    else:
        draft.bind_pattern(left, _TARGETS, _NO_TARGETS)


def _assigned(node: Node) -> Node | None:
    """The value behind the last ``=`` of ``a = b = value``."""
    right = node.child_by_field_name("right")
    for _ in range(MAX_STEPS):
        if right is None or right.type != "assignment":
            break
        right = right.child_by_field_name("right")
    return right


def _assign_attribute(
    node: Node,
    value: Chain,
    draft: Draft,
) -> None:
    """``self.name = value`` makes a member of the class."""
    receiver = node.child_by_field_name("object")
    if receiver is None or receiver.type != "identifier":
        return
    owner = draft.class_of_instance(draft.text(receiver))
    if owner >= 0:
        draft.bind(draft.field_text(node, "attribute"), value, at=owner)


def _loop(node: Node, draft: Draft) -> None:
    draft.bind_pattern(node.child_by_field_name("left"), _TARGETS, _NO_TARGETS)


def _as(node: Node, draft: Draft) -> None:
    alias = node.child_by_field_name("alias")
    target = first_child(alias) if alias is not None else None
    if target is not None and target.type == "identifier":
        value = node.named_child(0)
        draft.bind(draft.text(target), _caught(value, draft) or _value(value, draft))
    else:
        draft.bind_pattern(target, _TARGETS, _NO_TARGETS)


def _caught(value: Node | None, draft: Draft) -> Chain:
    """``except Error as error``: an instance of it."""
    is_caught = draft.parent is not None and draft.parent.type == "except_clause"
    is_named = value is not None and value.type in ("identifier", "attribute")
    return (*draft.chain(value), CALLED) if is_caught and is_named else ()


def _named(node: Node, draft: Draft) -> None:
    value = _value(node.child_by_field_name("value"), draft)
    draft.bind(draft.field_text(node, "name"), value)


def _lambda(node: Node, draft: Draft) -> None:
    draft.open_closure()
    for parameter in named_children(node.child_by_field_name("parameters")):
        draft.bind(_parameter(parameter, draft))


def _return(node: Node, draft: Draft) -> None:
    draft.note_return(_value(first_child(node), draft))


def _decorator(_node: Node, draft: Draft) -> None:
    """A decorator belongs to what it decorates, but reads names as they are around it."""
    parent = draft.parent
    definition = parent.child_by_field_name("definition") if parent is not None else None
    name = draft.field_text(definition, "name") if definition is not None else ""
    if name:
        draft.open_closure((*draft.current.names, name))


USES = Uses(
    members={"attribute": ("object", "attribute")},
    calls={"call": "function"},
    through=words("parenthesized_expression await type"),
    literals=frozenset(
        {
            "string",
            "concatenated_string",
            "integer",
            "float",
            "true",
            "false",
            "none",
            "ellipsis",
            "list",
            "dictionary",
            "set",
            "tuple",
            "list_comprehension",
            "dictionary_comprehension",
            "set_comprehension",
            "generator_expression",
            "lambda",
            "comparison_operator",
            "not_operator",
        }
    ),
    silent=frozenset(
        {
            "name",
            "attribute",
            "alias",
            "module_name",
            "parameters",
        }
    ),
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
    common=_common(),
)
