"""Rust: paths of modules, ``impl`` blocks, ``self`` and ``Self``, annotated parameters and fields, calls in macros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import CALLED, FUNCTIONS, MAX_STEPS, STAR, UNKNOWN, Extension
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMES = frozenset(
    {
        "identifier",
        "type_identifier",
        "self",
        "crate",
        "super",
    }
)
_MACRO_NAMES = _NAMES | {"field_identifier"}
_PATHS = frozenset(
    {
        "scoped_identifier",
        "identifier",
        "crate",
        "self",
        "super",
    }
)


def _file(_node: Node, draft: Draft) -> None:
    for name in ("crate", "super"):
        draft.bind_import(name, name, "", None, at=0)


def _use(node: Node, draft: Draft) -> bool:
    """Every name of ``use a::{b, c as d, e::*}``."""
    waiting = [("", node.child_by_field_name("argument"))]
    while waiting:
        prefix, tree = waiting.pop()
        if tree is None:
            continue
        match tree.type:
            case "use_as_clause":
                path = draft.field_text(tree, "path")
                _bring(prefix + path, draft.field_text(tree, "alias"), node, draft)
            case "scoped_use_list":
                path = draft.field_text(tree, "path")
                waiting.append((f"{prefix}{path}::", tree.child_by_field_name("list")))
            case "use_list":
                for inner in tree.named_children:
                    waiting.append((prefix, inner))
            case "use_wildcard":
                path = draft.text(tree).removesuffix("*").removesuffix("::")
                _bring(prefix + path, STAR, node, draft)
            case _ if tree.type in _PATHS:
                _bring(prefix + draft.text(tree), "", node, draft)
    return True


def _bring(
    path: str,
    alias: str,
    node: Node,
    draft: Draft,
) -> None:
    """Bind the last step of a path, or its alias."""
    steps = path.replace(" ", "").removeprefix("::").split("::")
    if steps[0] == "super" and _is_in_inner_module(draft):
        # what is above a module within the file is in the same file
        steps = steps[1:] if steps[1:2] == ["super"] else ["self", *steps[1:]]
    if steps[-1] == "self":
        # `a::{self}` means a
        steps.pop()
    if alias == STAR:
        draft.bind_import(STAR, "::".join(steps), STAR, node)
    elif len(steps) == 1:
        draft.bind_import(alias or steps[0], steps[0], "", node)
    elif steps:
        module = "::".join(steps[:-1])
        draft.bind_import(alias or steps[-1], module, steps[-1], node)


def _is_in_inner_module(draft: Draft) -> bool:
    scopes = draft.references.scopes
    index = draft.binding_scope
    while index >= 0 and scopes[index].kind in FUNCTIONS:
        index = scopes[index].parent
    return scopes[index].kind == "module"


def _module(node: Node, draft: Draft) -> None:
    """``mod name;`` is another file."""
    name = draft.field_text(node, "name")
    if name and node.child_by_field_name("body") is None:
        draft.bind_import(name, f"self::{name}", "", node, at=draft.current.parent)


def _impl(node: Node, draft: Draft) -> None:
    """What is in it belongs to the type, wherever that is."""
    if draft.current.kind != "impl":
        # its type cannot be read, so that it is no symbol
        return
    type_name = draft.current.names[-1:]
    extension = Extension(draft.current.parent, type_name, "", draft.scope)
    draft.references.extensions.append(extension)
    _note_trait(node.child_by_field_name("trait"), node, draft)


def _bounds(node: Node, draft: Draft) -> None:
    """``trait A: B``; bounds of type parameters are no bases."""
    parent = draft.parent
    if parent is not None and parent.type == "trait_item":
        for trait in node.named_children:
            _note_trait(trait, node, draft)


def _note_trait(
    trait: Node | None,
    node: Node,
    draft: Draft,
) -> None:
    instance = draft.instance_of(trait)
    if instance:
        # the trait itself is what all but the last step says, which makes an instance
        draft.note_base(instance[:-1] or (UNKNOWN,), node)


def _function(node: Node, draft: Draft) -> None:
    draft.note_result(draft.instance_of(node.child_by_field_name("return_type")))
    owner = draft.class_of_method
    if owner < 0:
        return
    name = draft.references.scopes[owner].names[-1]
    draft.bind("Self", (name,))
    draft.bind("self", (name, CALLED))


def _parameter(node: Node, draft: Draft) -> None:
    """A parameter, or a variable with its value."""
    pattern = node.child_by_field_name("pattern")
    typed = draft.instance_of(node.child_by_field_name("type"))
    if pattern is not None and pattern.type == "identifier":
        value = typed or draft.known_chain(node.child_by_field_name("value"))
        draft.bind(draft.text(pattern), value)
    else:
        _pattern(pattern, draft)


def _pattern(node: Node | None, draft: Draft) -> None:
    """Bind the names in a pattern to what is not known."""
    waiting = [node] if node is not None else []
    while waiting:
        inner = waiting.pop()
        is_name = inner.type in ("identifier", "shorthand_field_identifier")
        # in upper case it is a constant or a variant that is compared with
        if is_name and draft.text(inner)[:1].islower():
            draft.bind(draft.text(inner))
        elif inner.type not in ("scoped_identifier", "call_expression"):
            waiting += inner.named_children


def _matched(node: Node, draft: Draft) -> None:
    pattern = node.child_by_field_name("pattern")
    if pattern is None and node.type == "match_pattern":
        pattern = node
    _pattern(pattern, draft)


def _closure(node: Node, draft: Draft) -> None:
    draft.open_closure()
    _pattern(node.child_by_field_name("parameters"), draft)


def _field(node: Node, draft: Draft) -> None:
    typed = draft.instance_of(node.child_by_field_name("type"))
    draft.bind(draft.field_text(node, "name"), typed)


def _tokens(node: Node, draft: Draft) -> None:
    """What a macro is given is no syntax yet: names that stand before brackets are taken for calls."""
    steps: list[str] = []
    # whether a separator was read last, so that a name goes on with the steps
    is_open = False
    for token in node.children:
        if len(steps) >= MAX_STEPS:
            steps = [UNKNOWN]
        is_name = token.type in _MACRO_NAMES
        if token.type in ("::", "."):
            is_open = True
            if not steps and token.type == ".":
                steps = [UNKNOWN]
        elif steps and not is_open and _is_in_round_brackets(token, draft):
            draft.note_use(Use.CALL, tuple(steps), node)
            steps.append(CALLED)
        elif is_name and is_open:
            steps.append(draft.text(token))
            is_open = False
        else:
            steps = [draft.text(token)] if is_name else []
            is_open = False


def _is_in_round_brackets(token: Node, draft: Draft) -> bool:
    return token.type == "token_tree" and draft.data[token.start_byte] == ord("(")


USES = Uses(
    names=_NAMES,
    members={
        "field_expression": ("value", "field"),
        "scoped_identifier": ("path", "name"),
        "scoped_type_identifier": ("path", "name"),
    },
    calls={"call_expression": "function", "struct_expression": "name"},
    through=frozenset(
        {
            "parenthesized_expression",
            "await_expression",
            "try_expression",
            "generic_function",
            "generic_type",
            "reference_expression",
            "bracketed_type",
        }
    ),
    literals=frozenset(
        {
            "string_literal",
            "raw_string_literal",
            "integer_literal",
            "float_literal",
            "boolean_literal",
            "char_literal",
            "array_expression",
            "tuple_expression",
            "closure_expression",
            "binary_expression",
            "range_expression",
        }
    ),
    silent=frozenset(
        {
            "name",
            "label",
            "field",
            "alias",
        }
    ),
    handlers={
        "source_file": _file,
        "use_declaration": _use,
        "mod_item": _module,
        "impl_item": _impl,
        "trait_bounds": _bounds,
        "function_item": _function,
        "function_signature_item": _function,
        "parameter": _parameter,
        "let_declaration": _parameter,
        "closure_expression": _closure,
        "field_declaration": _field,
        "for_expression": _matched,
        "match_pattern": _matched,
        "let_condition": _matched,
        "token_tree": _tokens,
    },
    modules="rust",
    containers=words(
        "Option Result Box Rc Arc RefCell Mutex RwLock Cell Cow Pin MutexGuard Ref RefMut"
    ),
    primitives=words(
        "bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 String Vec HashMap"
        " HashSet BTreeMap BTreeSet PathBuf Path OsString OsStr"
    ),
    common=words(
        "all and_then any as_bytes as_mut as_ref as_str borrow borrow_mut clone cloned cmp collect contains"
        " count default drain drop enumerate eq err expect extend filter find first flush fmt fold from get"
        " get_mut insert into into_iter is_empty is_err is_none is_some iter iter_mut join last len lines"
        " lock map map_err max min new next ok parse pop push push_str read replace rev skip sort split"
        " starts_with sum take to_owned to_string trim unwrap unwrap_or unwrap_or_default unwrap_or_else"
        " with_capacity write zip"
    ),
)
