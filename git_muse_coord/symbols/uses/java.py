"""Java: packages are directories, types are written down, members are seen by their bare names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    CLASSES,
    CONSTRUCTOR,
    EACH,
    ELEMENT,
    ITEMS,
    KEY,
    KEYS,
    SAME,
    STAR,
    SUPER,
    VALUES,
    Chain,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node


_FOR_EACH = words(
    "forEach map mapToInt mapToLong mapToObj filter anyMatch allMatch noneMatch removeIf flatMap peek"
    " ifPresent takeWhile dropWhile"
)
_INFERRED: tuple[Chain, ...] = (("var", CALLED),)


def _import(node: Node, draft: Draft) -> bool:
    """``import a.B`` means a file, ``a.*`` a directory, ``static a.B.c`` a member of what is in a file."""
    module = draft.text(node.named_child(0))
    package, _, name = module.rpartition(".")
    tokens = {child.type for child in node.children}
    is_star = "asterisk" in tokens
    if "static" in tokens:
        owner = module if is_star else package
        # a name that no code can say, for the class itself is not brought in
        hidden = f"<{owner}>"
        draft.bind_import(hidden, owner, owner.rpartition(".")[2], node)
        if not is_star:
            draft.bind(name, (hidden, name), at=0)
    elif is_star:
        draft.bind_import(STAR, module, STAR, node)
    else:
        draft.bind_import(name, module, name, node)
    return True


def _bases(node: Node, draft: Draft) -> None:
    """What stands behind ``extends`` and ``implements``."""
    waiting = list(node.named_children)
    while waiting:
        base = waiting.pop(0)
        if base.type == "type_list":
            waiting += base.named_children
            continue
        named = draft.class_named(base)
        if named:
            draft.note_base(named, node)


def _method(node: Node, draft: Draft) -> None:
    types = draft.types_of(node.child_by_field_name("type"))
    draft.note_result(*_rows(node, types))


def _variable(node: Node, draft: Draft) -> None:
    """A field, which is a symbol, or a local variable."""
    types = _variable_types(node, draft)
    if draft.current.kind in CLASSES or draft.current.kind != "field":
        draft.bind(draft.field_text(node, "name"), *types)
    else:
        draft.note_result(*types)


def _variable_types(node: Node, draft: Draft) -> tuple[Chain, ...]:
    # the type stands once before all variables of a declaration
    parent = draft.parent
    types = draft.types_of(parent.child_by_field_name("type")) if parent is not None else ()
    value = node.child_by_field_name("value")
    if types == _INFERRED and value is not None:
        return (draft.known_chain(value),)
    return _rows(node, types)


def _rows(node: Node, types: tuple[Chain, ...]) -> tuple[Chain, ...]:
    """The types of what has brackets behind its name, as in ``X name[]``."""
    if node.child_by_field_name("dimensions") is None:
        return types
    return tuple((*chain, ITEMS) for chain in types)


def _parameter(node: Node, draft: Draft) -> None:
    types = draft.types_of(node.child_by_field_name("type"))
    draft.bind(draft.field_text(node, "name"), *_rows(node, types))


def _spread(node: Node, draft: Draft) -> None:
    """``X... names``, of which the grammar names neither part."""
    declared = node.named_children[-1]
    for kind in node.named_children[:-1]:
        types = draft.types_of(kind) if kind.type != "modifiers" else ()
        if types:
            draft.bind(
                draft.field_text(declared, "name"),
                *((*chain, ITEMS) for chain in types),
            )


def _loop(node: Node, draft: Draft) -> None:
    """``for (X name : holder)``."""
    types = draft.types_of(node.child_by_field_name("type"))
    if types == _INFERRED:
        holder = draft.known_chain(node.child_by_field_name("value"))
        # an entry is asked for its key and its value as if it were the map
        is_entry = holder[-2:] == ("entrySet", CALLED)
        taken = holder if is_entry else (*holder, EACH)
        types = (taken,) if holder else ()
    draft.bind(draft.field_text(node, "name"), *types)


def _tested(node: Node, draft: Draft) -> None:
    """``value instanceof X name``."""
    types = draft.types_of(node.child_by_field_name("right"))
    draft.bind(draft.field_text(node, "name"), *types)


def _caught(node: Node, draft: Draft) -> None:
    kinds = next((child for child in node.named_children if child.type == "catch_type"), None)
    draft.bind(draft.field_text(node, "name"), *draft.types_of(kinds))


def _lambda(node: Node, draft: Draft) -> None:
    draft.open_closure()
    parameters = node.child_by_field_name("parameters")
    if parameters is None:
        return
    if parameters.type == "identifier":
        draft.bind(draft.text(parameters), _element_given(draft))
    elif parameters.type == "inferred_parameters":
        for parameter in parameters.named_children:
            draft.bind(draft.text(parameter))


def _element_given(draft: Draft) -> Chain:
    """What a lambda is given that a container is told to call for each element; empty for all others."""
    call = draft.above[-2] if len(draft.above) > 1 else None
    if call is None or call.type != "method_invocation":
        return ()
    holder = draft.known_chain(call.child_by_field_name("object"))
    is_told = draft.field_text(call, "name") in _FOR_EACH
    return (*holder, EACH) if holder and is_told else ()


def _reference(node: Node, draft: Draft) -> bool:
    """``Type::method``."""
    if node.named_child_count == 2:
        receiver, name = node.named_children
        draft.note_use(Use.NAME, (*draft.chain(receiver), draft.text(name)), node)
    return True


def _annotation(node: Node, draft: Draft) -> None:
    draft.note_use(Use.NAME, draft.chain(node.child_by_field_name("name")), node)


USES = Uses(
    names=words("identifier type_identifier"),
    members={"field_access": ("object", "field")},
    methods={"method_invocation": ("object", "name")},
    calls={"object_creation_expression": "type"},
    casts={"cast_expression": "type"},
    through=words("parenthesized_expression generic_type annotated_type"),
    literals=frozenset(
        {
            "string_literal",
            "decimal_integer_literal",
            "decimal_floating_point_literal",
            "character_literal",
            "true",
            "false",
            "array_creation_expression",
            "lambda_expression",
            "class_literal",
            "binary_expression",
        }
    ),
    silent=words("name key label"),
    here={"this": (CLASS, CALLED), "super": (SUPER,)},
    handlers={
        "import_declaration": _import,
        "superclass": _bases,
        "super_interfaces": _bases,
        "extends_interfaces": _bases,
        "method_declaration": _method,
        "variable_declarator": _variable,
        "formal_parameter": _parameter,
        "resource": _parameter,
        "spread_parameter": _spread,
        "enhanced_for_statement": _loop,
        "instanceof_expression": _tested,
        "catch_formal_parameter": _caught,
        "lambda_expression": _lambda,
        "method_reference": _reference,
        "annotation": _annotation,
        "marker_annotation": _annotation,
    },
    constructors=(CONSTRUCTOR,),
    modules="java",
    class_names_seen=True,
    package_names_seen=True,
    wrappers=words("Optional"),
    lists=words(
        "List ArrayList LinkedList Collection Set HashSet LinkedHashSet TreeSet SortedSet EnumSet Iterable"
        " Iterator ListIterator Queue Deque ArrayDeque PriorityQueue Stream ImmutableList ImmutableSet"
        " CopyOnWriteArrayList"
    ),
    maps=words(
        "Map HashMap LinkedHashMap TreeMap SortedMap ConcurrentMap ConcurrentHashMap EnumMap ImmutableMap"
        " Entry"
    ),
    held_members={
        **dict.fromkeys(
            words(
                "get getOrDefault getFirst getLast remove removeFirst removeLast poll pollFirst pollLast"
                " peek peekFirst peekLast pop take next previous element getValue findFirst findAny"
                " orElse orElseThrow put computeIfAbsent"
            ),
            ELEMENT,
        ),
        **dict.fromkeys(
            words(
                "iterator listIterator stream filter sorted distinct limit skip subList entrySet toList"
                " descendingIterator parallelStream peek reversed"
            ),
            SAME,
        ),
        "values": VALUES,
        "keySet": KEYS,
        "getKey": KEY,
    },
    passing=words("get orElse orElseThrow"),
    subscripts=words("array_access"),
    dotted=words("scoped_type_identifier"),
    primitives=words(
        "boolean byte char double float int long short void String Object Integer Long Boolean Double"
    ),
    common=words(
        "add addAll append build clear close contains containsKey equals forEach get getClass getKey"
        " getName getValue hasNext hashCode isEmpty iterator length map next of put read remove set size"
        " stream toArray toString valueOf values write"
    ),
)
