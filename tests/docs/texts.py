"""Every text that the program can print, as its source has it: sentences, helps of options, descriptions of settings.

What is filled in stands as ``…``. Tables that are read by programs alone, such as grammars, are left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.docs.places import TOP

PACKAGE = TOP / "git_muse_coord"
HOOKS = TOP / "hooks"
ECHO = re.compile(r"^[^#]*\becho \"([^\"]+)\"", re.MULTILINE)
NOT_PRINTED = ("symbols/", "rules/calibration.py", "rules/merge_weights.py", "coordinator/demo.py")
"""Modules whose literals nobody reads: names of other languages, tables of numbers, files of an example."""

FOR_A_DATABASE = re.compile(
    r"\s*(SELECT|INSERT|DELETE|UPDATE|CREATE|PRAGMA|REPLACE|BEGIN|DROP|… WHERE)\b"
)
A_PHRASE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}|… [a-z]{3,}|[a-z]{3,} …")
"""Two words, or one beside what is filled in: less than that is a name."""

NO_WORDS = re.compile(
    r"git muse-coord [a-z-]+( [a-z]+\b(?=[^a-z]*$))?"  # commands
    r"|git [a-z]+-?[a-z]*"
    r"|--?[a-z][a-z-]*"  # options
    r"|\S*[/_:.=<>$@*(){}\[\]|\\#%&][^\s]\S*"  # paths, names of settings, addresses
    r"|\S+/|\bmuse-coord\b"
    r"|[A-Za-z]*[a-z][A-Z]\w*"
    r"|\b[A-Z][A-Z0-9_-]+\b"  # what stands for something that is typed
    r"|\b\w*\d\w*\b"
)


class Text(NamedTuple):
    """A text, and where in the source it stands."""

    place: str
    words: str


def texts() -> list[Text]:
    """All of them, module by module."""
    in_python = [text for path in sorted(PACKAGE.rglob("*.py")) for text in _texts_of(path)]
    return [*in_python, *_echoed()]


def _echoed() -> Iterator[Text]:
    """What the scripts of git's hooks say where the program cannot: each stands alone, and so repeats the others."""
    scripts = "".join(path.read_text(encoding="utf-8") for path in sorted(HOOKS.iterdir()))
    for sentence in sorted(set(ECHO.findall(scripts))):
        yield Text("hooks/", re.sub(r"\$\w+", "…", sentence))


def words_in(text: str) -> list[str]:
    """The words of a text in lower case, without what is typed or named: commands, options, paths."""
    return re.findall(r"[a-z]{2,}(?:'[a-z]+)?", NO_WORDS.sub(" ", text).lower())


def bases_of(word: str) -> Iterator[str]:
    """What the word may be a form of: itself, and without its ending."""
    yield word
    if word.endswith("'s"):
        word = word.removesuffix("'s")
        yield word
    for ending, instead in (
        ("ies", ["y"]),
        ("es", [""]),
        ("s", [""]),
        ("ied", ["y"]),
        ("ed", ["", "e"]),
        ("ing", ["", "e"]),
        ("ly", ["", "le"]),
        ("er", ["", "e"]),
        ("est", ["", "e"]),
    ):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            yield from (stem + letters for letters in instead)
            if stem[-1:] == stem[-2:-1]:
                yield stem[:-1]


def _texts_of(path: Path) -> Iterator[Text]:
    module = path.relative_to(PACKAGE).as_posix()
    if module.startswith(NOT_PRINTED):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {node: _is_printed(node, module) for node in ast.walk(tree)}
    left_out = {id(node) for node in _docstrings(tree, described)} | _parts_of_others(tree)
    for node in ast.walk(tree):
        if id(node) not in left_out and isinstance(node, ast.Constant | ast.JoinedStr):
            text = _as_read(node)
            if A_PHRASE.search(text) and not FOR_A_DATABASE.match(text):
                yield Text(f"{module}:{node.lineno}", text)


def _is_printed(node: ast.AST, module: str) -> bool:
    """Whether the docstring of this is shown to users: that of a verb by ``-h``, that of a setting by man."""
    if not isinstance(node, ast.FunctionDef):
        return False
    decorators = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
    return decorators.startswith("verb(") or (
        module == "store/settings.py" and "prop" in decorators
    )


def _docstrings(tree: ast.Module, described: dict[ast.AST, bool]) -> Iterator[ast.Constant]:
    """The docstrings that nobody is shown, and all other texts that stand alone."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) and not described.get(node) else []:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                yield statement.value


def _parts_of_others(tree: ast.Module) -> set[int]:
    """The pieces of texts with something filled in, which are read with the whole."""
    return {
        id(piece)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for piece in node.values
        if isinstance(piece, ast.Constant)
    }


def _as_read(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    assert isinstance(node, ast.JoinedStr)
    return "".join(
        str(piece.value) if isinstance(piece, ast.Constant) else "…" for piece in node.values
    )
