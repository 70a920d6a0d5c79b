"""What breaks in the files that git merges by itself: definitions that stand twice, names that nothing binds.

Only files that both sides changed are looked at; any other is as one side has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from posixpath import dirname, join
from typing import NamedTuple

from git_muse_coord.model.address import IMPORTS, Address, Key, Segment
from git_muse_coord.rules.merge_plan import Break, ConflictType, Site
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.merges import Merged, Merges
from git_muse_coord.symbols.extract import MAX_BYTES
from git_muse_coord.symbols.kinds import SYMBOLS
from git_muse_coord.symbols.names import (
    Names,
    Place,
    imported_names,
    imported_twice,
    lost_names,
    read_names,
)
from git_muse_coord.symbols.twice import doubled


class _Both(NamedTuple):
    """A file that both sides changed: where it is after the merge, at the base and on each side; and what it became."""

    path: str
    base: str
    ours: str
    theirs: str
    oid: str

    def on(self, side: Side) -> str:
        """Where a side has it."""
        return self.ours if side.name == "ours" else self.theirs


class MergedFiles:
    """What a merge makes of the files that both sides changed, where git conflicts in none of their lines."""

    def __init__(
        self, sources: Sources, merges: Merges, merged: Merged, ours: Side, theirs: Side
    ) -> None:
        self._sources = sources
        self._merges = merges
        self._merged = merged
        self._sides = ours, theirs

    def breaks(self) -> dict[Key, Break]:
        """What breaks, by the symbol that stands twice, or by the imports of a file."""
        found: dict[Key, Break] = {}
        files = self._files
        if not files:
            return found
        wanted = [(one.path, one.oid) for one in files.values()]
        for merged in self._sources.read_as(SYMBOLS, self._sources.cache, wanted, self._load):
            both = files[merged.path]
            sides = [side.found.after[both.on(side)] for side in self._sides]
            for key in doubled(merged, sides):
                found[key] = Break(
                    ConflictType.DOUBLE, tuple(self._standing(both, key)), "keep one of the two"
                )
        for both in files.values():
            found.update(self._imports(both))
        return found

    @cached_property
    def _files(self) -> dict[str, _Both]:
        ours, theirs = self._sides
        pairs: dict[str, _Both] = {}
        for one, other in ((ours, theirs), (theirs, ours)):
            for path in one.files:
                base = one.origin.get(path, path)
                if base in other.files and one.files[path] != other.files[base]:
                    own, its = (path, base) if one is ours else (base, path)
                    pairs[path] = _Both(path, base, own, its, "")
        if not pairs:
            return {}
        conflicts = {conflict.path for conflict in self._merged.conflicts}
        outcome = self._merges.outcome(self._merged)
        return {
            path: both._replace(oid=outcome[path])
            for path, both in pairs.items()
            if path in outcome
            and path not in conflicts
            and outcome[path] != theirs.files.get(both.theirs)
        }

    def _load(self, oids: Sequence[str]) -> Iterator[bytes | None]:
        return self._merges.read(oids, MAX_BYTES)

    def _standing(self, both: _Both, key: Key) -> Iterator[Site]:
        """Where each side has a symbol of which the merge has two."""
        for side in self._sides:
            path = both.on(side)
            symbols = [
                one for one in side.found.after[path].symbols if one.address.key[1:] == key[1:]
            ]
            for symbol in symbols[-1:]:
                yield Site(symbol.address, symbol.start_line, side.name)

    def _imports(self, both: _Both) -> dict[Key, Break]:
        """What breaks because of what the sides did to the imports of a file."""
        before = [self._imported(side, both) for side in self._sides]
        if before[0] == before[1] and not all(
            (both.base, IMPORTS) in side.edits for side in self._sides
        ):
            return {}
        merged = self._names(both.path, self._load([both.oid]))
        if merged is None:
            return {}
        if before[0] | before[1] <= merged.imported and all(
            len(lines) == 1 for lines in merged.imports.values()
        ):
            return {}
        read = [self._names(both.on(side), self._stored(side, both)) for side in self._sides]
        sides = [names for names in read if names is not None]
        if len(sides) < len(read):
            return {}
        twice = imported_twice(merged, sides)
        gone = {
            name: places
            for name, places in lost_names(merged, sides).items()
            if not self._is_beside(both.path, name)
        }
        return {**self._twice(both, twice, sides), **self._lost(both, gone, sides)}

    def _twice(self, both: _Both, names: list[str], sides: list[Names]) -> dict[Key, Break]:
        if not names:
            return {}
        sites = [
            Site(Address(names_of.path, (Segment(IMPORTS),)), names_of.imports[name][-1], side.name)
            for name in names
            for side, names_of in zip(self._sides, sides, strict=True)
            if name in names_of.imports
        ]
        advice = f"import {', '.join(names)} only once"
        return {(both.base, IMPORTS): Break(ConflictType.DOUBLE, tuple(sites), advice)}

    def _lost(
        self, both: _Both, gone: dict[str, list[Place]], sides: list[Names]
    ) -> dict[Key, Break]:
        if not gone:
            return {}
        sites = [
            _site(place, names_of, side.name)
            for name, places in gone.items()
            for place in places
            for side, names_of in zip(self._sides, sides, strict=True)
            if name in names_of.imported and place in names_of.uses
        ]
        advice = f"import {', '.join(gone)} again: one side took that away, the other uses it"
        return {(both.base, IMPORTS): Break(ConflictType.LOST_IMPORT, tuple(sites), advice)}

    def _imported(self, side: Side, both: _Both) -> frozenset[str]:
        file = side.references.get(both.on(side))
        return imported_names(file) if file is not None else frozenset()

    def _stored(self, side: Side, both: _Both) -> Iterator[bytes | None]:
        return self._sources.contents.read([side.files[both.on(side)]])

    def _names(self, path: str, contents: Iterator[bytes | None]) -> Names | None:
        data = next(contents)
        return read_names(path, data) if data is not None else None

    def _is_beside(self, path: str, name: str) -> bool:
        """Whether a class of Java is found in the package, without an import."""
        return path.endswith(".java") and self._merges.has(
            self._merged, join(dirname(path), f"{name}.java")
        )


def _site(place: Place, names: Names, side: str) -> Site:
    _, inside = place
    return Site(
        Address(names.path, tuple(map(Segment, inside or ("<module>",)))), names.uses[place], side
    )
