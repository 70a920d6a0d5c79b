"""How many symbols a file has, from the cache of symbols, without making a value of each."""

from __future__ import annotations

from typing import NamedTuple

from git_muse_coord.symbols.codec import count_stored
from git_muse_coord.symbols.extract import VERSION
from git_muse_coord.symbols.kinds import ReadingKind


class Counted(NamedTuple):
    """A file, its language (empty for none), and how many symbols it has."""

    path: str
    language: str
    symbols: int


def _decode(path: str, value: bytes) -> Counted:
    language, symbols = count_stored(value)
    return Counted(path, language, symbols)


def _never(path: str, _data: bytes) -> Counted:
    raise NotImplementedError(path)


def _never_encoded(counted: Counted) -> bytes:
    raise NotImplementedError(counted.path)


COUNTS = ReadingKind(
    name="symbols",
    version=VERSION,
    read=_never,
    failed=_never,
    encode=_never_encoded,
    decode=_decode,
)
"""The symbols of the cache, counted; they are never stored as such."""
