"""Which of the changed files could not be read fully, and what changes there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from git_muse_coord.model.address import MODULE, Address, Segment
from git_muse_coord.rules.unclear import Names, Near, Unclear

if TYPE_CHECKING:
    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.source.changed import Differences
    from git_muse_coord.symbols.values import Change, FileSymbols, UnreadRegion

_BY_MACRO = re.compile(r"[A-Z][A-Z0-9_]* ")
"""How the title of a block begins that a macro makes something of."""


def unclear(differences: Differences) -> Iterator[Unclear]:
    """The files of which something could not be read, or in which a macro gives a name."""
    changes: dict[str, list[Change]] = defaultdict(list)
    for change in differences.changes:
        if change.change != "formatting":
            changes[change.address.path].append(change)
    sides = (differences.before, differences.after)
    for path in sorted(differences.before.keys() | differences.after.keys()):
        versions = [side[path] for side in sides if path in side]
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
        sentences.append(f"{path} could not be read fully: {len(ids):,} {noun} in it may be met")
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
        self.changes = changes
        self.has_unread = any(version.unread for version in versions)
        self.made = [change.address for change in changes if _is_made(change.address)]

    def unclear(self) -> Unclear:
        """What may have been touched without a name."""
        near = [change.address for change in self.changes] if self.has_unread else self.made
        return Unclear(
            self.path,
            frozenset(self._known()),
            list(dict.fromkeys(self._touched())),
            [Near(address, self._opened_above(address)) for address in near],
        )

    def _known(self) -> Iterator[Names]:
        """The names of all symbols, and of what they are in."""
        for version in self.versions:
            for symbol in version.symbols:
                names = tuple(segment.name for segment in symbol.address.segments)
                for length in range(1, len(names) + 1):
                    yield names[:length]

    def _touched(self) -> Iterator[Address]:
        """The symbols around what could not be read and is not the same in both versions, the newer version first."""
        differing = self._differing()
        for version in reversed(self.versions):
            for region in version.unread:
                if differing[region.content]:
                    yield _around(version, region)

    def _differing(self) -> Counter[str]:
        """The unreadable texts that one version has more often than the other."""
        counts = [_texts(version) for version in self.versions]
        if len(counts) == 1:
            return counts[0]
        older, newer = counts
        # Counted, because the same line may well stand in a file ten times.
        return (older - newer) + (newer - older)

    def _opened_above(self, address: Address) -> frozenset[str]:
        """What seems to be defined in unreadable text before a symbol; the text of the module may be anywhere."""
        version = self.versions[-1]
        start = version.symbols[-1].end_byte if version.symbols else 0
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
    return Counter(region.content for region in version.unread)


def _around(version: FileSymbols, region: UnreadRegion) -> Address:
    """The innermost symbol that is no smaller; else the text of the module."""
    innermost = Address(version.path, (Segment(MODULE),))
    for symbol in version.symbols:
        begins_before = symbol.start_byte <= region.start_byte
        ends_behind = region.end_byte <= symbol.end_byte
        if begins_before and ends_behind and not symbol.is_own:
            innermost = (
                symbol.address
            )  # symbols stand in the order of their starts: the last is the innermost
    return innermost


def _is_made(address: Address) -> bool:
    """Whether a macro makes something of this, whose true name is the macro's business."""
    return bool(address.segments) and _BY_MACRO.match(address.segments[-1].name) is not None
