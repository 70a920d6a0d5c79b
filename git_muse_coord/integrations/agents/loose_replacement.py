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
        old_lines = old.split("\n")
        new_lines = new.split("\n")
        times = _replace_lines(lines, old_lines, new_lines)
        result = "".join(lines)
    is_ambiguous = times > 1 and not replacement.everywhere
    if times == 0 or is_ambiguous:
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
    wanted = _without_indentation(old)
    times = 0
    place = 0
    # What is put in is one entry, however many lines it has: so the end comes nearer.
    while place <= len(lines) - len(wanted):
        stop = place + len(wanted)
        there = lines[place:stop]
        if _without_indentation(there) == wanted:
            indentation = _indentation(there[0])
            block = _indented(new, indentation)
            if there[-1].endswith("\n") and not block.endswith("\n"):
                block += "\n"
            lines[place:stop] = [block]
            times += 1
        place += 1
    return times


def _without_indentation(lines: Sequence[str]) -> list[str]:
    return [line.strip() for line in lines]


def _indented(lines: Sequence[str], indentation: str) -> str:
    """Lines moved to where the old ones stood, by the indentation of the first of them."""
    own = _indentation(lines[0])
    moved = []
    for line in lines:
        if not line.strip():
            moved.append("")
        elif line.startswith(own):
            inside = line.removeprefix(own)
            moved.append(indentation + inside)
        else:
            # It is indented less than the first, and Gemini knows no level above that.
            moved.append(indentation + line.lstrip())
    return "\n".join(moved)


def _indentation(line: str) -> str:
    code = line.lstrip(" \t")
    return line.removesuffix(code)


def _with_end_of(before: str, after: str) -> str:
    """A text that ends with a line end if the one before did."""
    if not before.endswith("\n"):
        return after.removesuffix("\n")
    if after.endswith("\n"):
        return after
    return f"{after}\n"
