"""Modules of JavaScript and TypeScript of both sorts: ``import`` and ``export``, ``require`` and ``module.exports``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.languages.table import unquote
from git_muse_coord.symbols.references import STAR
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.ecmascript_values import value_of_expression
from git_muse_coord.symbols.uses.expressions import first_child

if TYPE_CHECKING:
    from tree_sitter import Node


def note_import(node: Node, draft: Draft) -> bool:
    """Bind what an ``import`` names."""
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
        name = draft.text(first_child(part))
        draft.bind_import(name, module, "", node)
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
            # a name can be a text: `{"a-b" as c}`
            draft.bind_import(alias or name, module, unquote(name), node)


def note_export(node: Node, draft: Draft) -> None:
    """Bind what an ``export`` takes from elsewhere, or calls by another name."""
    module = unquote(draft.field_text(node, "source"))
    # neither `default` nor the star has a field of its own
    tokens = {child.type for child in node.children}
    if "default" in tokens:
        _export_default(node, draft)
    for child in node.named_children:
        if child.type == "export_clause":
            if module:
                _specifiers(child, module, node, draft)
            else:
                _export_own(child, draft)
        elif child.type == "namespace_export":
            name = draft.text(first_child(child))
            draft.bind_import(name, module, "", node)
    if module and "*" in tokens:
        draft.bind_import(STAR, module, STAR, node)


def _export_default(node: Node, draft: Draft) -> None:
    declared = node.child_by_field_name("declaration") or node.child_by_field_name("value")
    if declared is None:
        return
    name = declared.child_by_field_name("name")
    if name is not None:
        draft.bind("default", (draft.text(name),))
    else:
        draft.bind("default", value_of_expression(declared, draft))


def _export_own(clause: Node, draft: Draft) -> None:
    """Names of this file, which others know by their aliases."""
    for specifier in clause.named_children:
        name = draft.field_text(specifier, "name")
        alias = draft.field_text(specifier, "alias")
        draft.note_use(Use.NAME, (name,), specifier)
        if alias:
            draft.bind(unquote(alias), (name,))


def required_module(node: Node | None, draft: Draft) -> str:
    """The module that a call of ``require`` names; empty for all else."""
    if node is None or node.type != "call_expression":
        return ""
    if draft.field_text(node, "function") != "require":
        return ""
    arguments = node.child_by_field_name("arguments")
    if arguments is None:
        return ""
    module = draft.text(first_child(arguments))
    return unquote(module)


def bind_required(
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
