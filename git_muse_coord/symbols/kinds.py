"""The kinds of things that are read from files and remembered by their contents: how, and in which version.

A kind is defined where its reader is; the symbols, which every command needs, are here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from git_muse_coord.symbols.codec import decode_symbols, encode_symbols
from git_muse_coord.symbols.extract import VERSION, extract, whole_file
from git_muse_coord.symbols.values import FileSymbols

T = TypeVar("T")

FileId = tuple[str, str]
"""A path, which tells the language, and the object id of what stands there."""


@dataclass(frozen=True, slots=True)
class ReadingKind(Generic[T]):
    """One kind. The functions are of a module, so that other processes find them."""

    name: str
    """The table of the cache."""
    version: int
    read: Callable[[str, bytes], T]
    failed: Callable[[str, bytes], T]
    """What is taken where the reading process died."""
    encode: Callable[[T], bytes]
    decode: Callable[[str, bytes], T]
    """Raises ValueError, TypeError or IndexError on bytes that are not of this kind."""
    max_size: int = 256 << 20


def _failed(path: str, data: bytes) -> FileSymbols:
    return whole_file(path, data, "failed")


SYMBOLS = ReadingKind("symbols", VERSION, extract, _failed, encode_symbols, decode_symbols)
"""How symbols are read and remembered."""
