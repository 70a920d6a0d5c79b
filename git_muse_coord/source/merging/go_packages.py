"""Names that a merge defines in two files of one package of Go, because each side added one."""

from __future__ import annotations

import re
from collections import defaultdict
from posixpath import dirname

from git_muse_coord.model.address import Key
from git_muse_coord.rules.merge_plan import Break, ConflictType, Site
from git_muse_coord.source.merging.side import Side
from git_muse_coord.symbols.values import Symbol

_MANY = frozenset({"init", "_"})
_CLAUSE = re.compile(rb"^package[ \t]+(\w+)", re.MULTILINE)
_BUILD = re.compile(rb"^//(?:go:build| ?\+build)[ \t]+([^\n]*)", re.MULTILINE)
_SYSTEM = re.compile(
    r"(?:_(?:aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|unix|wasip1|windows))?"
    r"(?:_(?:386|amd64|arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm))?(?:_test)?\.go\Z"
)


def doubled_in_packages(ours: Side, theirs: Side) -> dict[Key, Break]:
    """The names that each side defines anew in another file of a package, by where ours has them."""
    found: dict[Key, Break] = {}
    others = _by_package(theirs)
    for (package, names), keys in _by_package(ours).items():
        for key in keys:
            for other in others.get((package, names), ()):
                if other[0] != key[0] and _are_built_together(ours, key[0], theirs, other[0]):
                    sites = _site(ours, key), _site(theirs, other)
                    advice = "keep one of the two: their files are of one package"
                    found[key] = Break(ConflictType.DOUBLE, sites, advice)
    return {key: one for key, one in found.items() if key[:2] == key or key[:2] not in found}


def _by_package(side: Side) -> dict[tuple[str, Key], list[Key]]:
    """What a side put where it was not before, by directory and names."""
    found: dict[tuple[str, Key], list[Key]] = defaultdict(list)
    for key, origin in side.origins.items():
        if (
            key[0].endswith(".go")
            and origin != key
            and key[-1] not in _MANY
            and _is_of_package(side.standing.get(key))
        ):
            found[dirname(key[0]), key[1:]].append(key)
    return found


def _is_of_package(symbol: Symbol | None) -> bool:
    """Whether a name belongs to the package, or to a type of it that can be in another file."""
    if symbol is None or symbol.is_own:
        return False
    return len(symbol.address.segments) == 1 or symbol.kind == "method"


def _are_built_together(one: Side, path: str, other: Side, its_path: str) -> bool:
    """Whether two files belong to one package, and are not for different systems."""
    texts = one.text(path), other.text(its_path)
    clauses = [_CLAUSE.search(text) for text in texts]
    if None in clauses or len({clause[1] for clause in clauses if clause is not None}) > 1:
        return False
    conditions = [
        _condition(name, text) for name, text in zip((path, its_path), texts, strict=True)
    ]
    if any("ignore" in condition.split() for condition in conditions):  # a program of its own
        return False
    return "" in conditions or conditions[0] == conditions[1]


def _condition(path: str, text: bytes) -> str:
    """When a file is built; empty for always."""
    suffix = _SYSTEM.search(path)
    tags = b" ".join(_BUILD.findall(text)).decode("utf-8", "replace")
    return " ".join(
        filter(None, (suffix[0].removesuffix(".go").removesuffix("_test") if suffix else "", tags))
    )


def _site(side: Side, key: Key) -> Site:
    symbol = side.standing[key]
    return Site(symbol.address, symbol.start_line, side.name)
