"""From what a tool is told to the texts before and after it, for tools that change one file."""

from __future__ import annotations

import os.path

from git_muse_coord.integrations.agents.fields import table_of, text_of
from git_muse_coord.integrations.agents.replacement import TextReplacement, replaced
from git_muse_coord.integrations.agents.texts import (
    as_in,
    decoded,
    encoded,
    is_path_text,
)
from git_muse_coord.model.agents import Edit
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from git_muse_coord.integrations.agents.dialect import ToolCall
    from git_muse_coord.integrations.agents.fields import Payload

    Change = Callable[[str], str | None]
    """From the text before to that after, None where it cannot be computed."""

    Replace = Callable[[str, TextReplacement], str | None]
    """How a program replaces text in a text."""

_PATHS = ("file_path", "path", "filePath", "notebook_path")


class _Original(NamedTuple):
    """What a program says was in a file before; no text where there was no file."""

    text: str | None


def named_path(call: ToolCall) -> str | None:
    """The absolute path of the file that a call names; None where no file can be called so."""
    path = text_of(call.arguments, *_PATHS)
    return absolute(call, path)


def absolute(call: ToolCall, path: str | None) -> str | None:
    """A path out of a call, from its directory; None where no file can be called so."""
    if not path or not is_path_text(path):
        return None
    joined = os.path.join(call.cwd, path)
    whole = os.path.normpath(joined)
    # A program that does not say where it is has said no place.
    if not os.path.isabs(whole):
        return None
    return whole


def replacement_of(
    arguments: Payload,
    old: str = "old_string",
    new: str = "new_string",
) -> TextReplacement | None:
    """What a tool that replaces text is told, in the fields of these names."""
    old_text = text_of(arguments, old)
    new_text = text_of(arguments, new)
    if old_text is None or new_text is None:
        return None
    everywhere = arguments.get("replace_all") or arguments.get("allow_multiple")
    return TextReplacement(old_text, new_text, everywhere is True)


def edit_by_replacement(
    call: ToolCall,
    replacement: TextReplacement | None,
    replace: Replace = replaced,
) -> Iterator[Edit]:
    """What becomes of a file in which a text is replaced."""
    if replacement is None:
        return
    # Replacing nothing is how a file is made, and never done to one that has something in it.
    if not replacement.old:
        yield from _new_file(call, replacement.new)
        return
    back = replacement.undone()
    yield from edit_of(
        call,
        lambda text: replace(text, replacement),
        lambda text: replace(text, back),
    )


def edit_of(
    call: ToolCall,
    forth: Change,
    back: Change,
) -> Iterator[Edit]:
    """What a change makes of the file that a call names, or has made of it."""
    path = named_path(call)
    if path is None:
        return
    now = call.read(path)
    if now is None:
        return
    if call.is_done:
        yield from _edit_done(call, path, now, back)
        return
    after = changed(now, forth)
    if after is not None:
        yield Edit(path, now, after)


def changed(content: bytes, change: Change) -> bytes | None:
    """The bytes of a file after a change of its text, None where that cannot be computed."""
    text = decoded(content)
    if text is None:
        return None
    after = change(text)
    if after is None:
        return None
    return encoded(after)


def _new_file(call: ToolCall, text: str) -> Iterator[Edit]:
    path = named_path(call)
    content = call.read(path) if path else None
    if call.is_done or not content:
        yield from written_file(call, text)


def written_file(
    call: ToolCall,
    text: str | None,
    keeps_ends: bool = False,
) -> Iterator[Edit]:
    """A file that is written as a whole; ``keeps_ends`` where the program keeps to the line ends that it has."""
    path = named_path(call)
    if path is None or text is None:
        return
    now = call.read(path)
    if call.is_done:
        if now is not None:
            yield from _edit_done(call, path, now, _unknown)
        return
    if now and keeps_ends:
        after = as_in(now, text)
    else:
        after = encoded(text)
    # What is binary has no symbols that could be compared.
    is_text = now is None or decoded(now) is not None
    if after is not None and is_text:
        yield Edit(path, now, after)


def deleted_file(call: ToolCall) -> Iterator[Edit]:
    """A file that is deleted. Afterwards nobody knows what was in it."""
    path = named_path(call)
    if path is None or call.is_done:
        return
    now = call.read(path)
    if now is not None:
        yield Edit(path, now, None)


def _edit_done(
    call: ToolCall,
    path: str,
    now: bytes,
    back: Change,
) -> Iterator[Edit]:
    """An edit that lies behind: the program tells what was there, or the way back is computed."""
    original = _original(call.response)
    if original is None:
        before = changed(now, back)
        if before is not None:
            yield Edit(path, before, now)
        return
    if original.text is None:
        yield Edit(path, None, now)
        return
    before = as_in(now, original.text)
    if before is not None:
        yield Edit(path, before, now)


def _original(response: Payload) -> _Original | None:
    """What was in the file before, in the words of Claude or of Gemini; None where that is not told."""
    for name in ("originalFile", "original_file"):
        if name in response:
            return _Original(text_of(response, name))
    shown = table_of(response, "returnDisplay")
    if shown.get("isNewFile") is True:
        return _Original(None)
    text = text_of(shown, "originalContent")
    if text is None:
        return None
    return _Original(text)


def _unknown(_text: str) -> str | None:
    return None
