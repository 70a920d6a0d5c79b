"""The kinds of things that are read from files and remembered by their contents: how, and in which version.

A kind is defined where its reader is; the symbols, which every command needs, are here.
"""

from __future__ import annotations

from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING, Generic, TypeVar
from git_muse_coord.symbols.codec import decode_symbols, encode_symbols
from git_muse_coord.symbols.extract import VERSION, extract, whole_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_muse_coord.symbols.values import FileSymbols

T = TypeVar("T")

FileId = tuple[str, str]
"""A path, which tells the language, and the object id of what stands there."""

UNCERTAIN = ("costly", "failed")
"""Why a file was not read inside, where the next attempt may do better: the machine had much to do, say."""


class ReadingKind(Declared, Generic[T]):
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


SYMBOLS = ReadingKind(
    name="symbols",
    version=VERSION,
    read=extract,
    failed=_failed,
    encode=encode_symbols,
    decode=decode_symbols,
)
"""How symbols are read and remembered."""
