"""What a text means that is not plainly the address of something there, by the tracked files.

What is there literally comes first. Then a path takes the spelling of the index, goes to the end of
its links and into the worktree that it leads to; then it is read as a file with something in it
behind a colon or ``#``, or as a pattern.
"""

from __future__ import annotations

import os

from git_muse_coord.model.address import (
    ROOT,
    Address,
    check_text,
    is_exact,
    parse,
)
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.records import MAX_ADDRESSES
from git_muse_coord.rules import patterns, typed
from git_muse_coord.rules.tracked import Tracked, follow
from git_muse_coord.source.addressing.selectors import FileContents, Selectors
from git_muse_coord.store.git.trees import LINK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from git_muse_coord.store.git.paths import Paths
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.git.trees import Version
    from git_muse_coord.store.settings import Settings

_DRIVE = r"[A-Za-z]:[\\/]"
_SUBMODULE = "160000"
_FEW = 100
"""Paths that are looked up one by one in the index, at most; of more all of it is read."""


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
        contents = FileContents(repository, progress, self.version)
        self._selectors = Selectors(contents)

    @cached_property
    def tracked(self) -> Tracked:
        """Everything that is tracked."""
        self._versions = self._paths.entries()
        return self._tree(self._versions)

    def expect(self, texts: Iterable[str]) -> None:
        """Look up what texts name, if all of it lies on disk: that is cheaper than to read the whole index."""
        named: set[str | None] = set()
        for text in texts:
            typed_path, _, _ = text.partition("::")
            named.add(self._named(typed_path))
        if len(named) > _FEW:
            return
        paths: set[str] = set()
        for path in named:
            # One that is not there as it is typed needs the whole index anyway.
            if path is None or not self._paths.is_plain(path):
                return
            paths.add(path.rstrip("/"))
        names_root = ROOT.rstrip("/") in paths
        if not paths or names_root:
            return
        self._versions = self._paths.entries(
            sorted(paths),
            ignore_case=self._settings.ignores_case,
        )
        self._expected = self._tree(self._versions)

    def is_tracked(self, path: str) -> bool:
        """Whether a file or directory is tracked, however it is spelt."""
        if path == ROOT:
            return True
        bare = path.rstrip("/")
        tree = self._tree_with(bare)
        return tree.find(bare) is not None

    def version(self, path: str) -> Version | None:
        """What the index has at a path, in the spelling of the index."""
        # Asked for first: it may be what reads the index, without which nothing has a version.
        if not self.is_tracked(path):
            return None
        return self._versions.get(path)

    def read(self, text: str) -> list[Address]:
        """The addresses that a text means. Raises BadInput."""
        check_text(text)
        typed_path, separator, selector = text.partition("::")
        path = self._from_root(typed_path, text)
        if not self._is_there(path):
            split = self._split(path)
            if split is not None:
                file, inside = split
                if separator:
                    inside = f"{inside}::{selector}"
                return self._select(file, inside, text)
            if self._is_pattern(path):
                return self._matching(path, text)
        settled = self._settled(path)
        if separator:
            return self._selectors.read(settled, selector, text)
        return [Address(settled)]

    def _split(self, path: str) -> tuple[str, str] | None:
        """A path as a file that is there and what is named in it: ``a.py:12``; None where there is no such file."""
        for file, inside in typed.splits(path):
            if self._is_there(file):
                return file, inside
        return None

    def _select(
        self,
        file: str,
        inside: str,
        text: str,
    ) -> list[Address]:
        """What is named in a file; all of it where nothing is, as behind a last colon."""
        settled = self._settled(file)
        if not inside:
            return [Address(settled)]
        return self._selectors.read(settled, inside, text)

    def _from_root(self, path: str, text: str) -> str:
        """A path as it is called from the root of the repository. Raises BadInput."""
        if os.path.isabs(path):
            return self._from_disk(path, text)
        named = self._named(path)
        # A file of Linux may have a backslash in its name, so that one comes first.
        if "\\" in path and (named is None or not self._is_there(named)):
            if re.match(_DRIVE, path):
                raise _outside(text)
            with_slashes = path.replace("\\", "/")
            return self._from_root(with_slashes, text)
        if named is None and path.startswith("."):
            named = self._named_from_outside(path)
        if named is None:  # parsed once more for what it says is wrong
            return parse(text, self._repository.prefix).path
        return named

    def _named_from_outside(self, path: str) -> str | None:
        """A path as ``../name-of-this-repository/file``, which leaves the repository and comes back."""
        full = os.path.join(self._repository.git.directory, path)
        inside = self._paths.inside(full)
        if not inside:
            return None
        return self._named(inside)

    def _from_disk(self, path: str, text: str) -> str:
        """An absolute path, from the root of the repository. Raises BadInput."""
        inside = self._paths.inside(path)
        if inside is None:
            raise _outside(text)
        inside = inside or ROOT
        if path.endswith("/"):
            inside += "/"
        return parse(inside).path

    def _named(self, path: str) -> str | None:
        """A path without what it does not need; None for one that leaves the repository, or is none at all."""
        try:
            return parse(path, self._repository.prefix).path
        except BadInput:
            return None

    def _is_there(self, path: str) -> bool:
        """Whether a path is on disk or tracked, maybe in another spelling or behind a link."""
        # The cheapest first: a look at the disk, then the index, then the links on the way.
        bare = path.rstrip("/")
        if self._repository.has_path(bare) or self.is_tracked(path):
            return True
        settled = self._settled(path)
        return self.is_tracked(settled)

    def _settled(self, path: str) -> str:
        """The one spelling of a path: as in the index, in the worktree that it leads to, at the end of its links."""
        if path == ROOT:
            return ROOT
        bare = path.rstrip("/")
        if bare not in self._tree_with(bare).files:
            bare = self._paths.nested(bare) or bare
        tree = self._tree_with(bare)
        respelt = tree.respelt(bare)
        end = follow(respelt, self._target)
        if end == ROOT:
            return ROOT
        # A link holds what somebody typed, so its end is respelt again.
        tree = self._tree_with(end)
        end = tree.respelt(end)
        if end == ROOT:
            return ROOT
        is_typed_as_one = path.endswith("/")
        if self._is_directory(end, is_typed_as_one=is_typed_as_one):
            return f"{end}/"
        return end

    def _is_directory(self, path: str, *, is_typed_as_one: bool) -> bool:
        """Whether a path is a directory or a submodule; one that is not there, if it was typed as one."""
        version = self.version(path)
        if version is not None and version.mode == _SUBMODULE:
            return True
        if self._repository.is_directory(path):
            return True
        tree = self._tree_with(path)
        if path in tree.directories:
            return True
        if not is_typed_as_one or version is not None:
            return False
        return not self._repository.has_path(path)

    def _target(self, path: str) -> str | None:
        """What a tracked link holds; None for anything else."""
        version = self.version(path)
        if version is None or version.mode != LINK:
            return None
        return self._paths.link(path, version.oid)

    def _tree_with(self, path: str) -> Tracked:
        """What was looked up, where the path is in it; else all that is tracked."""
        if self._expected.find(path) is not None:
            return self._expected
        return self.tracked

    def _tree(self, files: Iterable[str]) -> Tracked:
        return Tracked(
            files,
            ignore_case=self._settings.ignores_case,
            ignore_form=self._settings.ignores_form,
        )

    def _is_pattern(self, path: str) -> bool:
        """Whether a path that is not there is a pattern, not a new file in a directory with an odd name."""
        if not patterns.has_wildcard(path):
            return False
        bare = path.rstrip("/")
        directory, _, _ = bare.rpartition("/")
        if not patterns.has_wildcard(directory):
            return True
        return not self._is_there(directory)

    def _matching(self, path: str, text: str) -> list[Address]:
        """The files that a pattern matches. Raises BadInput for none, and for too many."""
        ignores_case = self._settings.ignores_case
        files = patterns.matching(path, self.tracked, ignore_case=ignores_case)
        if not files and not patterns.is_certain(path):
            return [parse(text)]  # a new file, such as [id].tsx
        if "::" in text:
            raise BadInput(
                f"the pattern {path!r} names files, not symbols",
                "name each file::Symbol, or the files",
            )
        if not files:
            raise BadInput(
                f"the pattern {path!r} matches no tracked file",
                "name new files one by one or by their directory/; ** stands for any directories: src/**/*.py",
            )
        if len(files) > MAX_ADDRESSES:
            raise BadInput(
                f"the pattern {path!r} matches {len(files):,} tracked files, more than {MAX_ADDRESSES:,}",
                f"reserve the directory {patterns.fixed_part(path)} instead",
            )
        addresses: list[Address] = []
        for file in files:
            address = Address(self._settled(file))
            if not is_exact(address):
                raise BadInput(
                    f"the pattern {path!r} matches {address.path!r}, which has no address",
                    "name its directory/",
                )
            addresses.append(address)
        return addresses


def _outside(text: str) -> BadInput:
    return BadInput(
        f"address {text!r} is outside of this repository",
        "write it relative to its root",
    )
