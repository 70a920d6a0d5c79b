"""Symbols and uses of a file are read from one tree, and are what each reader alone finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from git_muse_coord.symbols import grammar
from git_muse_coord.symbols.cache import SourceCache
from git_muse_coord.symbols.collect import collect
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.index import index
from git_muse_coord.symbols.kinds import SYMBOLS
from git_muse_coord.symbols.references_codec import REFERENCES
from git_muse_coord.symbols.uses import concerns

from .helpers import SAMPLES, everything_in

PATHS = {f"{number:040}": path for number, path in enumerate(SAMPLES.values())}
WANTED = [(path.name, oid) for oid, path in PATHS.items()]


@pytest.mark.parametrize("processes", [1, 2])
def test_both_are_remembered_as_each_reader_has_them(tmp_path: Path, processes: int) -> None:
    uses = SourceCache(REFERENCES, tmp_path / "cache.sqlite")
    read = index(
        SYMBOLS,
        WANTED,
        lambda oids: [PATHS[oid].read_bytes() for oid in oids],
        SourceCache(SYMBOLS, tmp_path / "cache.sqlite"),
        processes,
        uses,
    )
    symbols = {file.path: file for file in read}
    known = uses.get(WANTED)

    for name, oid in WANTED:
        data = PATHS[oid].read_bytes()
        assert symbols[name] == extract(name, data)
        assert ((name, oid) in known) == concerns(name)
        if concerns(name):
            assert everything_in(known[name, oid]) == everything_in(collect(name, data))


def test_a_file_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    parse = grammar._parsed

    def counted(loaded: grammar.Grammar, data: bytes) -> object:
        parsed.append(data)
        return parse(loaded, data)

    monkeypatch.setattr(grammar, "_parsed", counted)
    data = b"def f():\n    return g()\n"
    uses = SourceCache(REFERENCES, tmp_path / "cache.sqlite")
    assert list(index(SYMBOLS, [("a.py", "1" * 40)], lambda _: [data], None, 1, uses))
    assert parsed == [data]
    assert uses.get([("a.py", "1" * 40)])
    # nothing is kept for who comes later
    grammar.parse_source(grammar.load("python"), data)
    assert parsed == [data, data]
