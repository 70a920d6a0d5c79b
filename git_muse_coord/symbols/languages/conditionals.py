"""Conditional text, ``#if`` to ``#endif``, of which a grammar can read only one arm.

Most arms stand side by side as they are. Where each of them opens a brace that only the text behind
closes, or begins a signature of which the rest is shared, one arm is kept and the others are left
out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from git_muse_coord.symbols.languages.table import Replacement, blank

_DIRECTIVE = re.compile(
    rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b(?:[^\n\\]|\\.)*",
    re.MULTILINE | re.DOTALL,
)
_OPAQUE = re.compile(rb'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
"""Where brackets mean nothing."""
_BRACKETS = ((b"(", b")"), (b"{", b"}"))
_DEEPEST = 20
"""Conditionals in more conditionals than these are left alone: each is searched for brackets as a whole."""
_NEVER = re.compile(rb"#[ \t]*if[ \t]+0\b")


@dataclass(slots=True)
class _Group:
    """The places of the directives of one conditional, from its first to its last."""

    directives: list[tuple[int, int]] = field(default_factory=list)

    def arms(self) -> list[tuple[int, int]]:
        """The text between one directive and the next."""
        return [
            (end, start)
            for (_, end), (start, _) in zip(self.directives, self.directives[1:], strict=False)
        ]


def one_arm(data: bytes, unread: Sequence[tuple[int, int]]) -> Iterator[Replacement]:
    """Leave out the directives and all arms but one of each conditional that cannot be read as a whole."""
    errors = sorted(edge for error in unread for edge in error)
    quiet = bytearray(_OPAQUE.sub(lambda match: b" " * len(match.group()), data))
    for group in _groups(data):  # the inner ones before those around them
        if _is_torn(quiet, group) or _is_near(data, group, errors):
            for edit in _but_one_arm(data, group):
                quiet[edit.start : edit.end] = edit.text
                yield edit


def _groups(data: bytes) -> Iterator[_Group]:
    """Every conditional that is complete."""
    opened: list[_Group] = []
    for match in _DIRECTIVE.finditer(data):
        if match[1].startswith(b"if"):
            opened.append(_Group())
        if not opened:
            continue
        opened[-1].directives.append(match.span())
        if match[1] == b"endif":
            group = opened.pop()
            if len(opened) < _DEEPEST:
                yield group


def _is_torn(data: bytearray, group: _Group) -> bool:
    """Whether an arm opens or closes more than it closes or opens."""
    return any(
        data.count(opening, start, end) != data.count(closing, start, end)
        for start, end in group.arms()
        for opening, closing in _BRACKETS
    )


def _is_near(data: bytes, group: _Group, errors: Sequence[int]) -> bool:
    """Whether an error begins or ends at one of the directives, or on the lines around it."""
    for start, end in group.directives:
        before, behind = data.rfind(b"\n", 0, max(0, start - 1)), data.find(b"\n", end + 1)
        at = bisect_left(errors, before + 1)
        if at < len(errors) and errors[at] <= (len(data) if behind < 0 else behind):
            return True
    return False


def _but_one_arm(data: bytes, group: _Group) -> Iterator[Replacement]:
    """The first arm that is not empty stays; that of ``#if 0`` does not."""
    arms = group.arms()
    readable = [arm for arm in arms if data[slice(*arm)].strip()]
    if len(readable) > 1 and _NEVER.search(data, *group.directives[0]):
        readable = readable[1:]
    keep = readable[0] if readable else arms[0]
    yield blank(data, group.directives[0][0], keep[0])
    yield blank(data, keep[1], group.directives[-1][1])
