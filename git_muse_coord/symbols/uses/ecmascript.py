"""JavaScript, TypeScript and TSX: modules of both sorts, ``this``, classes, annotated parameters and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.languages.table import unquote
from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    FUNCTIONS,
    MAX_STEPS,
    STAR,
    SUPER,
    Chain,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import first_child
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
_CHOICES = ("binary_expression", "ternary_expression", "assignment_expression")
"""What one of its operands stands for."""
_IMPLEMENTED = ("implements_clause", "extends_clause", "extends_type_clause")
_PATTERN_NAMES = ("identifier", "shorthand_property_identifier_pattern")
_NO_PATTERN = ("member_expression", "subscript_expression")
"""What is assigned to without binding a name."""
_THIS = "this."


def _import(node: Node, draft: Draft) -> bool:
    module = unquote(draft.field_text(node, "source"))
    if not module:
        return True
    for clause in node.named_children:
        if clause.type == "import_clause":
            for imported in clause.named_children:
                _import_part(imported, module, node, draft)
    return True


def _import_part(
    part: Node,
    module: str,
    node: Node,
    draft: Draft,
) -> None:
    if part.type == "identifier":
        draft.bind_import(draft.text(part), module, "default", node)
    elif part.type == "namespace_import":
        draft.bind_import(draft.text(part.named_child(0)), module, "", node)
    else:
        _specifiers(part, module, node, draft)


def _specifiers(
    names: Node,
    module: str,
    node: Node,
    draft: Draft,
) -> None:
    for specifier in names.named_children:
        name = draft.field_text(specifier, "name")
        alias = draft.field_text(specifier, "alias")
        if name:
            draft.bind_import(alias or name, module, unquote(name), node)


def _export(node: Node, draft: Draft) -> None:
    module = unquote(draft.field_text(node, "source"))
    tokens = {child.type for child in node.children}
    if "default" in tokens:
        _export_default(node, draft)
    for child in node.named_children:
        if child.type == "export_clause" and module:
            _specifiers(child, module, node, draft)
        elif child.type == "export_clause":
            _export_own(child, draft)
        elif child.type == "namespace_export":
            draft.bind_import(draft.text(child.named_child(0)), module, "", node)
    if module and "*" in tokens:
        draft.bind_import(STAR, module, STAR, node)


def _export_default(node: Node, draft: Draft) -> None:
    declared = node.child_by_field_name("declaration") or node.child_by_field_name("value")
    if declared is None:
        return
    name = declared.child_by_field_name("name")
    draft.bind("default", (draft.text(name),) if name is not None else _value(declared, draft))


def _export_own(clause: Node, draft: Draft) -> None:
    """Names of this file, which others know by their aliases."""
    for specifier in clause.named_children:
        name = draft.field_text(specifier, "name")
        alias = draft.field_text(specifier, "alias")
        draft.note_use(Use.NAME, (name,), specifier)
        if alias:
            draft.bind(unquote(alias), (name,))


def _value(node: Node | None, draft: Draft) -> Chain:
    """What an expression is; empty when it says nothing."""
    for _ in range(MAX_STEPS):
        if node is None or node.type not in _CHOICES:
            break
        node = node.child_by_field_name("right") or node.child_by_field_name("consequence")
    if node is None or node.type in ("null", "undefined"):
        return ()
    return draft.known_chain(node)


def _declared(node: Node, draft: Draft) -> Chain:
    """What is declared for a name: an instance of its type, or else its value."""
    typed = draft.instance_of(node.child_by_field_name("type"))
    return typed or _value(node.child_by_field_name("value"), draft)


def _required(node: Node | None, draft: Draft) -> str:
    """The module that a call of ``require`` names; empty for all else."""
    if node is None or node.type != "call_expression":
        return ""
    if draft.field_text(node, "function") != "require":
        return ""
    arguments = node.child_by_field_name("arguments")
    return unquote(draft.text(first_child(arguments))) if arguments is not None else ""


def _declarator(node: Node, draft: Draft) -> None:
    name = node.child_by_field_name("name")
    if name is None:
        return
    module = _required(node.child_by_field_name("value"), draft)
    if module:
        _require(name, module, node, draft)
    elif name.type == "identifier":
        draft.assign(draft.text(name), _declared(node, draft))
    else:
        draft.bind_pattern(name, _PATTERN_NAMES, _NO_PATTERN)


def _require(
    name: Node,
    module: str,
    node: Node,
    draft: Draft,
) -> None:
    """``const name = require()``, or ``const {key, key: name} = require()``."""
    if name.type == "identifier":
        draft.bind_import(draft.text(name), module, "", node)
    for part in name.named_children:
        key = part.child_by_field_name("key") or part
        local = part.child_by_field_name("value") or part
        draft.bind_import(draft.text(local), module, draft.text(key), node)


def _parameters(node: Node, draft: Draft) -> None:
    owner = draft.class_of_method
    for parameter in node.named_children:
        pattern = parameter.child_by_field_name("pattern") or parameter
        if pattern.type != "identifier":
            draft.bind_pattern(pattern, _PATTERN_NAMES, _NO_PATTERN)
            continue
        name = draft.text(pattern)
        typed = draft.instance_of(parameter.child_by_field_name("type"))
        draft.bind(name, typed)
        # in TypeScript `constructor(private name: Type)` makes a field as well
        is_field = any(child.type == "accessibility_modifier" for child in parameter.children)
        if owner >= 0 and is_field:
            draft.bind(name, typed, at=owner)


def _function(node: Node, draft: Draft) -> None:
    # a function that is the value of a symbol has the scope of that
    if node.type in _CLOSURES and not _is_symbol(draft):
        draft.open_closure()
    parameter = node.child_by_field_name("parameter")
    draft.bind_pattern(parameter, _PATTERN_NAMES, _NO_PATTERN)
    result = draft.instance_of(node.child_by_field_name("return_type"))
    body = node.child_by_field_name("body")
    if not result and node.type == "arrow_function" and body is not None:
        is_expression = body.type != "statement_block"
        # `() => value` returns without saying so
        result = _value(body, draft) if is_expression else ()
    draft.note_result(result)
    draft.current.is_property = any(child.type == "get" for child in node.children)


def _is_symbol(draft: Draft) -> bool:
    """Whether the function that begins here is the value of a symbol, whose scope is open by then."""
    parent = draft.parent
    return parent is not None and parent.type in _HOLDERS and draft.current.kind in FUNCTIONS


def _return(node: Node, draft: Draft) -> None:
    draft.note_return(_value(first_child(node), draft))


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
    draft.assign(draft.text(name), _declared(node, draft))


def _assignment(node: Node, draft: Draft) -> None:
    left = node.child_by_field_name("left")
    right = node.child_by_field_name("right")
    if left is None:
        return
    target = draft.text(left)
    if target == "module.exports":
        # what `require` gives is what an import gives by default
        draft.bind("default", _value(right, draft), at=0)
    elif left.type == "identifier":
        draft.bind(target, _value(right, draft))
    elif target.startswith(_THIS) and target.count(".") == 1:
        owner = draft.enclosing_class
        if owner >= 0:
            draft.bind(target.removeprefix(_THIS), _value(right, draft), at=owner)


def _loop(node: Node, draft: Draft) -> None:
    draft.bind_pattern(node.child_by_field_name("left"), _PATTERN_NAMES, _NO_PATTERN)


def _catch(node: Node, draft: Draft) -> None:
    draft.bind_pattern(node.child_by_field_name("parameter"), _PATTERN_NAMES, _NO_PATTERN)


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
        "import_statement": _import,
        "export_statement": _export,
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
        "for_in_statement": _loop,
        "catch_clause": _catch,
        "jsx_opening_element": _element,
        "jsx_self_closing_element": _element,
    },
    constructors=("constructor",),
    modules="ecmascript",
    containers=words("Promise Readonly Partial Required NonNullable Awaited"),
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
