"""The replacing of Gemini CLI, which looks for lines without their indentation where the text is not there. Pure."""

from __future__ import annotations

from git_muse_coord.integrations.agents.texts import with_own_ends
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.integrations.agents.replacement import TextReplacement


def loosely_replaced(text: str, replacement: TextReplacement) -> str | None:
    """A text after a replacement; None where what is looked for is not there, or not clear.

    What Gemini tries beyond that, by regular expressions and by likeness, is not computed.
    """
    plain = text.replace("\r\n", "\n")
    old = replacement.old.replace("\r\n", "\n")
    new = replacement.new.replace("\r\n", "\n")
    if not old or old == new:
        return None
    times = plain.count(old)
    if times:
        result = plain.replace(old, new)
    else:
        lines = plain.splitlines(keepends=True)
        times = _replace_lines(lines, old.split("\n"), new.split("\n"))
        result = "".join(lines)
    if times == 0 or (times > 1 and not replacement.everywhere):
        return None
    result = _with_end_of(plain, result)
    # One line end of Windows is enough for Gemini to write them all so.
    return with_own_ends(result, "\r\n" in text)


def _replace_lines(
    lines: list[str],
    old: Sequence[str],
    new: Sequence[str],
) -> int:
    """Replace lines that are alike without their indentation; how often that was done."""
    wanted = [line.strip() for line in old]
    times = 0
    place = 0
    while place <= len(lines) - len(wanted):
        there = lines[place : place + len(wanted)]
        if [line.strip() for line in there] == wanted:
            block = _indented(new, _indentation(there[0]))
            if there[-1].endswith("\n") and not block.endswith("\n"):
                block += "\n"
            lines[place : place + len(wanted)] = [block]
            times += 1
        place += 1
    return times


def _indented(lines: Sequence[str], indentation: str) -> str:
    """Lines moved to where the old ones stood, by the indentation of the first of them."""
    own = _indentation(lines[0])
    moved = []
    for line in lines:
        if not line.strip():
            moved.append("")
        elif line.startswith(own):
            moved.append(indentation + line.removeprefix(own))
        else:
            moved.append(indentation + line.lstrip())
    return "\n".join(moved)


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _with_end_of(before: str, after: str) -> str:
    """A text that ends with a line end if the one before did."""
    had_end = before.endswith("\n")
    if had_end and not after.endswith("\n"):
        return f"{after}\n"
    return after if had_end else after.removesuffix("\n")
