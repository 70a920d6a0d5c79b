"""What was read from blobs before, in one SQLite file for all worktrees and processes of a clone.

The cache is only ever a help: whatever goes wrong with it, callers get nothing from it and go on
without. It holds nothing that cannot be had again, so a file that is no longer readable as a
database is thrown away.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from git_muse_coord.symbols.extract import family
from git_muse_coord.symbols.kinds import ReadingKind

MAX_AGE = 60 * 86_400
_DAY = 86_400
_APPLICATION = 0x6D757365
_BATCH = 400
_BUSY_SECONDS = 0.5
_LAYOUT = 2
"""Raised when a table is added."""
_TABLES = ("symbols", "uses", "graphs")
_SCHEMA = (
    f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA application_id = {_APPLICATION};
"""
    + "".join(
        f"""
CREATE TABLE IF NOT EXISTS {table} (
    oid TEXT NOT NULL, family TEXT NOT NULL, version INTEGER NOT NULL, used INTEGER NOT NULL,
    checksum BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (oid, family, version)
) WITHOUT ROWID;
"""
        for table in _TABLES
    )
    + f"PRAGMA user_version = {_LAYOUT};"
)

T = TypeVar("T")
V = TypeVar("V")
Row = tuple[str, str, int, bytes, bytes]
_NONE: list[Row] = []


class CachedFile(NamedTuple):
    """An encoded file to be stored: the path tells the language, the object id the content."""

    path: str
    oid: str
    value: bytes


class SourceCache(Generic[V]):
    """One kind in a cache file. No method raises for what is wrong with it; ``ok`` says whether it still serves."""

    def __init__(
        self,
        kind: ReadingKind[V],
        path: str | Path,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.kind = kind
        self._path = Path(path)
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self.ok = True

    def get(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], V]:
        """What is known of the wanted (path, object id)."""
        found: dict[tuple[str, str], V] = {}
        by_oid: dict[str, list[str]] = {}
        for path, oid in wanted:
            by_oid.setdefault(oid, []).append(path)
        stale: list[tuple[object, ...]] = []
        today = int(self._clock())
        for oids in _batches(list(by_oid)):
            for oid, group, used, checksum, value in self._run(
                partial(self._select, oids=oids), _NONE
            ):
                for path in by_oid[oid]:
                    if (
                        family(path) == group
                        and (file := self._checked(path, checksum, value)) is not None
                    ):
                        found[path, oid] = file
                        if used < today - _DAY:
                            stale.append((today, oid))
        if stale:
            self._write(f"UPDATE {self.kind.name} SET used = ? WHERE oid = ?", stale)
        return found

    def put(self, entries: Iterable[CachedFile]) -> None:
        """Store entries in one transaction: all or none."""
        now = int(self._clock())
        rows: list[tuple[object, ...]] = [
            (
                entry.oid,
                family(entry.path),
                self.kind.version,
                now,
                _checksum(entry.value),
                entry.value,
            )
            for entry in entries
        ]
        if rows:
            self._write(f"INSERT OR REPLACE INTO {self.kind.name} VALUES (?, ?, ?, ?, ?, ?)", rows)

    def prune(self, max_age: float = MAX_AGE, max_size: int | None = None) -> None:
        """Forget what older versions wrote, what nobody asked for in a long time, the oldest above a size."""
        oldest_allowed = self._clock() - max_age
        most = self.kind.max_size if max_size is None else max_size
        self._run(lambda connection: self._prune(connection, oldest_allowed, most), None)

    def close(self) -> None:
        """Let go of the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _select(self, connection: sqlite3.Connection, oids: list[str]) -> list[Row]:
        marks = ",".join("?" * len(oids))
        query = f"SELECT oid, family, used, checksum, value FROM {self.kind.name} WHERE version = ? AND oid IN"
        return connection.execute(f"{query} ({marks})", [self.kind.version, *oids]).fetchall()

    def _checked(
        self,
        path: str,
        checksum: bytes,
        value: bytes,
    ) -> V | None:
        """An entry, unless its bytes were changed on disk."""
        try:
            return self.kind.decode(path, value) if _checksum(value) == checksum else None
        except (ValueError, TypeError, IndexError):
            return None

    def _prune(
        self,
        connection: sqlite3.Connection,
        oldest_allowed: float,
        max_size: int,
    ) -> None:
        table = self.kind.name
        with connection:
            connection.execute(
                f"DELETE FROM {table} WHERE version < ? OR used < ?",
                (self.kind.version, oldest_allowed),
            )
            (total,) = connection.execute(f"SELECT total(length(value)) FROM {table}").fetchone()
            doomed: list[tuple[str]] = []
            for oid, size in connection.execute(
                f"SELECT oid, length(value) FROM {table} ORDER BY used"
            ):
                if total <= max_size:
                    break
                doomed.append((oid,))
                total -= size
            connection.executemany(f"DELETE FROM {table} WHERE oid = ?", doomed)
        connection.execute("PRAGMA incremental_vacuum").fetchall()

    def _write(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany(statement, rows)

        self._run(write, None)

    def _run(self, action: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do something with the file; every error of SQLite and of the file system ends here."""
        try:
            if self.ok and self._connection is None:
                self._connect()
            return action(self._connection) if self._connection is not None else otherwise
        except (
            sqlite3.OperationalError,
            OSError,
            ValueError,
        ):  # locked, read-only, full: later perhaps
            self._give_up()
        except sqlite3.Error:
            self._give_up()
            self._discard()
        return otherwise

    def _connect(self) -> None:
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
        weakref.finalize(
            self, connection.close
        )  # wherever that happens: Python warns of one that is collected open
        self._connection = connection
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application == _APPLICATION:
            (layout,) = connection.execute("PRAGMA user_version").fetchone()
            if layout < _LAYOUT:
                connection.executescript(_SCHEMA)
            return
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self._give_up()  # somebody else's database
            return
        connection.executescript(_SCHEMA)

    def _give_up(self) -> None:
        self.ok = False
        try:
            self.close()
        except sqlite3.Error:
            self._connection = None

    def _discard(self) -> None:
        """Remove a file that is no database any more, so that the next process starts afresh."""
        for suffix in ("", "-wal", "-shm"):
            try:
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            except OSError:
                return


def _checksum(value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=8).digest()


def _batches(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
