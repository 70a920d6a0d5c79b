"""Types in comments of JavaScript, where ``@param {Type} name`` and the like take the place of annotations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_muse_coord.symbols.uses.written_types import types_in

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.references import Chain
    from git_muse_coord.symbols.uses.draft import Draft

_LANGUAGE = "javascript"
"""TypeScript itself does not read them where it has annotations."""
_AROUND = frozenset(
    {
        "export_statement",
        "lexical_declaration",
        "variable_declaration",
        "variable_declarator",
        "expression_statement",
        "assignment_expression",
        "pair",
        "field_definition",
    }
)
"""What stands between a comment and the function or the value that it is about."""
_TYPE = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_PARAMETER = re.compile(rf"@param\s+{_TYPE}\s+\[?([\w$]+)")
_RESULT = re.compile(rf"@returns?\s+{_TYPE}")
_VALUE = re.compile(rf"@type\s+{_TYPE}")
_IMPORT = re.compile(
    rb"@import\s+(?:\*\s*as\s+([\w$]+)|\{([^}]*)\})\s+from\s+['\"]([^'\"\n]+)['\"]"
)
_TYPEDEF = re.compile(rb"@typedef\s+\{import\(['\"]([^'\"\n]+)['\"]\)\.([\w$]+)\}\s+([\w$]+)")
_INLINE = re.compile(r"import\(['\"]([^'\"]+)['\"]\)\.")
_MAX_COMMENT = 4_000
"""At most so many bytes before its end a comment begins."""


def bind_imports_in_comments(_node: Node, draft: Draft) -> None:
    """Bind the types that comments import; they are no uses of their own."""
    if draft.references.language != _LANGUAGE:
        return
    # A whole file is searched at once: most hold none, and to look into each comment takes longer.
    for match in _IMPORT.finditer(draft.data):
        space, names, module = map(_decoded, match.groups())
        if space:
            draft.bind_import(
                space,
                module,
                "",
                None,
                at=0,
            )
        for name in names.split(","):
            imported, _, alias = name.strip().partition(" as ")
            if imported:
                draft.bind_import(
                    alias.strip() or imported,
                    module,
                    imported.strip(),
                    None,
                    at=0,
                )
    for match in _TYPEDEF.finditer(draft.data):
        module, name, alias = map(_decoded, match.groups())
        draft.bind_import(
            alias,
            module,
            name,
            None,
            at=0,
        )


def _decoded(group: bytes | None) -> str:
    return "" if group is None else group.decode("utf-8", "replace")


def documented_parameters(
    node: Node,
    above: Sequence[Node],
    draft: Draft,
) -> dict[str, tuple[Chain, ...]]:
    """What the comment before a function says of its parameters, by their names."""
    parameters: dict[str, tuple[Chain, ...]] = {}
    for match in _PARAMETER.finditer(_comment(node, above, draft)):
        parameters[match[2]] = _types(match[1], draft)
    return parameters


def documented_result(
    node: Node,
    above: Sequence[Node],
    draft: Draft,
) -> tuple[Chain, ...]:
    """What the comment before a function says that it gives."""
    match = _RESULT.search(_comment(node, above, draft))
    return _types(match[1], draft) if match else ()


def documented_value(
    node: Node,
    above: Sequence[Node],
    draft: Draft,
) -> tuple[Chain, ...]:
    """What the comment before a variable or a field says that it is."""
    match = _VALUE.search(_comment(node, above, draft))
    return _types(match[1], draft) if match else ()


def _comment(
    node: Node,
    above: Sequence[Node],
    draft: Draft,
) -> str:
    """The comment right before what a node is the beginning, or the value, of; empty where there is none."""
    if draft.references.language != _LANGUAGE:
        return ""
    # the comment of `export const f = () => 1` stands before all of it
    start = node.start_byte
    for around in reversed(above):
        if around.type not in _AROUND:
            break
        start = around.start_byte
    before = draft.data[max(0, start - _MAX_COMMENT) : start].rstrip()
    opening = before.rfind(b"/**")
    # an older comment, with code behind it, is about something else
    if opening < 0 or not before.endswith(b"*/") or b"*/" in before[opening:-2]:
        return ""
    return before[opening:].decode("utf-8", "replace")


def _types(text: str, draft: Draft) -> tuple[Chain, ...]:
    """A type, in which a module can be named: that gets a name of its own that no code can say."""

    def bound(match: re.Match[str]) -> str:
        hidden = f"import$$${len(draft.references.scopes[0].bindings)}"
        draft.bind_import(
            hidden,
            match[1],
            "",
            None,
            at=0,
        )
        return f"{hidden}."

    return types_in(_INLINE.sub(bound, text.lstrip("?!.").rstrip("=")), draft.type_words)
