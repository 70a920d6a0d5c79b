"""What a text means that is not plainly the address of something there, by the tracked files.

What is there literally comes first. Then a path takes the spelling of the index, goes to the end of
its links and into the worktree that it leads to; then it is read as a file with something in it
behind a colon or ``#``, or as a pattern.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from git_muse_coord.model import address
from git_muse_coord.model.address import ROOT, Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.records import MAX_ADDRESSES
from git_muse_coord.rules import patterns, typed
from git_muse_coord.rules.tracked import Tracked, follow
from git_muse_coord.source.addressing.selectors import FileContents, Selectors
from git_muse_coord.store.git.paths import Paths
from git_muse_coord.store.git.trees import LINK, Version

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.settings import Settings

_DRIVE = r"[A-Za-z]:[\\/]"
_SUBMODULE = "160000"
_FEW = 100
"""So many paths are looked up one by one in the index; of more all of it is read."""


class AddressReader:
    """Reads texts in one repository, whose index is looked at once."""

    def __init__(
        self,
        repository: Repository,
        settings: Settings,
        paths: Paths,
        progress: Callable[[str], None],
    ) -> None:
        self._repository = repository
        self._settings = settings
        self._paths = paths
        self._versions: dict[str, Version] = {}
        self._expected = self._tree(())
        self._selectors = Selectors(FileContents(repository, progress, self.version))

    @cached_property
    def tracked(self) -> Tracked:
        """Everything that is tracked."""
        self._versions = self._paths.entries()
        return self._tree(self._versions)

    def expect(self, texts: Iterable[str]) -> None:
        """Look up what texts name, if all of it lies on disk: that is cheaper than to read the whole index."""
        named = [self._named(text.partition("::")[0]) for text in texts]
        paths = {
            path.rstrip("/") for path in named if path is not None and self._paths.is_plain(path)
        }
        if 0 < len(paths) == len(set(named)) <= _FEW and "." not in paths:
            self._versions = self._paths.entries(
                sorted(paths), ignore_case=self._settings.ignores_case
            )
            self._expected = self._tree(self._versions)

    def is_tracked(self, path: str) -> bool:
        """Whether a file or directory is tracked, however it is spelt."""
        return path == ROOT or self._tree_with(path.rstrip("/")).find(path.rstrip("/")) is not None

    def version(self, path: str) -> Version | None:
        """What the index has at a path, in the spelling of the index."""
        return self._versions.get(path) if self.is_tracked(path) else None

    def read(self, text: str) -> list[Address]:
        """The addresses that a text means. Raises BadInput."""
        address.check_text(text)
        typed_path, separator, selector = text.partition("::")
        path = self._from_root(typed_path, text)
        if not self._is_there(path):
            for file, inside in typed.splits(path):
                if self._is_there(file):
                    if not separator and not inside:
                        return [Address(self._settled(file))]
                    return self._selectors.read(
                        self._settled(file), f"{inside}::{selector}" if separator else inside, text
                    )
            if self._is_pattern(path):
                return self._matching(path, text)
        settled = self._settled(path)
        return self._selectors.read(settled, selector, text) if separator else [Address(settled)]

    def _from_root(self, path: str, text: str) -> str:
        """A path as it is called from the root of the repository. Raises BadInput."""
        if os.path.isabs(path):
            inside = self._paths.inside(path)
            if inside is None:
                raise BadInput(
                    f"address {text!r} is outside of this repository",
                    "write it relative to its root",
                )
            return address.parse((inside or ROOT) + "/" * path.endswith("/")).path
        named = self._named(path)
        if "\\" in path and (named is None or not self._is_there(named)):
            if re.match(_DRIVE, path):
                raise BadInput(
                    f"address {text!r} is outside of this repository",
                    "write it relative to its root",
                )
            return self._from_root(path.replace("\\", "/"), text)
        if named is None and path.startswith("."):
            inside = self._paths.inside(os.path.join(self._repository.git.directory, path))
            named = self._named(inside) if inside else None
        return address.parse(text, self._repository.prefix).path if named is None else named

    def _named(self, path: str) -> str | None:
        """A path without what it does not need; None for one that leaves the repository, or is none at all."""
        try:
            return address.parse(path, self._repository.prefix).path
        except BadInput:
            return None

    def _is_there(self, path: str) -> bool:
        """Whether a path is on disk or tracked, maybe in another spelling or behind a link."""
        bare = path.rstrip("/")
        return (
            self._repository.has_path(bare)
            or self.is_tracked(path)
            or self.is_tracked(self._settled(path))
        )

    def _settled(self, path: str) -> str:
        """The one spelling of a path: as in the index, in the worktree that it leads to, at the end of its links."""
        if path == ROOT:
            return ROOT
        bare = path.rstrip("/")
        tree = self._tree_with(bare)
        if bare not in tree.files:
            bare = self._paths.nested(bare) or bare
        end = follow(self._tree_with(bare).respelt(bare), self._target)
        end = end if end == ROOT else self._tree_with(end).respelt(end)
        return end if end == ROOT or not self._is_directory(end, path.endswith("/")) else end + "/"

    def _is_directory(self, path: str, is_said: bool) -> bool:
        """Whether a path is a directory or a submodule; one that is not there, if it was typed as one."""
        version = self.version(path)
        if version is not None and version.mode == _SUBMODULE:
            return True
        if self._repository.is_directory(path) or path in self._tree_with(path).directories:
            return True
        return is_said and version is None and not self._repository.has_path(path)

    def _target(self, path: str) -> str | None:
        """What a tracked link holds; None for anything else."""
        version = self.version(path)
        return (
            self._paths.link(path, version.oid)
            if version is not None and version.mode == LINK
            else None
        )

    def _tree_with(self, path: str) -> Tracked:
        return self._expected if self._expected.find(path) is not None else self.tracked

    def _tree(self, files: Iterable[str]) -> Tracked:
        settings = self._settings
        return Tracked(files, ignore_case=settings.ignores_case, ignore_form=settings.ignores_form)

    def _is_pattern(self, path: str) -> bool:
        """Whether a path that is not there is a pattern, not a new file in a directory with an odd name."""
        home = path.rstrip("/").rpartition("/")[0]
        return patterns.has_wildcard(path) and not (
            patterns.has_wildcard(home) and self._is_there(home)
        )

    def _matching(self, path: str, text: str) -> list[Address]:
        """The files that a pattern matches. Raises BadInput for none, and for too many."""
        found = patterns.matching(path, self.tracked, ignore_case=self._settings.ignores_case)
        if not found and not patterns.is_certain(path):
            return [address.parse(text)]  # a new file, such as [id].tsx
        if "::" in text:
            raise BadInput(
                f"the pattern {path!r} names files, not symbols",
                "name each file::Symbol, or the files",
            )
        if not found:
            raise BadInput(
                f"the pattern {path!r} matches no tracked file",
                "name new files one by one or by their directory/; ** stands for any directories: src/**/*.py",
            )
        if len(found) > MAX_ADDRESSES:
            raise BadInput(
                f"the pattern {path!r} matches {len(found):,} tracked files, more than {MAX_ADDRESSES:,}",
                f"reserve the directory {patterns.fixed_part(path)} instead",
            )
        places = [Address(self._settled(each)) for each in found]
        if odd := [place for place in places if not address.is_exact(place)]:
            raise BadInput(
                f"the pattern {path!r} matches {odd[0].path!r}, which has no address",
                "name its directory/",
            )
        return places
