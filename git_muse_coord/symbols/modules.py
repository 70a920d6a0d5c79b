"""From the name of a module, as an import writes it, to the files and directories of the tree that it can mean.

Each language has its way; all work on paths alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from posixpath import (
    commonprefix,
    dirname,
    join,
    normpath,
)

from git_muse_coord.symbols.code_tree import RUST_ROOTS, CodeTree
from git_muse_coord.symbols.go_names import is_standard
from git_muse_coord.symbols.manifests import Manifest

_SCRIPTS = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
_ECMASCRIPT = ("", *_SCRIPTS, *(f"/index{ending}" for ending in _SCRIPTS))
_BUILT = re.compile(r"(?:\.d)?\.[mc]?[jt]sx?\Z")
_BUILD_DIRECTORY = re.compile(
    r"(^|/)(?:dist|lib|build|out|esm|cjs|types)/(?:esm/|cjs/|types/|src/)?"
)
"""Here lies what is built of ``src``."""
"""In TypeScript an import has the ending of the file that will be built."""
_GO_HOMES = ("vendor", "src")
_MAX_OUTER_CLASSES = 2
"""At most so many classes around a nested one of Java are looked for."""


class Modules(CodeTree):
    """The modules of one tree. What was asked once is remembered."""

    def __init__(self, paths: Iterable[str], manifests: Mapping[str, Manifest]) -> None:
        super().__init__(paths, manifests)
        self._known: dict[tuple[str, str], str] = {}

    def find(
        self,
        way: str,
        module: str,
        importer: str,
    ) -> str:
        """The place that a module has for the file that imports it, in the way of its language."""
        key = (module, importer)
        if key not in self._known:
            self._known[key] = _WAYS[way](self, module, importer)
        return self._known[key]


def _python(
    tree: CodeTree,
    module: str,
    importer: str,
) -> str:
    """Relative ones go up by their dots; others begin next to the importer or outside of all packages."""
    name = module.lstrip(".")
    steps = "/".join(filter(None, name.split(".")))
    level = len(module) - len(name)
    if level == 0:
        return _python_absolute(tree, steps, importer)
    base = importer
    for _ in range(level):
        base = dirname(base)
    if not steps:
        # `from . import name`
        return tree.package(base)
    if not base:
        return tree.package(steps)
    return tree.package(f"{base}/{steps}")


def _python_absolute(
    tree: CodeTree,
    steps: str,
    importer: str,
) -> str:
    here = dirname(importer) + "/" if "/" in importer else ""
    first = steps.partition("/")[0]
    is_standard = first in sys.stdlib_module_names
    best = ""
    best_rank = (-1, False)
    for root in tree.roots.get(first, ()):
        if f"{root}__init__.py" in tree.paths:
            # a package is no root: what is in it is imported by its name
            continue
        if is_standard and root != here:
            # a file far away that is called like a standard module is not what is meant
            continue
        place = tree.package(f"{root}{steps}")
        if not place or place == importer:
            continue
        rank = (len(commonprefix([root, here])), not place.endswith("/"))
        if rank > best_rank:
            best = place
            best_rank = rank
    return best


def _ecmascript(
    tree: CodeTree,
    module: str,
    importer: str,
) -> str:
    """Relative ones are paths without an ending; others lead where manifests say, or to the root of the source."""
    if module.startswith("."):
        path = join(dirname(importer), module)
        return _script(tree, normpath(path))
    place = _first_script(tree, tree.aliases.seen_from(importer, module))
    if place:
        return place
    # the name of a package with a scope has two steps
    count = 2 if module.startswith("@") else 1
    name = "/".join(module.split("/")[:count])
    if name in tree.named:
        place = _first_script(tree, tree.aliases.entries_of(name, module))
        if place:
            return place
        inside = module[len(name) :].lstrip("/")
        base = join(tree.named[name], inside)
        source = join(base, "src")
        return _script(tree, normpath(base)) or _script(tree, normpath(source))
    if module.startswith(("@/", "~/", "src/")):
        rest = module.removeprefix("@/").removeprefix("~/")
        return _from_source_root(tree, rest, importer)
    return ""


def _first_script(tree: CodeTree, stems: Iterable[str]) -> str:
    """The first of some scripts that is there; for one that will be built, its source."""
    for stem in stems:
        place = _script(tree, stem)
        if place:
            return place
        # what is built is not tracked; what it is built of is
        in_source = _BUILD_DIRECTORY.sub(r"\1src/", stem, count=1)
        source = _BUILT.sub("", in_source)
        place = _script(tree, source) if source != stem else ""
        if place:
            return place
    return ""


def _from_source_root(
    tree: CodeTree,
    stem: str,
    importer: str,
) -> str:
    """A script below the nearest directory above the importer that has it."""
    above = importer
    while above:
        above = dirname(above)
        for base in (above, join(above, "src")):
            place = _script(tree, join(base, stem))
            if place:
                return place
    return ""


def _script(tree: CodeTree, stem: str) -> str:
    place = tree.first(stem, _ECMASCRIPT)
    if place or not _BUILT.search(stem):
        return place
    return tree.first(_BUILT.sub("", stem), _ECMASCRIPT)


def _go(
    tree: CodeTree,
    module: str,
    importer: str,
) -> str:
    """A directory below the one whose manifest names the first steps, or one that holds what others wrote."""
    name = module
    while name and name not in tree.named:
        # above the root of a path there is nothing, other than for dirname
        name = name.rpartition("/")[0]
    if not name:
        return _go_vendored(tree, module, importer)
    inside = module[len(name) :].lstrip("/")
    place = f"{normpath(join(tree.named[name], inside))}/"
    return place if tree.of_package(place) else ""


def _go_vendored(
    tree: CodeTree,
    module: str,
    importer: str,
) -> str:
    """A directory of that whole name in ``vendor``, or in the ``src`` of a GOPATH, nearest to the importer."""
    if is_standard(module):
        return ""
    last_step = module.rpartition("/")[2]
    places: list[str] = []
    for place in tree.directories_called(last_step):
        for home in _GO_HOMES:
            if f"/{place}".endswith(f"/{home}/{module}/"):
                places.append(place)
    return max(places, key=lambda place: len(commonprefix([place, importer])), default="")


def _java(
    tree: CodeTree,
    module: str,
    importer: str,
) -> str:
    """A file or a directory, nearest to the importer, whose path ends as the name; of nested classes the outer."""
    steps = module.split(".")
    here = dirname(importer)
    shortest = max(1, len(steps) - _MAX_OUTER_CLASSES)
    for count in range(len(steps), shortest - 1, -1):
        places = _java_files(tree, steps[:count])
        if count == len(steps):
            places += _java_directories(tree, steps)
        if places:
            return max(sorted(places), key=lambda place: len(commonprefix([place, here])))
    return ""


def _java_files(tree: CodeTree, steps: list[str]) -> list[str]:
    path = f"{'/'.join(steps)}.java"
    files = [path] if path in tree.paths else []
    for file in tree.files_called(f"{steps[-1]}.java"):
        if file.endswith(f"/{path}"):
            files.append(file)
    return files


def _java_directories(tree: CodeTree, steps: list[str]) -> list[str]:
    ending = f"/{'/'.join(steps)}/"
    directories: list[str] = []
    for place in tree.directories_called(steps[-1]):
        if f"/{place}".endswith(ending):
            directories.append(place)
    return directories


def _rust(
    tree: CodeTree,
    module: str,
    importer: str,
) -> str:
    """A path from the root of the crate, from a file itself, or from the crate that a manifest names."""
    first, *steps = module.split("::")
    if first == "crate":
        place = _crate_root(tree, importer)
    elif first == "super":
        place = _module_above(tree, importer)
    elif first == "self":
        place = importer
    elif first in tree.crates:
        place = tree.first(join(tree.crates[first], "src/"), RUST_ROOTS)
    else:
        place = tree.inside(importer, first)
    for step in steps:
        if not place:
            return ""
        place = _module_above(tree, place) if step == "super" else tree.inside(place, step)
    return place


def _crate_root(tree: CodeTree, importer: str) -> str:
    above = dirname(importer)
    while above:
        root = tree.first(f"{above}/", RUST_ROOTS)
        if root:
            return root
        above = dirname(above)
    return tree.first("", RUST_ROOTS) or importer


def _module_above(tree: CodeTree, path: str) -> str:
    """The file that says ``mod`` of this one."""
    directory, _, file = path.rpartition("/")
    if file == "mod.rs":
        directory = directory.rpartition("/")[0]
    base = f"{directory}/" if directory else ""
    beside = tree.first(base, (*RUST_ROOTS, "mod.rs"))
    # `a.rs` says it of what lies in the directory `a`
    return beside or tree.first(directory, (".rs",))


_Way = Callable[[CodeTree, str, str], str]
"""From the tree, the module and the importer to a place."""

_WAYS: dict[str, _Way] = {
    "python": _python,
    "ecmascript": _ecmascript,
    "go": _go,
    "java": _java,
    "rust": _rust,
}
