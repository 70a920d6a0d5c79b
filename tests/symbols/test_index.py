"""Indexing many files: from the cache, in one process and in several, and after an interruption."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from git_muse_coord.symbols.cache import Cache
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.index import index
from git_muse_coord.symbols.kinds import SYMBOLS
from git_muse_coord.symbols.values import FileSymbols

WANTED = [(f"pkg/m{at}.py", f"{at:040}") for at in range(300)]
MISSING = f"{13:040}"


def blob(oid: str) -> bytes:
    return f"def f{int(oid)}():\n    return {int(oid)}\n".encode() * 10


class Loads:
    """A loader that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, oids: Sequence[str]) -> Iterable[bytes | None]:
        self.asked += oids
        return [None if oid == MISSING else blob(oid) for oid in oids]


EXPECTED = {path: extract(path, blob(oid)) for path, oid in WANTED if oid != MISSING}


@pytest.mark.parametrize("processes", [1, 2])
def test_index(tmp_path: Path, processes: int) -> None:
    loads = Loads()
    cache = Cache(SYMBOLS, tmp_path / "c")
    found = {file.path: file for file in index(SYMBOLS, WANTED, loads, cache, processes)}
    assert found == EXPECTED
    again = Loads()
    found = {file.path: file for file in index(SYMBOLS, WANTED, again, Cache(SYMBOLS, tmp_path / "c"), processes)}
    assert found == EXPECTED
    assert again.asked == [MISSING]


def test_without_a_cache() -> None:
    assert len(list(index(SYMBOLS, WANTED[:5], Loads()))) == 5
    assert list(index(SYMBOLS, [], Loads())) == []


def test_an_interrupted_index_goes_on(tmp_path: Path) -> None:
    running = index(SYMBOLS, WANTED, Loads(), Cache(SYMBOLS, tmp_path / "c"), 1)
    for _ in range(150):
        next(running)
    running.close()
    loads = Loads()
    assert len(list(index(SYMBOLS, WANTED, loads, Cache(SYMBOLS, tmp_path / "c"), 1))) == len(EXPECTED)
    assert len(loads.asked) < 200


def deadly(path: str, data: bytes) -> FileSymbols:
    """A reader that dies wherever it is not alone."""
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return extract(path, data)


def test_a_process_that_dies(tmp_path: Path) -> None:
    kind = replace(SYMBOLS, read=deadly)
    cache = Cache(kind, tmp_path / "c")
    found = list(index(kind, WANTED, Loads(), cache, 2))
    assert {file.path for file in found} == set(EXPECTED)
    assert {file.whole for file in found} == {"failed"}
    assert cache.get(WANTED) == {}


KILLED_AT_WORK = """
import os, signal
from git_muse_coord.symbols.index import index
from git_muse_coord.symbols.kinds import SYMBOLS

running = index(SYMBOLS, [(f"m{n}.py", f"{n:040}") for n in range(300)], lambda oids: [b"x = 1"] * len(oids), None, 2)
next(running)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_its_processes_end_with_one_that_is_killed() -> None:
    """Each of them has stdout, which we see closed only when the last is gone."""
    done = subprocess.run([sys.executable, "-c", KILLED_AT_WORK], stdout=subprocess.PIPE, check=False, timeout=30)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("processes", [1, 2])
def test_memory_is_bounded(tmp_path: Path, processes: int) -> None:
    """Neither new nor known files pile up: few are asked for ahead of what was handed out."""
    for _ in range(2):  # the second time from the cache
        asked = handed = ahead = 0

        def wanted() -> Iterable[tuple[str, str]]:
            nonlocal asked
            for at in range(2_000):
                asked += 1
                yield f"m{at}.py", f"{at + 1000:040}"

        for _file in index(
            SYMBOLS, wanted(), lambda oids: [b"x = 1"] * len(oids), Cache(SYMBOLS, tmp_path / "c"), processes
        ):
            handed += 1
            ahead = max(ahead, asked - handed)
        assert handed == 2_000
        assert ahead < 1_200
