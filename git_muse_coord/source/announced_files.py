"""What the files here say of addresses that somebody announced: which symbols stand there, and what has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from functools import cached_property

from git_muse_coord.model.address import IMPORTS, MODULE, Address, Key
from git_muse_coord.model.errors import BadInput
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.source.by_path import files_by_path, symbols_by_key
from git_muse_coord.source.changed import differences
from git_muse_coord.source.sources import Sources
from git_muse_coord.source.touches import Neighbours, adjacent_names
from git_muse_coord.store.git.trees import Delta, Trees, Version
from git_muse_coord.symbols.values import ChangeKind, FileSymbols, Symbol

_DARK = ("text", "costly", "failed")
"""Why a file was not read inside, where there may well be code in it."""

Elsewhere = Callable[[set[str]], Iterable[tuple[str, str]]]


class AnnouncedFiles:
    """The tracked files with some paths, as they are on disk; in a bare repository those of HEAD.

    ``elsewhere`` tells of paths that are not here the commits that may have them: the work goes on
    on other branches.
    """

    def __init__(
        self,
        sources: Sources,
        paths: Collection[str],
        elsewhere: Elsewhere,
    ) -> None:
        self._sources = sources
        self._paths = paths
        self._elsewhere = elsewhere
        self._trees = Trees(sources.repository)

    @cached_property
    def tracked(self) -> Mapping[str, Version]:
        """All tracked files, those with other paths too."""
        here = self._trees.tracked()
        missing = {path for path in self._paths if path not in here}
        on_branches = self._trees.found(self._elsewhere(missing))
        # A file that is here counts as it is here, whatever another branch has at its path.
        return {**on_branches, **here}

    @property
    def dark(self) -> set[str]:
        """The paths of files of which only the whole is known."""
        return {path for path, file in self._files.items() if file.whole in _DARK}

    def look(self, place: Address, operation: str | None) -> Touch:
        """What an operation would touch: where a file has no such symbol, it is about to be added."""
        symbol = self._symbols.get(place.key)
        if symbol is None:
            return Touch(place, operation="add" if self._is_new(place) else operation)
        lines = symbol.end_line - symbol.start_line + 1
        neighbours = self._neighbours.get(place.key)
        return Touch(place, symbol.kind, operation, lines, neighbours)

    def _is_new(self, place: Address) -> bool:
        """Whether a symbol that is not there can only be meant as a new one."""
        file = self._files.get(place.path)
        if file is None or file.whole or not place.segments:
            return False
        # These two are in every file, also where they are not listed because they are empty.
        return place.segments[-1].name not in (IMPORTS, MODULE)

    def changes(
        self,
        commit: str | None,
        tip: str | None,
        *,
        here: bool,
    ) -> list[Address]:
        """What differs between two commits in the files with the paths, with ``here`` also what is not committed."""
        deltas: list[Delta] = []
        with suppress(BadInput):  # of what is not here nothing can be told
            if commit is not None and tip is not None and commit != tip:
                deltas += self._trees.between(f"{commit}..{tip}")
        if here and self._sources.repository.top is not None:
            deltas += self._trees.working()
        announced = [delta for delta in deltas if delta.path in self._paths]
        addresses: list[Address] = []
        for change in differences(self._sources, announced).changes:
            if change.change != ChangeKind.FORMATTING:
                addresses.append(change.address)
        return addresses

    @cached_property
    def _files(self) -> dict[str, FileSymbols]:
        wanted: dict[str, Version] = {}
        for path in self._paths:
            if path in self.tracked:
                wanted[path] = self.tracked[path]
        versions = self._sources.contents.hashed(wanted)
        return files_by_path(self._sources.read(versions))

    @cached_property
    def _neighbours(self) -> dict[Key, Neighbours]:
        neighbours: dict[Key, Neighbours] = {}
        for file in self._files.values():
            neighbours |= adjacent_names(file)
        return neighbours

    @cached_property
    def _symbols(self) -> dict[Key, Symbol]:
        return symbols_by_key(self._files.values())
