"""What was read from blobs before, in one SQLite file for all worktrees and processes of a clone.

The cache is only ever a help: whatever goes wrong with it, callers get nothing from it and go on
without. It holds nothing that cannot be had again, so a file that is no longer readable as a
database is thrown away.
"""

from __future__ import annotations

import time
import zlib

from git_muse_coord.cachefile import (
    CacheFile,
    Connection,
    NotOurs,
    transaction,
)
from git_muse_coord.model.light import (
    TYPE_CHECKING,
    Generic,
    NamedTuple,
    TypeVar,
)
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.symbols.extract import family
from git_muse_coord.symbols.kinds import FileId, ReadingKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import Any

MAX_AGE = 60 * 86_400
_DAY = 86_400
_APPLICATION = 0x6D757365
_BATCH = 400
_COLUMNS = "oid, family, used, checksum, value"
_LAYOUT = 2
"""Raised when a table is added."""
_TABLES = ("symbols", "uses", "graphs")
_HEAD = f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA application_id = {_APPLICATION};
"""
_TABLE = """
CREATE TABLE IF NOT EXISTS {table} (
    oid TEXT NOT NULL, family TEXT NOT NULL, version INTEGER NOT NULL, used INTEGER NOT NULL,
    checksum INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (oid, family, version)
) WITHOUT ROWID;
"""

T = TypeVar("T")
V = TypeVar("V")
Row = tuple[str, str, int, int, bytes]
"""Object id, family, when it was used last, checksum, value."""


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
        self._file = CacheFile(str(path), _prepare)
        self._clock = clock

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong yet."""
        return not self._file.failed

    def get(self, wanted: Iterable[FileId]) -> dict[FileId, V]:
        """What is known of the files that are wanted."""
        paths_of: dict[str, list[str]] = defaultdict(list)
        for path, oid in wanted:
            paths_of[oid].append(path)
        today = int(self._clock())
        known: dict[FileId, V] = {}
        stale: list[tuple[object, ...]] = []
        for row in self._rows(list(paths_of)):
            oid, group, used, _, _ = row
            for path in paths_of[oid]:
                # Under another name the same bytes may be read as another language.
                if family(path) != group:
                    continue
                file = self._checked(path, row)
                if file is None:
                    continue
                known[path, oid] = file
                # At most once a day: writing takes far longer than reading.
                if used < today - _DAY:
                    stale.append((today, oid))
        if stale:
            self._write(f"UPDATE {self.kind.name} SET used = ? WHERE oid = ?", stale)
        return known

    def stored(self, wanted: Iterable[FileId]) -> set[str]:
        """Of which object ids something is stored, as far as that shows without reading it."""
        oids = [oid for _, oid in wanted]
        nothing: list[tuple[str]] = []
        stored: set[str] = set()
        for start in range(0, len(oids), _BATCH):
            batch = oids[start : start + _BATCH]
            for (oid,) in self._run(self._selection("oid", batch), nothing):
                stored.add(oid)
        return stored

    def put(self, entries: Iterable[CachedFile]) -> None:
        """Store entries in one transaction: all or none."""
        now = int(self._clock())
        rows: list[tuple[object, ...]] = []
        for path, oid, value in entries:
            group = family(path)
            row = (
                oid,
                group,
                self.kind.version,
                now,
                _checksum(oid, group, value),
                value,
            )
            rows.append(row)
        if rows:
            self._write(f"INSERT OR REPLACE INTO {self.kind.name} VALUES (?, ?, ?, ?, ?, ?)", rows)

    def prune(self, max_age: float = MAX_AGE, max_size: int | None = None) -> None:
        """Forget what older versions wrote, what nobody asked for in a long time, the oldest above a size."""
        oldest_allowed = self._clock() - max_age
        most = self.kind.max_size if max_size is None else max_size

        def prune(database: Connection) -> None:
            with transaction(database):
                self._forget_old(database, oldest_allowed)
                self._forget_above(database, most)
            # What was deleted leaves empty pages, which only this gives back to the file system.
            database.execute("PRAGMA incremental_vacuum").fetchall()

        self._run(prune, None)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _rows(self, oids: list[str]) -> Iterator[Row]:
        """What the file has of some object ids, whatever their family."""
        nothing: list[Row] = []
        # In batches: SQLite takes a limited number of parameters.
        for start in range(0, len(oids), _BATCH):
            batch = oids[start : start + _BATCH]
            yield from self._run(self._selection(_COLUMNS, batch), nothing)

    def _selection(self, columns: str, oids: list[str]) -> Callable[[Connection], list[Any]]:
        query = f"SELECT {columns} FROM {self.kind.name} WHERE version = ? AND oid IN"
        marks = ",".join("?" * len(oids))
        values = [self.kind.version, *oids]

        def select(database: Connection) -> list[Any]:
            return database.execute(f"{query} ({marks})", values).fetchall()

        return select

    def _checked(self, path: str, row: Row) -> V | None:
        """An entry, unless its bytes were changed on disk."""
        oid, group, _, checksum, value = row
        try:
            if _checksum(oid, group, value) != checksum:
                return None
            return self.kind.decode(path, value)
        except (ValueError, TypeError, IndexError):
            return None

    def _forget_old(self, database: Connection, oldest_allowed: float) -> None:
        database.execute(
            f"DELETE FROM {self.kind.name} WHERE version < ? OR used < ?",
            (self.kind.version, oldest_allowed),
        )

    def _forget_above(self, database: Connection, max_size: int) -> None:
        """Forget what was used longest ago, until the values together have at most so many bytes."""
        table = self.kind.name
        rows = database.execute(f"SELECT oid, length(value) FROM {table} ORDER BY used").fetchall()
        total = sum(size for _, size in rows)
        doomed: list[tuple[str]] = []
        for oid, size in rows:
            if total <= max_size:
                break
            doomed.append((oid,))
            total -= size
        database.executemany(f"DELETE FROM {table} WHERE oid = ?", doomed)

    def _write(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        def write(database: Connection) -> None:
            with transaction(database):
                database.executemany(statement, rows)

        self._run(write, None)

    def _run(self, action: Callable[[Connection], T], otherwise: T) -> T:
        """Do something with the file, until the first trouble with it."""
        # No second try: thousands of files are asked for in batches, and each would wait for a lock.
        if self._file.failed:
            return otherwise
        return self._file.run(action, otherwise)


def _prepare(database: Connection) -> None:
    """Make the tables that a file lacks. Raises NotOurs for somebody else's database."""
    (application,) = database.execute("PRAGMA application_id").fetchone()
    if application == _APPLICATION:
        (layout,) = database.execute("PRAGMA user_version").fetchone()
        if layout >= _LAYOUT:
            return
    else:
        (objects,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if objects:
            raise NotOurs
    script = [_HEAD]
    for table in _TABLES:
        script.append(_TABLE.format(table=table))
    # Last, so that a process which is stopped amid this leaves a file that is made ready again.
    script.append(f"PRAGMA user_version = {_LAYOUT};")
    database.executescript("".join(script))


def _checksum(
    oid: str,
    group: str,
    value: bytes,
) -> int:
    """Over the key too, so that no value passes under another's. No hash: OpenSSL takes 4 ms to load."""
    key = f"{oid} {group}".encode()
    return zlib.crc32(value, zlib.crc32(key))
