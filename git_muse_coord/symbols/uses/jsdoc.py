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
            _bind_type(space, module, "", draft)
        for name in names.split(","):
            imported, _, alias = name.strip().partition(" as ")
            if imported:
                local = alias.strip() or imported
                _bind_type(local, module, imported.strip(), draft)
    for match in _TYPEDEF.finditer(draft.data):
        module, name, alias = map(_decoded, match.groups())
        _bind_type(alias, module, name, draft)


def _bind_type(
    local: str,
    module: str,
    name: str,
    draft: Draft,
) -> None:
    """Let a name of the whole file mean what is imported; without a node, for a comment uses nothing."""
    draft.bind_import(
        local,
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
    comment = _comment(node, above, draft)
    for match in _PARAMETER.finditer(comment):
        parameters[match[2]] = _types(match[1], draft)
    return parameters


def documented_result(
    node: Node,
    above: Sequence[Node],
    draft: Draft,
) -> tuple[Chain, ...]:
    """What the comment before a function says that it gives."""
    return _types_said(_RESULT, _comment(node, above, draft), draft)


def documented_value(
    node: Node,
    above: Sequence[Node],
    draft: Draft,
) -> tuple[Chain, ...]:
    """What the comment before a variable or a field says that it is."""
    return _types_said(_VALUE, _comment(node, above, draft), draft)


def _types_said(
    pattern: re.Pattern[str],
    comment: str,
    draft: Draft,
) -> tuple[Chain, ...]:
    """The types that a comment says behind a word; nothing where it does not have that."""
    match = pattern.search(comment)
    if match is None:
        return ()
    return _types(match[1], draft)


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
    first = max(0, start - _MAX_COMMENT)
    before = draft.data[first:start].rstrip()
    opening = before.rfind(b"/**")
    if opening < 0 or not before.endswith(b"*/"):
        return ""
    comment = before[opening:]
    # an older comment, with code behind it, is about something else
    if b"*/" in comment[:-2]:
        return ""
    return comment.decode("utf-8", "replace")


def _types(text: str, draft: Draft) -> tuple[Chain, ...]:
    """A type, in which a module can be named: that gets a name of its own that no code can say."""

    def bound(match: re.Match[str]) -> str:
        number = len(draft.references.scopes[0].bindings)
        hidden = f"import$$${number}"
        _bind_type(hidden, match[1], "", draft)
        return f"{hidden}."

    # signs that say that it may be left out, or be null
    written = text.lstrip("?!.").rstrip("=")
    return types_in(_INLINE.sub(bound, written), draft.type_words)
