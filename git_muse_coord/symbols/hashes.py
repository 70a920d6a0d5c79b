"""Hashes by which symbols are compared: of tokens, and of bytes."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from hashlib import blake2b
else:
    # As in model/light_hashes.py, which is without it because records do not need it.
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b

EMPTY = ""
"""The hash of no tokens."""


def digest(tokens: Sequence[bytes]) -> str:
    """The hash of some tokens; empty for none."""
    if not tokens:
        return EMPTY
    # Parted, so that ``ab c`` and ``a bc`` are told apart.
    return hash_bytes(b"\0".join(tokens))


def hash_bytes(data: bytes, size: int = 8) -> str:
    """A short hash: 64 bits, which 8 bytes have, tell the symbols of a repository apart."""
    return blake2b(data, digest_size=size).hexdigest()
