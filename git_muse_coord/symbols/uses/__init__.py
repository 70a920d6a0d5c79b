"""How each language uses what others define: one table a language, for ``collect`` and ``link``.

The definitions themselves are in the tables of ``languages``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from git_muse_coord.symbols.languages import EXTENSIONS, FILES
from git_muse_coord.symbols.uses.table import Uses

_TABLES = {
    "go": "go",
    "java": "java",
    "javascript": "ecmascript",
    "python": "python",
    "rust": "rust",
    "tsx": "ecmascript",
    "typescript": "ecmascript",
    **dict.fromkeys(
        ("bash", "c", "cpp", "csharp", "kotlin", "lua", "php", "ruby", "scala", "swift"), "others"
    ),
}
MANIFESTS = {
    "Cargo.toml": re.compile(
        rb"^\[package\][^\[]*?^name\s*=\s*\"([\w-]+)\"", re.MULTILINE | re.DOTALL
    ),
    "go.mod": re.compile(rb"^module\s+\"?([^\s\"]+)", re.MULTILINE),
    "package.json": re.compile(rb"^[ \t]*\"name\"\s*:\s*\"([^\"]+)\"", re.MULTILINE),
}
"""Where a file says how others import what lies beside it."""


def concerns(path: str) -> bool:
    """Whether a file of this name can use, or be used; it is the contents that tell where there is no extension."""
    name = path.rsplit("/", 1)[-1]
    extension = name.rpartition(".")[2] if "." in name else ""
    if name in MANIFESTS:
        return True
    return (
        not extension
        or extension == "h"
        or FILES.get(name, EXTENSIONS.get(extension.lower(), "")) in _TABLES
    )


@cache
def uses_of(language: str) -> Uses | None:
    """The table of a language; None for one whose uses are not known."""
    name = _TABLES.get(language)
    if name is None:
        return None
    found = import_module(f"{__name__}.{name}").USES
    if isinstance(found, dict):
        found = found[language]
    assert isinstance(found, Uses)  # noqa: S101 - a table is ours; mypy cannot see through the import
    return found
