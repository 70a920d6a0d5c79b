"""What a merge will ask for, symbol by symbol: which kind of conflict, and whether git reports it.

Pure: what each side did, where git conflicts and which callers break is given. What to do about a
symbol is the business of ``merge_advice``.
"""

from __future__ import annotations

from collections.abc import (
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from types import MappingProxyType

from git_muse_coord.model.address import Address, Key, Segment
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.merge_advice import advice
from git_muse_coord.rules.merged_symbol import (
    BREAKS,
    MOVES,
    Break,
    ConflictType,
    MergedSymbol,
    SideEdit,
    Site,
)

SideEdits = Mapping[Key, SideEdit]
"""What a side did, by the place that a symbol had at the base, or has where it is new."""


class Clash(NamedTuple):
    """Lines in which git conflicts, and the symbols in them; no symbols where the file as a whole conflicts."""

    path: str
    places: tuple[Address, ...]


class Item(NamedTuple):
    """A symbol that at least one side changed, or that a side uses anew.

    ``disjoint``: git conflicts there, but in those lines the sides changed different symbols.
    """

    address: Address
    conflict_type: ConflictType
    ours: str | None
    theirs: str | None
    git_conflict: bool
    disjoint: bool
    recommendation: str
    sites: tuple[Site, ...] = ()

    @property
    def is_conflict(self) -> bool:
        """Whether somebody has to look at it."""
        return self.conflict_type is not ConflictType.NONE

    @property
    def silent(self) -> bool:
        """Git merges cleanly, but a caller breaks, or what comes out does: nobody else would tell."""
        return self.conflict_type in BREAKS and not self.git_conflict

    @property
    def rank(self) -> int:
        """How much it needs somebody's eye: 0 most, 5 not at all."""
        if self.silent:
            return 0
        if self.is_conflict and self.git_conflict:
            return 1
        if self.is_conflict:
            return 2
        if self.disjoint:
            return 3
        if self.git_conflict:
            return 4
        return 5


def plan_merge_items(
    ours: SideEdits,
    theirs: SideEdits,
    *,
    alike: Collection[Key] = (),
    clashes: Iterable[Clash] = (),
    sites: Mapping[Key, Sequence[Site]],
    findings: Mapping[Key, Break] = MappingProxyType({}),
) -> list[Item]:
    """Every symbol that a side changed, worst first.

    ``ours`` and ``theirs`` are by the place that a symbol had at the base, or has where it is new;
    ``alike`` are those that both changed to the same; ``sites`` are the uses that break, by the
    symbol that is used; ``findings`` what else breaks, by the symbol at the base, or where it is
    new.
    """
    symbols: list[MergedSymbol] = []
    keys = dict.fromkeys((*ours, *theirs, *sites, *findings))
    for key in keys:
        our_edit = _edit(ours, key, theirs)
        their_edit = _edit(theirs, key, ours)
        finding = findings.get(key)
        if finding is not None:
            # What stands twice may have come to this place from another one.
            our_edit = our_edit or _arrived(ours, key)
            their_edit = their_edit or _arrived(theirs, key)
        uses = tuple(sites.get(key, ()))
        is_alike = key in alike
        symbol = MergedSymbol(
            key,
            our_edit,
            their_edit,
            is_alike,
            uses,
            finding,
        )
        symbols.append(symbol)
    _mark_conflicts(symbols, clashes)
    # Only now: what an item says depends on where git conflicts.
    items = [_item(symbol) for symbol in symbols]
    items.sort(key=_worst_first)
    return items


def _worst_first(item: Item) -> tuple[int, str]:
    return item.rank, str(item.address)


def _item(symbol: MergedSymbol) -> Item:
    ours, theirs = symbol.edits
    is_agreed = symbol.conflict_type is ConflictType.NONE
    path, *names = symbol.key
    segments = map(Segment, names)
    return Item(
        address=Address(path, tuple(segments)),
        conflict_type=symbol.conflict_type,
        ours=_change(ours),
        theirs=_change(theirs),
        git_conflict=symbol.git_conflict,
        disjoint=symbol.git_conflict and is_agreed and not symbol.is_beside,
        recommendation=advice(symbol),
        sites=symbol.sites,
    )


def _change(edit: SideEdit | None) -> str | None:
    if edit is None:
        return None
    return edit.change


def _edit(
    own: SideEdits,
    key: Key,
    others: SideEdits,
) -> SideEdit | None:
    """What a side did to a symbol; what it did to the container of one that the other side changed, counts for it."""
    if key in own or key not in others:
        return own.get(key)
    for length in range(len(key) - 1, 0, -1):
        container = key[:length]
        around = own.get(container)
        if around is None or around.change not in MOVES:
            continue
        opposite = others.get(container)
        # Where both sides gave the container the same place, neither leaves the other behind.
        if opposite is not None and opposite.address == around.address:
            return None
        return around
    return None


def _arrived(own: SideEdits, key: Key) -> SideEdit | None:
    """What a side did to a symbol that came to a place from another one."""
    for edit in own.values():
        address = edit.address
        if address is not None and address.key == key:
            return edit
    return None


def _mark_conflicts(symbols: Collection[MergedSymbol], clashes: Iterable[Clash]) -> None:
    """Take note of where git conflicts."""
    by_place: dict[Key, list[MergedSymbol]] = defaultdict(list)
    by_path: dict[str, list[MergedSymbol]] = defaultdict(list)
    for symbol in symbols:
        paths: set[str] = set()
        for place in set(symbol.places):
            by_place[place].append(symbol)
            paths.add(place[0])
        for path in paths:
            by_path[path].append(symbol)
    for clash in clashes:
        if clash.places:
            struck: list[MergedSymbol] = []
            for address in clash.places:
                struck += by_place.get(address.key, ())
        else:
            # A file as a whole: those that both sides changed, or, where there is none, all.
            inside = by_path.get(clash.path, [])
            changed_by_both = [symbol for symbol in inside if symbol.is_in_both]
            struck = changed_by_both or inside
        _mark(struck, is_whole_file=not clash.places)


def _mark(struck: Collection[MergedSymbol], *, is_whole_file: bool) -> None:
    is_in_conflict = False
    for symbol in struck:
        symbol.git_conflict = True
        is_contested = symbol.is_in_both or is_whole_file
        if symbol.conflict_type is ConflictType.NONE and is_contested:
            symbol.conflict_type = ConflictType.SYMBOL_EDIT
        if symbol.conflict_type is not ConflictType.NONE:
            is_in_conflict = True
    # Known only when all in the same lines are marked.
    if is_in_conflict:
        for symbol in struck:
            symbol.is_beside = True
