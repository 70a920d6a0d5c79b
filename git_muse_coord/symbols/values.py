"""The values that the symbol reader hands out: symbols and files. No parsing here."""

from __future__ import annotations

from git_muse_coord.model.address import Address, Segment
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from git_muse_coord.model.address import Key


Tags = tuple[str, ...]
"""A tail for each name of an address, empty for most; or none at all."""


class Symbol(NamedTuple):
    """One thing in a file that can be named, with hashes that ignore formatting and comments.

    ``body`` is what the name stands for, ``direct`` the body without the symbols nested in it,
    ``head`` the signature, ``decoration`` decorators and attributes. ``text`` covers the very bytes
    of all but nested symbols; when it alone differs, only formatting or comments changed. An empty
    hash is an empty part.

    ``names`` are those of the definitions around it, from the outermost on, and its own. ``tags``
    are the tails that stand behind them in its address, as many; or none. The first of several of a
    name has none, but answers to those in ``alias``, too.
    """

    path: str
    names: tuple[str, ...]
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
    tags: Tags = ()
    alias: Tags = ()

    # Made when it is asked for: of the thousands in a merge, few are ever spoken of.
    @property
    def address(self) -> Address:
        """Where it stands."""
        segments = map(Segment, self.names, self.tags) if self.tags else map(Segment, self.names)
        return Address(self.path, tuple(segments))

    @property
    def other_address(self) -> Address | None:
        """The address with its tail, of what has the plain name as the first of several."""
        if not self.alias:
            return None
        segments = map(Segment, self.names, self.alias)
        return Address(self.path, tuple(segments))

    def answers_to(self, place: Address) -> bool:
        """Whether this is, or lies in, what is called so."""
        other = self.other_address
        return place.covers(self.address) or (other is not None and place.covers(other))

    @property
    def key(self) -> Key:
        """Where it stands, without the tags."""
        return (self.path, *self.names)

    @property
    def steps(self) -> tuple[object, ...]:
        """What stands in its address behind the path, to be compared with that of others."""
        if not self.tags:
            return self.names
        steps: list[object] = []
        for name, tag in zip(self.names, self.tags, strict=True):
            steps.append((name, tag) if tag else name)
        return tuple(steps)

    @property
    def is_own(self) -> bool:
        """Whether this is what a file has besides its definitions; a Rust ``mod`` is a module by kind too."""
        return len(self.names) == 1 and self.names[0] == f"<{self.kind}>"

    @property
    def content(self) -> str:
        """The hash of the whole: decoration, signature and body."""
        return f"{self.decoration}.{self.head}.{self.body}"


class UnreadRegion(NamedTuple):
    """A stretch of a file, in bytes, of which it is not known what it defines.

    ``content`` is a hash of its text without the symbols inside that could be read. ``opens`` are
    the names that seem to be defined in it; how far what they name goes on is not known.
    """

    start_byte: int
    end_byte: int
    content: str
    opens: tuple[str, ...] = ()


class FileSymbols(NamedTuple):
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
