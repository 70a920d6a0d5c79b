"""Where names of modules lead that are no paths: aliases of the manifests around a file, entries of packages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

from git_muse_coord.symbols.manifests import Alias, Manifest

_MAX_EXTENDED = 8
"""Manifests that extend each other are followed so far."""


class Aliases:
    """What the manifests of one tree say. What is below a directory sees those in it and above."""

    def __init__(self, manifests: Mapping[str, Manifest]) -> None:
        self._manifests = manifests
        self._by_directory: dict[str, list[str]] = defaultdict(list)
        self._entries: dict[str, list[Alias]] = {}
        for path, manifest in sorted(manifests.items()):
            if manifest.aliases or manifest.extends:
                self._by_directory[dirname(path)].append(path)
            if manifest.entries:
                self._entries[manifest.name] = [
                    (name, join(dirname(path), target)) for name, target in manifest.entries
                ]

    def seen_from(self, importer: str, module: str) -> Iterator[str]:
        """The paths that a name can mean in a file: those of the nearest manifest first."""
        # The aliases of a project above count where the nearer one says nothing of a name.
        directory = importer
        while directory:
            directory = dirname(directory)
            for path in self._by_directory.get(directory, ()):
                yield from _matching(self._all_of(path), module)

    def entries_of(self, package: str, module: str) -> Iterator[str]:
        """The paths that a name can mean that begins with the name of a package."""
        yield from _matching(self._entries.get(package, []), module)

    def _all_of(self, path: str) -> list[Alias]:
        """The aliases of a manifest, and of those that it extends, as paths from the root."""
        aliases: list[Alias] = []
        waiting = [path]
        known = set(waiting)
        while waiting and len(known) <= _MAX_EXTENDED:
            path = waiting.pop(0)
            manifest = self._manifests[path]
            here = dirname(path)
            aliases += [(name, join(here, target)) for name, target in manifest.aliases]
            for extended in manifest.extends:
                other = self._extended(here, extended)
                if other and other not in known:
                    known.add(other)
                    waiting.append(other)
        return aliases

    def _extended(self, here: str, extended: str) -> str:
        """The path of a manifest that another one extends; empty where it is not of this tree."""
        path = normpath(join(here, extended))
        for ending in ("", ".json", "/tsconfig.json"):
            if path + ending in self._manifests:
                return path + ending
        return ""


def _matching(aliases: list[Alias], module: str) -> Iterator[str]:
    """The paths of a name, those of the longest pattern first."""
    # What is named in full goes before all patterns.
    matching: list[tuple[int, str]] = []
    for name, target in aliases:
        before, star, behind = name.partition("*")
        if not star:
            if module == name:
                matching.append((len(name) + 1, target))
            continue
        is_long = len(module) >= len(before) + len(behind)
        if is_long and module.startswith(before) and module.endswith(behind):
            middle = module[len(before) : len(module) - len(behind)]
            matching.append((len(before), target.replace("*", middle)))
    # sorted keeps the order of what is alike
    for _, path in sorted(matching, key=lambda match: -match[0]):
        yield normpath(path)
