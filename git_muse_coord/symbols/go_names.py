"""What the packages of a Go tree are called where no ``go.mod`` says it: in a GOPATH, or built with Bazel.

Their imports end as directories do. What stands in front of that on both sides is a name and the
directory that it means, if several imports agree on them.
"""

from __future__ import annotations

from collections.abc import (
    Collection,
    Iterable,
    Iterator,
    Mapping,
)
from posixpath import basename, dirname

from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.symbols.references import IMPORTED, References
from git_muse_coord.symbols.uses.table import words

MANIFEST = "go.mod"
_ENOUGH = 2
"""By so many imports a name is told from one that is like by chance, unless it has a host and means the whole tree."""
_STANDARD = words(
    "archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go"
    " hash html image index io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv"
    " strings structs sync syscall testing text time unicode unique unsafe weak"
)
"""The first steps of what comes with Go."""


def is_standard(module: str) -> bool:
    """Whether an import means something that comes with Go."""
    return module.partition("/")[0] in _STANDARD


class Root(NamedTuple):
    """A directory, and the name by which its files are imported from elsewhere."""

    name: str
    directory: str


def root_of_tree(files: Mapping[str, References], manifests: Iterable[str]) -> Root | None:
    """From where on imports name directories; None where manifests say it, or nothing does."""
    named: list[str] = []
    for path in manifests:
        if basename(path) == MANIFEST:
            named.append(dirname(path))
    # nearly every tree of Go has a manifest at its root
    if "" in named:
        return None
    by_last_step: dict[str, set[str]] = defaultdict(set)
    unnamed: list[References] = []
    for path, file in files.items():
        if file.language != "go":
            continue
        directory = dirname(path)
        by_last_step[basename(directory)].add(directory)
        if not _is_below(path, named):
            unnamed.append(file)
    votes: dict[Root, set[str]] = defaultdict(set)
    for file in unnamed:
        for module in _imports(file):
            namesakes = by_last_step.get(basename(module), ())
            roots = [_root(module, directory) for directory in namesakes]
            # the shortest name is the one of which most is in the tree
            if roots:
                votes[min(roots)].add(module)
    return _elected(votes)


def _is_below(path: str, directories: Collection[str]) -> bool:
    return any(path.startswith(f"{directory}/") for directory in directories)


def _imports(file: References) -> Iterator[str]:
    if file.top is None:
        return
    for meanings in file.top.bindings.values():
        for meaning in meanings:
            if meaning.kind != IMPORTED:
                continue
            module = meaning.chain[0]
            if not is_standard(module):
                yield module


def _root(module: str, directory: str) -> Root:
    """What is in front where an import and a directory end alike: the more does, the shorter both are."""
    name = module.split("/")
    place = directory.split("/")
    while name and place and name[-1] == place[-1]:
        name.pop()
        place.pop()
    name_of_root = "/".join(name)
    root = "/".join(place)
    return Root(name_of_root, root)


def _elected(votes: Mapping[Root, Collection[str]]) -> Root | None:
    """The one for which most imports speak."""
    best: Root | None = None
    for root in sorted(votes):
        if best is None or len(votes[root]) > len(votes[best]):
            best = root
    if best is None:
        return None
    host, _, _ = best.name.partition("/")
    is_plain = "." in host and not best.directory
    # by chance only single imports end as a directory
    if not is_plain and len(votes[best]) < _ENOUGH:
        return None
    return best
