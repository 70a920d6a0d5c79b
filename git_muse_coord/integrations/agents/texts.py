"""Texts of files, as the programs that edit them read and write them. Pure."""

from __future__ import annotations

from git_muse_coord.model.light import NamedTuple

LARGEST_TEXT = 4 * 1024 * 1024
"""Bytes of a file that is looked at before an edit."""


class FileText(NamedTuple):
    """The text of a file with plain line ends, and whether it had those of Windows."""

    text: str
    is_crlf: bool


def decoded(content: bytes) -> str | None:
    """The text of a file, None where it is binary or too large; what is no UTF-8 survives both ways."""
    if len(content) > LARGEST_TEXT:
        return None
    # As git tells what is binary.
    if b"\0" in content:
        return None
    return content.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes | None:
    """The bytes of a text, None where no file can hold it: it is too large, or half a surrogate pair is in it."""
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return None
    if len(content) > LARGEST_TEXT:
        return None
    return content


def is_path_text(text: str) -> bool:
    """Whether a file can be called so: half a surrogate pair can come out of JSON, but not into a name."""
    return "\0" not in text and encoded(text) is not None


def with_plain_ends(text: str) -> FileText:
    """A text as the programs look for things in it."""
    windows = text.count("\r\n")
    plain = text.count("\n") - windows
    return FileText(text.replace("\r\n", "\n"), windows > plain)


def with_own_ends(text: str, is_crlf: bool) -> str:
    """A text with plain line ends as it is written back."""
    if not is_crlf:
        return text
    return text.replace("\n", "\r\n")


def as_in(content: bytes, text: str) -> bytes | None:
    """The bytes of a text with the line ends of a file: programs tell texts with plain ones."""
    text_of_file = decoded(content)
    if text_of_file is None:
        return None
    plain = text.replace("\r\n", "\n")
    file_text = with_plain_ends(text_of_file)
    ended = with_own_ends(plain, file_text.is_crlf)
    return encoded(ended)
