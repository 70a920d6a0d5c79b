"""One side of a merge: what it did since the base, by symbol."""

from __future__ import annotations

from git_muse_coord.model.address import IMPORTS, MODULE
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.rules.merged_symbol import SideEdit, Site
from git_muse_coord.source.by_path import new_versions, old_versions, symbol_text, symbols_by_key
from git_muse_coord.source.changed import differences
from git_muse_coord.source.merging.side_code import SideCode
from git_muse_coord.symbols.change import ChangeKind
from git_muse_coord.symbols.languages import facts_of
from git_muse_coord.symbols.languages.facts import TYPES

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.model.address import Address, Key
    from git_muse_coord.rules.uses import ImportCount
    from git_muse_coord.source.changed import Differences
    from git_muse_coord.source.sources import Sources
    from git_muse_coord.source.tree_uses import TreeUses
    from git_muse_coord.store.git.trees import Delta, Version
    from git_muse_coord.symbols.change import Change
    from git_muse_coord.symbols.values import FileSymbols, Symbol

_PARTS_OF_A_FILE = ((), (IMPORTS,), (MODULE,))
"""What is in every file, by the names in it: the file itself, its imports, and what is in no symbol."""
_NEW_PLACES = (ChangeKind.RENAMED, ChangeKind.MOVED)
"""Changes after which a symbol has another address."""


class Side:
    """What one side did from its base to its tip; ``name`` is ``ours``, ``theirs``, or that of a branch.

    ``uses_of`` gives the uses in the tree of a commit, ``deltas`` are the paths that differ.
    ``edits``: by the place that a symbol had at the base, or has where it is new.
    ``origins``: of what was changed, by the place where it stands now, the place that it had at the
    base; None where it is new. Nothing that went away, and nothing of formatting only, is in it.
    """

    def __init__(
        self,
        sources: Sources,
        uses_of: Callable[[str], TreeUses],
        name: str,
        base: str,
        tip: str,
        deltas: Sequence[Delta],
    ) -> None:
        self.name = name
        self.tip = tip
        self._base = base
        self._uses_of = uses_of
        self._deltas = deltas
        # The uses are asked for next: a file that is not known is then parsed once for both.
        self.differences = differences(sources, deltas, with_uses=True)
        self.code = SideCode(sources, deltas, self.differences)
        self.edits: dict[Key, SideEdit] = {}
        self.origins: dict[Key, Key | None] = {}
        for change in self.differences.changes:
            self._note(change)

    def _note(self, change: Change) -> None:
        kind = change.change
        old_address = change.from_address or change.address
        new_address: Address | None = change.address
        if kind == ChangeKind.DELETED:
            new_address = None
        edit = SideEdit(
            change=str(kind),
            address=new_address,
            is_bare=_is_bare(change, self.differences),
        )
        # Several symbols can have one key, as overloads do: what was done to the first is told.
        self.edits.setdefault(old_address.key, edit)
        if new_address is None or kind == ChangeKind.FORMATTING:
            return
        origin: Key | None = old_address.key
        if kind == ChangeKind.ADDED:
            origin = None
        self.origins[new_address.key] = origin

    @cached_property
    def uses(self) -> TreeUses:
        """Who uses whom on this side."""
        return self._uses_of(self.tip)

    @property
    def uses_before(self) -> TreeUses:
        """Who used whom at the base."""
        return self._uses_of(self._base)

    @property
    def imports(self) -> list[ImportCount]:
        """How the imports fared of the files whose uses were asked for; none where nobody asked."""
        was_asked = "uses" in vars(self)
        if not was_asked:
            return []
        return self.uses.imports

    @cached_property
    def symbols(self) -> dict[Key, Symbol]:
        """The symbols of the files that this side changed, as they are now."""
        files = self.differences.after.values()
        return symbols_by_key(files)

    @cached_property
    def gone(self) -> set[Key]:
        """The symbols of the base that are no longer where they were."""
        files_before = self.differences.before.values()
        vanished: set[Key] = set()
        for key in symbols_by_key(files_before):
            if key in self.symbols:
                continue
            names = key[1:]
            if names not in _PARTS_OF_A_FILE:
                vanished.add(key)
        return vanished

    @property
    def resigned(self) -> Iterator[Key]:
        """The symbols that must now be called in another way, by the place that they had at the base."""
        for key, edit in self.edits.items():
            if edit.change != ChangeKind.SIGNATURE:
                continue
            address = edit.address
            if address is None:
                continue
            symbol = self.symbols.get(address.key)
            if symbol is None:
                continue
            file = self.differences.after[address.path]
            if _is_called_by_head(symbol, file.language):
                yield key

    @cached_property
    def files(self) -> dict[str, str]:
        """The object ids of the files that this side changed, as they are now."""
        versions = new_versions(self._deltas)
        oids: dict[str, str] = {}
        for path, version in versions.items():
            if version.is_file:
                oids[path] = version.oid
        return oids

    def version(self, path: str) -> Version | None:
        """What this side has at a path that it changed."""
        versions = new_versions(self._deltas)
        return versions.get(path)

    def site_of(self, symbol: Symbol) -> Site:
        """Where this side has a symbol."""
        return Site(
            symbol.address,
            symbol.start_line,
            self.name,
        )

    @cached_property
    def renamed_files(self) -> dict[str, str]:
        """The files that this side gave another name, by their new path, with the one that they had at the base.

        A file has another name where a symbol moved from a path that is gone to one that is new.
        """
        before = old_versions(self._deltas)
        after = new_versions(self._deltas)
        gone = before.keys() - after.keys()
        added = after.keys() - before.keys()
        renamed: dict[str, str] = {}
        for old_key, edit in self.edits.items():
            old_path = old_key[0]
            if old_path not in gone:
                continue
            address = edit.address
            if address is not None and address.path in added:
                renamed[address.path] = old_path
        return renamed


def both_ways(ours: Side, theirs: Side) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
    """Each side with the other, for what one of them does and the other suffers."""
    return (ours, theirs), (theirs, ours)


def alike(ours: Side, theirs: Side) -> set[Key]:
    """What both sides changed to the very same, at the same place."""
    same: set[Key] = set()
    for key, edit in ours.edits.items():
        if theirs.edits.get(key) != edit:
            continue
        address = edit.address
        if address is None:
            # Both took it away, and there is no text to compare.
            same.add(key)
            continue
        key_now = address.key
        our_symbol = ours.symbols.get(key_now)
        their_symbol = theirs.symbols.get(key_now)
        if symbol_text(our_symbol) == symbol_text(their_symbol):
            same.add(key)
    return same


def _is_bare(change: Change, differences: Differences) -> bool:
    """Whether a symbol has only another name or another place."""
    if change.change not in _NEW_PLACES:
        return False
    old = change.from_address
    if old is None:
        return False
    new = change.address
    before = _symbol_at(differences.before, old)
    after = _symbol_at(differences.after, new)
    if before is None or after is None:
        return False
    if before.direct != after.direct:
        return False
    if before.decoration != after.decoration:
        return False
    # The signature holds the name, so it differs by that much although nobody else touched it.
    old_name = _last_name(old)
    new_name = _last_name(new)
    renamed = before.signature.replace(old_name, new_name, 1)
    return renamed == after.signature


def _last_name(address: Address) -> str:
    if not address.segments:
        return ""
    return address.segments[-1].name


def _is_called_by_head(symbol: Symbol, language: str) -> bool:
    """Whether what a call must give is in the signature: for a class, as a rule, it is in the constructor's."""
    if symbol.kind not in TYPES or symbol.kind == "record":
        return True
    return facts_of(language).class_head_constructs


def _symbol_at(files: Mapping[str, FileSymbols], address: Address) -> Symbol | None:
    file = files.get(address.path)
    if file is None:
        return None
    for symbol in file.symbols:
        if symbol.address == address:
            return symbol
    return None
