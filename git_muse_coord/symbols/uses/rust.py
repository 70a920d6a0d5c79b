"""Rust: paths of modules, ``impl`` blocks, ``self`` and ``Self``, annotated parameters and fields, calls in macros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import (
    CALLED,
    FUNCTIONS,
    MAX_STEPS,
    STAR,
    UNKNOWN,
    Chain,
    Extension,
)
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.collect import Collector

_NAMES = words("identifier type_identifier self crate super field_identifier")
_PATHS = words("scoped_identifier identifier crate self super")


def _file(_node: Node, to: Collector) -> None:
    for name in ("crate", "super"):
        to.imported(name, name, "", None, at=0)


def _use(node: Node, to: Collector) -> bool:
    """Every name of ``use a::{b, c as d, e::*}``."""
    argument = node.child_by_field_name("argument")
    waiting: list[tuple[str, Node | None]] = [("", argument)]
    while waiting:
        prefix, one = waiting.pop()
        if one is None:
            continue
        if one.type == "use_as_clause":
            _bring(
                prefix + to.text(one.child_by_field_name("path")),
                to.text(one.child_by_field_name("alias")),
                node,
                to,
            )
        elif one.type == "scoped_use_list":
            path = to.text(one.child_by_field_name("path"))
            waiting.append((f"{prefix}{path}::", one.child_by_field_name("list")))
        elif one.type == "use_list":
            waiting += [(prefix, each) for each in one.named_children]
        elif one.type == "use_wildcard":
            _bring(f"{prefix}{to.text(one).removesuffix('*').removesuffix('::')}", STAR, node, to)
        elif one.type in _PATHS:
            _bring(prefix + to.text(one), "", node, to)
    return True


def _bring(path: str, alias: str, node: Node, to: Collector) -> None:
    steps = path.replace(" ", "").removeprefix("::").split("::")
    scopes, at = to.found.scopes, to.space
    while at >= 0 and scopes[at].kind in FUNCTIONS:
        at = scopes[at].parent
    if scopes[at].kind == "module" and steps[0] == "super":  # a module within the file
        steps = steps[1:] if steps[1:2] == ["super"] else ["self", *steps[1:]]
    if steps[-1] == "self":
        steps.pop()
    if alias == STAR:
        to.imported(STAR, "::".join(steps), STAR, node)
    elif len(steps) == 1:
        to.imported(alias or steps[0], steps[0], "", node)
    elif steps:
        to.imported(alias or steps[-1], "::".join(steps[:-1]), steps[-1], node)


def _module(node: Node, to: Collector) -> None:
    """``mod name;`` is another file."""
    if node.child_by_field_name("body") is None and (
        name := to.text(node.child_by_field_name("name"))
    ):
        to.imported(name, f"self::{name}", "", node, at=to.current.parent)


def _typed(node: Node | None, to: Collector) -> Chain:
    return to.typed(to.text(node)) if node is not None else ()


def _impl(node: Node, to: Collector) -> None:
    """What is in it belongs to the type, wherever that is."""
    if to.current.kind != "impl":  # its type cannot be read
        return
    trait = node.child_by_field_name("trait")
    to.found.extensions.append(Extension(to.current.parent, to.current.names[-1:], "", to.scope))
    if chain := _typed(trait, to):
        to.base(chain[:-1] or (UNKNOWN,), node)


def _bounds(node: Node, to: Collector) -> None:
    parent = to.parent
    for each in node.named_children if parent is not None and parent.type == "trait_item" else ():
        if chain := _typed(each, to):
            to.base(chain[:-1] or (UNKNOWN,), node)


def _function(node: Node, to: Collector) -> None:
    if result := _typed(node.child_by_field_name("return_type"), to):
        to.current.results.append(result)
    owner = to.around
    if owner < 0:
        return
    kind = to.found.scopes[owner].names[-1]
    to.bind("Self", (kind,))
    to.bind("self", (kind, CALLED))


def _parameter(node: Node, to: Collector) -> None:
    pattern = node.child_by_field_name("pattern")
    typed = _typed(node.child_by_field_name("type"), to)
    value = node.child_by_field_name("value")
    if pattern is not None and pattern.type == "identifier":
        to.bind(to.text(pattern), typed or _value(value, to))
    else:
        _pattern(pattern, to)


def _value(node: Node | None, to: Collector) -> Chain:
    chain = to.chain(node) if node is not None else ()
    return chain if chain and chain[0] != UNKNOWN else ()


def _pattern(node: Node | None, to: Collector) -> None:
    waiting = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        if one.type in ("identifier", "shorthand_field_identifier") and to.text(one)[:1].islower():
            to.bind(to.text(one))
        elif one.type not in ("scoped_identifier", "call_expression"):
            waiting += one.named_children


def _matched(node: Node, to: Collector) -> None:
    _pattern(
        node.child_by_field_name("pattern") or (node if node.type == "match_pattern" else None), to
    )


def _closure(node: Node, to: Collector) -> None:
    to.enter()
    _pattern(node.child_by_field_name("parameters"), to)


def _field(node: Node, to: Collector) -> None:
    to.bind(to.text(node.child_by_field_name("name")), _typed(node.child_by_field_name("type"), to))


def _tokens(node: Node, to: Collector) -> None:
    """What a macro is given is no syntax yet: names that stand before brackets are taken for calls."""
    steps: list[str] = []
    is_open = False
    for each in node.children:
        if len(steps) >= MAX_STEPS:
            steps = [UNKNOWN]
        is_name = each.type in _NAMES
        if (
            steps
            and not is_open
            and each.type == "token_tree"
            and to.data[each.start_byte] == ord("(")
        ):
            to.use(Use.CALL, tuple(steps), node)
            steps.append(CALLED)
        elif each.type in ("::", "."):
            is_open = True
            steps = steps or ([UNKNOWN] if each.type == "." else [])
        elif is_name and is_open:
            steps.append(to.text(each))
            is_open = False
        else:
            steps, is_open = ([to.text(each)] if is_name else []), False


USES = Uses(
    names=_NAMES - {"field_identifier"},
    members={
        "field_expression": ("value", "field"),
        "scoped_identifier": ("path", "name"),
        "scoped_type_identifier": ("path", "name"),
    },
    calls={"call_expression": "function", "struct_expression": "name"},
    through=words(
        "parenthesized_expression await_expression try_expression generic_function generic_type"
        " reference_expression bracketed_type"
    ),
    literals=words(
        "string_literal raw_string_literal integer_literal float_literal boolean_literal char_literal"
        " array_expression tuple_expression closure_expression binary_expression range_expression"
    ),
    silent=words("name label field alias"),
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
