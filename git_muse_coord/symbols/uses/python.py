"""Python: imports with their levels, ``self``, bases, and values whose class can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    EACH,
    ELEMENT,
    ITEMS,
    KEYS,
    MAX_STEPS,
    SAME,
    STAR,
    SUPER,
    VALUES,
    Chain,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import children_in_field, first_child
from git_muse_coord.symbols.uses.python_quoted import note_exports, quoted_type
from git_muse_coord.symbols.uses.python_values import (
    NAME_NODES,
    NO_NAME_NODES,
    bind_loop,
    value_of,
)
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node

_OF_CLASS = frozenset({"classmethod", "__new__", "__init_subclass__", "__class_getitem__"})
_PROPERTIES = frozenset(
    {"property", "cached_property", "lazyproperty", "hybrid_property", "classproperty"}
)
_STARS = {"list_splat_pattern": ITEMS, "dictionary_splat_pattern": VALUES}


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
    # blanks may stand around the dots
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


def _function(node: Node, draft: Draft) -> None:
    """Parameters, and what the function gives."""
    decorators = _decorators(draft)
    name = draft.field_text(node, "name")
    parameters = list(children_in_field(node, "parameters"))
    is_method = draft.class_of_method >= 0 and "staticmethod" not in decorators
    # a star in front (`*args`) takes the receiver too, but names more than that
    if is_method and parameters and parameters[0].type in ("identifier", "typed_parameter"):
        is_of_class = not _OF_CLASS.isdisjoint((name, *decorators))
        meaning = (CLASS,) if is_of_class else (CLASS, CALLED)
        receiver = _parameter(parameters.pop(0), draft)
        draft.bind(receiver, meaning)
    for parameter in parameters:
        types = _parameter_types(parameter, draft)
        draft.bind(_parameter(parameter, draft), *types)
    results = draft.field_types(node, "return_type")
    draft.note_result(*results)
    draft.current.is_property = not _PROPERTIES.isdisjoint(decorators)


def _parameter_types(parameter: Node, draft: Draft) -> tuple[Chain, ...]:
    """What a parameter is by its annotation; one with stars holds what that says."""
    types = draft.field_types(parameter, "type")
    first = first_child(parameter)
    holder = _STARS.get(first.type) if first is not None else None
    if holder is None:
        return types
    # what is annotated is each argument, not the row of them
    return tuple((*chain, holder) for chain in types)


def _decorators(draft: Draft) -> list[str]:
    """The last names of the decorators."""
    parent = draft.parent
    if parent is None or parent.type != "decorated_definition":
        return []
    names: list[str] = []
    for child in parent.children:
        if child.type == "decorator":
            # `@functools.lru_cache(maxsize=1)` is known by `lru_cache`
            expression = draft.text(child).lstrip("@ ")
            callee, _, _ = expression.partition("(")
            _, _, name = callee.rpartition(".")
            names.append(name.strip())
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
    for base in children_in_field(node, "superclasses"):
        if base.type in ("keyword_argument", "comment"):
            continue
        # of `Generic[T]` the base is Generic
        named = base.child_by_field_name("value") if base.type == "subscript" else base
        draft.note_base(draft.chain(named), node)


def _assignment(node: Node, draft: Draft) -> None:
    left = node.child_by_field_name("left")
    if left is None:
        return
    note_exports(node, draft)
    values = draft.field_types(node, "type")
    # an annotation says more than the value, which may be None at first
    if not values:
        assigned = _assigned(node)
        values = (value_of(assigned, draft),)
    if left.type == "identifier":
        draft.assign(draft.text(left), *values)
    elif left.type == "attribute":
        _assign_attribute(left, values, draft)
    else:
        draft.bind_pattern(left, NAME_NODES, NO_NAME_NODES)


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
    values: tuple[Chain, ...],
    draft: Draft,
) -> None:
    """``self.name = value`` makes a member of the class."""
    receiver = node.child_by_field_name("object")
    if receiver is None or receiver.type != "identifier":
        return
    owner = draft.class_of_instance(draft.text(receiver))
    if owner >= 0:
        draft.bind(draft.field_text(node, "attribute"), *values, at=owner)


def _as(node: Node, draft: Draft) -> None:
    """``with value as name`` and ``except Error as name``."""
    alias = node.child_by_field_name("alias")
    target = first_child(alias) if alias is not None else None
    if target is not None and target.type == "identifier":
        value = first_child(node)
        meant = _caught(value, draft) or value_of(value, draft)
        draft.bind(draft.text(target), meant)
    else:
        draft.bind_pattern(target, NAME_NODES, NO_NAME_NODES)


def _caught(value: Node | None, draft: Draft) -> Chain:
    """``except Error as error``: an instance of it."""
    is_caught = draft.parent is not None and draft.parent.type == "except_clause"
    # of several errors in brackets it can be any
    is_named = value is not None and value.type in ("identifier", "attribute")
    if not (is_caught and is_named):
        return ()
    return (*draft.chain(value), CALLED)


def _named(node: Node, draft: Draft) -> None:
    value = value_of(node.child_by_field_name("value"), draft)
    draft.bind(draft.field_text(node, "name"), value)


def _lambda(node: Node, draft: Draft) -> None:
    draft.open_closure()
    for parameter in children_in_field(node, "parameters"):
        draft.bind(_parameter(parameter, draft))


def _return(node: Node, draft: Draft) -> None:
    draft.note_return(value_of(first_child(node), draft))


def _decorator(_node: Node, draft: Draft) -> None:
    """A decorator belongs to what it decorates, but reads names as they are around it."""
    parent = draft.parent
    definition = parent.child_by_field_name("definition") if parent is not None else None
    if definition is None:
        return
    name = draft.field_text(definition, "name")
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
    here={"super": (SUPER,), "Self": (CLASS,)},
    subscripts=words("subscript"),
    slices=words("slice"),
    wrappers=words("Optional Annotated ClassVar Final Required NotRequired Awaitable"),
    lists=words(
        "list List set Set frozenset FrozenSet tuple Tuple deque Deque Sequence MutableSequence Iterable"
        " Iterator AsyncIterable AsyncIterator Collection AbstractSet MutableSet Generator"
        " AsyncGenerator KeysView ValuesView QuerySet"
    ),
    maps=words(
        "dict Dict Mapping MutableMapping defaultdict DefaultDict OrderedDict ChainMap"
        " WeakValueDictionary"
    ),
    primitives=words("str bytes int float bool complex list dict set frozenset tuple bytearray"),
    vague=words("Any object"),
    of_classes=words("type Type"),
    held_members={
        **dict.fromkeys(words("get pop popleft setdefault __getitem__ __next__"), ELEMENT),
        **dict.fromkeys(words("copy union difference intersection"), SAME),
        "values": VALUES,
        "keys": KEYS,
    },
    element_methods={ELEMENT: "__getitem__", EACH: "__iter__"},
    handlers={
        "import_statement": _import,
        "import_from_statement": _from,
        "function_definition": _function,
        "class_definition": _class,
        "assignment": _assignment,
        "augmented_assignment": note_exports,
        "type": quoted_type,
        "for_statement": bind_loop,
        "for_in_clause": bind_loop,
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
