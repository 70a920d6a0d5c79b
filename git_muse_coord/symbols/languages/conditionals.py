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
from itertools import pairwise

from git_muse_coord.symbols.languages.replacements import Replacement, Stretch, blank

_DIRECTIVE = re.compile(
    rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b(?:[^\n\\]|\\.)*",
    re.MULTILINE | re.DOTALL,
)
_OPAQUE = re.compile(rb'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
"""Where brackets mean nothing."""
_BRACKETS = ((b"(", b")"), (b"{", b"}"))
_DEEPEST = 20
"""The most conditionals around one that is looked at: each is searched for brackets as a whole."""
_NEVER = re.compile(rb"#[ \t]*if[ \t]+0\b")


@dataclass(slots=True)
class _Group:
    """The places of the directives of one conditional, from its first to its last."""

    directives: list[Stretch] = field(default_factory=list)

    def arms(self) -> list[Stretch]:
        """The text between one directive and the next."""
        arms: list[Stretch] = []
        for (_, start), (end, _) in pairwise(self.directives):
            arms.append((start, end))
        return arms


def one_arm(data: bytes, unread: Sequence[Stretch]) -> Iterator[Replacement]:
    """Leave out the directives and all arms but one of each conditional that cannot be read as a whole."""
    errors = sorted(edge for error in unread for edge in error)
    # brackets in texts and comments open nothing; every other byte keeps its place
    quiet = bytearray(_OPAQUE.sub(_blanked, data))
    # the inner ones come before those around them, which are then judged without what they left out
    for group in _groups(data):
        is_readable = not _is_torn(quiet, group) and not _is_near(data, group, errors)
        if is_readable:
            continue
        for replacement in _but_one_arm(data, group):
            quiet[replacement.start : replacement.end] = replacement.text
            yield replacement


def _blanked(match: re.Match[bytes]) -> bytes:
    return b" " * len(match.group())


def _groups(data: bytes) -> Iterator[_Group]:
    """Every conditional that is complete."""
    opened: list[_Group] = []
    for match in _DIRECTIVE.finditer(data):
        if match[1].startswith(b"if"):
            opened.append(_Group())
        # an #else or #endif of nothing, as where a conflict tore the file
        if not opened:
            continue
        opened[-1].directives.append(match.span())
        if match[1] == b"endif":
            group = opened.pop()
            if len(opened) < _DEEPEST:
                yield group


def _is_torn(data: bytearray, group: _Group) -> bool:
    """Whether an arm opens or closes more than it closes or opens."""
    for start, end in group.arms():
        for opening, closing in _BRACKETS:
            opened = data.count(opening, start, end)
            closed = data.count(closing, start, end)
            if opened != closed:
                return True
    return False


def _is_near(
    data: bytes,
    group: _Group,
    errors: Sequence[int],
) -> bool:
    """Whether an error begins or ends at one of the directives, or on the lines around it."""
    for start, end in group.directives:
        # from the line before the directive to the one behind it
        line_before = max(0, start - 1)
        first = data.rfind(b"\n", 0, line_before) + 1
        last = data.find(b"\n", end + 1)
        if last < 0:
            last = len(data)
        # the errors are in order: of those from the line before on, the first is the nearest
        at = bisect_left(errors, first)
        if at < len(errors) and errors[at] <= last:
            return True
    return False


def _but_one_arm(data: bytes, group: _Group) -> Iterator[Replacement]:
    """The first arm that is not empty stays; that of ``#if 0`` does not."""
    arms = group.arms()
    readable: list[Stretch] = []
    for start, end in arms:
        if data[start:end].strip():
            readable.append((start, end))
    first, behind_first = group.directives[0]
    _, last = group.directives[-1]
    is_never_read = _NEVER.search(data, first, behind_first) is not None
    # of an #if 0 with an #else it is the other arm that is compiled
    if is_never_read and len(readable) > 1:
        del readable[0]
    kept_start, kept_end = readable[0] if readable else arms[0]
    yield blank(data, first, kept_start)
    yield blank(data, kept_end, last)
