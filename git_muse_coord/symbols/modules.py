"""From the name of a module, as an import writes it, to the files and directories of the tree that it can mean.

Each language has its way; all work on paths alone.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from posixpath import commonprefix, dirname, join, normpath

_PYTHON = ("/__init__.py", ".py", ".pyi", "/__init__.pyi")
_SCRIPTS = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
_ECMASCRIPT = ("", *_SCRIPTS, *(f"/index{each}" for each in _SCRIPTS))
_RUST = (".rs", "/mod.rs")
_RUST_ROOTS = ("lib.rs", "main.rs")
_WRITTEN = re.compile(r"\.[mc]?jsx?\Z")
"""In TypeScript the ending of the file that will be built."""

Finder = Callable[["Modules", str, str], str]


class Modules:
    """The files of one tree that hold code. A place is a path, or a directory ending in ``/``; empty for none."""

    def __init__(self, paths: Iterable[str], named: Mapping[str, str]) -> None:
        self.paths = frozenset(paths)
        self.named = named
        """The directories to which manifests give names."""
        self._found: dict[tuple[str, str], str] = {}

    def find(self, way: str, module: str, importer: str) -> str:
        """The place that a module has for the file that imports it."""
        key = (module, importer)
        if key not in self._found:
            self._found[key] = _WAYS[way](self, module, importer)
        return self._found[key]

    def inside(self, place: str, name: str) -> str:
        """A module in a package or a directory."""
        directory, _, file = place.rpartition("/")
        base = f"{directory}/" if directory else ""
        if place.endswith(".rs"):
            stem = "" if file in _RUST_ROOTS or file == "mod.rs" else f"{file.removesuffix('.rs')}/"
            return self.first(f"{base}{stem}{name}", _RUST)
        return self.package(f"{base}{name}") if file in ("", "__init__.py", "__init__.pyi") else ""

    def package(self, stem: str) -> str:
        """A module of Python, or a directory."""
        return self.first(stem, _PYTHON) or (f"{stem}/" if f"{stem}/" in self.directories else "")

    def first(self, stem: str, endings: Iterable[str]) -> str:
        """The first of the files that a name without ending can mean."""
        return next(
            (path for path in (stem + ending for ending in endings) if path in self.paths), ""
        )

    def of_package(self, place: str) -> list[str]:
        """The files of a directory."""
        return self._in_directory.get(place, [])

    @cached_property
    def _in_directory(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.paths):
            found[package_of(path)].append(path)
        return found

    def ending(self, name: str) -> list[str]:
        """The files of a name, wherever they are."""
        return self._by_name.get(name, [])

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        return _by_last_step(self.paths)

    @cached_property
    def crates(self) -> dict[str, str]:
        """The named directories, by their names as Rust writes them."""
        return {name.replace("-", "_"): directory for name, directory in self.named.items()}

    @cached_property
    def directories(self) -> frozenset[str]:
        """The directories that hold code, at any depth."""
        found: set[str] = set()
        for path in self.paths:
            while (path := dirname(path)) and f"{path}/" not in found:
                found.add(f"{path}/")
        return frozenset(found)

    def directories_ending(self, name: str) -> list[str]:
        """The directories of a name, wherever they are."""
        return self._directories_by_name.get(name, [])

    @cached_property
    def _directories_by_name(self) -> dict[str, list[str]]:
        return _by_last_step(self.directories)

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
        return modules.package(f"{base}{steps}") if steps else modules.package(base.rstrip("/"))
    here = dirname(importer) + "/" if "/" in importer else ""
    best = ""
    reach = -1
    first = steps.partition("/")[0]
    for root in modules.roots.get(first, ()):
        if f"{root}__init__.py" in modules.paths or (
            root != here and first in sys.stdlib_module_names
        ):
            continue
        if (place := modules.package(f"{root}{steps}")) and place != importer:
            near = len(commonprefix([root, here]))
            if (near, not place.endswith("/")) > (reach, not best.endswith("/")):
                best, reach = place, near
    return best


def _ecmascript(modules: Modules, module: str, importer: str) -> str:
    """Relative ones are paths without an ending; others begin at a manifest's name or at the root of the source."""
    if module.startswith("."):
        return _script(modules, normpath(join(dirname(importer), module)))
    name = "/".join(module.split("/")[: 2 if module.startswith("@") else 1])
    if name in modules.named:
        base = join(modules.named[name], module[len(name) :].lstrip("/"))
        return _script(modules, normpath(base)) or _script(modules, normpath(join(base, "src")))
    if module.startswith(("@/", "~/", "src/")):
        rest = module.removeprefix("@/").removeprefix("~/")
        above = dirname(importer)
        while True:
            for base in (above, join(above, "src")):
                if found := _script(modules, join(base, rest)):
                    return found
            if not above:
                break
            above = dirname(above)
    return ""


def _script(modules: Modules, stem: str) -> str:
    found = modules.first(stem, _ECMASCRIPT)
    return found or (
        modules.first(_WRITTEN.sub("", stem), _ECMASCRIPT) if _WRITTEN.search(stem) else ""
    )


def _go(modules: Modules, module: str, _importer: str) -> str:
    """A directory below the one whose manifest names the first steps."""
    name = module
    while name and name not in modules.named:
        name = name.rpartition("/")[
            0
        ]  # above the root of a path there is nothing, other than for dirname
    if not name:
        return ""
    place = f"{normpath(join(modules.named[name], module[len(name) :].lstrip('/')))}/"
    return place if modules.of_package(place) else ""


def _java(modules: Modules, module: str, importer: str) -> str:
    """A file or a directory, nearest to the importer, whose path ends as the name; of nested classes the outer."""
    steps = module.split(".")
    here = dirname(importer)
    for count in range(len(steps), max(0, len(steps) - 3), -1):
        stem = "/".join(steps[:count])
        found = [f"{stem}.java"] if f"{stem}.java" in modules.paths else []
        found += [
            path
            for path in modules.ending(f"{steps[count - 1]}.java")
            if path.endswith(f"/{stem}.java")
        ]
        if count == len(steps):
            near = modules.directories_ending(steps[-1])
            found += [place for place in near if f"/{place}".endswith(f"/{stem}/")]
        if found:
            return max(sorted(found), key=lambda path: len(commonprefix([path, here])))
    return ""


def _rust(modules: Modules, module: str, importer: str) -> str:
    """A path from the root of the crate, from a file itself, or from the crate that a manifest names."""
    first, *steps = module.split("::")
    if first in ("crate", "super", "self"):
        place = {"crate": _crate, "super": _above, "self": _same}[first](modules, importer)
    elif first in modules.crates:
        place = modules.first(join(modules.crates[first], "src/"), _RUST_ROOTS)
    else:
        place = modules.inside(importer, first)
    for step in steps:
        if not place:
            return ""
        place = _above(modules, place) if step == "super" else modules.inside(place, step)
    return place


def _same(_modules: Modules, importer: str) -> str:
    return importer


def _crate(modules: Modules, importer: str) -> str:
    above = importer
    while above := dirname(above):
        if found := modules.first(f"{above}/", _RUST_ROOTS):
            return found
    return modules.first("", _RUST_ROOTS) or importer


def _above(modules: Modules, path: str) -> str:
    """The file that says ``mod`` of this one."""
    directory, _, file = path.rpartition("/")
    if file == "mod.rs":
        directory, _, file = directory.rpartition("/")
    if found := modules.first(f"{directory}/" if directory else "", (*_RUST_ROOTS, "mod.rs")):
        return found
    return modules.first(directory, (".rs",))


def package_of(path: str) -> str:
    """The directory of a file as a place."""
    return f"{dirname(path) or '.'}/"


def _by_last_step(places: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for place in sorted(places):
        found[place.rstrip("/").rpartition("/")[2]].append(place)
    return found


_WAYS: dict[str, Finder] = {
    "python": _python,
    "ecmascript": _ecmascript,
    "go": _go,
    "java": _java,
    "rust": _rust,
}
