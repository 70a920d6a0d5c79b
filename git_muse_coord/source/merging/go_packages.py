"""Names that a merge defines in two files of one package of Go, because each side added one."""

from __future__ import annotations

import re
from itertools import product
from posixpath import dirname

from git_muse_coord.model.address import Key
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.merged_symbol import Break, ConflictType
from git_muse_coord.source.merging.side import Side
from git_muse_coord.symbols.values import Symbol

_MANY = frozenset({"init", "_"})
"""Names that a package may define as often as it likes."""
_CLAUSE = re.compile(rb"^package[ \t]+(\w+)", re.MULTILINE)
_BUILD = re.compile(rb"^//(?:go:build| ?\+build)[ \t]+([^\n]*)", re.MULTILINE)
# Go builds a file for one system or processor alone where the end of its name says so. The end must
# be one of a closed list: parse_tree.go is built everywhere.
NewNames = dict[tuple[str, Key], list[Key]]
"""The places of what is new, by directory and names."""
_SYSTEM = re.compile(
    r"(?:_(?:aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|unix|wasip1|windows))?"
    r"(?:_(?:386|amd64|arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm))?(?:_test)?\.go\Z"
)


def doubled_in_packages(ours: Side, theirs: Side) -> dict[Key, Break]:
    """The names that each side defines anew in another file of a package, by where ours has them."""
    breaks: dict[Key, Break] = {}
    our_names = _new_names(ours)
    their_names = _new_names(theirs)
    for name, our_keys in our_names.items():
        their_keys = their_names.get(name, ())
        for our_key, their_key in product(our_keys, their_keys):
            our_path = our_key[0]
            their_path = their_key[0]
            if not _are_built_together(ours, our_path, theirs, their_path):
                continue
            our_symbol = ours.symbols[our_key]
            their_symbol = theirs.symbols[their_key]
            breaks[our_key] = Break(
                ConflictType.DOUBLE,
                (ours.site_of(our_symbol), theirs.site_of(their_symbol)),
                "keep one of the two: their files are of one package",
            )
    # A type that stands twice brings its methods twice: the type is said, the methods are not.
    outermost: dict[Key, Break] = {}
    for key, broken in breaks.items():
        if not _is_inside(key, breaks):
            outermost[key] = broken
    return outermost


def _new_names(side: Side) -> NewNames:
    """What a side put where it was not before."""
    keys: NewNames = defaultdict(list)
    for key, origin in side.origins.items():
        if origin == key or key[-1] in _MANY:
            continue
        path = key[0]
        if not path.endswith(".go"):
            continue
        symbol = side.symbols.get(key)
        if _is_of_package(symbol):
            names = key[1:]
            keys[dirname(path), names].append(key)
    return keys


def _is_of_package(symbol: Symbol | None) -> bool:
    """Whether a name belongs to the package, or to a type of it that can be in another file."""
    if symbol is None or symbol.is_own:
        return False
    if symbol.kind == "method":
        return True
    return len(symbol.names) == 1


def _is_inside(key: Key, breaks: dict[Key, Break]) -> bool:
    """Whether the type or function that holds a symbol is there, too."""
    outermost = key[:2]
    return outermost != key and outermost in breaks


def _are_built_together(
    ours: Side,
    our_path: str,
    theirs: Side,
    their_path: str,
) -> bool:
    """Whether two files belong to one package, and are not for different systems."""
    if our_path == their_path:  # one file: what stands twice in it is found in merged_files
        return False
    our_text = ours.code.text(our_path)
    their_text = theirs.code.text(their_path)
    our_package = _package(our_text)
    their_package = _package(their_text)
    if our_package is None or our_package != their_package:
        return False
    our_condition = _condition(our_path, our_text)
    their_condition = _condition(their_path, their_text)
    conditions = {our_condition, their_condition}
    is_everywhere = "" in conditions
    if len(conditions) > 1 and not is_everywhere:
        return False
    # By custom a program of its own, started with ``go run``.
    tags = " ".join(conditions).split()
    return "ignore" not in tags


def _package(text: bytes) -> bytes | None:
    """The name of the package in the head of a file; None where it has none."""
    clause = _CLAUSE.search(text)
    if clause is None:
        return None
    return clause[1]


def _condition(path: str, text: bytes) -> str:
    """When a file is built; empty for always."""
    conditions: list[str] = []
    suffix = _SYSTEM.search(path)
    if suffix is not None:
        system = suffix[0].removesuffix(".go").removesuffix("_test")
        if system:
            conditions.append(system)
    lines = _BUILD.findall(text)
    tags = b" ".join(lines).decode("utf-8", "replace")
    if tags:
        conditions.append(tags)
    return " ".join(conditions)
