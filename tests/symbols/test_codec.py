"""What is stored of a file is what was read from it, whatever that was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.symbols.codec import count_stored, decode_symbols, encode_symbols
from git_muse_coord.symbols.collect import collect
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.references_codec import decode_references, encode_references
from git_muse_coord.symbols.values import FileSymbols, Symbol, UnreadRegion

from .helpers import SAMPLES, everything_in

NUMBERS = st.integers(0, 1 << 24)
HASHES = st.sampled_from(["", "1f0c3a5577aa00ff", "00ff1f0c3a5577aa", "-"])


@st.composite
def symbols(draw: st.DrawFn) -> Symbol:
    names = tuple(draw(st.lists(st.text(min_size=1), max_size=4)))
    tags: tuple[str, ...] = ()
    is_tagged = draw(st.booleans())
    if names and is_tagged:
        tags = (*[""] * (len(names) - 1), "1f0c3a")
    # Nothing is directly in a symbol but what its body has.
    body = draw(HASHES.filter(lambda text: text != "-"))
    direct = draw(st.sampled_from([body, "", "00ff00ff00ff00ff"])) if body else ""
    return Symbol(
        "a/b.py",
        names,
        draw(st.sampled_from(["function", "class", "file"])),
        draw(NUMBERS),
        draw(NUMBERS),
        draw(NUMBERS),
        draw(NUMBERS),
        draw(st.text()),
        body,
        direct,
        draw(HASHES),
        draw(HASHES),
        draw(HASHES),
        draw(NUMBERS),
        draw(NUMBERS),
        tags,
    )


REGIONS = st.builds(
    UnreadRegion, NUMBERS, NUMBERS, st.text(), st.lists(st.text(), max_size=3).map(tuple)
)
FILES = st.builds(
    FileSymbols,
    st.just("a/b.py"),
    st.sampled_from(["python", ""]),
    st.lists(symbols(), max_size=8).map(tuple),
    st.sampled_from(["", "costly"]),
    st.lists(REGIONS, max_size=3).map(tuple),
)


@given(FILES)
def test_symbols_come_back_as_they_were(file: FileSymbols) -> None:
    restored = decode_symbols("a/b.py", encode_symbols(file))
    assert restored == file
    assert count_stored(encode_symbols(file)) == (file.language, len(file.symbols))
    assert [symbol.address for symbol in restored.symbols] == [
        symbol.address for symbol in file.symbols
    ]


@given(FILES, FILES, st.data())
def test_columns_that_do_not_fit_together_are_refused(
    file: FileSymbols, other: FileSymbols, data: st.DataObject
) -> None:
    if len(file.symbols) == len(other.symbols) or not (file.symbols and other.symbols):
        return
    parts = json.loads(encode_symbols(file))
    foreign = json.loads(encode_symbols(other))
    column = data.draw(st.integers(0, len(parts[-1]) - 1))
    parts[-1][column] = foreign[-1][column]
    with pytest.raises((ValueError, TypeError, IndexError)):
        decode_symbols("a/b.py", json.dumps(parts).encode())


def test_tags_that_do_not_fit_the_names_are_refused() -> None:
    file = extract("a.rs", b"struct P;\nimpl P { fn new() {} }\n")
    parts = json.loads(encode_symbols(file))
    _, shown, _ = parts[4][0]
    shown += ["", ".impl"]
    with pytest.raises(ValueError, match="other tags than names"):
        decode_symbols("a.rs", json.dumps(parts).encode())


@pytest.mark.parametrize("language", SAMPLES)
def test_all_samples_come_back_as_they_were(language: str) -> None:
    sample = SAMPLES[language]
    data = sample.read_bytes()
    file = extract(sample.name, data)
    assert decode_symbols(sample.name, encode_symbols(file)) == file
    references = collect(sample.name, data)
    restored = decode_references(sample.name, encode_references(references))
    assert everything_in(restored) == everything_in(references)


def test_references_under_another_path() -> None:
    file = collect("a.py", b"import b\n\ndef f():\n    return b.g(f)\n")
    restored = decode_references("c/d.py", encode_references(file))
    assert restored.path == "c/d.py"
    assert restored.uses == file.uses != []


@pytest.mark.parametrize("value", [b"", b"[]", b"[]\n[]\n[]\n[]\n[]", b'["python","",false,""]'])
def test_other_bytes_are_no_references(value: bytes) -> None:
    with pytest.raises((ValueError, TypeError, IndexError)):
        decode_references("a.py", value)
