"""Paths of modules in Rust: ``use`` with its trees, ``mod``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import FUNCTIONS, STAR
from git_muse_coord.symbols.uses.draft import Draft

if TYPE_CHECKING:
    from tree_sitter import Node


_PATHS = frozenset(
    {
        "scoped_identifier",
        "identifier",
        "crate",
        "self",
        "super",
    }
)


def bind_roots(_node: Node, draft: Draft) -> None:
    """Let ``crate`` and ``super`` mean the files they stand for."""
    for name in ("crate", "super"):
        draft.bind_import(
            name,
            name,
            "",
            None,
            at=0,
        )


def note_use_tree(node: Node, draft: Draft) -> bool:
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


def note_module(node: Node, draft: Draft) -> None:
    """``mod name;`` is another file."""
    name = draft.field_text(node, "name")
    if name and node.child_by_field_name("body") is None:
        draft.bind_import(
            name,
            f"self::{name}",
            "",
            node,
            at=draft.current.parent,
        )
