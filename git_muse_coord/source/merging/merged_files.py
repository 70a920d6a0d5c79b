"""What breaks in the files that git merges by itself: definitions that stand twice, names that nothing binds.

Only files that both sides changed are looked at; any other is as one side has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from git_muse_coord.model.address import Key
from git_muse_coord.rules.merged_symbol import Break, ConflictType, Site
from git_muse_coord.source.merging.both_changed import BothChanged, both_changed
from git_muse_coord.source.merging.merged_imports import MergedImports
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.merge_answers import Merged
from git_muse_coord.store.git.merges import Merges
from git_muse_coord.symbols.extract import MAX_BYTES
from git_muse_coord.symbols.kinds import SYMBOLS, FileId
from git_muse_coord.symbols.twice import doubled
from git_muse_coord.symbols.values import FileSymbols, Symbol


class MergedFiles:
    """What a merge makes of the files that both sides changed, where git conflicts in none of their lines."""

    def __init__(
        self,
        sources: Sources,
        merges: Merges,
        merged: Merged,
        ours: Side,
        theirs: Side,
    ) -> None:
        self._sources = sources
        self._merges = merges
        self._sides = ours, theirs
        self._files = both_changed(merges, merged, ours, theirs)
        self._imports = MergedImports(sources, merges, merged, self._sides)

    def breaks(self) -> dict[Key, Break]:
        """What breaks, by the symbol that stands twice, or by the imports of a file."""
        if not self._files:
            return {}
        breaks = self._double_definitions()
        for file in self._files:
            breaks_of_imports = self._imports.breaks(file)
            breaks.update(breaks_of_imports)
        return breaks

    def _double_definitions(self) -> dict[Key, Break]:
        by_path: dict[str, BothChanged] = {}
        wanted: list[FileId] = []
        for file in self._files:
            by_path[file.path] = file
            wanted.append((file.path, file.oid))
        merged = self._sources.read_as(
            SYMBOLS,
            self._sources.cache,
            wanted,
            self._load,
        )
        breaks: dict[Key, Break] = {}
        for symbols in merged:
            file = by_path[symbols.path]
            ours, theirs = self._sides
            our_symbols = self._symbols(file, ours)
            their_symbols = self._symbols(file, theirs)
            for key in doubled(symbols, [our_symbols, their_symbols]):
                sites = self._sites(file, key)
                breaks[key] = Break(
                    ConflictType.DOUBLE,
                    tuple(sites),
                    "keep one of the two",
                )
        return breaks

    def _load(self, oids: Sequence[str]) -> Iterator[bytes | None]:
        # What git merged in memory is in its objects, not in those of the repository.
        return self._merges.read(oids, MAX_BYTES)

    def _sites(self, file: BothChanged, key: Key) -> Iterator[Site]:
        """Where each side has a symbol of which the merge has two."""
        names = key[1:]  # without the path, which one side may have changed
        for side in self._sides:
            # Of several with one name the last counts, as in symbols_by_key.
            last: Symbol | None = None
            on_side = self._symbols(file, side)
            for symbol in on_side.symbols:
                if symbol.names == names:
                    last = symbol
            if last is not None:
                yield side.site_of(last)

    def _symbols(self, file: BothChanged, side: Side) -> FileSymbols:
        path = file.on(side)
        return side.differences.after[path]
