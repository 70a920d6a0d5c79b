"""One side of a merge: what it did since the base, by symbol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from git_muse_coord.model.address import IMPORTS, MODULE, Address, Key
from git_muse_coord.rules.merge_plan import SideEdit
from git_muse_coord.rules.uses import UseGraph
from git_muse_coord.source.changed import differences
from git_muse_coord.source.sources import Sources
from git_muse_coord.source.use_graphs import UseGraphs
from git_muse_coord.store.git.trees import Trees, Version
from git_muse_coord.symbols.collect import REFERENCES
from git_muse_coord.symbols.languages.table import TYPES
from git_muse_coord.symbols.references import IMPORTED, STAR, References
from git_muse_coord.symbols.signatures import Source, still_fits
from git_muse_coord.symbols.uses import concerns
from git_muse_coord.symbols.values import Change, ChangeKind, FileSymbols, Symbol

_PRIMARY = ("csharp", "kotlin", "scala")
"""Languages in which the head of a class can hold the parameters of its constructor."""


class Side:
    """What one side did since the base: ``edits`` by the place that a symbol had there, or has where it is new."""

    def __init__(self, sources: Sources, name: str, base: str, tip: str) -> None:
        self.name = name
        self._sources = sources
        self._tip = tip
        self._deltas = Trees(sources.repository).between(f"{base}..{tip}")
        found = self.found = differences(sources, self._deltas)
        self.edits: dict[Key, SideEdit] = {}
        self.origins: dict[Key, Key | None] = {}
        """Where a symbol that was changed stands now, and where it was; None: it is new."""
        for change in found.changes:
            is_gone, is_new = change.change is ChangeKind.DELETED, change.change is ChangeKind.ADDED
            key = (change.from_address or change.address).key
            edit = SideEdit(
                str(change.change), None if is_gone else change.address, self._is_bare(change)
            )
            self.edits.setdefault(key, edit)
            if not is_gone and change.change is not ChangeKind.FORMATTING:
                self.origins[change.address.key] = None if is_new else key

    @cached_property
    def graph(self) -> UseGraph:
        """Who uses whom on this side."""
        return UseGraphs(self._sources).at(self._tip)

    @cached_property
    def gone(self) -> set[Key]:
        """The symbols of the base that are no longer where they were."""
        before = _standing(self.found.before)
        return {
            key
            for key in before.keys() - self.standing.keys()
            if key[1:] not in ((), (IMPORTS,), (MODULE,))
        }

    @cached_property
    def standing(self) -> dict[Key, Symbol]:
        """The symbols of the files that this side changed, as they are now."""
        return _standing(self.found.after)

    @cached_property
    def broken(self) -> set[str]:
        """The paths that this side changed and that hold code which does not parse."""
        return {path for path, file in self.references.items() if file.broken}

    @cached_property
    def files(self) -> dict[str, str]:
        """The object ids of the files that this side changed, as they are now."""
        return {
            one.path: one.new.oid for one in self._deltas if one.new is not None and one.new.is_file
        }

    @cached_property
    def origin(self) -> dict[str, str]:
        """The files that this side gave another name, with the one that they had at the base."""
        gone = {one.path for one in self._deltas if one.new is None}
        new = {one.path for one in self._deltas if one.old is None}
        return {
            edit.address.path: key[0]
            for key, edit in self.edits.items()
            if key[0] in gone and edit.address is not None and edit.address.path in new
        }

    def _is_bare(self, change: Change) -> bool:
        """Whether a symbol has only another name or another place."""
        old, new = change.from_address, change.address
        if change.change not in (ChangeKind.RENAMED, ChangeKind.MOVED) or old is None:
            return False
        was, now = (
            _symbol(files, one)
            for files, one in ((self.found.before, old), (self.found.after, new))
        )
        if (
            was is None
            or now is None
            or (was.direct, was.decoration) != (now.direct, now.decoration)
        ):
            return False
        names = [one.segments[-1].name if one.segments else "" for one in (old, new)]
        return was.signature.replace(names[0], names[1], 1) == now.signature

    @cached_property
    def references(self) -> dict[str, References]:
        """What is named and used in the code that this side changed, as it is now."""
        sources = self._sources
        code = [
            (one.path, one.new.oid)
            for one in self._deltas
            if one.new and one.new.is_file and concerns(one.path)
        ]
        return {
            file.path: file for file in sources.read_as(REFERENCES, sources.known(REFERENCES), code)
        }

    @property
    def resigned(self) -> Iterator[Key]:
        """What is to be called in another way."""
        languages = {path: file.language for path, file in self.found.after.items()}
        for key, edit in self.edits.items():
            if edit.change == ChangeKind.SIGNATURE and edit.address is not None:
                symbol = self.standing.get(edit.address.key)
                if symbol is not None and _is_called_by_head(symbol, languages[edit.address.path]):
                    yield key

    def spares(self, key: Key, caller: Key, user: Side) -> bool:
        """Whether a new use of what went away, or is to be called in another way, works all the same."""
        if key in self.gone:
            return self._still_gives(key)
        edit, using = self.edits[key], user.source(caller)
        old, new = (
            self.source(key, old=True),
            self.source(edit.address.key) if edit.address is not None else None,
        )
        return (
            old is not None
            and new is not None
            and using is not None
            and still_fits(old, new, using)
        )

    def source(self, key: Key, *, old: bool = False) -> Source | None:
        """A symbol of a file that this side changed, as it is now or was; None where several have the name."""
        file = (self.found.before if old else self.found.after).get(key[0])
        symbols = (
            [symbol for symbol in file.symbols if symbol.address.key == key]
            if file is not None
            else []
        )
        if file is None or len(symbols) != 1:
            return None
        data = (self._before if old else self._after).get(key[0])
        return Source(symbols[0], file.language, data) if data is not None else None

    def text(self, path: str) -> bytes:
        """The bytes of a file of code that this side changed, as it is now; empty where it cannot be read."""
        return self._after.get(path) or b""

    @cached_property
    def _before(self) -> dict[str, bytes | None]:
        """The bytes of the code that this side changed, as it was."""
        return self._contents({one.path: one.old for one in self._deltas})

    @cached_property
    def _after(self) -> dict[str, bytes | None]:
        """The same as it is now."""
        return self._contents({one.path: one.new for one in self._deltas})

    def _contents(self, versions: Mapping[str, Version | None]) -> dict[str, bytes | None]:
        code = {
            path: one.oid
            for path, one in versions.items()
            if one and one.is_file and concerns(path)
        }
        return dict(zip(code, self._sources.contents.read(list(code.values())), strict=True))

    def _still_gives(self, key: Key) -> bool:
        """Whether a file from which a symbol went away takes its name in from elsewhere, as far as that is known."""
        path, name, *inside = key
        file = self.references.get(path)
        names = file.scopes[0].bindings if file is not None and file.scopes else {}
        edit = self.edits.get((path, name))
        now = edit.address if edit is not None else None
        if all(one.kind != IMPORTED for one in names.get(name, ())):
            whole = (now.path,) if now is not None and STAR in names else ()
            return any(edge.target == whole for edge in self.graph.used_by((path, IMPORTS)))
        return not inside or now is None or (*now.key, *inside) in self.standing


def alike(ours: Side, theirs: Side) -> set[Key]:
    """What both sides changed to the very same, at the same place."""
    one, other = ours.standing, theirs.standing
    both = {key: edit for key, edit in ours.edits.items() if theirs.edits.get(key) == edit}
    return {
        key
        for key, edit in both.items()
        if edit.address is None
        or _text(one.get(edit.address.key)) == _text(other.get(edit.address.key))
    }


def _is_called_by_head(symbol: Symbol, language: str) -> bool:
    """Whether what a call must give is in the signature: for a class, as a rule, it is in the constructor's."""
    return symbol.kind not in TYPES or symbol.kind == "record" or language in _PRIMARY


def _standing(files: Mapping[str, FileSymbols]) -> dict[Key, Symbol]:
    return {symbol.address.key: symbol for file in files.values() for symbol in file.symbols}


def _symbol(files: Mapping[str, FileSymbols], address: Address) -> Symbol | None:
    file = files.get(address.path)
    return (
        next((one for one in file.symbols if one.address == address), None)
        if file is not None
        else None
    )


def _text(symbol: Symbol | None) -> tuple[str, ...]:
    return (symbol.content, symbol.direct, symbol.text) if symbol is not None else ()
