"""Where names of modules lead that are no paths: aliases of the manifests around a file, entries of packages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
            here = dirname(path)
            if manifest.aliases or manifest.extends:
                self._by_directory[here].append(path)
            if manifest.entries:
                self._entries[manifest.name] = _from_root(manifest.entries, here)

    def seen_from(self, importer: str, module: str) -> Iterator[str]:
        """The paths that a name can mean in a file: those of the nearest manifest first."""
        # The aliases of a project above count where the nearer one says nothing of a name.
        directory = importer
        while directory:
            directory = dirname(directory)
            for path in self._by_directory.get(directory, ()):
                aliases = self._all_of(path)
                yield from _matching(aliases, module)

    def entries_of(self, package: str, module: str) -> Iterator[str]:
        """The paths that a name can mean that begins with the name of a package."""
        entries = self._entries.get(package, [])
        yield from _matching(entries, module)

    def _all_of(self, path: str) -> list[Alias]:
        """The aliases of a manifest, and of those that it extends, as paths from the root."""
        aliases: list[Alias] = []
        waiting = [path]
        known = set(waiting)
        while waiting and len(known) <= _MAX_EXTENDED:
            path = waiting.pop(0)
            manifest = self._manifests[path]
            here = dirname(path)
            aliases += _from_root(manifest.aliases, here)
            for extended in manifest.extends:
                base = self._extended(here, extended)
                # two can extend each other
                if base and base not in known:
                    known.add(base)
                    waiting.append(base)
        return aliases

    def _extended(self, here: str, extended: str) -> str:
        """The path of a manifest that another one extends; empty where it is not of this tree."""
        path = normpath(join(here, extended))
        for ending in ("", ".json", "/tsconfig.json"):
            if path + ending in self._manifests:
                return path + ending
        return ""


def _from_root(aliases: Iterable[Alias], directory: str) -> list[Alias]:
    """Aliases with their paths from the root on, and no more from a directory."""
    from_root: list[Alias] = []
    for name, target in aliases:
        from_root.append((name, join(directory, target)))
    return from_root


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
        if not module.startswith(before):
            continue
        rest = module[len(before) :]
        if not rest.endswith(behind):
            continue
        middle = rest.removesuffix(behind)
        path = target.replace("*", middle)
        matching.append((len(before), path))
    # the order of what is equally long is kept
    matching.sort(key=_length, reverse=True)
    for _, path in matching:
        yield normpath(path)


def _length(match: tuple[int, str]) -> int:
    length, _ = match
    return length
