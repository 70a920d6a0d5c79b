"""From what a tool is told to the texts before and after it, for tools that change one file."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterator

from git_muse_coord.integrations.agents.dialect import ToolCall
from git_muse_coord.integrations.agents.fields import Payload, text_of
from git_muse_coord.integrations.agents.replacement import TextReplacement, replaced
from git_muse_coord.integrations.agents.texts import decoded, encoded
from git_muse_coord.model.agents import Edit

Change = Callable[[str], str | None]
"""From the text before to that after, None where it cannot be computed."""

_PATHS = ("file_path", "path", "filePath", "notebook_path")


def named_path(call: ToolCall, *names: str) -> str | None:
    """The absolute path of a file that a tool names, None where there is none that a file could have."""
    return absolute(call, text_of(call.arguments, *(names or _PATHS)))


def absolute(call: ToolCall, path: str | None) -> str | None:
    """A path of a call, from its directory; None for what can be no path of a file."""
    if not path or "\0" in path:
        return None
    whole = os.path.normpath(os.path.join(call.cwd, path))
    return whole if os.path.isabs(whole) and encoded(whole) is not None else None


def replacement_of(
    arguments: Payload, old: str = "old_string", new: str = "new_string"
) -> TextReplacement | None:
    """What a tool that replaces text is told."""
    old_text = text_of(arguments, old)
    new_text = text_of(arguments, new)
    if old_text is None or new_text is None:
        return None
    everywhere = arguments.get("replace_all") is True or arguments.get("allow_multiple") is True
    return TextReplacement(old_text, new_text, everywhere)


def edit_by_replacement(call: ToolCall, replacement: TextReplacement | None) -> Iterator[Edit]:
    """What becomes of a file in which a text is replaced; an empty old text makes a file."""
    if replacement is None:
        return
    if not replacement.old:
        yield from new_file(call, replacement.new)
        return

    def forth(text: str) -> str | None:
        return replaced(text, replacement)

    def back(text: str) -> str | None:
        return replaced(text, replacement.undone())

    yield from edit_of(call, forth, back)


def edit_of(call: ToolCall, forth: Change, back: Change) -> Iterator[Edit]:
    """What a change makes of the file that a call names, or has made of it."""
    path = named_path(call)
    content = call.read(path) if path else None
    if path is None or content is None:
        return
    if not call.is_done:
        after = changed(content, forth)
        if after is not None:
            yield Edit(path, content, after)
        return
    # The program may have told what was there; else the way back is computed.
    original = text_of(call.response, "originalFile")
    before = changed(content, back) if original is None else encoded(original)
    if before is not None:
        yield Edit(path, before, content)


def changed(content: bytes, change: Change) -> bytes | None:
    """The bytes of a file after a change of its text, None where that cannot be computed."""
    text = decoded(content)
    result = None if text is None else change(text)
    return None if result is None else encoded(result)


def new_file(call: ToolCall, text: str | None) -> Iterator[Edit]:
    """A file that is made by a call; where there is something in it already, nothing is known."""
    path = named_path(call)
    content = call.read(path) if path else None
    if path is None or text is None:
        return
    if not call.is_done and not content:
        after = encoded(text)
        if after is not None:
            yield Edit(path, content, after)
    elif call.is_done and content is not None:
        yield Edit(path, None, content)


def written_file(call: ToolCall, text: str | None) -> Iterator[Edit]:
    """A file that is written as a whole."""
    path = named_path(call)
    if path is None or text is None:
        return
    content = call.read(path)
    if not call.is_done:
        after = encoded(text)
        if after is not None and (content is None or decoded(content) is not None):
            yield Edit(path, content, after)
        return
    if content is None or "originalFile" not in call.response:
        return
    original = text_of(call.response, "originalFile")
    yield Edit(path, None if original is None else encoded(original), content)


def deleted_file(call: ToolCall) -> Iterator[Edit]:
    """A file that is deleted. Afterwards nobody knows what was in it."""
    path = named_path(call)
    content = call.read(path) if path and not call.is_done else None
    if path is not None and content is not None:
        yield Edit(path, content, None)
