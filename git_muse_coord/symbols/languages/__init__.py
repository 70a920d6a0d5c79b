"""Which language a file is in: by name, by extension, by the interpreter in its first line.

The tables themselves are modules of this package, one a language, imported when a file of theirs is
read.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.symbols.languages.table import Language

EXTENSIONS = {
    extension: language
    for language, extensions in {
        "bash": "sh bash zsh ksh bats",
        "c": "c",
        "cpp": "cc cpp cxx c++ hpp hh hxx h++ ipp tpp inl cu cuh",
        "csharp": "cs csx",
        "go": "go",
        "java": "java",
        "javascript": "js mjs cjs jsx es6",
        "json": "json jsonc json5 webmanifest",
        "kotlin": "kt kts",
        "lua": "lua",
        "markdown": "md markdown mdown mkd mdx",
        "php": "php phtml php5 inc",
        "python": "py pyi pyw",
        "rst": "rst",
        "ruby": "rb rake gemspec ru podspec",
        "rust": "rs",
        "scala": "scala sc sbt",
        "swift": "swift",
        "toml": "toml",
        "tsx": "tsx",
        "typescript": "ts mts cts",
        "yaml": "yaml yml",
    }.items()
    for extension in extensions.split()
}
FILES = {
    "BUILD": "python",
    "BUILD.bazel": "python",
    "SConstruct": "python",
    "Gemfile": "ruby",
    "Rakefile": "ruby",
    "Guardfile": "ruby",
    "Vagrantfile": "ruby",
    "Podfile": "ruby",
    ".bashrc": "bash",
    ".bash_profile": "bash",
    ".profile": "bash",
    "PKGBUILD": "bash",
    ".babelrc": "json",
    ".clang-format": "yaml",
    "CITATION.cff": "yaml",
}
DOCUMENTS = frozenset({"json", "markdown", "rst", "toml", "yaml"})
"""Languages of prose and data, which hold no code."""
INTERPRETERS = {
    "python": "python",
    "pypy": "python",
    "node": "javascript",
    "deno": "typescript",
    "bun": "typescript",
    "ruby": "ruby",
    "php": "php",
    "lua": "lua",
    "luajit": "lua",
    "sh": "bash",
    "bash": "bash",
    "dash": "bash",
    "ksh": "bash",
    "zsh": "bash",
    "scala": "scala",
    "kotlin": "kotlin",
    "swift": "swift",
}
_SHEBANG = re.compile(
    rb"#![ \t]*(?:\S*/)?([^/\s]+)(?:[ \t]+(?:-\S+[ \t]+|\w+=\S*[ \t]+)*([^\s/]+))?"
)
# what may be long is bounded, or a search would take the square of it
_CPP_HEADER = re.compile(
    rb"^[ \t]*(?:class\s+\w[^;{]{0,200}\{|namespace\s[\w:\s]{0,200}\{|template\s*<|using\s+\w"
    rb"|(?:public|private|protected)\s*:)|\bstd::|^[ \t]*#[ \t]*include[ \t]*<\w+>",
    re.MULTILINE,
)


def detect(path: str, data: bytes) -> str:
    """The name of the language of a file, or an empty text when there is no table for it."""
    name = path.rsplit("/", 1)[-1]
    if language := FILES.get(name):
        return language
    stem, dot, extension = name.rpartition(".")
    if dot and (stem or extension):
        extension = extension.lower() if extension != "C" else "cc"
        if extension == "h":
            return "cpp" if _CPP_HEADER.search(data) else "c"
        if language := EXTENSIONS.get(extension):
            return language
    if data.startswith(b"#!") and (match := _SHEBANG.match(data)):
        program = match[2] if match[1] == b"env" and match[2] else match[1]
        return INTERPRETERS.get(program.decode("utf-8", "replace").rstrip("0123456789."), "")
    return ""


@cache
def language_of(language: str) -> Language:
    """The table of a language that ``detect`` named."""
    from git_muse_coord.symbols.languages.table import Language

    found = import_module(f"{__name__}.{language}").LANGUAGE
    assert isinstance(found, Language)  # noqa: S101 - a table is ours; mypy cannot see through the import
    return found
