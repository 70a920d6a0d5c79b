"""Indexing many files: from the cache, in one process and in several, and after an interruption."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from git_muse_coord.symbols.cache import SourceCache
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.index import index
from git_muse_coord.symbols.kinds import SYMBOLS
from git_muse_coord.symbols.values import FileSymbols

pytestmark = pytest.mark.slow

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
    cache = SourceCache(SYMBOLS, tmp_path / "c")
    found = {file.path: file for file in index(SYMBOLS, WANTED, loads, cache, processes)}
    assert found == EXPECTED
    again = Loads()
    found = {
        file.path: file
        for file in index(SYMBOLS, WANTED, again, SourceCache(SYMBOLS, tmp_path / "c"), processes)
    }
    assert found == EXPECTED
    assert again.asked == [MISSING]


def test_without_a_cache() -> None:
    assert len(list(index(SYMBOLS, WANTED[:5], Loads()))) == 5
    assert list(index(SYMBOLS, [], Loads())) == []


def test_an_interrupted_index_goes_on(tmp_path: Path) -> None:
    running = index(SYMBOLS, WANTED, Loads(), SourceCache(SYMBOLS, tmp_path / "c"), 1)
    for _ in range(150):
        next(running)
    running.close()
    loads = Loads()
    assert len(list(index(SYMBOLS, WANTED, loads, SourceCache(SYMBOLS, tmp_path / "c"), 1))) == len(
        EXPECTED
    )
    assert len(loads.asked) < 200


def deadly(path: str, data: bytes) -> FileSymbols:
    """A reader that dies wherever it is not alone."""
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return extract(path, data)


def test_a_process_that_dies(tmp_path: Path) -> None:
    kind = SYMBOLS._replace(read=deadly)
    cache = SourceCache(kind, tmp_path / "c")
    found = list(index(kind, WANTED, Loads(), cache, 2))
    assert {file.path for file in found} == set(EXPECTED)
    assert {file.whole for file in found} == {"failed"}
    assert cache.get(WANTED) == {}


READING = """
import sys
from git_muse_coord.symbols.index import index
from git_muse_coord.symbols.kinds import SYMBOLS
from tests.symbols.test_index import Loads, WANTED

files = index(SYMBOLS, [(f"{turn}/{path}", oid) for turn in range(10_000) for path, oid in WANTED], Loads(), None, 2)
next(files)
print("reading", flush=True)
for _ in files:
    pass
"""


def last_words(process: subprocess.Popen[bytes]) -> bytes:
    """What it and all that it started have complained of, when they have ended."""
    try:
        return process.communicate(timeout=20)[1]
    finally:
        process.kill()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_its_processes_end_with_it_and_say_nothing(sign: signal.Signals) -> None:
    """Whoever waits for the end of its output, which they hold too, waits for them."""
    with subprocess.Popen(
        [sys.executable, "-c", READING],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"reading\n"
        if sign == signal.SIGKILL:
            process.kill()
        else:
            os.killpg(process.pid, sign)
        complaint = last_words(process)
    assert complaint.count(b"Traceback") == (
        sign == signal.SIGINT
    )  # of the process itself, which catches nothing


def held_up(begun: Path) -> None:
    """What Python does by itself at every fork, where an interruption would be lost; here it takes longer."""
    begun.touch()
    time.sleep(1)


def test_an_interruption_while_its_processes_start_is_heard(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    script = (
        "import os, pathlib; from tests.symbols import test_index as t; "
        f"os.register_at_fork(after_in_parent=lambda: t.held_up(pathlib.Path({str(begun)!r})))\n{READING}"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        while not begun.exists():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        complaint = last_words(process)
    assert complaint.endswith(b"KeyboardInterrupt\n")
    assert b"Exception ignored" not in complaint


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
            SYMBOLS,
            wanted(),
            lambda oids: [b"x = 1"] * len(oids),
            SourceCache(SYMBOLS, tmp_path / "c"),
            processes,
        ):
            handed += 1
            ahead = max(ahead, asked - handed)
        assert handed == 2_000
        assert ahead < 1_200
