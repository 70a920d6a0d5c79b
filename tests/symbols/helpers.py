"""Shared by the tests of symbols: fixtures, and changes between texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from git_muse_coord.model.address import Key
from git_muse_coord.rules.uses import Use, UseGraph
from git_muse_coord.symbols.changes import changes
from git_muse_coord.symbols.collect import collect
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.languages import is_not_installed
from git_muse_coord.symbols.link import link
from git_muse_coord.symbols.references import References
from git_muse_coord.symbols.values import FileSymbols

FIXTURES = Path(__file__).parents[1] / "fixtures" / "symbols"
ALL_SAMPLES = {
    path.parent.name: path for path in sorted(FIXTURES.glob("*/*")) if path.name != "expected.txt"
}
SAMPLES = {
    language: path for language, path in ALL_SAMPLES.items() if not is_not_installed(language)
}
"""Those that can be read here: the grammars of the extra `more-languages` need not be there."""


def selectors(path: str, text: str | bytes) -> list[str]:
    """What the file's symbols are called, without the file."""
    return [
        str(symbol.address).partition("::")[2] for symbol in extract(path, _bytes(text)).symbols
    ]


def listing(file: FileSymbols) -> str:
    """One line a symbol: selector, kind, lines."""
    return "".join(
        f"{str(symbol.address).partition('::')[2]} | {symbol.kind} | {symbol.start_line}-{symbol.end_line}\n"
        for symbol in file.symbols
    )


def diff(
    before: Mapping[str, str | bytes], after: Mapping[str, str | bytes], *, exact: bool = False
) -> list[tuple[str, ...]]:
    """The changes between texts as (address, change) or (address, change, from)."""
    old = {path: extract(path, _bytes(text)) for path, text in before.items()}
    new = {path: extract(path, _bytes(text)) for path, text in after.items()}
    found = (
        changes(old, new)
        if exact
        else changes(
            old,
            new,
            read_before=lambda paths: [_bytes(before[path]) for path in paths],
            read_after=lambda paths: [_bytes(after[path]) for path in paths],
        )
    )
    return [
        (
            str(each.address),
            str(each.change),
            *([str(each.from_address)] if each.from_address else []),
        )
        for each in found
    ]


def graph(texts: Mapping[str, str | bytes]) -> UseGraph:
    """The graph of a tree of texts."""
    return link({path: collect(path, _bytes(text)) for path, text in texts.items()})


def calls(texts: Mapping[str, str | bytes]) -> set[str]:
    """Who calls whom in a tree of texts."""
    found = (edge for edge in graph(texts).edges if edge.use is Use.CALL)
    return {f"{_address(edge.source)} -> {_address(edge.target)}" for edge in found}


def uses(texts: Mapping[str, str | bytes]) -> set[str]:
    """Every edge of a tree of texts."""
    return {
        f"{_address(edge.source)} {edge.use} {_address(edge.target)}" for edge in graph(texts).edges
    }


def _address(key: Key) -> str:
    return f"{key[0]}::{'.'.join(key[1:])}".removesuffix("::")


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def everything_in(file: References) -> tuple[object, ...]:
    """All that is known of the references of a file, to be compared."""
    head = (file.path, file.language, file.whole, file.broken, file.manifest)
    return (*head, list(map(vars, file.scopes)), file.uses, file.extensions)
