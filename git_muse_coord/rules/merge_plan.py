"""What a merge will ask for, symbol by symbol: which kind of conflict, whether git reports it, and what to do.

Pure: what each side did, where git conflicts and which callers break is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from git_muse_coord.model.address import Address, Key, Segment


class ConflictType(StrEnum):
    """How two sides collide at a symbol."""

    DELETE_USE = "delete_use"
    """One side takes a symbol away from where it was; the other has a new use of it there."""
    DEPENDENCY = "dependency_conflict"
    """One side changes a signature; the other adds or changes a caller."""
    DOUBLE = "double_definition"
    """Both sides define it in two places, and the merge has both."""
    LOST_IMPORT = "lost_import"
    """One side takes an import away; the other begins to use the name."""
    LOST_OVERRIDE = "lost_override"
    """One side renames a method; the other adds an override of it under the old name."""
    RENAME_EDIT = "rename_edit"
    MOVE_EDIT = "move_edit"
    SYMBOL_EDIT = "symbol_edit_overlap"
    NONE = "no_conflict"


BREAKS = (
    ConflictType.DELETE_USE,
    ConflictType.DEPENDENCY,
    ConflictType.DOUBLE,
    ConflictType.LOST_IMPORT,
    ConflictType.LOST_OVERRIDE,
)


class SideEdit(NamedTuple):
    """What a side did to a symbol, in the words of ``symbols --changed``, and where it is now, None for nowhere.

    ``is_bare``: it has another name or place, and is the same otherwise.
    """

    change: str
    address: Address | None
    is_bare: bool = False


class Site(NamedTuple):
    """A use that breaks: who uses, in which line of its file, and which side (ours, theirs) brings it."""

    caller: Address
    line: int
    side: str


class Break(NamedTuple):
    """What breaks although git merges it, where that is not a use: of which type, where, and what to do."""

    conflict_type: ConflictType
    sites: tuple[Site, ...]
    recommendation: str


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
    def silent(self) -> bool:
        """Git merges cleanly, but a caller breaks, or what comes out does: nobody else would tell."""
        return self.conflict_type in BREAKS and not self.git_conflict

    @property
    def rank(self) -> int:
        """How much it needs somebody's eye: 0 most, 5 not at all."""
        if self.silent:
            return 0
        if self.conflict_type is not ConflictType.NONE:
            return 1 if self.git_conflict else 2
        if self.disjoint:
            return 3
        return 4 if self.git_conflict else 5


def plan_merge_items(
    ours: Mapping[Key, SideEdit],
    theirs: Mapping[Key, SideEdit],
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
    found: dict[Key, _Symbol] = {}
    for key in dict.fromkeys((*ours, *theirs, *sites, *findings)):
        one, other = _edit(ours, key, theirs), _edit(theirs, key, ours)
        if key in findings:
            one, other = one or _arrived(ours, key), other or _arrived(theirs, key)
        found[key] = _Symbol(
            key, one, other, key in alike, tuple(sites.get(key, ())), findings.get(key)
        )
    _strike(found.values(), clashes)
    return sorted(
        (one.item() for one in found.values()), key=lambda item: (item.rank, str(item.address))
    )


class _Symbol:
    """What is known of one symbol."""

    def __init__(
        self,
        key: Key,
        ours: SideEdit | None,
        theirs: SideEdit | None,
        alike: bool,
        sites: tuple[Site, ...],
        finding: Break | None,
    ) -> None:
        self.key = key
        self.edits = ours, theirs
        self.finding = finding
        self.sites = finding.sites if finding is not None else sites
        self.git_conflict = False
        self.is_beside = False
        """In the same lines there is something that both sides changed."""
        self.conflict_type = self._type(alike)

    @property
    def places(self) -> Iterator[Key]:
        """Where it stands at the base and on each side, and who breaks with it."""
        yield self.key
        yield from (
            edit.address.key for edit in self.edits if edit is not None and edit.address is not None
        )
        yield from (site.caller.key for site in self.sites)

    @property
    def is_in_both(self) -> bool:
        """Whether both sides changed it, in whatever way."""
        return None not in self.edits

    def _type(self, alike: bool) -> ConflictType:
        changes = {edit.change for edit in self.edits if edit is not None}
        if self.finding is not None:
            return self.finding.conflict_type
        if self.sites:
            gone = any(
                edit is not None and edit.change in ("deleted", "renamed", "moved")
                for edit in self.edits
            )
            return ConflictType.DELETE_USE if gone else ConflictType.DEPENDENCY
        if not self.is_in_both or alike or "formatting" in changes:
            return ConflictType.NONE
        if self._has_one_target:
            is_edited_once = any(edit is not None and edit.is_bare for edit in self.edits)
            return ConflictType.NONE if is_edited_once else ConflictType.SYMBOL_EDIT
        if "renamed" in changes:
            return ConflictType.RENAME_EDIT
        return ConflictType.MOVE_EDIT if "moved" in changes else ConflictType.SYMBOL_EDIT

    @property
    def _has_one_target(self) -> bool:
        """Whether both sides gave it the same new name, or the same new place."""
        ours, theirs = self.edits
        if (
            ours is None
            or theirs is None
            or not {ours.change, theirs.change} <= {"renamed", "moved"}
        ):
            return False
        return ours.address is not None and ours.address == theirs.address

    def item(self) -> Item:
        ours, theirs = (edit.change if edit is not None else None for edit in self.edits)
        address = Address(self.key[0], tuple(map(Segment, self.key[1:])))
        disjoint = (
            self.git_conflict and self.conflict_type is ConflictType.NONE and not self.is_beside
        )
        return Item(
            address,
            self.conflict_type,
            ours,
            theirs,
            self.git_conflict,
            disjoint,
            self._advice(),
            self.sites,
        )

    def _advice(self) -> str:
        changes = {edit.change for edit in self.edits if edit is not None}
        if self.finding is not None:
            return self.finding.recommendation
        if self.conflict_type is ConflictType.NONE:
            if not self.git_conflict:
                return "nothing to do"
            return "see to the overlap in the same lines" if self.is_beside else "take both changes"
        if self.sites:
            return self._advice_on_sites()
        new = next(
            (
                str(edit.address)
                for edit in self.edits
                if edit and edit.change in ("renamed", "moved")
            ),
            "",
        )
        if self.conflict_type in (ConflictType.RENAME_EDIT, ConflictType.MOVE_EDIT):
            if len(changes) == 1:
                return "agree on one name" if "renamed" in changes else "agree on one place"
            if "deleted" in changes:
                return f"decide whether it goes or lives on as {new}"
            return (
                f"bring the edit to {new}"
                if self.git_conflict
                else f"see that the edit has arrived in {new}"
            )
        if "deleted" in changes:
            return "decide whether it goes: one side deletes what the other changes"
        if changes == {"added"}:
            return "keep one of the two, or give one another name"
        return (
            "unite the two edits by hand"
            if self.git_conflict
            else "read the result: both sides changed it"
        )

    def _advice_on_sites(self) -> str:
        if self.conflict_type is ConflictType.DEPENDENCY:
            return "fit these uses to the new signature"
        edit = next(
            edit for edit in self.edits if edit and edit.change in ("deleted", "renamed", "moved")
        )
        return (
            "take these uses out, or keep it"
            if edit.address is None
            else f"use {edit.address} there"
        )


def _edit(own: Mapping[Key, SideEdit], key: Key, other: Mapping[Key, SideEdit]) -> SideEdit | None:
    """What a side did to a symbol; what it did to the container of one that the other side changed, counts for it."""
    if key in own or key not in other:
        return own.get(key)
    for length in range(len(key) - 1, 0, -1):
        around = own.get(key[:length])
        if around is not None and around.change in ("renamed", "moved"):
            is_as_there = (
                there := other.get(key[:length])
            ) is not None and there.address == around.address
            return None if is_as_there else around
    return None


def _arrived(own: Mapping[Key, SideEdit], key: Key) -> SideEdit | None:
    """What a side did to a symbol that came to a place from another one."""
    return next(
        (edit for edit in own.values() if edit.address is not None and edit.address.key == key),
        None,
    )


def _strike(symbols: Collection[_Symbol], clashes: Iterable[Clash]) -> None:
    """Take note of where git conflicts."""
    by_place: dict[Key, list[_Symbol]] = {}
    by_path: dict[str, list[_Symbol]] = {}
    for one in symbols:
        for place in set(one.places):
            by_place.setdefault(place, []).append(one)
        for path in {place[0] for place in one.places}:
            by_path.setdefault(path, []).append(one)
    for clash in clashes:
        struck = [one for place in clash.places for one in by_place.get(place.key, ())]
        if not clash.places:
            inside = by_path.get(clash.path, [])
            struck = [one for one in inside if one.is_in_both] or inside
        for one in struck:
            one.git_conflict = True
            if one.conflict_type is ConflictType.NONE and (one.is_in_both or not clash.places):
                one.conflict_type = ConflictType.SYMBOL_EDIT
        if any(one.conflict_type is not ConflictType.NONE for one in struck):
            for one in struck:
                one.is_beside = True
