"""A cache of verified records, keyed by blob, in the common git directory: all worktrees share it.

It can be deleted at any time. Every row carries a checksum, so a torn, stale or foreign file costs
time, never a wrong answer. (A checksum, not the object id: loading OpenSSL would cost every command
4 ms.)
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import weakref
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Literal, NamedTuple

from git_muse_coord.model.codec import FORMAT
from git_muse_coord.model.records import KINDS

LAYOUT = 3
"""Raised when the tables or the verdicts change; each layout has a file of its own."""

UNDERSTOOD = f"{FORMAT}-{zlib.crc32(' '.join(sorted(KINDS)).encode()):08x}"
"""What this version can read. It names the file, so that no version is held by what another one did not understand."""

Verdict = Literal["sound", "damaged", "not understood"]
SOUND: Verdict = "sound"
DAMAGED: Verdict = "damaged"
NOT_UNDERSTOOD: Verdict = "not understood"
"""Of a newer format or of a kind that is not known here: neither counted nor touched."""

NAME = f"records-{LAYOUT}.{UNDERSTOOD}.sqlite3"
BUSY_SECONDS = 0.5
REFUSED_MOST = 200_000
"""Refs of remotes that were found to be no records are remembered up to this number; then all are judged anew."""

_CHUNK = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS entry(
    oid TEXT PRIMARY KEY, verdict TEXT, ref TEXT, mentions BLOB, crc INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS body(oid TEXT PRIMARY KEY, blob BLOB, crc INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS segment(oid TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS archived(
    name TEXT, id TEXT, segment TEXT, until TEXT, about TEXT, PRIMARY KEY (name, id, segment)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unfinished ON archived(until) WHERE until IS NOT NULL;
CREATE TABLE IF NOT EXISTS refused(ref TEXT, oid TEXT, verdict TEXT, PRIMARY KEY (ref, oid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen(remote TEXT PRIMARY KEY, oids BLOB, unread INTEGER, crc INTEGER) WITHOUT ROWID;
"""


class Entry(NamedTuple):
    """What is known of a blob without parsing it again.

    ``ref`` is the name that its record must have, or empty for a blob that is no sound record;
    ``mentions`` are the folded paths and the record ids in it, one a line, or what is known of one
    that is not sound.
    """

    oid: str
    ref: str
    mentions: bytes
    verdict: Verdict = SOUND

    @property
    def crc(self) -> int:
        """The checksum of the row."""
        return zlib.crc32(
            self.mentions, zlib.crc32(f"{self.oid} {self.verdict} {self.ref}".encode())
        )


class ArchiveRow(NamedTuple):
    """A record of the archive: its ref without ``refs/muse/``, its id, and the segment that holds it.

    ``until`` is how far one reaches that may be unfinished, as text that sorts as time does, and
    ``about`` the reservation that it belongs to, in bare hex; both None for all others.
    """

    name: str
    id: str
    segment: str
    until: str | None = None
    about: str | None = None


class Cache:
    """The cache of one repository. What it cannot read is not there; what it cannot write is not kept.

    ``failed`` tells whether that has happened, for whom an absent row means something.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._database: sqlite3.Connection | None = None
        self.failed = False
        self._turn = threading.Lock()

    def entries(self) -> dict[str, Entry]:
        """Every sound row, by object id."""
        rows = self._attempt(
            lambda database: database.execute("SELECT oid, ref, mentions, verdict, crc FROM entry")
        )
        found = ((Entry(*facts), crc) for *facts, crc in rows if _are_text(*facts))
        return {entry.oid: entry for entry, crc in found if entry.crc == crc}

    def bodies(self, oids: Sequence[str]) -> dict[str, bytes]:
        """The bytes of some blobs, as far as they are here and sound."""

        def select(database: sqlite3.Connection) -> Iterable[tuple[str, bytes, int]]:
            if len(oids) > _CHUNK:
                return database.execute("SELECT oid, blob, crc FROM body")
            marks = ",".join("?" * len(oids))
            return database.execute(f"SELECT oid, blob, crc FROM body WHERE oid IN ({marks})", oids)  # noqa: S608

        rows = self._attempt(select)
        return {
            oid: blob
            for oid, blob, crc in rows
            if isinstance(blob, bytes) and _body_crc(oid, blob) == crc
        }

    def put(self, rows: Sequence[tuple[Entry, bytes | None]]) -> None:
        """Add rows; the blob of what is no record is not kept."""

        def insert(database: sqlite3.Connection) -> Iterable[Any]:
            with database:
                database.execute("BEGIN IMMEDIATE")
                database.executemany(
                    "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)",
                    [
                        (entry.oid, entry.verdict, entry.ref, entry.mentions, entry.crc)
                        for entry, _ in rows
                    ],
                )
                database.executemany(
                    "INSERT OR REPLACE INTO body VALUES (?, ?, ?)",
                    [
                        (entry.oid, blob, _body_crc(entry.oid, blob))
                        for entry, blob in rows
                        if blob is not None
                    ],
                )
            return ()

        self._attempt(insert)

    def segments(self) -> set[str]:
        """The archive's segments that are indexed here."""
        return {
            oid
            for (oid,) in self._attempt(
                lambda database: database.execute("SELECT oid FROM segment")
            )
        }

    def put_segment(self, oid: str, rows: Sequence[ArchiveRow]) -> bool:
        """Index a segment of the archive. False: it could not be kept."""

        def insert(database: sqlite3.Connection) -> Iterable[Any]:
            with database:
                database.execute("BEGIN IMMEDIATE")
                database.executemany("INSERT OR REPLACE INTO archived VALUES (?, ?, ?, ?, ?)", rows)
                database.execute("INSERT OR REPLACE INTO segment VALUES (?)", (oid,))
            return (True,)

        return bool(self._attempt(insert))

    def archived(self, names: Sequence[str]) -> list[ArchiveRow]:
        """The rows of some names, of whatever archive."""
        found: list[ArchiveRow] = []
        for start in range(0, len(names), _CHUNK):
            chunk = names[start : start + _CHUNK]
            query = f"SELECT name, id, segment, until, about FROM archived WHERE name IN ({','.join('?' * len(chunk))})"  # noqa: S608
            rows = self._attempt(lambda database: database.execute(query, chunk))  # noqa: B023
            found += (ArchiveRow(*row) for row in rows)
        return found

    def beyond(self, moment: str) -> list[ArchiveRow]:
        """The rows, of whatever archive, that reach beyond a moment."""
        query = "SELECT name, id, segment, until, about FROM archived WHERE until > ?"
        return [
            ArchiveRow(*row)
            for row in self._attempt(lambda database: database.execute(query, (moment,)))
        ]

    def refused(self) -> dict[tuple[str, str], Verdict]:
        """The refs of remotes, with their object ids, that were found to be no sound records, and what they are."""
        rows = self._attempt(
            lambda database: database.execute("SELECT ref, oid, verdict FROM refused")
        )
        return {(ref, oid): verdict for ref, oid, verdict in rows}

    def refuse(self, rows: Iterable[tuple[str, str, Verdict]]) -> None:
        """Remember refs of a remote, with their object ids and what they are, so that they are not fetched again."""

        def insert(database: sqlite3.Connection) -> Iterable[Any]:
            with database:
                database.execute("BEGIN IMMEDIATE")
                clear_if_full = (
                    f"DELETE FROM refused WHERE (SELECT count(*) FROM refused) > {REFUSED_MOST}"  # noqa: S608
                )
                database.execute(clear_if_full)
                database.executemany("INSERT OR REPLACE INTO refused VALUES (?, ?, ?)", rows)
            return ()

        self._attempt(insert)

    def seen(self, remotes: Collection[str]) -> set[str]:
        """The objects of all records that some remotes, named as ``put_seen`` did, had when a sync last looked."""
        rows = self._attempt(
            lambda database: database.execute("SELECT remote, oids, crc FROM seen")
        )
        sound = (
            oids
            for remote, oids, crc in rows
            if remote in remotes and _body_crc(remote, oids) == crc
        )
        return {oid for oids in sound for oid in oids.decode().split()}

    def put_seen(self, remote: str, oids: Iterable[str], unread: int) -> None:
        """Remember which records a remote has, and how many of those that are there were not understood."""
        told = "\n".join(oids).encode()
        row = (remote, told, unread, _body_crc(remote, told))
        self._attempt(
            lambda database: database.execute(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", row
            )
        )

    def unread_at(self, remote: str) -> int:
        """How many records that are not understood a remote had when a sync last looked."""
        query = "SELECT unread FROM seen WHERE remote = ?"
        rows = self._attempt(lambda database: database.execute(query, (remote,)))
        return next((number for (number,) in rows if isinstance(number, int)), 0)

    def forget(self, oids: Sequence[str]) -> None:
        """Drop rows."""

        def delete(database: sqlite3.Connection) -> Iterable[Any]:
            with database:
                database.execute("BEGIN IMMEDIATE")
                for table in ("entry", "body"):
                    query = f"DELETE FROM {table} WHERE oid = ?"  # noqa: S608
                    database.executemany(query, [(oid,) for oid in oids])
            return ()

        self._attempt(delete)

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _attempt(self, action: Callable[[sqlite3.Connection], Iterable[Any]]) -> list[Any]:
        with self._turn:  # one connection serves all threads of a library's caller
            return self._attempt_alone(action)

    def _attempt_alone(self, action: Callable[[sqlite3.Connection], Iterable[Any]]) -> list[Any]:
        try:
            if self._database is None:
                self._database = self._open()
            return list(action(self._database))
        except sqlite3.OperationalError:  # locked, read-only, disk full: leave the file alone
            self._give_up()
        except (
            sqlite3.Error,
            UnicodeDecodeError,
        ):  # no database, or one so damaged that SQLite quotes garbage
            self._give_up()
            for suffix in ("", "-journal"):
                with contextlib.suppress(OSError):
                    os.unlink(self.path + suffix)
        except OSError:
            self._give_up()
        return []

    def _give_up(self) -> None:
        self.failed = True
        self.close()

    def _open(self) -> sqlite3.Connection:
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        database = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        weakref.finalize(
            self, database.close
        )  # Python warns of a connection that is collected open
        # not flushed: after a power failure the checksums tell what is whole
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(_TABLES)
        return database


def _body_crc(oid: str, blob: bytes) -> int:
    return zlib.crc32(blob, zlib.crc32(oid.encode("utf-8", "replace")))


def _are_text(oid: object, ref: object, mentions: object, verdict: object) -> bool:
    return (
        isinstance(oid, str)
        and isinstance(ref, str)
        and isinstance(mentions, bytes)
        and isinstance(verdict, str)
    )
