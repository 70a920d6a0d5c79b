"""Which symbols differ between two versions of some files, and how.

A change belongs to the innermost symbol: a container is listed only when its own header or direct
text changed. Who was renamed into whom is the business of ``renames``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from types import MappingProxyType

from git_muse_coord.model.address import Address
from git_muse_coord.symbols import renames
from git_muse_coord.symbols.assemble import EMPTY
from git_muse_coord.symbols.order import out_of_order
from git_muse_coord.symbols.values import Change, ChangeKind, FileSymbols, Symbol

Names = tuple[str, ...]


def changes(
    before: Mapping[str, FileSymbols],
    after: Mapping[str, FileSymbols],
    *,
    read_before: renames.Reader | None = None,
    read_after: renames.Reader | None = None,
    identical: Mapping[str, str] = MappingProxyType({}),
) -> list[Change]:
    """The changes between two versions of the paths that differ, in the order of the files.

    A path that is in one mapping only was added or deleted. ``identical`` names for new paths the
    old ones whose very bytes they have. Without the readers only exact renames are seen.
    """
    comparison = _Comparison()
    taken = set(identical.values())
    paired = {
        **identical,
        **renames.moved_files(
            {path: file for path, file in before.items() if path not in taken},
            {path: file for path, file in after.items() if path not in identical},
        ),
    }
    origins = set(paired.values())
    for path in sorted(before.keys() | after.keys()):
        if path in before and path not in origins:
            comparison.files(before[path], after.get(path))
        elif path in after and path not in before and path not in paired:
            comparison.files(None, after[path])
    for path, origin in paired.items():
        comparison.moved(before[origin], after[path])
    for old, new in renames.exact(comparison.deleted, comparison.added):
        comparison.renamed(old, new)
    if read_before is not None and read_after is not None:
        for old, new in renames.similar(
            comparison.deleted, comparison.added, read_before, read_after
        ):
            comparison.renamed(old, new)
    return comparison.result()


def classify(old: Symbol, new: Symbol) -> ChangeKind | None:
    """How a symbol differs from what it was; None when it does not."""
    if old.head != new.head:
        return ChangeKind.SIGNATURE
    if old.direct != new.direct:
        return ChangeKind.MODIFIED
    if old.decoration != new.decoration:
        return ChangeKind.DECORATION
    return ChangeKind.FORMATTING if old.text != new.text else None


class _Comparison:
    """Collects changes; ``deleted`` and ``added`` hold what has no counterpart of its name yet."""

    def __init__(self) -> None:
        self.changes: list[tuple[tuple[str, int], Change]] = []
        self.deleted: dict[int, Symbol] = {}
        self.added: dict[int, Symbol] = {}
        self.pairs: list[tuple[Symbol, Symbol, ChangeKind]] = []
        self.renames: dict[tuple[str, Names], tuple[str, Names]] = {}

    def files(self, old: FileSymbols | None, new: FileSymbols | None) -> None:
        """Compare two versions of one path."""
        if old is not None and new is not None and bool(old.whole) != bool(new.whole):
            self._note(new.path, 0, Change(Address(new.path), ChangeKind.MODIFIED))
            return
        for file, kind in ((old, ChangeKind.DELETED), (new, ChangeKind.ADDED)):
            if file is not None and not file.symbols and (old is None or new is None):
                self._note(file.path, 0, Change(Address(file.path), kind))
        self._match(old.symbols if old else (), new.symbols if new else (), 0)
        if old is not None and new is not None:
            for symbol in out_of_order(old, new):
                self._note(new.path, symbol.start_byte, Change(symbol.address, ChangeKind.MODIFIED))

    def moved(self, old: FileSymbols, new: FileSymbols) -> None:
        """Compare a file with what it was under another path."""
        renamed = Change(Address(new.path), ChangeKind.RENAMED, Address(old.path))
        if bool(old.whole) != bool(new.whole):  # the new name says that it is read, or is not
            self._note(new.path, 0, renamed)
            return
        listed = len(self.changes)
        before, after = _by_names(old.symbols, 0), _by_names(new.symbols, 0)
        for names in {**before, **after}:
            for was, now in _pairs(before.get(names, []), after.get(names, [])):
                if was is None or now is None:
                    self._single(was, now)
                    continue
                kind = classify(was, now)
                if not names:
                    kind = ChangeKind.RENAMED
                elif kind is None and len(names) == 1 and not now.is_own:
                    kind = ChangeKind.MOVED
                if kind is not None:
                    self._note(new.path, now.start_byte, Change(now.address, kind, was.address))
        if len(self.changes) == listed:  # it holds nothing that could be listed instead
            self._note(new.path, 0, renamed)

    def renamed(self, old: Symbol, new: Symbol) -> None:
        """Take note of a rename, and compare what lies inside by the names inside."""
        del self.deleted[id(old)], self.added[id(new)]
        self.renames[_place(old)] = _place(new)
        same = old.address.segments[-1:] == new.address.segments[-1:] and bool(new.address.segments)
        kind = ChangeKind.MOVED if same else ChangeKind.RENAMED
        self.pairs.append((old, new, kind))
        inside_old = _inside(old, self.deleted, self._deleted_in[old.address.path])
        inside_new = _inside(new, self.added, self._added_in[new.address.path])
        if not inside_old and not inside_new:
            return
        before = _by_names(inside_old, len(old.address.segments))
        after = _by_names(inside_new, len(new.address.segments))
        for names, inside in before.items():
            for was, now in _pairs(inside, after.get(names, [])):
                if was is None or now is None:
                    continue
                del self.deleted[id(was)], self.added[id(now)]
                if (difference := classify(was, now)) is not None:
                    self._note(
                        now.address.path,
                        now.start_byte,
                        Change(now.address, difference, was.address),
                    )

    @cached_property
    def _deleted_in(self) -> dict[str, list[Symbol]]:
        """What was deleted when the first rename was found."""
        return _in_order(self.deleted.values())

    @cached_property
    def _added_in(self) -> dict[str, list[Symbol]]:
        return _in_order(self.added.values())

    def result(self) -> list[Change]:
        """All changes in order; what found no counterpart was added or deleted."""
        for old, new, kind in self.pairs:
            difference = classify(old, new) if self._is_implied(old, new) else kind
            if difference is not None:
                self._note(
                    new.address.path, new.start_byte, Change(new.address, difference, old.address)
                )
        for symbols, kind in ((self.deleted, ChangeKind.DELETED), (self.added, ChangeKind.ADDED)):
            for symbol in symbols.values():
                self._note(symbol.address.path, symbol.start_byte, Change(symbol.address, kind))
        return [change for _, change in sorted(self.changes, key=lambda each: each[0])]

    def _match(self, old: Iterable[Symbol], new: Iterable[Symbol], depth: int) -> None:
        before, after = _by_names(old, depth), _by_names(new, depth)
        for names in {**before, **after}:
            for was, now in _pairs(before.get(names, []), after.get(names, [])):
                if was is None or now is None:
                    self._single(was, now)
                elif (kind := classify(was, now)) is not None:
                    # of several of one name, a new signature makes a new address
                    origin = was.address if was.address != now.address else None
                    self._note(now.address.path, now.start_byte, Change(now.address, kind, origin))

    def _single(self, old: Symbol | None, new: Symbol | None) -> None:
        for symbol, pool in ((old, self.deleted), (new, self.added)):
            if symbol is not None and symbol.is_own and symbol.direct == EMPTY:
                self._note(symbol.address.path, 0, Change(symbol.address, ChangeKind.FORMATTING))
            elif symbol is not None:
                pool[id(symbol)] = symbol

    def _is_implied(self, old: Symbol, new: Symbol) -> bool:
        """Whether a symbol has only followed the one around it."""
        (path, names), target = _place(old), _place(new)
        for length in range(1, len(names)):
            container = self.renames.get((path, names[:length]))
            if container is not None and (container[0], container[1] + names[length:]) == target:
                return True
        return False

    def _note(self, path: str, position: int, change: Change) -> None:
        self.changes.append(((path, position), change))


def _by_names(symbols: Iterable[Symbol], depth: int) -> dict[Names, list[Symbol]]:
    """Symbols under their bare names, without the outermost ones."""
    result: dict[Names, list[Symbol]] = defaultdict(list)
    for symbol in symbols:
        result[tuple(segment.name for segment in symbol.address.segments[depth:])].append(symbol)
    return result


def _place(symbol: Symbol) -> tuple[str, Names]:
    return symbol.address.path, tuple(segment.name for segment in symbol.address.segments)


def _pairs(old: list[Symbol], new: list[Symbol]) -> list[tuple[Symbol | None, Symbol | None]]:
    """Pair symbols of one name: equals first, then by signature, by body, and at last by order."""
    pairs: list[tuple[Symbol | None, Symbol | None]] = []
    for same in _SAME:
        if len(old) == len(new) == 1:
            break
        waiting: dict[object, deque[Symbol]] = defaultdict(deque)
        for now in new:
            waiting[same(now)].append(now)
        left = []
        for was in old:
            if (key := same(was)) and (found := waiting.get(key)):
                pairs.append((was, found.popleft()))
            else:
                left.append(was)
        old, taken = left, {id(now) for _, now in pairs}
        new = [now for now in new if id(now) not in taken]
    return pairs + list(zip_longest(old, new))


_SAME: tuple[Callable[[Symbol], object], ...] = (
    lambda symbol: (symbol.content, symbol.text),
    lambda symbol: (symbol.head, symbol.decoration),
    lambda symbol: (symbol.head,),
    lambda symbol: symbol.body,
)


def _inside(
    container: Symbol, pool: Mapping[int, Symbol], ordered: Sequence[Symbol]
) -> list[Symbol]:
    """What is still in the pool and lies in a container, of the symbols of its file in the order of their places."""
    first = bisect_left(ordered, container.start_byte, key=_start)
    last = bisect_left(ordered, container.end_byte, lo=first, key=_start)
    return [
        symbol
        for symbol in ordered[first:last]
        if id(symbol) in pool
        and symbol.end_byte <= container.end_byte
        and len(symbol.address.segments) > len(container.address.segments)
    ]


def _start(symbol: Symbol) -> int:
    return symbol.start_byte


def _in_order(some: Iterable[Symbol]) -> dict[str, list[Symbol]]:
    """Symbols by their files, in the order of their places."""
    found: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in sorted(some, key=_start):
        found[symbol.address.path].append(symbol)
    return found
