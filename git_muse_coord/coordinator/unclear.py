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


def unclear(found: Differences) -> Iterator[Unclear]:
    """The files of which something could not be read, or in which a macro gives a name."""
    changes: dict[str, list[Change]] = defaultdict(list)
    for change in found.changes:
        if change.change != "formatting":
            changes[change.address.path].append(change)
    for path in sorted(found.before.keys() | found.after.keys()):
        versions = [version[path] for version in (found.before, found.after) if path in version]
        file = _File(path, versions, changes[path])
        if file.unread or file.made:
            yield file.unclear()


def unclear_files(details: Sequence[ConflictDetail]) -> list[str]:
    """One sentence for each file in which reservations may be met."""
    met: dict[str, set[str]] = defaultdict(set)
    for one in details:
        if not one.certain:
            met[one.address.partition("::")[0]].add(one.reservation_id)
    return [
        f"{path} could not be read fully: {len(ids):,} reservation{'s' * (len(ids) > 1)} in it may be met"
        for path, ids in met.items()
    ]


class _File:
    """The versions of one file, older first, and what changes between them."""

    def __init__(
        self, path: str, versions: Sequence[FileSymbols], changes: Sequence[Change]
    ) -> None:
        self.path = path
        self.versions = versions
        self.changes = changes
        self.unread = any(version.unread for version in versions)
        self.made = [change.address for change in changes if _is_made(change.address)]

    def unclear(self) -> Unclear:
        """What may have been touched without a name."""
        near = [change.address for change in self.changes] if self.unread else self.made
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
                yield from (names[:length] for length in range(1, len(names) + 1))

    def _touched(self) -> Iterator[Address]:
        """The symbols around what could not be read and is not the same in both versions, the newer version first."""
        counts = [Counter(each.content for each in version.unread) for version in self.versions]
        differing = (
            (counts[0] - counts[-1]) + (counts[-1] - counts[0]) if len(counts) > 1 else counts[0]
        )
        for version in reversed(self.versions):
            for each in version.unread:
                if differing[each.content]:
                    yield _around(version, each)

    def _opened_above(self, address: Address) -> frozenset[str]:
        """What seems to be defined in unreadable text before a symbol; the text of the module may be anywhere."""
        version = self.versions[-1]
        starts = {
            symbol.address: symbol.start_byte for symbol in version.symbols if not symbol.is_own
        }
        start = starts.get(address, version.symbols[-1].end_byte if version.symbols else 0)
        return frozenset(
            name for each in version.unread if each.start_byte <= start for name in each.opens
        )


def _around(version: FileSymbols, unread: UnreadRegion) -> Address:
    """The innermost symbol that is no smaller; else the text of the module."""
    inside = [
        symbol
        for symbol in version.symbols
        if not symbol.is_own
        and symbol.start_byte <= unread.start_byte
        and unread.end_byte <= symbol.end_byte
    ]
    return inside[-1].address if inside else Address(version.path, (Segment(MODULE),))


def _is_made(address: Address) -> bool:
    """Whether a macro makes something of this, whose true name is the macro's business."""
    return bool(address.segments) and _BY_MACRO.match(address.segments[-1].name) is not None
