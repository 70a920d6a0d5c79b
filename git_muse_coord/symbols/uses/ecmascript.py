"""JavaScript, TypeScript and TSX: modules of both sorts, ``this``, classes, annotated parameters and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    ELEMENT,
    FOREIGN,
    FUNCTIONS,
    KEYS,
    SAME,
    SUPER,
    VALUES,
    Chain,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.ecmascript_modules import (
    bind_required,
    note_export,
    note_import,
    required_module,
)
from git_muse_coord.symbols.uses.ecmascript_values import (
    NO_PATTERN,
    PATTERN_NAMES,
    bind_loop_names,
    declared_values,
    elements_given,
    take_apart,
    value_of_expression,
)
from git_muse_coord.symbols.uses.expressions import first_child
from git_muse_coord.symbols.uses.jsdoc import (
    bind_imports_in_comments,
    documented_parameters,
    documented_result,
    documented_value,
)
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node

_HOLDERS = frozenset(
    {
        "variable_declarator",
        "pair",
        "assignment_expression",
        "field_definition",
        "public_field_definition",
    }
)
"""What gives a name to a nameless function, so that this is a symbol with a scope."""
_IMPLEMENTED = ("implements_clause", "extends_clause", "extends_type_clause")
_THIS = "this."


def _declarator(node: Node, draft: Draft) -> None:
    name = node.child_by_field_name("name")
    if name is None:
        return
    module = required_module(node.child_by_field_name("value"), draft)
    if module:
        bind_required(name, module, node, draft)
    elif name.type == "identifier":
        draft.assign(draft.text(name), *_values(node, draft))
    else:
        take_apart(name, declared_values(node, draft), draft)


def _values(node: Node, draft: Draft) -> tuple[Chain, ...]:
    """What a variable or a field is, by the comment before it, or else by what is written in it."""
    documented = documented_value(node, draft.above, draft)
    return documented or declared_values(node, draft)


def _parameters(node: Node, draft: Draft) -> None:
    owner = draft.class_of_method
    function = draft.above[-1] if draft.above else node
    around = draft.above[:-1]
    # only the first one is given the elements
    given = elements_given(around, draft)
    documented = documented_parameters(function, around, draft)
    for parameter in node.named_children:
        types = draft.field_types(parameter, "type") or given
        given = ()
        pattern = parameter.child_by_field_name("pattern") or parameter
        if not types:
            # of `name = value` the name stands on the left
            named = pattern.child_by_field_name("left") or pattern
            types = documented.get(draft.text(named), ())
        if pattern.type == "rest_pattern":
            # the type is that of the whole row
            pattern = first_child(pattern) or pattern
        if pattern.type != "identifier":
            take_apart(pattern, types, draft)
            continue
        name = draft.text(pattern)
        draft.bind(name, *types)
        if owner >= 0 and _is_field(parameter):
            draft.bind(name, *types, at=owner)


def _is_field(parameter: Node) -> bool:
    """Whether a parameter makes a field as well, as in TypeScript ``constructor(private name: Type)``."""
    return any(child.type == "accessibility_modifier" for child in parameter.children)


def _function(node: Node, draft: Draft) -> None:
    # a function that is the value of a symbol has the scope of that
    if node.type in _CLOSURES and not _is_symbol(draft):
        draft.open_closure()
    # `name => value` has no list of parameters
    parameter = node.child_by_field_name("parameter")
    if parameter is not None:
        given = elements_given(draft.above, draft)
        draft.bind(draft.text(parameter), *given)
    draft.note_result(*_results(node, draft))
    draft.current.is_property = any(child.type == "get" for child in node.children)


def _results(node: Node, draft: Draft) -> tuple[Chain, ...]:
    """What a function gives, as far as it says so; a ``return`` is read where it stands."""
    results = draft.field_types(node, "return_type")
    results = results or documented_result(node, draft.above, draft)
    if results or node.type != "arrow_function":
        return results
    body = node.child_by_field_name("body")
    if body is None or body.type == "statement_block":
        return ()
    # `() => value` returns without saying so
    return (value_of_expression(body, draft),)


def _is_symbol(draft: Draft) -> bool:
    """Whether the function that begins here is the value of a symbol, whose scope is open by then."""
    parent = draft.parent
    return parent is not None and parent.type in _HOLDERS and draft.current.kind in FUNCTIONS


def _return(node: Node, draft: Draft) -> None:
    value = value_of_expression(first_child(node), draft)
    draft.note_return(value)


def _alias(node: Node, draft: Draft) -> None:
    """``type Name = A | B``: what the types have that it stands for, it has as well."""
    for chain in draft.field_types(node, "value"):
        # a list of something has none of its members
        if chain[-1] == CALLED and chain[0] not in (FOREIGN, CLASS):
            draft.current.bases.append(chain[:-1])


def _heritage(node: Node, draft: Draft) -> None:
    for child in node.named_children:
        if child.type not in _IMPLEMENTED:
            draft.note_base(draft.chain(child), node)
            continue
        for base in child.named_children:
            if base.type != "type_arguments":
                draft.note_base(draft.chain(base), node)


def _field(node: Node, draft: Draft) -> None:
    name = node.child_by_field_name("name") or node.child_by_field_name("property")
    draft.assign(draft.text(name), *_values(node, draft))


def _assignment(node: Node, draft: Draft) -> None:
    left = node.child_by_field_name("left")
    right = node.child_by_field_name("right")
    if left is None:
        return
    target = draft.text(left)
    if target == "module.exports":
        # what `require` gives is what an import gives by default
        draft.bind("default", value_of_expression(right, draft), at=0)
    elif left.type == "identifier":
        draft.bind(target, value_of_expression(right, draft))
    elif target.startswith(_THIS) and target.count(".") == 1:
        owner = draft.enclosing_class
        if owner < 0:
            return
        value = value_of_expression(right, draft)
        draft.bind(target.removeprefix(_THIS), value, at=owner)


def _catch(node: Node, draft: Draft) -> None:
    error = node.child_by_field_name("parameter")
    draft.bind_pattern(error, PATTERN_NAMES, NO_PATTERN)


def _element(node: Node, draft: Draft) -> None:
    """``<Name />`` uses a component; a name in lower case is an element of the page."""
    chain = draft.chain(node.child_by_field_name("name"))
    if len(chain) > 1 or chain[0][:1].isupper():
        draft.note_use(Use.NAME, chain, node)


_CLOSURES = frozenset(
    {
        "arrow_function",
        "function_expression",
        "generator_function",
        "function",
    }
)
_FUNCTIONS = _CLOSURES | words(
    "function_declaration generator_function_declaration method_definition"
    " method_signature abstract_method_signature function_signature"
)

USES = Uses(
    names=words("identifier type_identifier shorthand_property_identifier"),
    members={
        "member_expression": ("object", "property"),
        "nested_identifier": ("object", "property"),
        "nested_type_identifier": ("module", "name"),
    },
    calls={"call_expression": "function", "new_expression": "constructor"},
    through=frozenset(
        {
            "parenthesized_expression",
            "await_expression",
            "non_null_expression",
            "as_expression",
            "satisfies_expression",
            "generic_type",
            "instantiation_expression",
        }
    ),
    literals=frozenset(
        {
            "string",
            "template_string",
            "number",
            "regex",
            "array",
            "object",
            "true",
            "false",
            "arrow_function",
            "function_expression",
        }
    ),
    silent=frozenset(
        {
            "name",
            "key",
            "alias",
            "label",
        }
    ),
    here={"this": (CLASS, CALLED), "super": (SUPER,)},
    handlers={
        "program": bind_imports_in_comments,
        "type_alias_declaration": _alias,
        "import_statement": note_import,
        "export_statement": note_export,
        "variable_declarator": _declarator,
        "formal_parameters": _parameters,
        **dict.fromkeys(_FUNCTIONS, _function),
        "return_statement": _return,
        "class_heritage": _heritage,
        "extends_type_clause": _heritage,
        "public_field_definition": _field,
        "field_definition": _field,
        "property_signature": _field,
        "assignment_expression": _assignment,
        "for_in_statement": bind_loop_names,
        "catch_clause": _catch,
        "jsx_opening_element": _element,
        "jsx_self_closing_element": _element,
    },
    constructors=("constructor",),
    modules="ecmascript",
    wrappers=words("Promise Readonly Partial Required NonNullable Awaited PromiseLike"),
    lists=words(
        "Array ReadonlyArray Set ReadonlySet Iterable Iterator IterableIterator AsyncIterable WeakSet"
        " AsyncIterableIterator Generator AsyncGenerator"
    ),
    maps=words("Map ReadonlyMap WeakMap Record"),
    vague=words("any unknown object"),
    held_members={
        **dict.fromkeys(words("get at pop shift find findLast next value"), ELEMENT),
        **dict.fromkeys(
            words(
                "filter slice concat reverse sort toReversed toSorted splice entries flat toArray"
                " copyWithin fill"
            ),
            SAME,
        ),
        "values": VALUES,
        "keys": KEYS,
    },
    subscripts=words("subscript_expression"),
    primitives=words("string number boolean void never symbol bigint undefined null"),
    common=words(
        "add all any append apply at bind call catch clear close concat copy delete emit end entries every"
        " exec filter find findIndex finally flat flatMap forEach get has includes indexOf join keys"
        " lastIndexOf length map match next off on once open parse pop push race read reduce reject remove"
        " replace replaceAll reset resolve reverse search set shift slice some sort splice split start"
        " startsWith endsWith stop stringify substring test then toFixed toISOString toLowerCase toString"
        " toUpperCase trim unshift update value valueOf values write"
    ),
)
