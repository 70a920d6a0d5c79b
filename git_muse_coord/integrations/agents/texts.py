"""Texts of files, as the programs that edit them read and write them. Pure."""

from __future__ import annotations

from typing import NamedTuple

LARGEST_TEXT = 4 * 1024 * 1024
"""Bytes of a file that is looked at before an edit."""


class FileText(NamedTuple):
    """The text of a file with plain line ends, and whether it had those of Windows."""

    text: str
    is_crlf: bool


def decoded(content: bytes) -> str | None:
    """The text of a file, None where it is binary or too large; bytes that are no UTF-8 survive both ways."""
    if len(content) > LARGEST_TEXT or b"\0" in content:
        return None
    return content.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes | None:
    """The bytes of a text, None where it holds what no file can (half a surrogate pair out of JSON)."""
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return None
    return content if len(content) <= LARGEST_TEXT else None


def with_plain_ends(text: str) -> FileText:
    """A text as the programs look for things in it."""
    windows = text.count("\r\n")
    is_crlf = windows > text.count("\n") - windows
    return FileText(text.replace("\r\n", "\n"), is_crlf)


def with_own_ends(text: FileText) -> str:
    """A text as it is written back."""
    return text.text.replace("\n", "\r\n") if text.is_crlf else text.text
