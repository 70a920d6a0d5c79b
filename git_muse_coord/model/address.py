"""Addresses: names of pieces of the tree, their grammar, normalisation and containment.

    address  = path | dir "/" | path "::" selector
    selector = "*" | segment *("." segment)
    segment  = (name | "`" quoted "`") [tail]

A tail tells equal names apart; ``tails`` says which there are, and which of them meet.

What an address finds in the source is the business of the symbol reader, not of this module.
"""

from __future__ import annotations

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.later import Later, re
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import cache
from git_muse_coord.model.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from git_muse_coord.model import tails
else:
    tails = Later("git_muse_coord.model.tails")  # what few addresses need

# Patterns stay text: the re module compiles them once, when they are needed, which most commands
# never do.
MAX_BYTES = 1024
_TOO_LONG = f"address is longer than {MAX_BYTES:,} bytes"
ROOT = "./"
"""The address of the whole repository, and the outermost directory of every path."""
MODULE = "<module>"
"""The segment for a file's text outside of any symbol."""
IMPORTS = "<imports>"
"""The segment for a file's imports."""

_KINDS = (".rs", ".swift", ".fs", ".fsx", ".scala", ".sc", ".sbt")
"""How the paths end in which a tail can be a word, as in ``P.impl``."""
CONTROL = r"[\x00-\x1f\x7f-\x9f]"


class Segment(NamedTuple):
    """One step inside a file: a name, and behind it the tail where equals must be told apart.

    The name itself never ends in what looks like a tail of types: ``f()`` is the name ``f``.
    """

    name: str
    tail: str = ""

    def covers(self, other: Segment) -> bool:
        """A bare name covers every definition of that name."""
        if self.name != other.name:
            return False
        return not self.tail or self.tail == other.tail

    def meets(self, other: Segment) -> bool:
        """Whether some definition has both names. Symmetric."""
        if self.name != other.name:
            return False
        return not self.tail or not other.tail or tails.tails_meet(self.tail, other.tail)

    def __str__(self) -> str:
        # Nearly all names are plain ones of code, which is known without an expression.
        if self.name.isidentifier():
            return self.name + self.tail
        return tails.write_step(self.name, self.tail)


Key = tuple[str, ...]
"""A path followed by bare names: where an address stands among its containers, tails left out."""


class Address(NamedTuple):
    """A normalised address. A directory's path ends in ``/``; no segments means the whole of the path."""

    path: str
    segments: tuple[Segment, ...] = ()

    def __str__(self) -> str:
        if not self.segments:
            return self.path
        steps: Iterable[str] = map(str, self.segments)
        if self.path.endswith(_KINDS):
            steps = tails.write_steps(self.segments, self.path)
        selector = ".".join(steps)
        return f"{self.path}::{selector}"

    @property
    def is_directory(self) -> bool:
        """Whether this names a directory with all that lies in it."""
        return self.path.endswith("/")

    @property
    def key(self) -> Key:
        """Where this address stands; addresses that differ only in tails share a key."""
        names = [segment.name for segment in self.segments]
        return (self.path, *names)

    @property
    def folded(self) -> Address:
        """The address with its path folded: equal for all spellings that may name one file."""
        path = fold(self.path)
        if path == self.path:
            return self
        return Address(path, self.segments)

    def covers(self, other: Address) -> bool:
        """Whether ``other`` is this address or lies inside it. A partial order, but for the spelling of paths."""
        # Mostly both are spelt alike, and folding is what takes time.
        if self.path != other.path:
            mine = fold(self.path)
            theirs = fold(other.path)
            if mine != theirs:
                if not self.is_directory:
                    return False
                return mine == ROOT or theirs.startswith(mine)
        if len(self.segments) > len(other.segments):
            return False
        for wider, narrower in zip(self.segments, other.segments, strict=False):
            if not wider.covers(narrower):
                return False
        return True

    def overlaps(self, other: Address) -> bool:
        """Whether something can lie in both. Symmetric.

        One of them covers the other, but for tails: a method of ``T`` can lie in the block ``T.impl``.
        """
        if self.path != other.path and fold(self.path) != fold(other.path):
            return self.covers(other) or other.covers(self)
        # As far as both go: what one of them has beyond lies inside the other.
        for mine, theirs in zip(self.segments, other.segments, strict=False):
            if not mine.meets(theirs):
                return False
        return True

    def is_around(self, other: Address) -> bool:
        """Whether an address that overlaps another is no narrower than that: at it, or a container."""
        containers = around(other.folded.key)
        return self.folded.key in containers


def around(key: Key) -> Iterator[Key]:
    """The keys of everything that could contain what stands at a key, outermost first, and the key itself."""
    yield from _homes(key[0])
    for length in range(1, len(key) + 1):
        yield key[:length]


def directories(path: str) -> list[str]:
    """The directories that contain a path, outermost first: ``./``, ``a/``, ``a/b/`` for ``a/b/c.py``."""
    if path == ROOT:
        return []
    *steps, _ = path.rstrip("/").split("/")
    containers = [ROOT]
    start = ""
    for step in steps:
        start += step + "/"
        containers.append(start)
    return containers


@cache
def _homes(path: str) -> tuple[Key, ...]:
    keys: list[Key] = []
    for directory in directories(path):
        keys.append((directory,))
    return tuple(keys)


def neighbourhood(addresses: Iterable[Address]) -> tuple[set[str], tuple[str, ...]]:
    """Where what overlaps some addresses can be: at one of these paths, or below one of these beginnings of paths.

    All of them are folded.
    """
    paths: set[str] = set()
    below: set[str] = set()
    for path in {fold(address.path) for address in addresses}:
        paths.add(path)
        paths.update(directories(path))
        if path == ROOT:
            below.add("")
        elif path.endswith("/"):
            below.add(path)
    return paths, tuple(below)


def parse(text: str, prefix: str = "") -> Address:
    """Read an address as a user writes it.

    ``prefix`` is the directory (relative to the repository, ``""`` or ending in ``/``) that a
    leading ``./`` or ``../`` refers to; any other path is relative to the repository.

    Raises BadInput when the text is empty, absolute, leaves the repository, holds control
    characters, is over 1,024 bytes or has a malformed selector.
    """
    check_text(text)
    typed_path, separator, selector = text.partition("::")
    path = _normalise_path(typed_path, prefix, text)
    if not separator:
        selector = "*"
    return select(path, selector, text)


def select(
    path: str,
    selector: str,
    text: str,
) -> Address:
    """The address of what a selector names in a normalised path; ``text`` is what was typed, for the complaint.

    Raises BadInput.
    """
    address = Address(path, _parse_selector(selector, path, text))
    if "::" in text and address.is_directory:
        raise BadInput(f"address {text!r} names a symbol in a directory", "write dir/file::Symbol")
    normal = str(address)
    if len(normal.encode("utf-8", "surrogateescape")) > MAX_BYTES:
        raise BadInput(f"{_TOO_LONG}: {normal[:60]!r}...")
    return address


def read_stored(text: str) -> Address:
    """Read an address out of a record, where only the normalised form is valid. Raises BadInput."""
    address = parse(text)
    if str(address) != text:
        raise BadInput(f"address {text!r} is not in its normal form")
    return address


def check_stored(text: str) -> None:
    """See that an address in a record is in its normal form. Raises BadInput as ``read_stored`` does."""
    if not _is_plain(text):
        read_stored(text)


def _is_plain(text: str) -> bool:
    """Whether an address is of the form that most have, and normal: told by what a string knows of itself.

    There are many thousands to check in a clone that has just come, and to read one takes ten times
    as long.
    """
    if not (text.isascii() and text.isprintable() and len(text) <= MAX_BYTES):
        return False
    path, separator, selector = text.partition("::")
    # hidden files, and steps that lead elsewhere, are for who reads with care
    if not path or path[0] in "./" or "/." in path or "//" in path:
        return False
    if not separator:
        return True
    if path[-1] == "/" or not selector.strip("."):
        return False
    if selector[0] == "." or selector[-1] == "." or ".." in selector:
        return False
    return not any(mark in selector for mark in "`~:*()<> ")


def is_exact(address: Address) -> bool:
    """Whether an address can be written so that it reads back as itself, unlike that of a file named ``a::b``."""
    text = str(address)
    try:
        return read_stored(text) == address
    except BadInput:
        return False


@cache
def revive_stored(text: str) -> Address:
    """Take an address that ``read`` accepted, or that was made of a file here, without checking it again."""
    path, separator, selector = text.partition("::")
    while separator:
        try:
            return Address(path, _parse_selector(selector, path, text))
        except BadInput:
            # these colons belong to a file named a::b, in which nobody can reserve but things change
            step, separator, selector = selector.partition("::")
            path = f"{path}::{step}"
    return Address(path)


def check_text(text: str) -> None:
    """Refuse what cannot be an address, however it is read. Raises BadInput."""
    if not text:
        raise BadInput("an address is empty", "name a file, a directory/ or a file::Symbol")
    # What can be printed holds none, and that is quickly told.
    if not text.isprintable() and (control := re.search(CONTROL, text)):
        raise BadInput(f"address {text[:60]!r} holds the control character {control.group()!r}")
    try:
        size = len(text.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        raise BadInput(f"address {text[:60]!r} is not valid Unicode") from None
    # The exact limit holds for the normal form, but nothing so long need be looked at at all.
    if size > 4 * MAX_BYTES:
        raise BadInput(f"{_TOO_LONG}: {text[:60]!r}...")


def _normalise_path(
    path: str,
    prefix: str,
    text: str,
) -> str:
    if not path:
        raise BadInput(f"address {text!r} has no path", "write file::Symbol")
    if path.startswith("/"):
        raise BadInput(
            f"address {text!r} is absolute", "write it relative to the root of the repository"
        )
    first, _, _ = path.partition("/")
    # Only these refer to where the user stands; any other path begins at the root.
    if first in (".", ".."):
        path = prefix + path
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            if not steps:
                raise BadInput(f"address {text!r} leaves the repository")
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    if not steps:
        return ROOT
    normal = "/".join(steps)
    _, _, last = path.rpartition("/")
    # What ends in one of these is a directory, whether it is there or not.
    if last in ("", ".", ".."):
        normal += "/"
    return normal


def _parse_selector(
    selector: str,
    path: str,
    text: str,
) -> tuple[Segment, ...]:
    if selector == "*":
        return ()
    names = selector.split(".")
    # Nearly all are plain names of code, which need no expression.
    if all(map(str.isidentifier, names)) and not path.endswith(_KINDS):
        return tuple(map(Segment, names))
    steps = tails.read_steps(selector, path)
    if steps is None:
        raise BadInput(
            f"address {text!r} has a malformed selector after '::'",
            "separate nested names by '.', quote a name that holds . : ` or a space: file::`a name`.f",
        )
    return tuple(map(Segment, *zip(*steps, strict=True)))
