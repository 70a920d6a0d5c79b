"""What the files here say of addresses that somebody announced: which symbols stand there, and what has changed."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Mapping,
)
from functools import cached_property

from git_muse_coord.model.address import (
    IMPORTS,
    MODULE,
    Address,
    Key,
)
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.source.by_path import files_by_path, symbols_by_key
from git_muse_coord.source.changed import differences
from git_muse_coord.source.sources import Sources
from git_muse_coord.source.touches import Neighbours, adjacent_names, touch_of
from git_muse_coord.store.git.tree_files import TreeFiles
from git_muse_coord.store.git.trees import Delta, Trees, Version
from git_muse_coord.symbols.extract import NOT_INSTALLED
from git_muse_coord.symbols.values import FileSymbols, Symbol

_DARK = ("text", "costly", "failed", NOT_INSTALLED)
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
        self._tree_files = TreeFiles(sources.repository)

    @cached_property
    def tracked(self) -> Mapping[str, Version]:
        """All tracked files, those with other paths too."""
        here = self._tree_files.tracked()
        missing = set(self._paths).difference(here)
        places = self._elsewhere(missing)
        on_branches = self._tree_files.found(places)
        # A file that is here counts as it is here, whatever another branch has at its path.
        return {**on_branches, **here}

    @property
    def dark(self) -> set[str]:
        """The paths of files of which only the whole is known."""
        paths: set[str] = set()
        for path, file in self._files.items():
            if file.whole in _DARK:
                paths.add(path)
        return paths

    def look(self, place: Address, operation: str | None) -> Touch:
        """What an operation would touch: where a file has no such symbol, it is about to be added."""
        symbol = self._symbols.get(place.key)
        if symbol is None and self._is_new(place):
            operation = "add"
        neighbours = self._neighbours.get(place.key)
        return touch_of(place, operation, symbol, neighbours)

    def _is_new(self, place: Address) -> bool:
        """Whether a symbol that is not there can only be meant as a new one."""
        if not place.segments:
            return False
        file = self._files.get(place.path)
        if file is None or file.whole:
            return False
        # These two are in every file, also where they are not listed because they are empty.
        name = place.segments[-1].name
        return name not in (IMPORTS, MODULE)

    def changes(
        self,
        commit: str | None,
        tip: str | None,
        *,
        here: bool,
    ) -> list[Address]:
        """What differs between two commits in the files with the paths, with ``here`` also what is not committed."""
        deltas: list[Delta] = []
        are_known = commit is not None and tip is not None
        if are_known and commit != tip:
            with suppress(BadInput):  # of what is not here nothing can be told
                deltas += self._trees.between(f"{commit}..{tip}")
        has_worktree = self._sources.repository.top is not None
        if here and has_worktree:
            deltas += self._trees.working()
        announced: list[Delta] = []
        for delta in deltas:
            if delta.path in self._paths:
                announced.append(delta)
        compared = differences(self._sources, announced)
        addresses: list[Address] = []
        for change in compared.changes:
            if not change.is_formatting:
                addresses.append(change.address)
        return addresses

    @cached_property
    def _files(self) -> dict[str, FileSymbols]:
        wanted: dict[str, Version] = {}
        for path in self._paths:
            version = self.tracked.get(path)
            if version is not None:
                wanted[path] = version
        versions = self._sources.contents.hashed(wanted)
        files = self._sources.read(versions, with_uses=True)
        return files_by_path(files)

    @cached_property
    def _neighbours(self) -> dict[Key, Neighbours]:
        neighbours: dict[Key, Neighbours] = {}
        for file in self._files.values():
            neighbours |= adjacent_names(file)
        return neighbours

    @cached_property
    def _symbols(self) -> dict[Key, Symbol]:
        return symbols_by_key(self._files.values())
