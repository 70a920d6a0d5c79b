"""Rust: paths of modules, ``impl`` blocks, ``self`` and ``Self``, annotated parameters and fields, calls in macros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import (
    CALLED,
    ELEMENT,
    FOREIGN,
    KEY,
    KEYS,
    MAX_STEPS,
    SAME,
    UNKNOWN,
    VALUES,
    Chain,
    Extension,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import last_child
from git_muse_coord.symbols.uses.rust_paths import bind_roots, note_module, note_use_tree
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
_TRANSPARENT = frozenset(
    {
        "tuple_struct_pattern",
        "reference_pattern",
        "ref_pattern",
        "mut_pattern",
    }
)
"""Patterns that can name the value itself."""


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
    named = draft.class_named(trait)
    if named:
        draft.note_base(named, node)


def _function(node: Node, draft: Draft) -> None:
    results = draft.field_types(node, "return_type")
    draft.note_result(*results)
    owner = draft.class_of_method
    if owner < 0:
        return
    name = draft.references.scopes[owner].names[-1]
    draft.bind("Self", (name,))
    draft.bind("self", (name, CALLED))


def _parameter(node: Node, draft: Draft) -> None:
    """A parameter, or a variable with its value."""
    pattern = node.child_by_field_name("pattern")
    values = draft.field_types(node, "type")
    if not values:
        values = (draft.field_chain(node, "value"),)
    _match(pattern, values, draft)


def _match(pattern: Node | None, values: tuple[Chain, ...], draft: Draft) -> None:
    """Bind the name in a pattern to a value: as it is, behind a reference, or in ``Some`` or ``Ok``."""
    inner = pattern
    for _ in range(MAX_STEPS):
        if inner is None or inner.type not in _TRANSPARENT:
            break
        # of other structures the value is only a part
        if inner.type == "tuple_struct_pattern" and not _is_wrapper(inner, draft):
            break
        inner = last_child(inner)
    if inner is None or inner.type != "identifier":
        _pattern(pattern, draft)
        return
    name = draft.text(inner)
    # in upper case it is a constant or a variant that is compared with
    if name[:1].islower() or name[:1] == "_":
        draft.bind(name, *values)


def _is_wrapper(pattern: Node, draft: Draft) -> bool:
    """Whether a structure holds the value alone, as ``Some(name)``."""
    return draft.field_text(pattern, "type") in ("Some", "Ok") and pattern.named_child_count == 2


def _pattern(node: Node | None, draft: Draft) -> None:
    """Bind the names in a pattern to what is not known."""
    waiting = [node] if node is not None else []
    while waiting:
        inner = waiting.pop()
        if inner.type in ("identifier", "shorthand_field_identifier"):
            name = draft.text(inner)
            if name[:1].islower():
                draft.bind(name)
        elif inner.type not in ("scoped_identifier", "call_expression"):
            waiting += inner.named_children


def _matched(node: Node, draft: Draft) -> None:
    _pattern(node, draft)


def _let(node: Node, draft: Draft) -> None:
    """``if let Some(name) = value``."""
    value = draft.field_chain(node, "value")
    _match(node.child_by_field_name("pattern"), (value,), draft)


def _loop(node: Node, draft: Draft) -> None:
    """``for name in holder``, with pairs for a map and for what is counted."""
    pattern = node.child_by_field_name("pattern")
    source = node.child_by_field_name("value")
    holder = draft.known_chain(source)
    if pattern is None or not holder:
        _pattern(pattern, draft)
        return
    if pattern.type != "tuple_pattern" or pattern.named_child_count != 2:
        _match(pattern, ((*holder, ELEMENT),), draft)
        return
    # the number comes first, as the key of a map does
    is_counted = holder[-2:] == ("enumerate", CALLED)
    first: Chain = (FOREIGN,) if is_counted else (*holder, KEY)
    second = (*holder, ELEMENT)
    for inner, chain in zip(pattern.named_children, (first, second), strict=True):
        _match(inner, (chain,), draft)


def _closure(node: Node, draft: Draft) -> None:
    draft.open_closure()
    _pattern(node.child_by_field_name("parameters"), draft)


def _field(node: Node, draft: Draft) -> None:
    types = draft.field_types(node, "type")
    draft.bind(draft.field_text(node, "name"), *types)


def _tokens(node: Node, draft: Draft) -> None:
    """What a macro is given is no syntax yet: names that stand before brackets are taken for calls."""
    steps: list[str] = []
    # whether a separator was read last, so that a name goes on with the steps
    is_open = False
    for token in node.children:
        if len(steps) >= MAX_STEPS:
            steps = [UNKNOWN]
        if token.type in ("::", "."):
            is_open = True
            # a method of what is no name, as of a text
            if not steps and token.type == ".":
                steps = [UNKNOWN]
            continue
        if steps and not is_open and _is_in_round_brackets(token, draft):
            draft.note_use(Use.CALL, tuple(steps), node)
            steps.append(CALLED)
            continue
        if not is_open:
            steps = []
        is_open = False
        if token.type in _MACRO_NAMES:
            steps.append(draft.text(token))
        else:
            steps = []


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
        "source_file": bind_roots,
        "use_declaration": note_use_tree,
        "mod_item": note_module,
        "impl_item": _impl,
        "trait_bounds": _bounds,
        "function_item": _function,
        "function_signature_item": _function,
        "parameter": _parameter,
        "let_declaration": _parameter,
        "closure_expression": _closure,
        "field_declaration": _field,
        "for_expression": _loop,
        "match_pattern": _matched,
        "let_condition": _let,
        "token_tree": _tokens,
    },
    modules="rust",
    wrappers=words(
        "Option Result Box Rc Arc RefCell Mutex RwLock Cell Cow Pin MutexGuard Ref RefMut"
    ),
    lists=words(
        "Vec VecDeque HashSet BTreeSet IndexSet BinaryHeap LinkedList SmallVec ArrayVec Iter IterMut"
        " IntoIter"
    ),
    maps=words("HashMap BTreeMap IndexMap FxHashMap"),
    primitives=words(
        "bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 String Vec VecDeque"
        " HashMap HashSet BTreeMap BTreeSet PathBuf Path OsString OsStr"
    ),
    held_members={
        **dict.fromkeys(
            words(
                "get get_mut first first_mut last last_mut pop pop_front pop_back front front_mut back"
                " back_mut next nth peek remove swap_remove find max_by_key min_by_key entry"
            ),
            ELEMENT,
        ),
        **dict.fromkeys(
            words(
                "iter iter_mut into_iter drain rev filter skip take enumerate cloned copied as_slice"
                " as_mut_slice to_vec peekable chain skip_while take_while step_by inspect"
            ),
            SAME,
        ),
        **dict.fromkeys(words("values values_mut into_values"), VALUES),
        **dict.fromkeys(words("keys into_keys"), KEYS),
    },
    passing=words(
        "unwrap expect unwrap_or unwrap_or_else unwrap_or_default as_ref as_mut as_deref as_deref_mut"
        " borrow borrow_mut lock read write clone to_owned ok take or_insert or_insert_with or_default"
        " context with_context map_err ok_or ok_or_else get_mut"
    ),
    subscripts=words("index_expression"),
    slices=words("range_expression"),
    common=words(
        "all and_then any as_bytes as_mut as_ref as_str borrow borrow_mut clone cloned cmp collect contains"
        " count default drain drop enumerate eq err expect extend filter find first flush fmt fold from get"
        " get_mut insert into into_iter is_empty is_err is_none is_some iter iter_mut join last len lines"
        " lock map map_err max min new next ok parse pop push push_str read replace rev skip sort split"
        " starts_with sum take to_owned to_string trim unwrap unwrap_or unwrap_or_default unwrap_or_else"
        " with_capacity write zip"
    ),
)
