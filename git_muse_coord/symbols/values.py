"""The values that the symbol reader hands out: symbols, files and changes. No parsing here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from git_muse_coord.model.address import Address


@dataclass(frozen=True, slots=True)
class Symbol:
    """One thing in a file that can be named, with hashes that ignore formatting and comments.

    ``body`` is what the name stands for, ``direct`` the body without the symbols nested in it,
    ``head`` the signature, ``decoration`` decorators and attributes. ``text`` covers the very bytes
    of all but nested symbols; when it alone differs, only formatting or comments changed. An empty
    hash is an empty part.
    """

    address: Address
    kind: str
    start_line: int
    end_line: int
    start_byte: int
    end_byte: int
    signature: str
    body: str
    direct: str
    head: str
    decoration: str
    text: str
    body_start: int
    body_end: int

    @property
    def names(self) -> tuple[str, ...]:
        """The bare names of the definitions around it, from the outermost on, and its own."""
        return tuple(segment.name for segment in self.address.segments)

    @property
    def is_own(self) -> bool:
        """Whether this is what a file has besides its definitions; a Rust ``mod`` is a module by kind too."""
        segments = self.address.segments
        return len(segments) == 1 and segments[0].name == f"<{self.kind}>"

    @property
    def content(self) -> str:
        """The hash of the whole: decoration, signature and body."""
        return f"{self.decoration}.{self.head}.{self.body}"


@dataclass(frozen=True, slots=True)
class UnreadRegion:
    """A stretch of a file, in bytes, of which it is not known what it defines.

    ``content`` is a hash of its text without the symbols inside that could be read. ``opens`` are
    the names that seem to be defined in it; how far what they name goes on is not known.
    """

    start_byte: int
    end_byte: int
    content: str
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileSymbols:
    """The symbols of one version of one file, in the order in which they stand there.

    ``whole`` says why only the file itself can be named (``binary``, ``large``, ``generated``,
    ...); it is empty when the text was read. ``unread`` is what of the text could not be read, or
    only by leaving something out.
    """

    path: str
    language: str
    symbols: tuple[Symbol, ...]
    whole: str = ""
    unread: tuple[UnreadRegion, ...] = ()


class ChangeKind(StrEnum):
    """How a symbol differs between two versions, the strongest that applies."""

    ADDED = "added"
    DELETED = "deleted"
    MODIFIED = "modified"
    SIGNATURE = "signature"
    DECORATION = "decoration"
    RENAMED = "renamed"
    MOVED = "moved"
    FORMATTING = "formatting"


@dataclass(frozen=True, slots=True)
class Change:
    """One symbol that differs; ``from_address`` is where a renamed or moved one was before."""

    address: Address
    change: ChangeKind
    from_address: Address | None = None
