"""Code that lies in a file of another sort, as who follows uses reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class CodePart(NamedTuple):
    """A piece of code. All pieces of a file see each other's names."""

    language: str
    text: bytes
    names: tuple[str, ...] = ()
    """Of the symbol in which it lies."""
    lines: Sequence[int] = ()
    """In which line of the file each of its lines stands; nothing where they are the same."""
