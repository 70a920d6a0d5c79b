"""One comparison of two versions, file by file: what has a counterpart of its name, and what is left for renames."""

from __future__ import annotations

from bisect import bisect_left

from git_muse_coord.model.address import Address
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property, defaultdict
from git_muse_coord.symbols.change import Change, ChangeKind
from git_muse_coord.symbols.hashes import EMPTY
from git_muse_coord.symbols.order import out_of_order
from git_muse_coord.symbols.pairing import pairs_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from git_muse_coord.symbols.pairing import Names
    from git_muse_coord.symbols.values import FileSymbols, Symbol

    _Place = tuple[str, Names]
    """The path and the bare names of a symbol."""
    _Position = tuple[str, int]
    """A path and a byte."""
    _PlacedChange = tuple[_Position, Change]


def classify(old: Symbol, new: Symbol) -> ChangeKind | None:
    """How a symbol differs from what it was; None when it does not."""
    if old.head != new.head:
        return ChangeKind.SIGNATURE
    if old.direct != new.direct:
        return ChangeKind.MODIFIED
    if old.decoration != new.decoration:
        return ChangeKind.DECORATION
    if old.text != new.text:
        return ChangeKind.FORMATTING
    return None


class Comparison:
    """Collects changes; ``deleted`` and ``added`` hold what has no counterpart of its name yet, by identity."""

    def __init__(self) -> None:
        self.deleted: dict[int, Symbol] = {}
        self.added: dict[int, Symbol] = {}
        self._changes: list[_PlacedChange] = []
        self._renamed: list[tuple[Symbol, Symbol, ChangeKind]] = []
        self._targets: dict[_Place, _Place] = {}
        """Where what was renamed is now."""

    def compare_versions(self, old: FileSymbols | None, new: FileSymbols | None) -> None:
        """Compare two versions of one path, of which at least one is there."""
        if old is None:
            if new is not None:
                self._note_empty(new, ChangeKind.ADDED)
                self._match((), new.symbols)
        elif new is None:
            self._note_empty(old, ChangeKind.DELETED)
            self._match(old.symbols, ())
        elif _is_read_otherwise(old, new):
            self._note_file(new, ChangeKind.MODIFIED)
        else:
            self._match(old.symbols, new.symbols)
            for symbol in out_of_order(old, new):
                self._note_symbol(symbol, ChangeKind.MODIFIED)

    def compare_moved(self, old: FileSymbols, new: FileSymbols) -> None:
        """Compare a file with what it was under another path."""
        origin = Address(old.path)
        if _is_read_otherwise(old, new):  # as the new name wants it
            self._note_file(new, ChangeKind.RENAMED, origin)
            return
        listed = len(self._changes)
        for was, now in pairs_by_name(old.symbols, new.symbols):
            if was is None or now is None:
                self._note_single(was, now)
                continue
            kind = _kind_in_moved_file(was, now)
            if kind is not None:
                self._note_symbol(now, kind, was.address)
        if len(self._changes) == listed:  # it holds nothing that could be listed instead
            self._note_file(new, ChangeKind.RENAMED, origin)

    def note_rename(self, old: Symbol, new: Symbol) -> None:
        """Take note of a rename, and compare what lies inside by the names inside."""
        del self.deleted[id(old)]
        del self.added[id(new)]
        self._targets[_place(old)] = _place(new)
        # of a file the name is its path, which differs
        keeps_name = new.names and old.steps[-1:] == new.steps[-1:]
        kind = ChangeKind.MOVED if keeps_name else ChangeKind.RENAMED
        self._renamed.append((old, new, kind))
        self._compare_inside(old, new)

    def result(self) -> list[Change]:
        """All changes in order; what found no counterpart was added or deleted."""
        for old, new, kind in self._renamed:
            difference: ChangeKind | None = kind
            # What only went along with its container is told by that one alone.
            if self._is_implied(old, new):
                difference = classify(old, new)
            if difference is not None:
                self._note_symbol(new, difference, old.address)
        for symbol in self.deleted.values():
            self._note_symbol(symbol, ChangeKind.DELETED)
        for symbol in self.added.values():
            self._note_symbol(symbol, ChangeKind.ADDED)
        # those of one place keep the order in which they were found
        self._changes.sort(key=_position)
        return [change for _, change in self._changes]

    def _match(self, old: Iterable[Symbol], new: Iterable[Symbol]) -> None:
        """Compare symbols of one path with those of the same names."""
        for was, now in pairs_by_name(old, new):
            if was is None or now is None:
                self._note_single(was, now)
                continue
            kind = classify(was, now)
            if kind is None:
                continue
            origin: Address | None = None
            # of several of one name, a new signature makes a new address
            if was.steps != now.steps:
                origin = was.address
            self._note_symbol(now, kind, origin)

    def _compare_inside(self, old: Symbol, new: Symbol) -> None:
        """Compare what lies in a renamed symbol; what has no counterpart there stays for other renames."""
        deleted_in_file = self._deleted_by_path[old.path]
        added_in_file = self._added_by_path[new.path]
        inside_old = _inside(old, self.deleted, deleted_in_file)
        inside_new = _inside(new, self.added, added_in_file)
        if not inside_old or not inside_new:
            return
        pairs = pairs_by_name(
            inside_old,
            inside_new,
            old_depth=len(old.names),
            new_depth=len(new.names),
        )
        for was, now in pairs:
            if was is None or now is None:
                continue
            del self.deleted[id(was)]
            del self.added[id(now)]
            difference = classify(was, now)
            if difference is not None:
                self._note_symbol(now, difference, was.address)

    @cached_property
    def _deleted_by_path(self) -> dict[str, list[Symbol]]:
        """What was deleted when the first rename was found: to sort anew for each would take too long."""
        return _in_order(self.deleted.values())

    @cached_property
    def _added_by_path(self) -> dict[str, list[Symbol]]:
        return _in_order(self.added.values())

    def _is_implied(self, old: Symbol, new: Symbol) -> bool:
        """Whether a symbol has only followed the one around it."""
        path, names = _place(old)
        for length in range(1, len(names)):
            container = names[:length]
            target = self._targets.get((path, container))
            if target is None:
                continue
            new_path, new_container = target
            inside = names[length:]
            followed = (new_path, new_container + inside)
            if followed == _place(new):
                return True
        return False

    def _note_single(self, old: Symbol | None, new: Symbol | None) -> None:
        """Keep what has no counterpart for the renames."""
        if old is not None:
            self._keep(old, self.deleted)
        if new is not None:
            self._keep(new, self.added)

    def _keep(self, symbol: Symbol, pool: dict[int, Symbol]) -> None:
        if symbol.is_own and symbol.direct == EMPTY:  # nothing but comments came or went
            change = Change(symbol.address, ChangeKind.FORMATTING)
            self._note(symbol.path, 0, change)
        else:
            pool[id(symbol)] = symbol

    def _note_empty(self, file: FileSymbols, kind: ChangeKind) -> None:
        """Name the file itself where it holds nothing that could be named."""
        if not file.symbols:
            self._note_file(file, kind)

    def _note_file(
        self,
        file: FileSymbols,
        kind: ChangeKind,
        origin: Address | None = None,
    ) -> None:
        change = Change(Address(file.path), kind, origin)
        self._note(file.path, 0, change)

    def _note_symbol(
        self,
        symbol: Symbol,
        kind: ChangeKind,
        origin: Address | None = None,
    ) -> None:
        change = Change(symbol.address, kind, origin)
        self._note(symbol.path, symbol.start_byte, change)

    def _note(
        self,
        path: str,
        position: int,
        change: Change,
    ) -> None:
        place = (path, position)
        self._changes.append((place, change))


def _is_read_otherwise(old: FileSymbols, new: FileSymbols) -> bool:
    """Whether only one of the versions was read inside, so that there is nothing to compare."""
    return bool(old.whole) != bool(new.whole)


def _kind_in_moved_file(old: Symbol, new: Symbol) -> ChangeKind | None:
    """How a symbol of a moved file changed: of what moved with the file, only the outermost is told."""
    depth = len(new.names)
    if depth == 0:
        return ChangeKind.RENAMED
    kind = classify(old, new)
    if kind is None and depth == 1 and not new.is_own:
        return ChangeKind.MOVED
    return kind


def _position(entry: _PlacedChange) -> _Position:
    position, _ = entry
    return position


def _place(symbol: Symbol) -> _Place:
    return symbol.path, symbol.names


def _inside(
    container: Symbol,
    pool: Mapping[int, Symbol],
    in_file: Sequence[Symbol],
) -> list[Symbol]:
    """What lies in a container and is still in the pool; the symbols of its file come in the order of their places."""
    first = bisect_left(in_file, container.start_byte, key=_start)
    behind = bisect_left(
        in_file,
        container.end_byte,
        lo=first,
        key=_start,
    )
    depth = len(container.names)
    inside: list[Symbol] = []
    for symbol in in_file[first:behind]:
        is_inside = symbol.end_byte <= container.end_byte
        if not is_inside or id(symbol) not in pool:
            continue
        # Beside it, in its bytes, may stand what has another name of the same definition.
        if len(symbol.names) > depth:
            inside.append(symbol)
    return inside


def _in_order(symbols: Iterable[Symbol]) -> dict[str, list[Symbol]]:
    """Symbols by their files, in the order of their places."""
    by_path: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in sorted(symbols, key=_start):
        path = symbol.path
        by_path[path].append(symbol)
    return by_path


def _start(symbol: Symbol) -> int:
    return symbol.start_byte
