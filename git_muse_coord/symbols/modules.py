"""From the name of a module, as an import writes it, to the files and directories of the tree that it can mean.

Each language has its way; all work on paths alone.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from posixpath import commonprefix, dirname

Finder = Callable[["Modules", str, str], str]


class Modules:
    """The files of one tree that hold code. A place is a path, or a directory ending in ``/``; empty for none."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)
        self._found: dict[tuple[str, str], str] = {}

    def find(self, way: str, module: str, importer: str) -> str:
        """The place that a module has for the file that imports it."""
        key = (module, importer)
        if key not in self._found:
            self._found[key] = _WAYS[way](self, module, importer)
        return self._found[key]

    def inside(self, place: str, name: str) -> str:
        """A module in a package or a directory."""
        base = place if place.endswith("/") else f"{dirname(place)}/".lstrip("/")
        if not place.endswith(("/", "__init__.py", "__init__.pyi")):
            return ""
        return self._at(f"{base}{name}")

    def _at(self, stem: str) -> str:
        for path in (f"{stem}/__init__.py", f"{stem}.py", f"{stem}.pyi", f"{stem}/__init__.pyi"):
            if path in self.paths:
                return path
        return f"{stem}/" if f"{stem}/" in self.directories else ""

    @cached_property
    def directories(self) -> frozenset[str]:
        """The directories that hold code, at any depth."""
        found: set[str] = set()
        for path in self.paths:
            while (path := dirname(path)) and f"{path}/" not in found:
                found.add(f"{path}/")
        return frozenset(found)

    @cached_property
    def roots(self) -> dict[str, list[str]]:
        """Where imports may begin: the directories, by the name of a module or package in them."""
        found: dict[str, set[str]] = defaultdict(set)
        for path in (*self.paths, *self.directories):
            parent, _, name = path.rstrip("/").rpartition("/")
            found[name.partition(".")[0]].add(f"{parent}/" if parent else "")
        return {name: sorted(parents) for name, parents in found.items()}


def _python(modules: Modules, module: str, importer: str) -> str:
    """Relative ones go up by their dots; others begin next to the importer or outside of all packages."""
    name = module.lstrip(".")
    steps = "/".join(filter(None, name.split(".")))
    if level := len(module) - len(name):
        base = importer
        for _ in range(level):
            base = dirname(base)
        base = f"{base}/" if base else ""
        return modules._at(f"{base}{steps}") if steps else modules._at(base.rstrip("/"))
    here = dirname(importer) + "/" if "/" in importer else ""
    best = ""
    reach = -1
    first = steps.partition("/")[0]
    for root in modules.roots.get(first, ()):
        if f"{root}__init__.py" in modules.paths or (root != here and first in sys.stdlib_module_names):
            continue
        if (place := modules._at(f"{root}{steps}")) and place != importer:
            near = len(commonprefix([root, here]))
            if (near, not place.endswith("/")) > (reach, not best.endswith("/")):
                best, reach = place, near
    return best


_WAYS: dict[str, Finder] = {"python": _python}
