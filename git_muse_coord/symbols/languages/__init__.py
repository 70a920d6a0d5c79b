"""Which language a file is in: by name, by extension, by the interpreter in its first line.

The tables themselves are modules of this package, one a language, imported when a file of theirs is
read. What must be known before that is in the facts of ``registry``.
"""

from __future__ import annotations

from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cache
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.registry import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.symbols.languages.table import Language


def _languages_by(field: str) -> dict[str, str]:
    """The language of each word in a field of the facts."""
    languages: dict[str, str] = {}
    for language, facts in REGISTRY.items():
        for word in getattr(facts, field).split():
            languages[word] = language
    return languages


EXTENSIONS = _languages_by("extensions")
FILES = _languages_by("files")
_PATTERNS = _languages_by("patterns")
_INTERPRETERS = _languages_by("interpreters")
DOCUMENTS = frozenset(language for language, facts in REGISTRY.items() if facts.is_document)
"""Languages of prose and data, which hold no code."""
HEADER = "h"
"""The extension that C and C++ share, so that the content must tell."""
_NO_LANGUAGE = LanguageFacts()
_SHEBANG = rb"#![ \t]*(?:\S*/)?([^/\s]+)(?:[ \t]+(?:-\S+[ \t]+|\w+=\S*[ \t]+)*([^\s/]+))?"
# what may be long is bounded, or a search would take the square of it
_CPP_HEADER = (
    rb"(?m)^[ \t]*(?:class\s+\w[^;{]{0,200}\{|namespace\s[\w:\s]{0,200}\{|template\s*<|using\s+\w"
    rb"|(?:public|private|protected)\s*:)|\bstd::|^[ \t]*#[ \t]*include[ \t]*<\w+>"
)


def detect(path: str, data: bytes) -> str:
    """The name of the language of a file, or an empty text when there is no table for it."""
    name = path.rsplit("/", 1)[-1]
    extension = extension_of(name)
    if extension == HEADER:
        return "cpp" if re.search(_CPP_HEADER, data) else "c"
    return language_by_name(name, extension) or _language_by_first_line(data)


def extension_of(name: str) -> str:
    """What is behind the last dot of a file name, in small letters; empty where there is no dot."""
    _, dot, extension = name.rpartition(".")
    if not dot:
        return ""
    # where case counts, C is C++ and c is C
    return extension if extension == "C" else extension.lower()


def language_by_name(name: str, extension: str) -> str:
    """The language of every file with this name; empty where only its content can tell."""
    return FILES.get(name) or _language_by_pattern(name) or EXTENSIONS.get(extension, "")


@cache
def _language_by_pattern(name: str) -> str:
    # a name that fits begins with what stands before the star, which rules out nearly all
    for pattern, language in _PATTERNS.items():
        if not name.startswith(pattern.partition("*")[0]):
            continue
        from fnmatch import fnmatchcase  # which loads re

        if fnmatchcase(name, pattern):
            return language
    return ""


def _language_by_first_line(data: bytes) -> str:
    if not data.startswith(b"#!"):
        return ""
    match = re.match(_SHEBANG, data)
    if match is None:
        return ""
    is_searched_for = match[1] == b"env" and match[2]
    program = match[2] if is_searched_for else match[1]
    # python3.12 and python are one interpreter
    bare = program.decode("utf-8", "replace").rstrip("0123456789.")
    return _INTERPRETERS.get(bare, "")


def facts_of(language: str) -> LanguageFacts:
    """What is known of a language without its table; of the empty name, or another one, nothing."""
    return REGISTRY.get(language, _NO_LANGUAGE)


@cache
def is_not_installed(language: str) -> bool:
    """Whether the grammar of a language is one of the extra ``more-languages``, and that is not there."""
    package = facts_of(language).package
    if not package:
        return False
    from importlib.machinery import PathFinder

    return PathFinder.find_spec(package) is None


def table_versions(registry: Mapping[str, LanguageFacts]) -> dict[str, int]:
    """The version of the table of each language, and two sums under names that are no language.

    Where only the content tells which table reads a file, any of several may: a header that of C or
    C++, a file without a telling name (the empty key) that of every language. As no version goes
    down, their sum is another one as soon as one of them is.
    """
    versions = {language: facts.version for language, facts in registry.items()}
    every_table = sum(versions.values())
    return versions | {HEADER: versions["c"] + versions["cpp"], "": every_table}


VERSIONS = table_versions(REGISTRY)


def reader_by_name(name: str, extension: str) -> str:
    """What reads files of this name, as a key of ``VERSIONS``."""
    return HEADER if extension == HEADER else language_by_name(name, extension)


def version_by_name(name: str, extension: str) -> int:
    """The version of what reads files of this name, for the keys of caches."""
    return VERSIONS[reader_by_name(name, extension)]


@cache
def language_of(language: str) -> Language:
    """The table of a language that ``detect`` named. Raises AttributeError for one that has no grammar."""
    from importlib import import_module

    from git_muse_coord.symbols.languages.table import Language

    table = import_module(f"{__name__}.{language}").LANGUAGE
    assert isinstance(table, Language)  # noqa: S101 - a table is ours; mypy cannot see through the import
    return table
