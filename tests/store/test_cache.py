"""The cache saves time and never changes an answer, whatever becomes of its file."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.model import codec
from git_muse_coord.store.records.cache import RecordCache
from git_muse_coord.store.records.cached_record import DAMAGED, CachedRecord
from tests.tools import Repo

pytestmark = pytest.mark.slow


@pytest.fixture
def busy(repo: Repo) -> Repo:
    """A repository with reservations, releases, heartbeats and a few bad records."""
    ids = [
        repo.reserve(f"src/f{number}.py::g", "--run-id", f"r{number % 3}") for number in range(12)
    ]
    repo.reserve("src/", "--run-id", "other", "--depends-on", ids[0])
    repo.json("release", ids[3], ids[6], "--run-id", "r0")
    repo.json("heartbeat", ids[1], "--run-id", "r1", "--extension", "7200")
    repo.plant("refs/muse/reservations/" + "0" * 64, b"junk")
    repo.plant("refs/muse/intents/" + "1" * 64, b"[]")
    return repo


def cache_of(repo: Repo) -> Path:
    [file] = (repo.git_dir / "muse-coord").glob("records-*.sqlite3")
    return file


def answers(repo: Repo) -> list[Any]:
    """What every reading verb says, without what changes from moment to moment."""
    told = []
    first = repo.held("--all")[0] if repo.refs() else "0" * 64
    for command in (
        ["list", "--all"],
        ["list", "--conflicts", "--address", "src/f2.py"],
        ["status", "--run-id", "r1"],
        ["dag"],
        ["show", first],
        ["reserve", "src/f1.py", "--dry-run", "--run-id", "new"],
        ["fsck"],
    ):
        answer = repo.muse(*command, "--json").json
        for name in ("duration_ms", "created_at", "expires_at"):
            answer.pop(name, None)
        for one in [
            *answer.get("reservations", ()),
            *answer.get("mine", ()),
            *answer.get("waiting_for_me", ()),
        ]:
            one.pop("seconds_left")
        told.append(answer)
    return told


@pytest.fixture
def truth(busy: Repo) -> list[Any]:
    """What is said with no cache at all."""
    file = cache_of(busy)
    kept = file.read_bytes()
    shutil.rmtree(file.parent)
    file.parent.write_text("no directory, no cache")
    told = answers(busy)
    file.parent.unlink()
    file.parent.mkdir()
    file.write_bytes(kept)
    return told


def test_with_a_cache_the_answers_are_those_without(busy: Repo, truth: list[Any]) -> None:
    assert answers(busy) == truth
    assert len(truth[0]["reservations"]) == 13


def test_a_deleted_cache_is_made_again(busy: Repo, truth: list[Any]) -> None:
    cache_of(busy).unlink()
    assert answers(busy) == truth
    assert cache_of(busy).stat().st_size > 0


def test_fsck_with_repair_judges_anew_what_the_cache_says_wrongly(repo: Repo) -> None:
    reservation_id = repo.reserve("a.py")
    [(ref, oid)] = repo.refs().items()
    lie = CachedRecord(oid, "", b"a lie", DAMAGED)
    cache = RecordCache(str(cache_of(repo)))
    cache.put([(lie, None)])
    cache.index.forget()
    cache.close()

    assert repo.held() == []
    assert repo.bad() == {ref: "a lie"}
    assert repo.muse("fsck", "--repair").code == 0
    assert repo.held() == [reservation_id]


def test_a_cache_cut_anywhere_changes_no_answer(busy: Repo, truth: list[Any]) -> None:
    whole = cache_of(busy).read_bytes()
    for length in [
        0,
        1,
        15,
        16,
        99,
        100,
        1000,
        4095,
        4096,
        5000,
        *range(8192, len(whole), 6000),
        len(whole) - 1,
    ]:
        cache_of(busy).write_bytes(whole[:length])
        assert answers(busy) == truth, length


@pytest.mark.parametrize("seed", range(12))
def test_a_cache_with_flipped_bytes_changes_no_answer(
    busy: Repo, truth: list[Any], seed: int
) -> None:
    chance = random.Random(seed)
    whole = bytearray(cache_of(busy).read_bytes())
    for _ in range(chance.choice([1, 5, 50, 500])):
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    cache_of(busy).write_bytes(whole)

    assert answers(busy) == truth


def _foreign_tables(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE entry(something TEXT)")
        database.execute("CREATE TABLE body(else_ INTEGER)")
        database.execute("INSERT INTO entry VALUES ('x')")


def _foreign_types(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE entry(oid, ref, mentions, crc)")
        database.execute("CREATE TABLE body(oid, blob)")
        database.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?)",
            [
                (None, None, None, None),
                (1, 2, 3, 4),
                ("x", "y", "z", "w"),
                (b"\xff", "é", b"", 0),
                ("a" * 40, "", b"", 2**62),
            ],
        )
        database.executemany(
            "INSERT INTO body VALUES (?, ?)", [(1, "text"), ("a" * 40, 5), (None, None)]
        )


def _a_view(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE VIEW entry AS SELECT 1")


FOREIGN = {
    "text": lambda file: file.write_text("not a database, but long enough to have a header" * 200),
    "random bytes": lambda file: file.write_bytes(random.Random(1).randbytes(20_000)),
    "other tables": _foreign_tables,
    "other types": _foreign_types,
    "a view": _a_view,
    "a directory": lambda file: file.mkdir(),
    "a link to nowhere": lambda file: file.symlink_to(file.parent / "nowhere" / "x"),
    "a link to a device": lambda file: file.symlink_to("/dev/null"),
}


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_file_in_the_place_of_the_cache_changes_no_answer(
    busy: Repo, truth: list[Any], make: Any
) -> None:
    file = cache_of(busy)
    file.unlink()
    make(file)

    assert answers(busy) == truth
    new = busy.reserve("new.py")
    assert new in busy.held()


def test_the_cache_of_another_repository_changes_no_answer(
    busy: Repo, truth: list[Any], tmp_path: Path
) -> None:
    other = Repo.make(tmp_path / "other")
    for number in range(5):
        other.reserve(f"o{number}.py")
    shutil.copy(cache_of(other), cache_of(busy))

    assert answers(busy) == truth


def test_a_row_that_was_tampered_with_is_not_believed(busy: Repo, truth: list[Any]) -> None:
    with closing(sqlite3.connect(cache_of(busy))) as database, database:
        database.execute("UPDATE entry SET ref = 'refs/muse/reservations/' || oid")
        database.execute("UPDATE body SET blob = replace(blob, 'r1', 'r2')")

    assert answers(busy) == truth


def test_a_cache_that_is_locked_by_another_changes_no_answer(busy: Repo, truth: list[Any]) -> None:
    blocker = sqlite3.connect(cache_of(busy), isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    try:
        assert busy.held("--all") == [one["reservation_id"] for one in truth[0]["reservations"]]
        assert busy.reserve("new.py") in busy.held()
    finally:
        blocker.close()


def test_rows_of_what_is_gone_are_dropped_in_the_end(
    busy: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("git_muse_coord.store.records.known_objects.SPARE", 0)
    for ref in list(busy.refs())[:12]:
        busy.git("update-ref", "-d", ref)
    assert len(busy.held("--all")) <= len(busy.refs())

    with closing(sqlite3.connect(cache_of(busy))) as database, database:
        [[rows]] = database.execute("SELECT count(*) FROM entry")
    assert rows == len(busy.refs())


def test_an_object_is_judged_once(busy: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    busy.held()
    judged: list[bytes] = []
    decode = codec.load_canonical

    def watched(blob: bytes) -> dict[str, Any]:
        judged.append(blob)
        return decode(blob)

    monkeypatch.setattr(codec, "load_canonical", watched)

    busy.held("--all")

    assert judged == []


def test_one_library_object_serves_several_threads(busy: Repo) -> None:
    shared = busy.coordinator()
    before = cache_of(busy).stat().st_ino
    told: list[list[str]] = []

    def read() -> None:
        told.append([one.reservation_id for one in shared.list(all=True).reservations])

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == [busy.held("--all")] * 6
    assert cache_of(busy).stat().st_ino == before


_WRITER = """
import sys
import threading
from git_muse_coord.coordinator import Coordinator
for number in range(12):
    # a new one each time, so that the file is opened, written and sometimes thrown away under the others
    Coordinator(sys.argv[1]).reserve([f"w{sys.argv[2]}/f{number}.py"], run_id=sys.argv[2])
    if number % 4 == 3:
        import glob, os
        for file in glob.glob(os.path.join(sys.argv[1], ".git/muse-coord/*")):
            if sys.argv[2] == "0":
                open(file, "wb").write(b"torn" * 1000)
            elif sys.argv[2] == "1" and os.path.exists(file):
                try:
                    os.unlink(file)
                except OSError:
                    pass
"""


def test_writers_at_once_and_a_vandal_among_them_change_no_answer(repo: Repo) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(repo.path), str(number)], stderr=subprocess.PIPE
        )
        for number in range(5)
    ]
    for writer in writers:
        _, complaint = writer.communicate()
        assert (writer.returncode, complaint) == (0, b"")

    with_cache = repo.held()
    shutil.rmtree(repo.git_dir / "muse-coord")

    assert len(with_cache) == 60
    assert repo.held() == with_cache
