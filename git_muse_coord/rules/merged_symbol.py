"""A symbol that two sides of a merge have to do with, and how they collide there."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light import NamedTuple

MOVES = frozenset({"renamed", "moved"})
"""Changes after which a symbol is elsewhere."""


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


class MergedSymbol:
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
        for edit in self.edits:
            if edit is not None and edit.address is not None:
                yield edit.address.key
        for site in self.sites:
            yield site.caller.key

    @property
    def is_in_both(self) -> bool:
        """Whether both sides changed it, in whatever way."""
        return None not in self.edits

    @property
    def changes(self) -> set[str]:
        """What the sides did."""
        return {edit.change for edit in self.edits if edit is not None}

    @property
    def new_place(self) -> Address | None:
        """Where the side that moved or renamed it has it now."""
        for edit in self.edits:
            if edit is not None and edit.change in MOVES:
                return edit.address
        return None

    def _type(self, alike: bool) -> ConflictType:
        if self.finding is not None:
            return self.finding.conflict_type
        if self.sites:
            return self._type_of_uses()
        if alike or not self.is_in_both:
            return ConflictType.NONE
        changes = self.changes
        # What only formats contradicts no edit, unless git conflicts there, which is marked later.
        if "formatting" in changes:
            return ConflictType.NONE
        if self._has_one_target:
            # Both gave it the same name; at most one of them changed its text besides.
            is_edited_once = any(edit is not None and edit.is_bare for edit in self.edits)
            return ConflictType.NONE if is_edited_once else ConflictType.SYMBOL_EDIT
        if "renamed" in changes:
            return ConflictType.RENAME_EDIT
        if "moved" in changes:
            return ConflictType.MOVE_EDIT
        return ConflictType.SYMBOL_EDIT

    def _type_of_uses(self) -> ConflictType:
        """How the sides collide where one of them uses it as it was."""
        gone = self.changes & {"deleted", *MOVES}
        if gone:
            return ConflictType.DELETE_USE
        return ConflictType.DEPENDENCY

    @property
    def _has_one_target(self) -> bool:
        """Whether both sides gave it the same new name, or the same new place."""
        ours, theirs = self.edits
        if ours is None or theirs is None:
            return False
        if not self.changes <= MOVES or ours.address is None:
            return False
        return ours.address == theirs.address
