"""What manifests say of imports: by which names others know a directory, and where names lead that are no paths.

Only the text of one manifest is read here. ``aliases`` and ``modules`` follow what it says through a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from git_muse_coord.model.later import json, re
from git_muse_coord.model.light import NamedTuple

Alias = tuple[str, str]
"""A name as an import has it, with at most one star, and a path from the directory of the manifest, likewise."""

_CARGO = rb"(?ms)^\[package\][^\[]*?^name\s*=\s*\"([\w-]+)\""
_GO = rb"(?m)^module\s+\"?([^\s\"]+)"
_PACKAGE_NAME = rb"(?m)^[ \t{]*\"name\"\s*:\s*\"([^\"]+)\""
_COMMENTED = r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])'
"""In the JSON of compilers: a text, or what is no JSON, comments and last commas."""
_COMMA_IN_FRONT = r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])'
_ENTRIES = ("source", "types", "typings", "module", "main", "svelte", "browser")
"""Under these keys a package says with which file it begins."""
_MAX_ALIASES = 500
_MAX_CONDITIONS = 6


class Manifest(NamedTuple):
    """What one manifest says."""

    name: str = ""
    """By this name others import the directory."""
    aliases: tuple[Alias, ...] = ()
    """What counts for the files below the directory only."""
    entries: tuple[Alias, ...] = ()
    """What others get who import the directory by its name; of equal names the first one counts that is there."""
    extends: tuple[str, ...] = ()
    """Paths of manifests whose aliases count as well."""


def read_manifest(name: str, data: bytes) -> Manifest:
    """What a manifest of that name says."""
    return _READERS.get(name, _compiler)(data)


def _named_by(pattern: bytes) -> Callable[[bytes], Manifest]:
    def read(data: bytes) -> Manifest:
        match = re.search(pattern, data)
        if match is None:
            return Manifest()
        name = match[1].decode("utf-8", "replace")
        return Manifest(name)

    return read


def _package(data: bytes) -> Manifest:
    """``package.json``: its name, ``imports`` for itself, ``exports`` and other entries for others."""
    named = _named_by(_PACKAGE_NAME)(data)
    package = _as_json(data)
    name = package.get("name") or named.name
    if not isinstance(name, str):
        return named
    # What is of another type than it should be is not there.
    aliases: list[Alias] = []
    imports = package.get("imports")
    if isinstance(imports, dict):
        for key, target in imports.items():
            aliases += _aliases_of(key, target)
    entries: list[Alias] = []
    for key, target in _exports(package.get("exports")):
        # "." is the package itself, "./sub" a part of it
        entry = name + key.removeprefix(".")
        entries += _aliases_of(entry, target)
    for key in _ENTRIES:
        entries += _aliases_of(name, package.get(key))
    return Manifest(
        name,
        tuple(aliases[:_MAX_ALIASES]),
        tuple(entries[:_MAX_ALIASES]),
    )


def _aliases_of(name: str, target: object) -> list[Alias]:
    """A name with each of the paths that it may mean."""
    return [(name, path) for path in _paths_in(target)]


def _exports(exports: object) -> Iterator[tuple[str, object]]:
    """The parts of a package that others may import, from its root; without paths all of it is the root."""
    if exports is None:
        return
    if isinstance(exports, dict) and all(str(key).startswith(".") for key in exports):
        yield from exports.items()
    else:
        yield ".", exports


def _paths_in(target: object) -> list[str]:
    """The paths of a target, by the order of the conditions under which each is taken."""
    waiting = [target]
    paths: list[str] = []
    # each condition can hold others
    while waiting and len(paths) < _MAX_CONDITIONS:
        part = waiting.pop(0)
        if isinstance(part, str):
            paths.append(part)
        elif isinstance(part, dict):
            waiting[:0] = part.values()
        elif isinstance(part, list):
            waiting[:0] = part
    return paths


def _compiler(data: bytes) -> Manifest:
    """``tsconfig.json`` and ``jsconfig.json``: ``paths``, from ``baseUrl`` on, and what they extend."""
    config = _as_json(data)
    options = config.get("compilerOptions")
    options = options if isinstance(options, dict) else {}
    base = options.get("baseUrl")
    start = base if isinstance(base, str) else "."
    aliases: list[Alias] = []
    paths = options.get("paths")
    if isinstance(paths, dict):
        for key, target in paths.items():
            for path in _paths_in(target):
                aliases.append((key, f"{start}/{path}"))
    # without any paths, names begin at the base all the same
    if isinstance(base, str):
        aliases.append(("*", f"{base}/*"))
    extends = _paths_in(config.get("extends"))
    return Manifest(
        aliases=tuple(aliases[:_MAX_ALIASES]),
        extends=tuple(extends),
    )


def _as_json(data: bytes) -> dict[str, object]:
    """The object that a text is, with comments and last commas let pass; an empty one for all others."""
    text = data.decode("utf-8-sig", "replace")
    try:
        return _object(text)
    except (ValueError, RecursionError):
        pass
    for pattern in (_COMMENTED, _COMMA_IN_FRONT):
        # a comment can stand between a last comma and the bracket, so that commas go in a second turn
        text = re.sub(pattern, _text_alone, text, flags=re.DOTALL)
    try:
        return _object(text)
    except (ValueError, RecursionError):
        return {}


def _text_alone(match: re.Match[str]) -> str:
    """A text in quotes stays, all else goes."""
    return match[1] or ""


def _object(text: str) -> dict[str, object]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}


_READERS: dict[str, Callable[[bytes], Manifest]] = {
    "Cargo.toml": _named_by(_CARGO),
    "go.mod": _named_by(_GO),
    "package.json": _package,
}
