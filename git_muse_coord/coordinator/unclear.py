"""Which of the changed files could not be read fully, and what changes there."""

from __future__ import annotations

from git_muse_coord.model.address import MODULE, Address, Segment
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.unclear import Near, Unclear

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.rules.unclear import Names
    from git_muse_coord.source.changed import Differences
    from git_muse_coord.symbols.change import Change
    from git_muse_coord.symbols.values import FileSymbols, UnreadRegion

_IN_MACROS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
"""How the title of a block begins that a macro makes something of."""


def unclear(differences: Differences) -> Iterator[Unclear]:
    """The files of which something could not be read, or in which a macro gives a name."""
    changes: dict[str, list[Change]] = defaultdict(list)
    for change in differences.changes:
        if not change.is_formatting:
            path = change.address.path
            changes[path].append(change)
    before = differences.before
    after = differences.after
    for path in sorted(before.keys() | after.keys()):
        versions: list[FileSymbols] = []
        for side in (before, after):
            if path in side:
                versions.append(side[path])
        file = _File(path, versions, changes[path])
        # Of all others the changes say everything.
        if file.has_unread or file.made:
            yield file.unclear()


def unclear_files(details: Sequence[ConflictDetail]) -> list[str]:
    """One sentence for each file in which reservations may be met."""
    ids_by_path: dict[str, set[str]] = defaultdict(set)
    for detail in details:
        if not detail.certain:
            path = detail.address.partition("::")[0]
            ids_by_path[path].add(detail.reservation_id)
    sentences: list[str] = []
    for path, ids in ids_by_path.items():
        noun = "reservation" if len(ids) == 1 else "reservations"
        sentence = f"{path} could not be read fully: {len(ids):,} {noun} in it may be met"
        sentences.append(sentence)
    return sentences


class _File:
    """The versions of one file, older first, and what changes between them."""

    def __init__(
        self,
        path: str,
        versions: Sequence[FileSymbols],
        changes: Sequence[Change],
    ) -> None:
        self.path = path
        self.versions = versions
        self.has_unread = any(version.unread for version in versions)
        self.changed: list[Address] = []
        self.made: list[Address] = []
        for change in changes:
            self.changed.append(change.address)
            if _is_made(change.address):
                self.made.append(change.address)

    def unclear(self) -> Unclear:
        """What may have been touched without a name."""
        # Where all was read only a name that a macro makes may be another one than it seems.
        doubtful = self.changed if self.has_unread else self.made
        near: list[Near] = []
        for address in doubtful:
            opened = self._opened_above(address)
            near.append(Near(address, opened))
        unread = dict.fromkeys(self._touched())
        known = frozenset(self._known())
        return Unclear(self.path, known, list(unread), near)

    def _known(self) -> Iterator[Names]:
        """The names of all symbols, and of what they are in."""
        for version in self.versions:
            for symbol in version.symbols:
                names: Names = ()
                for name in symbol.names:
                    names = (*names, name)
                    yield names

    def _touched(self) -> Iterator[Address]:
        """The symbols around what could not be read and is not the same in both versions, the newer version first."""
        if not self.has_unread:
            return
        differing = self._differing()
        newest_first = reversed(self.versions)
        for version in newest_first:
            for region in version.unread:
                # A counter says 0 of what it does not know.
                if differing[region.content]:
                    yield _around(version, region)

    def _differing(self) -> Counter[str]:
        """The unreadable texts that one version has more often than the other."""
        counts = [_texts(version) for version in self.versions]
        if len(counts) == 1:
            return counts[0]
        older, newer = counts
        # Counted, because the same line may well stand in a file ten times.
        gone = older - newer
        come = newer - older
        return gone + come

    def _opened_above(self, address: Address) -> frozenset[str]:
        """What seems to be defined in unreadable text before a symbol; the text of the module may be anywhere."""
        version = self.versions[-1]
        start = 0
        if version.symbols:
            start = version.symbols[-1].end_byte
        for symbol in version.symbols:
            # A symbol of the module's own text has no place of its own.
            if symbol.address == address and not symbol.is_own:
                start = symbol.start_byte
        names: set[str] = set()
        for region in version.unread:
            if region.start_byte <= start:
                names.update(region.opens)
        return frozenset(names)


def _texts(version: FileSymbols) -> Counter[str]:
    # Few files have such texts, and a commit waits for what is loaded.
    from collections import Counter

    contents = [region.content for region in version.unread]
    return Counter(contents)


def _around(version: FileSymbols, region: UnreadRegion) -> Address:
    """The innermost symbol that is no smaller; else the text of the module."""
    module = Segment(MODULE)
    innermost = Address(version.path, (module,))
    for symbol in version.symbols:
        begins_before = symbol.start_byte <= region.start_byte
        ends_behind = region.end_byte <= symbol.end_byte
        if begins_before and ends_behind and not symbol.is_own:
            # Symbols stand in the order of their starts: the last is the innermost.
            innermost = symbol.address
    return innermost


def _is_made(address: Address) -> bool:
    """Whether a macro makes something of this, whose true name is the macro's business."""
    if not address.segments:
        return False
    name = address.segments[-1].name
    # Such as TEST in "TEST adds".
    macro, blank, _ = name.partition(" ")
    is_macro = macro[:1].isalpha() and _IN_MACROS.issuperset(macro)
    return bool(blank) and is_macro
