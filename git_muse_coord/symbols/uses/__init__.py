"""How each language uses what others define: one table a language, for ``collect`` and ``link``.

The definitions themselves are in the tables of ``languages``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from git_muse_coord.symbols.languages import (
    HEADER,
    extension_of,
    facts_of,
    language_by_name,
)
from git_muse_coord.symbols.uses.table import Uses

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
    if name in MANIFESTS:
        return True
    extension = extension_of(name)
    if not extension or extension == HEADER:
        return True
    return bool(facts_of(language_by_name(name, extension)).uses)


@cache
def uses_of(language: str) -> Uses | None:
    """The table of a language; None for one whose uses are not known."""
    name = facts_of(language).uses
    if not name:
        return None
    module = import_module(f"{__name__}.{name}")
    uses = module.USES
    # Languages that differ in little share a module.
    if isinstance(uses, dict):
        uses = uses[language]
    assert isinstance(uses, Uses)  # noqa: S101 - a table is ours; mypy cannot see through the import
    return uses
