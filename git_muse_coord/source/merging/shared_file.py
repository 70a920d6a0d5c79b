"""A file that both sides of a merge touched: what each did in it, what git leaves in conflict, what was done alike.

Who learns from the merges of a project counts by it, and so does who measures what is learnt.
"""

from __future__ import annotations

from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)

from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.rules.merge_record import FileMerge
from git_muse_coord.source.by_path import symbol_text
from git_muse_coord.source.touches import touches
from git_muse_coord.store.git.hunks import Hunk
from git_muse_coord.store.git.merge_answers import ConflictedFile, Merged
from git_muse_coord.store.git.sides import Edited
from git_muse_coord.symbols.changes import changes
from git_muse_coord.symbols.lines import at_lines
from git_muse_coord.symbols.values import FileSymbols, Symbol

if TYPE_CHECKING:
    from git_muse_coord.symbols.renames import Reader

HunksOfFiles = Mapping[int, tuple[Hunk, ...]]
"""The lines that conflict, by the identity of the conflict; none where the file does so as a whole."""


EditedByBoth = tuple[Edited, Edited]
"""What ours did to a file, and what theirs did to it."""
BytesOf = Callable[[str], bytes | None]
"""What gives the bytes of a version by its object id; None where it has none."""


class SharedFile:
    """A file that both sides touched, under the name that it had when they parted.

    ``base``, ``ours`` and ``theirs`` are its symbols then and on each side. With ``text``, which
    gives the bytes of a version, renames of what was edited as well are seen, too.
    """

    def __init__(
        self,
        pair: EditedByBoth,
        base: FileSymbols | None,
        ours: FileSymbols | None,
        theirs: FileSymbols | None,
        text: BytesOf | None = None,
    ) -> None:
        our_edit, their_edit = pair
        self._base = base
        self._ours = _FileOnSide(our_edit, base, ours, text)
        self._theirs = _FileOnSide(their_edit, base, theirs, text)

    def merge(self, conflicts: Sequence[ConflictedFile], hunks: HunksOfFiles) -> FileMerge:
        """What is counted of it."""
        ours = self._ours.touched()
        theirs = self._theirs.touched()
        alike = self._alike(ours, theirs)
        return FileMerge(
            path=self._ours.path,
            ours=tuple(ours),
            theirs=tuple(theirs),
            conflicts=bool(conflicts),
            hit=self._hit(conflicts, hunks),
            alike=frozenset(alike),
        )

    def renames(self) -> Iterator[tuple[Address, Address]]:
        """The symbols that a side gave another name."""
        for change in [*self._ours.changes, *self._theirs.changes]:
            if change.from_address is not None:
                yield change.from_address, change.address

    def _hit(
        self,
        conflicts: Sequence[ConflictedFile],
        hunks: HunksOfFiles,
    ) -> frozenset[Key] | None:
        """The symbols in the lines that conflict; None where the file does so as a whole."""
        keys: set[Key] = set()
        versions = [self._base, self._ours.symbols, self._theirs.symbols]
        for conflict in conflicts:
            hunks_of_file = hunks[id(conflict)]
            if not hunks_of_file:
                return None
            # A symbol may stand in the lines of one version alone.
            lines_of_versions = zip(*hunks_of_file, strict=True)
            for version, lines in zip(versions, lines_of_versions, strict=True):
                if version is None:
                    continue
                for symbol in at_lines(version, lines):
                    keys.add(symbol.key)
        return frozenset(keys)

    def _alike(self, ours: Iterable[Touch], theirs: Iterable[Touch]) -> Iterator[Key]:
        """What both sides changed in the same way, to the same text."""
        our_texts = _texts(self._ours.symbols)
        their_texts = _texts(self._theirs.symbols)
        their_work = set(map(_work, theirs))
        for touch in ours:
            if touch.verb == "rename" or _work(touch) not in their_work:
                continue
            key = touch.address.key
            our_text = our_texts.get(key)
            their_text = their_texts.get(key)
            if our_text == their_text:
                yield key


class _FileOnSide:
    """What one side made of the file. It may have renamed it, but is compared under the name of before."""

    def __init__(
        self,
        edited: Edited,
        base: FileSymbols | None,
        symbols: FileSymbols | None,
        text: BytesOf | None,
    ) -> None:
        self.path = edited.name
        self.symbols = _under(self.path, symbols)
        self._edited = edited
        self._before = _by_path(base)
        self._after = _by_path(self.symbols)
        self.changes = changes(
            self._before,
            self._after,
            read_before=_reader(text, edited.old_oid),
            read_after=_reader(text, edited.new_oid),
        )

    def touched(self) -> list[Touch]:
        """What the side touched in it, and of the file as such."""
        before = self._before.values()
        after = self._after.values()
        # As the forecast sees announced work, so that both are counted alike.
        touched = touches(self.changes, before, after)
        edited = self._edited
        if edited.old != edited.new:
            whole_file = Address(self.path)
            verb = _verb(edited)
            touched.append(Touch(whole_file, "", verb))
        return touched


def conflicts_in(pair: EditedByBoth, merged: Merged) -> list[ConflictedFile]:
    """What git leaves in conflict in a file, under whatever name it has."""
    names: set[str | None] = set()
    for edited in pair:
        names.add(edited.old)
        names.add(edited.new)
    return [conflict for conflict in merged.conflicts if conflict.path in names]


def _work(touch: Touch) -> tuple[Key, str]:
    """What is done in a touch, and where."""
    return touch.address.key, touch.verb


def _verb(edited: Edited) -> str:
    """What a side did to a file as such, whose name before is not that of now."""
    if edited.old is None:
        return "add"
    if edited.new is None:
        return "delete"
    return "rename"


def _reader(text: BytesOf | None, oid: str) -> Reader | None:
    """What gives the one text of a version, whatever path is asked for."""
    if text is None:
        return None

    def read(paths: Sequence[str]) -> list[bytes | None]:
        return [text(oid)] * len(paths)

    return read


def _under(path: str, file: FileSymbols | None) -> FileSymbols | None:
    """The same symbols under another path."""
    if file is None or file.path == path:
        return file
    moved: list[Symbol] = []
    for symbol in file.symbols:
        moved.append(symbol._replace(path=path))
    return file._replace(path=path, symbols=tuple(moved))


def _by_path(file: FileSymbols | None) -> dict[str, FileSymbols]:
    if file is None:
        return {}
    return {file.path: file}


def _texts(file: FileSymbols | None) -> dict[Key, object]:
    """What tells the text of each symbol, and of the file as a whole."""
    if file is None:
        return {}
    texts: dict[Key, object] = {}
    for symbol in file.symbols:
        texts[symbol.key] = symbol_text(symbol)
    # The file as such is alike where everything in it is.
    whole: Key = (file.path,)
    return {whole: tuple(texts.items()), **texts}
