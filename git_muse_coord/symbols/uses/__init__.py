"""How each language uses what others define: one table a language, for ``collect`` and ``link``.

The definitions themselves are in the tables of ``languages``.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cache
from git_muse_coord.symbols.languages import (
    HEADER,
    extension_of,
    facts_of,
    language_by_name,
)

if TYPE_CHECKING:
    from git_muse_coord.symbols.uses.table import Uses


_MANIFESTS = ("Cargo.toml", "go.mod", "package.json")
_OF_COMPILERS = ("tsconfig", "jsconfig")


def is_manifest(name: str) -> bool:
    """Whether a file of this name says how others import what lies beside it, or what names of modules mean there."""
    return name in _MANIFESTS or (name.startswith(_OF_COMPILERS) and name.endswith(".json"))


def concerns(path: str) -> bool:
    """Whether a file of this name can use, or be used; it is the contents that tell where there is no extension."""
    name = path.rsplit("/", 1)[-1]
    if is_manifest(name):
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
    # Only what reads source needs a table; which files hold code, everybody asks.
    from importlib import import_module

    from git_muse_coord.symbols.uses.table import Uses

    module = import_module(f"{__name__}.{name}")
    uses = module.USES
    # Languages that differ in little share a module.
    if isinstance(uses, dict):
        uses = uses[language]
    assert isinstance(uses, Uses)  # noqa: S101 - a table is ours; mypy cannot see through the import
    return uses
