"""The cache gives back what was put in, or nothing; never an error and never a wrong answer."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from git_muse_coord import cachefile
from git_muse_coord.symbols import languages
from git_muse_coord.symbols.cache import CachedFile, SourceCache
from git_muse_coord.symbols.codec import decode_symbols, encode_symbols
from git_muse_coord.symbols.extract import VERSION, extract
from git_muse_coord.symbols.kinds import SYMBOLS
from git_muse_coord.symbols.languages.registry import REGISTRY

from .helpers import SAMPLES

DATA = b"def f():\n    return 1\n"
FILE = extract("a.py", DATA)
ENTRY = CachedFile("a.py", "1" * 40, encode_symbols(FILE))
KEY = ("a.py", "1" * 40)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "symbols.sqlite"


def stored(path: Path) -> bool:
    """Whether a fresh cache over that file still has the entry."""
    cache = SourceCache(SYMBOLS, path, clock=lambda: 0.0)
    found = cache.get([KEY])
    cache.close()
    assert found in ({}, {KEY: FILE})
    return bool(found)


@pytest.mark.parametrize("language", SAMPLES)
def test_the_codec_loses_nothing(language: str) -> None:
    sample = SAMPLES[language]
    file = extract(sample.name, sample.read_bytes())
    assert decode_symbols(sample.name, encode_symbols(file)) == file


def test_put_and_get(path: Path) -> None:
    SourceCache(SYMBOLS, path).put([ENTRY])
    assert stored(path)
    assert SourceCache(SYMBOLS, path).get([("a.py", "2" * 40)]) == {}


def test_another_path_of_the_family(path: Path) -> None:
    cache = SourceCache(SYMBOLS, path)
    cache.put([ENTRY])
    found = cache.get([("dir/b.py", KEY[1]), ("b.js", KEY[1]), ("b_pb2.py", KEY[1])])
    assert list(found) == [("dir/b.py", KEY[1])]
    assert found["dir/b.py", KEY[1]] == extract("dir/b.py", DATA)


def test_other_versions_are_not_seen_and_pruned(path: Path) -> None:
    SourceCache(SYMBOLS, path).put([ENTRY])
    newer = SYMBOLS._replace(version=VERSION + 1)
    assert SourceCache(newer, path).get([KEY]) == {}
    assert stored(path)
    SourceCache(newer, path).prune()
    assert not stored(path)


def test_a_new_table_hides_its_own_language_only(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("a.py", "SConstruct", "a.js", "a.h", "a.c", "script")
    entries = [ENTRY._replace(path=name, oid=f"{number:040}") for number, name in enumerate(names)]
    SourceCache(SYMBOLS, path).put(entries)
    wanted = [(entry.path, entry.oid) for entry in entries]

    def seen_with_a_new(language: str) -> set[str]:
        facts = REGISTRY[language]
        raised = {**REGISTRY, language: facts._replace(version=facts.version + 1)}
        monkeypatch.setattr(languages, "VERSIONS", languages.table_versions(raised))
        return {name for name, _ in SourceCache(SYMBOLS, path).get(wanted)}

    assert seen_with_a_new("python") == {"a.js", "a.h", "a.c"}  # a script may be in any language
    assert seen_with_a_new("cpp") == {"a.py", "SConstruct", "a.js", "a.c"}
    monkeypatch.undo()
    assert {name for name, _ in SourceCache(SYMBOLS, path).get(wanted)} == set(names)


def test_pruned_by_age_unless_used(path: Path) -> None:
    now = 1_000_000.0
    SourceCache(SYMBOLS, path, clock=lambda: now).put([ENTRY])
    SourceCache(SYMBOLS, path, clock=lambda: now + 5 * 86_400).get([KEY])
    later = SourceCache(SYMBOLS, path, clock=lambda: now + 10 * 86_400)
    later.prune(max_age=6 * 86_400)
    assert stored(path)
    later.prune(max_age=4 * 86_400)
    assert not stored(path)


def test_pruned_by_size_oldest_first(path: Path) -> None:
    for at in range(10):
        second = 1000.0 + at
        cache = SourceCache(SYMBOLS, path, clock=lambda: second)  # noqa: B023
        cache.put([CachedFile("a.py", f"{at:040}", ENTRY.value)])
    SourceCache(SYMBOLS, path, clock=lambda: 1010.0).prune(max_size=3 * len(ENTRY.value))
    found = SourceCache(SYMBOLS, path, clock=lambda: 1010.0).get(
        ("a.py", f"{at:040}") for at in range(10)
    )
    assert [oid for _, oid in found] == [f"{at:040}" for at in (7, 8, 9)]


@pytest.mark.parametrize(
    "garbage", [b"no database", b"", b"\0" * 4096, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_a_file_that_is_no_database(path: Path, garbage: bytes) -> None:
    path.write_bytes(garbage)
    cache = SourceCache(SYMBOLS, path)
    assert cache.get([KEY]) == {}
    cache.put([ENTRY])
    fresh = SourceCache(SYMBOLS, path)  # the next process starts afresh
    fresh.put([ENTRY])
    assert stored(path)


def test_flipped_bytes_never_give_a_wrong_answer(path: Path) -> None:
    cache = SourceCache(SYMBOLS, path)
    cache.put([ENTRY])
    cache.close()
    good = path.read_bytes()
    lost = 0
    for at in range(0, len(good), max(1, len(good) // 200)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x5A]) + good[at + 1 :])
        lost += not stored(path)
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    assert lost


def test_a_changed_value_is_not_believed(path: Path) -> None:
    cache = SourceCache(SYMBOLS, path)
    cache.put([ENTRY])
    cache.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE symbols SET value = ?", (ENTRY.value.replace(b'"f"', b'"g"'),))
    connection.close()
    assert not stored(path)


def test_a_truncated_file(path: Path) -> None:
    cache = SourceCache(SYMBOLS, path)
    cache.put([CachedFile("a.py", f"{at:040}", ENTRY.value) for at in range(200)])
    cache.close()
    path.write_bytes(path.read_bytes()[:5000])
    SourceCache(SYMBOLS, path).get([("a.py", f"{at:040}") for at in range(200)])
    SourceCache(SYMBOLS, path).put([ENTRY])
    SourceCache(SYMBOLS, path).put([ENTRY])
    assert stored(path)


def test_a_table_that_came_later(path: Path) -> None:
    """The file of an older version gets the tables that it lacks, and keeps what it has."""
    cache = SourceCache(SYMBOLS, path)
    cache.put([ENTRY])
    cache.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("DROP TABLE uses; PRAGMA user_version = 0")
    connection.close()
    other = SYMBOLS._replace(name="uses")
    SourceCache(other, path).put([ENTRY])
    assert SourceCache(other, path).get([KEY]) == {KEY: FILE}
    assert stored(path)


def test_somebody_elses_database_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = path.read_bytes()
    cache = SourceCache(SYMBOLS, path)
    cache.put([ENTRY])
    assert cache.get([KEY]) == {}
    assert not cache.ok
    assert path.read_bytes() == before


def test_a_missing_table(path: Path) -> None:
    SourceCache(SYMBOLS, path).put([ENTRY])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE symbols")
    connection.close()
    assert SourceCache(SYMBOLS, path).get([KEY]) == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only(path: Path) -> None:
    SourceCache(SYMBOLS, path).put([ENTRY])
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        SourceCache(SYMBOLS, path).put([CachedFile("b.py", "2" * 40, ENTRY.value)])
    finally:
        path.parent.chmod(0o700)


def test_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = SourceCache(SYMBOLS, tmp_path / "file" / "x.sqlite")
    cache.put([ENTRY])
    assert cache.get([KEY]) == {}
    cache.prune()
    cache = SourceCache(SYMBOLS, tmp_path)
    assert cache.get([KEY]) == {}


def test_locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cachefile, "BUSY_SECONDS", 0.05)
    SourceCache(SYMBOLS, path).put([ENTRY])
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    cache = SourceCache(SYMBOLS, path)
    cache.put([CachedFile("b.py", "2" * 40, ENTRY.value)])
    assert not cache.ok
    other.rollback()
    other.close()
    assert SourceCache(SYMBOLS, path).get([KEY, ("b.py", "2" * 40)]) == {KEY: FILE}


def test_many_writers(path: Path) -> None:
    def write(start: int) -> None:
        cache = SourceCache(SYMBOLS, path)
        for at in range(start, start + 20):
            cache.put([CachedFile("a.py", f"{at:040}", ENTRY.value)])
        cache.close()

    threads = [threading.Thread(target=write, args=(100 * at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = SourceCache(SYMBOLS, path).get([("a.py", f"{100 * at:040}") for at in range(4)])
    assert found  # a writer that waited too long goes on without
