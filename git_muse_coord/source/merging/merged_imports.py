"""What breaks in the imports of a file that git merges by itself: one name is taken in twice, or no longer at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from posixpath import dirname, join
from typing import NamedTuple

from git_muse_coord.model.address import (
    IMPORTS,
    MODULE,
    Key,
)
from git_muse_coord.rules.merged_symbol import Break, ConflictType, Site
from git_muse_coord.source.by_path import address_of
from git_muse_coord.source.merging.both_changed import BothChanged
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.merge_answers import Merged
from git_muse_coord.store.git.merges import Merges
from git_muse_coord.symbols.extract import MAX_BYTES
from git_muse_coord.symbols.names import (
    Names,
    Place,
    imported_names,
    imported_twice,
    lost_names,
    read_names,
)


class _OnSide(NamedTuple):
    """A side, and the names of the file that is looked at as that side has it."""

    side: Side
    names: Names

    def imports(self, name: str) -> bool:
        """Whether the file takes a name in."""
        return name in self.names.imported


class MergedImports:
    """What a merge makes of the imports that both sides changed."""

    def __init__(
        self,
        sources: Sources,
        merges: Merges,
        merged: Merged,
        sides: tuple[Side, Side],
    ) -> None:
        self._sources = sources
        self._merges = merges
        self._merged = merged
        self._sides = sides

    def breaks(self, file: BothChanged) -> dict[Key, Break]:
        """What breaks because of what the sides did to the imports of a file, by its imports."""
        merged = self._names_to_check(file)
        if merged is None:
            return {}
        on_sides: list[_OnSide] = []
        for side in self._sides:
            names = self._names_on(side, file)
            if names is None:
                return {}
            on_sides.append(_OnSide(side, names))
        names_of_sides = [on_side.names for on_side in on_sides]
        twice = imported_twice(merged, names_of_sides)
        lost = lost_names(merged, names_of_sides)
        for name in list(lost):
            if self._is_beside(file.path, name):
                del lost[name]
        imports = (file.base, IMPORTS)
        # One break a symbol, and both would be of the imports: what is lost is told first.
        if lost:
            return {imports: _lost(lost, on_sides)}
        if twice:
            return {imports: _twice(twice, on_sides)}
        return {}

    def _names_to_check(self, file: BothChanged) -> Names | None:
        """The names of a merged file; None where the merge can have done no harm to its imports.

        Each reading parses a file, so the references of the sides, which are cached, are asked
        first.
        """
        ours, theirs = self._sides
        our_imports = self._imported(ours, file)
        their_imports = self._imported(theirs, file)
        imports = (file.base, IMPORTS)
        are_edited = imports in ours.edits and imports in theirs.edits
        if our_imports == their_imports and not are_edited:
            return None
        contents = self._merges.read([file.oid], MAX_BYTES)
        merged = _read_one(file.path, contents)
        if merged is None:
            return None
        imports_of_both = our_imports | their_imports
        # What one of them imports is gone.
        if not imports_of_both <= merged.imported:
            return merged
        # What one of them imports stands there twice.
        for lines in merged.imports.values():
            if len(lines) != 1:
                return merged
        return None

    def _imported(self, side: Side, file: BothChanged) -> frozenset[str]:
        path = file.on(side)
        references = side.code.references.get(path)
        if references is None:
            return frozenset()
        return imported_names(references)

    def _names_on(self, side: Side, file: BothChanged) -> Names | None:
        path = file.on(side)
        oid = side.files[path]
        contents = self._sources.contents.read([oid])
        return _read_one(path, contents)

    def _is_beside(self, path: str, name: str) -> bool:
        """Whether a class of Java is found in the package, without an import."""
        if not path.endswith(".java"):
            return False
        package = dirname(path)
        file_of_class = join(package, f"{name}.java")
        return self._merges.has(self._merged, file_of_class)


def _read_one(path: str, contents: Iterator[bytes | None]) -> Names | None:
    data = next(contents)
    if data is None:
        return None
    return read_names(path, data)


def _twice(names: list[str], on_sides: list[_OnSide]) -> Break:
    sites: list[Site] = []
    for name in names:
        for side, names_on_side in on_sides:
            lines = names_on_side.imports.get(name)
            if lines is None:
                continue
            imports = address_of((names_on_side.path, IMPORTS))
            last_line = lines[-1]
            site = Site(imports, last_line, side.name)
            sites.append(site)
    advice = f"import {', '.join(names)} only once"
    return Break(ConflictType.DOUBLE, tuple(sites), advice)


def _lost(lost: dict[str, list[Place]], on_sides: list[_OnSide]) -> Break:
    sites: list[Site] = []
    for name, places in lost.items():
        # Only a side that imports the name itself brings a use that the merge breaks.
        importing = [on_side for on_side in on_sides if on_side.imports(name)]
        for place, on_side in product(places, importing):
            if place in on_side.names.uses:
                site = _use_site(place, on_side)
                sites.append(site)
    advice = f"import {', '.join(lost)} again: one side took that away, the other uses it"
    return Break(ConflictType.LOST_IMPORT, tuple(sites), advice)


def _use_site(place: Place, on_side: _OnSide) -> Site:
    names = on_side.names
    _, inside = place
    # What is in no symbol of the file is in its top-level code.
    inside_names = inside or (MODULE,)
    address = address_of((names.path, *inside_names))
    line = names.uses[place]
    return Site(address, line, on_side.side.name)
