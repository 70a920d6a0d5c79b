"""The files and directories of one tree that hold code, by the ways in which imports name them.

A place is a path, or a directory ending in ``/``; empty for none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from posixpath import dirname

from git_muse_coord.symbols.aliases import Aliases
from git_muse_coord.symbols.manifests import Manifest

_PYTHON = ("/__init__.py", ".py", ".pyi", "/__init__.pyi")
_RUST = (".rs", "/mod.rs")
RUST_ROOTS = ("lib.rs", "main.rs")
"""The files with which a crate begins."""


class CodeTree:
    """The files of one tree that hold code, and what its manifests say of imports."""

    def __init__(self, paths: Iterable[str], manifests: Mapping[str, Manifest]) -> None:
        self.paths = frozenset(paths)
        self.aliases = Aliases(manifests)
        self.named: dict[str, str] = {}
        """The directories to which manifests give names."""
        for path, manifest in sorted(manifests.items()):
            if manifest.name:
                self.named[manifest.name] = dirname(path)

    def inside(self, place: str, name: str) -> str:
        """A module in a package or a directory."""
        directory, _, file = place.rpartition("/")
        base = f"{directory}/" if directory else ""
        if place.endswith(".rs"):
            # the modules of `a.rs` lie in the directory `a`, those of `a/mod.rs` beside it
            is_beside = file == "mod.rs" or file in RUST_ROOTS
            if not is_beside:
                base += file.removesuffix(".rs") + "/"
            return self.first(base + name, _RUST)
        is_package = file in ("", "__init__.py", "__init__.pyi")
        if not is_package:
            return ""
        return self.package(base + name)

    def package(self, stem: str) -> str:
        """A module of Python, or a directory."""
        module = self.first(stem, _PYTHON)
        if module:
            return module
        directory = f"{stem}/"
        if directory in self.directories:
            return directory
        return ""

    def first(self, stem: str, endings: Iterable[str]) -> str:
        """The first of the files that a name without ending can mean."""
        for ending in endings:
            path = stem + ending
            if path in self.paths:
                return path
        return ""

    def of_package(self, place: str) -> list[str]:
        """The files of a directory."""
        return self._in_directory.get(place, [])

    @cached_property
    def _in_directory(self) -> dict[str, list[str]]:
        files: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.paths):
            directory = package_of(path)
            files[directory].append(path)
        return files

    def files_called(self, name: str) -> list[str]:
        """The files of a name, wherever they are."""
        return self._files_by_name.get(name, [])

    @cached_property
    def _files_by_name(self) -> dict[str, list[str]]:
        return _by_last_step(self.paths)

    @cached_property
    def directories(self) -> frozenset[str]:
        """The directories that hold code, at any depth."""
        directories: set[str] = set()
        for path in self.paths:
            above = dirname(path)
            while above:
                directory = f"{above}/"
                # What is around one that is known is known, too.
                if directory in directories:
                    break
                directories.add(directory)
                above = dirname(above)
        return frozenset(directories)

    def directories_called(self, name: str) -> list[str]:
        """The directories of a name, wherever they are."""
        return self._directories_by_name.get(name, [])

    @cached_property
    def _directories_by_name(self) -> dict[str, list[str]]:
        return _by_last_step(self.directories)

    @cached_property
    def crates(self) -> dict[str, str]:
        """The named directories, by their names as Rust writes them."""
        crates: dict[str, str] = {}
        for name, directory in self.named.items():
            crate = name.replace("-", "_")
            crates[crate] = directory
        return crates

    @cached_property
    def roots(self) -> dict[str, list[str]]:
        """Where imports may begin: the directories, by the name of a module or package in them."""
        parents: dict[str, set[str]] = defaultdict(set)
        for place in (*self.paths, *self.directories):
            path = place.rstrip("/")
            parent, _, name = path.rpartition("/")
            stem, _, _ = name.partition(".")
            directory = f"{parent}/" if parent else ""
            parents[stem].add(directory)
        roots: dict[str, list[str]] = {}
        for stem, directories in parents.items():
            roots[stem] = sorted(directories)
        return roots


def package_of(path: str) -> str:
    """The directory of a file as a place."""
    directory = dirname(path) or "."
    return f"{directory}/"


def _by_last_step(places: Iterable[str]) -> dict[str, list[str]]:
    by_name: dict[str, list[str]] = defaultdict(list)
    for place in sorted(places):
        path = place.rstrip("/")
        _, _, name = path.rpartition("/")
        by_name[name].append(place)
    return by_name
