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
    # neither word has a field of its own
    tokens = {child.type for child in node.children}
    is_star = "asterisk" in tokens
    if "static" in tokens:
        owner = module if is_star else package
        # a name that no code can say, for the class itself is not brought in
        hidden = f"<{owner}>"
        _, _, class_name = owner.rpartition(".")
        draft.bind_import(hidden, owner, class_name, node)
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
    types = draft.field_types(node, "type")
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
    types = draft.field_types(parent, "type") if parent is not None else ()
    value = node.child_by_field_name("value")
    # `var name = value`
    if types == _INFERRED and value is not None:
        return (draft.known_chain(value),)
    return _rows(node, types)


def _rows(node: Node, types: tuple[Chain, ...]) -> tuple[Chain, ...]:
    """The types of what has brackets behind its name, as in ``X name[]``."""
    if node.child_by_field_name("dimensions") is None:
        return types
    return tuple((*chain, ITEMS) for chain in types)


def _parameter(node: Node, draft: Draft) -> None:
    types = draft.field_types(node, "type")
    draft.bind(draft.field_text(node, "name"), *_rows(node, types))


def _spread(node: Node, draft: Draft) -> None:
    """``X... names``, of which the grammar names neither part."""
    parts = node.named_children
    if not parts:
        return
    *kinds, declared = parts
    name = draft.field_text(declared, "name")
    for kind in kinds:
        if kind.type == "modifiers":
            continue
        rows = [(*chain, ITEMS) for chain in draft.types_of(kind)]
        if rows:
            draft.bind(name, *rows)


def _loop(node: Node, draft: Draft) -> None:
    """``for (X name : holder)``."""
    types = draft.field_types(node, "type")
    if types == _INFERRED:
        types = ()
        holder = draft.field_chain(node, "value")
        if holder:
            # an entry is asked for its key and its value as if it were the map
            is_entry = holder[-2:] == ("entrySet", CALLED)
            types = (holder if is_entry else (*holder, EACH),)
    draft.bind(draft.field_text(node, "name"), *types)


def _tested(node: Node, draft: Draft) -> None:
    """``value instanceof X name``."""
    types = draft.field_types(node, "right")
    draft.bind(draft.field_text(node, "name"), *types)


def _caught(node: Node, draft: Draft) -> None:
    """``catch (X | Y name)``, of which the grammar names only the name."""
    types: tuple[Chain, ...] = ()
    for child in node.named_children:
        if child.type == "catch_type":
            types = draft.types_of(child)
            break
    draft.bind(draft.field_text(node, "name"), *types)


def _lambda(node: Node, draft: Draft) -> None:
    draft.open_closure()
    parameters = node.child_by_field_name("parameters")
    if parameters is None:
        return
    if parameters.type == "identifier":
        draft.bind(draft.text(parameters), _element_given(draft))
    elif parameters.type == "inferred_parameters":
        # those with types are parameters as any other
        for parameter in parameters.named_children:
            draft.bind(draft.text(parameter))


def _element_given(draft: Draft) -> Chain:
    """What a lambda is given that a container is told to call for each element; empty for all others."""
    call = draft.above[-2] if len(draft.above) > 1 else None
    if call is None or call.type != "method_invocation":
        return ()
    holder = draft.field_chain(call, "object")
    if not holder or draft.field_text(call, "name") not in _FOR_EACH:
        return ()
    return (*holder, EACH)


def _reference(node: Node, draft: Draft) -> bool:
    """``Type::method``."""
    if node.named_child_count == 2:
        receiver, name = node.named_children
        steps = draft.chain(receiver)
        draft.note_use(Use.NAME, (*steps, draft.text(name)), node)
    return True


def _annotation(node: Node, draft: Draft) -> None:
    name = node.child_by_field_name("name")
    draft.note_use(Use.NAME, draft.chain(name), node)


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
