"""The index in the cache saves time and never changes an answer: whatever is in its tables, and whoever writes them."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.coordinator.answers.active_rows import ActiveRows
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model import address
from git_muse_coord.model.records import Heartbeat, Message, Record, Release, Reservation
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.store.records import index_change, known_objects, records
from git_muse_coord.store.records.active import active_in, bare_id_in, ending_alone
from git_muse_coord.store.records.cache import LAYOUT, NAME
from git_muse_coord.store.records.message_lines import messages_to
from git_muse_coord.store.records.shown import shows
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.records.verdicts import mentions
from tests.examples import id_of
from tests.tools import NOON, Repo, a_reservation, tries

RUNS = ["ann", "bob", "a run with blanks", "lone \ud800 surrogate"]
PATHS = [
    "./",
    "README.md",
    "src/",
    "src/a.py",
    "src/a.py::f",
    "src/b c.py",
    "src/deep/",
    "src/deep/ü.py",
    "src/Deep/Ü.py",
    "srcs/a.py",
    "src.py",
]
MOMENTS = [NOON + timedelta(minutes=minutes) for minutes in (-1, 0, 30, 60, 61, 70, 90)]
PAGE = 4096
FAULTS = tries(100, thorough=300)


def a_beat(reservation: Reservation, minutes: int) -> Heartbeat:
    """A sign of life of a reservation's holder."""
    return Heartbeat(
        run_id=reservation.run_id,
        nonce=os.urandom(8).hex(),
        subject=RecordId(id_of(reservation)),
        beat_at=NOON,
        expires_at=NOON + timedelta(minutes=minutes),
    )


def a_release(reservation: Reservation) -> Release:
    return Release(
        run_id=reservation.run_id,
        nonce=os.urandom(8).hex(),
        reservation_id=RecordId(id_of(reservation)),
        outcome="done",
        released_at=NOON,
        expires_at=reservation.expires_at,
    )


def a_message(reservation: Reservation, to: RunId | None) -> Message:
    """A word about a reservation, to a run or to whoever holds it."""
    return Message(
        run_id=reservation.run_id,
        nonce=os.urandom(8).hex(),
        to=to,
        about=RecordId(id_of(reservation)),
        re=None,
        text="Are you done?",
        created_at=NOON,
        expires_at=reservation.expires_at,
    )


def some_records(
    numbers: random.Random,
    many: int,
    created_at: datetime = NOON,
) -> list[Record]:
    """Reservations, of which some have releases, heartbeats and messages about them."""
    made: list[Record] = []
    for _ in range(many):
        before = [id_of(record) for record in made if isinstance(record, Reservation)]
        waits_for = sorted(numbers.sample(before, min(len(before), numbers.choice([0, 0, 1, 2]))))
        replaced = numbers.sample(before, min(len(before), 2)) if numbers.random() < 0.1 else []
        reservation = a_reservation(
            *numbers.sample(PATHS, numbers.randint(1, 3)),
            run_id=RunId(numbers.choice(RUNS)),
            depends_on=tuple(waits_for),
            created_at=created_at,
            expires_at=numbers.choice(MOMENTS[2:]),
            extra={"automatic": True, "replaces": replaced} if numbers.random() < 0.5 else {},
        )
        made.append(reservation)
        made += [a_beat(reservation, minutes) for minutes in range(numbers.choice([0, 0, 1, 3]))]
        if numbers.random() < 0.2:
            made.append(a_release(reservation))
        if numbers.random() < 0.3:
            to = numbers.choice([*map(RunId, RUNS), None])
            made.append(a_message(reservation, to))
    return made


def a_session(repo: Repo) -> Session:
    """A process of its own would begin so."""
    return Session(str(repo.path), stays=False, clock=lambda: NOON)


def cache_file(repo: Repo) -> Path:
    return repo.git_dir / "muse-coord" / NAME


def all_answers(snapshot: Snapshot) -> list[Any]:
    """What a snapshot answers to every question that is put to its index."""
    index = snapshot.index
    told: list[Any] = []
    for place in map(address.parse, PATHS):
        told.append(snapshot.world_around([place]))
    told.append(snapshot.world_around(list(map(address.parse, PATHS[:4]))))
    told += [snapshot.world_of(RunId(run_id)) for run_id in [*RUNS, "nobody"]]
    ids = sorted(index.ids(Reservation))
    told += [ids, sorted(index.ids(Reservation, ids[0][7:9])), sorted(index.ids(Heartbeat))]
    told.append(snapshot.world_around(ids=ids[:3]))
    told.append(shows(snapshot, [*ids[:2], RecordId("sha256:" + "0" * 64)]))
    told += [sorted(snapshot.waiting()[0]), sorted(snapshot.waiting()[1]), snapshot.lone_releases()]
    told += [messages_to(index, [reader]) for reader in [*map(RunId, RUNS), None, RunId("nobody")]]
    told += [index.released(), sorted(index.ends()), index.subjects()]
    told += [sorted(active_in(snapshot, moment).rows) for moment in MOMENTS]
    told += [index.count(), index.spare_beats(), sorted(index.bad), dict(index.unread)]
    told.append(snapshot.checked)
    told.append("".join(ActiveRows(snapshot, NOON).json_pieces()))
    told.append(sorted(ending_alone(snapshot)))
    return told


def told_in(repo: Repo) -> list[Any]:
    return all_answers(a_session(repo).store.look())


class Places:
    """A repository whose refs can be put into several states, what is true in each, and the cache that each leaves."""

    def __init__(self, repo: Repo, home: Path) -> None:
        self.repo = repo
        self.truths: list[list[Any]] = []
        self.caches: list[Path] = []
        self._home = home
        self._listings: list[str] = []

    def keep(self) -> None:
        """Keep the state as it is."""
        listing = self.repo.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/muse")
        self._listings.append(listing)
        told_in(self.repo)
        number = len(self.caches)
        self.caches.append(Path(shutil.copy(cache_file(self.repo), self._home / f"cache{number}")))
        cache_file(self.repo).unlink()
        self.truths.append(told_in(self.repo))
        self.lay_cache(number)

    def lay_refs(self, number: int) -> None:
        """Have the refs of a state."""
        wanted = set(self._listings[number].split("\n"))
        now = self.repo.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/muse")
        lines = [f"delete {line.split()[0]}" for line in set(now.split("\n")) - wanted if line]
        lines += [f"update {line}" for line in wanted - set(now.split("\n"))]
        script = "".join(f"{line}\n" for line in lines)
        self.repo.git("update-ref", "--stdin", given=script.encode())

    def lay_cache(self, number: int) -> None:
        """Have the cache that a state left."""
        shutil.copy(self.caches[number], cache_file(self.repo))


@pytest.fixture
def places(
    repo: Repo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Places:
    """Four states: some records, more of them, fewer of them and others, and with a few that are none."""
    monkeypatch.setattr(index_change, "_PIECE_LINES", 8)
    numbers = random.Random(13)
    made = Places(repo, tmp_path)
    store = a_session(repo).store
    store.write(some_records(numbers, 40))
    made.keep()
    store.write(some_records(numbers, 3))
    made.keep()
    for ref in numbers.sample(sorted(repo.refs()), 20):
        repo.git("update-ref", "-d", ref)
    store.write(some_records(numbers, 5))
    made.keep()
    repo.plant("refs/muse/reservations/" + "0" * 64, b"junk")
    repo.plant("refs/muse/heartbeats/" + "f" * 64, b"[]")
    newer = b'{"format":2,"kind":"reservation","expires_at":"2027-01-01T00:00:00.000000+00:00"}'
    repo.plant("refs/muse/claims/" + "1" * 64 + "-1", newer)
    made.keep()
    return made


def test_what_is_active_is_counted_as_if_all_were_read(places: Places) -> None:
    for number in range(len(places.caches)):
        places.lay_refs(number)
        places.lay_cache(number)
        for moment in MOMENTS:
            snapshot = a_session(places.repo).store.look()
            active = [
                f"sha256:{bare_id_in(row)}" for row in sorted(active_in(snapshot, moment).rows)
            ]
            assert active == list(snapshot.world().active(moment))
            for run_id in RUNS:
                own = snapshot.world_of(RunId(run_id)).active(moment)
                everything = snapshot.world().active(moment)
                held = {id_: it for id_, it in everything.items() if it.run_id == run_id}
                assert {id_: it for id_, it in own.items() if it.run_id == run_id} == held


def test_from_every_state_to_every_other(places: Places) -> None:
    for before in range(len(places.caches)):
        for now, truth in enumerate(places.truths):
            places.lay_refs(now)
            places.lay_cache(before)
            assert told_in(places.repo) == truth, (before, now)
            # what the first look has written is asked now
            assert told_in(places.repo) == truth, (before, now)
            is_whole = a_session(places.repo).store._known.has_all
            assert not is_whole


def test_a_first_look_that_keeps_little_in_memory(
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(records, "_IN_MEMORY_MOST", 0)
    monkeypatch.setattr(known_objects, "_FRESH_MOST", 3)
    for now, truth in enumerate(places.truths):
        places.lay_refs(now)
        cache_file(places.repo).unlink()
        assert told_in(places.repo) == truth, now
        # and where the tables cannot be written either
        cache_file(places.repo).write_bytes(b"no database" * 1000)
        cache_file(places.repo).chmod(0o400)
        assert told_in(places.repo) == truth, now


def _tables(database: sqlite3.Connection) -> list[str]:
    return ["stamp", "bucket", "piece", "entry", "body"]


def _row(
    database: sqlite3.Connection,
    table: str,
    numbers: random.Random,
) -> list[Any] | None:
    rows = database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    return list(numbers.choice(rows)) if rows else None


def _put(
    database: sqlite3.Connection,
    table: str,
    row: list[Any],
) -> None:
    marks = ",".join("?" * len(row))
    database.execute(f"REPLACE INTO {table} VALUES ({marks})", row)  # noqa: S608


def _drop(database: sqlite3.Connection, table: str, numbers: random.Random) -> None:
    row = _row(database, table, numbers)
    if row is not None:
        [key] = [c[1] for c in database.execute(f"PRAGMA table_info({table})") if c[5] == 1]
        database.execute(f"DELETE FROM {table} WHERE {key} = ?", row[:1])  # noqa: S608


def _swap(database: sqlite3.Connection, table: str, numbers: random.Random) -> None:
    rows = [_row(database, table, numbers), _row(database, table, numbers)]
    if rows[0] is not None and rows[1] is not None:
        _put(database, table, [rows[0][0], *rows[1][1:]])
        _put(database, table, [rows[1][0], *rows[0][1:]])


def _copy(database: sqlite3.Connection, table: str, numbers: random.Random) -> None:
    row, other = _row(database, table, numbers), _row(database, table, numbers)
    if row is not None and other is not None:
        _put(database, table, [row[0], *other[1:]])


def _alter(database: sqlite3.Connection, table: str, numbers: random.Random) -> None:
    row = _row(database, table, numbers)
    if row is None:
        return
    column = numbers.randrange(1, len(row))
    value = row[column]
    if isinstance(value, bytes) and value:
        place = numbers.randrange(len(value))
        row[column] = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
    elif isinstance(value, int):
        row[column] = value + 1
    else:
        row[column] = numbers.choice([None, 7, b"\xff", "text"])
    _put(database, table, row)


def _stretch(database: sqlite3.Connection, table: str, numbers: random.Random) -> None:
    row = _row(database, table, numbers)
    if row is None:
        return
    value = row[-1] if table != "stamp" else row[1]
    if isinstance(value, bytes):
        lines = value.split(b"\n")
        at = numbers.randrange(len(lines))
        changed = b"\n".join(numbers.choice([lines[:at], lines + lines[at:]]))
        column = 1 if table == "stamp" else len(row) - 1
        row[column] = changed
        _put(database, table, row)


FAULTS_OF_ROWS = [_drop, _swap, _copy, _alter, _stretch]


def _harm_rows(file: Path, other: Path, numbers: random.Random) -> str:
    with closing(sqlite3.connect(file)) as database, database:
        table = numbers.choice(_tables(database))
        if numbers.random() < 0.3:
            # a row that another state left
            with closing(sqlite3.connect(other)) as stale:
                row = _row(stale, table, numbers)
            if row is not None:
                _put(database, table, row)
            return f"stale {table}"
        harm = numbers.choice(FAULTS_OF_ROWS)
        harm(database, table, numbers)
        return f"{harm.__name__} {table}"


def _harm_pages(file: Path, other: Path, numbers: random.Random) -> str:
    data, stale = bytearray(file.read_bytes()), other.read_bytes()
    for _ in range(numbers.randint(1, 3)):
        page = numbers.randrange(len(data) // PAGE)
        start = page * PAGE
        kept = bytes(data[start : start + PAGE])
        replaced = numbers.choice([bytes(PAGE), stale[start : start + PAGE], kept[: PAGE // 2]])
        data[start : start + PAGE] = replaced.ljust(PAGE, b"\0")
    file.write_bytes(data)
    return "pages"


@pytest.mark.slow
def test_no_fault_in_rows_or_pages_changes_an_answer(places: Places) -> None:
    numbers = random.Random(7)
    states = range(len(places.caches))
    for trial in range(FAULTS):
        before, now, other = numbers.choices(states, k=3)
        if trial % 10 == 0:
            shown = now
            places.lay_refs(shown)
        places.lay_cache(before)
        harm = numbers.choice([_harm_rows, _harm_rows, _harm_pages])
        what = harm(cache_file(places.repo), places.caches[other], numbers)
        for look in range(2):
            assert told_in(places.repo) == places.truths[shown], (trial, what, before, shown, look)


def test_what_is_kept_of_a_record_has_a_layout_of_its_own() -> None:
    """A version that reads other lines would take those of this one for nothing that is held."""
    awaited = RecordId(f"sha256:{'a' * 64}")
    facts: dict[str, Any] = {"depends_on": (awaited,), "extra": {"automatic": True}}
    reservation = a_reservation("A.py::f", "b/", nonce="0" * 32, **facts)
    kept = (
        b"\x1fa\x1f5676d1fb\na.py\nb/\n\x1e2026-03-18T13:00:00.000000+00:00"
        b" 2026-03-18T12:00:00.000000+00:00+\n\x1d" + b"a" * 64
    )
    assert (LAYOUT, mentions(reservation)) == (11, kept)


def test_the_release_of_a_damaged_reservation_is_alone_whichever_index_tells_it(repo: Repo) -> None:
    store = a_session(repo).store
    held = a_reservation("a.py")
    held_id = RecordId(id_of(held))
    store.write([held, a_release(held)])
    ref = f"refs/muse/reservations/{held_id[7:]}"
    repo.git("update-ref", "-d", ref)
    repo.plant(ref, b"junk")
    # first by all rows, then by the tables that this leaves
    for _ in range(2):
        assert list(a_session(repo).store.look().lone_releases()) == [held_id]
