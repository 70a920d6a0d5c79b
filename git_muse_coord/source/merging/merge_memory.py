"""What the past merges of a clone have taught, in a SQLite file that all its worktrees share.

Every lesson is kept by the merge that taught it: two processes that learn at once write the same,
and one that is killed goes on with what still waits. Whatever goes wrong with the file, nothing is
known, and the forecast goes on by what all projects say.
"""

from __future__ import annotations

import os

from git_muse_coord.cachefile import CacheFile, transaction
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from git_muse_coord.cachefile import Connection
    from git_muse_coord.model.address import Key

NAME = "merges-2.sqlite3"
"""Raised when what is counted, or how it is laid out, changes: versions that run side by side have a file each."""

UNKNOWN, SHARES, APART, NOTHING = range(4)
"""What is known of a merge: nothing yet; its sides shared a file, or none; it can teach nothing."""

_TABLES = """
CREATE TABLE IF NOT EXISTS merges(
    id INTEGER PRIMARY KEY, name TEXT UNIQUE, at INTEGER, ours TEXT, theirs TEXT,
    waits INTEGER, tries INTEGER, state INTEGER, foretold REAL, conflicted INTEGER
);
CREATE INDEX IF NOT EXISTS merges_waiting ON merges(waits, at);
CREATE TABLE IF NOT EXISTS places(
    merge INTEGER, path BLOB, place BLOB, foretold REAL, conflicted INTEGER
);
CREATE INDEX IF NOT EXISTS places_path ON places(path);
CREATE INDEX IF NOT EXISTS places_merge ON places(merge);
CREATE TABLE IF NOT EXISTS sums(
    path BLOB, place BLOB, met INTEGER, foretold REAL, conflicted INTEGER,
    PRIMARY KEY(path, place)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS renames(
    old BLOB, at INTEGER, new BLOB, PRIMARY KEY(old, at)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
PRAGMA user_version = 1;
"""
_BETWEEN = "\x1f"
"""Between the steps of a key: a control character, which no address holds."""


class WhatIsLearnt(NamedTuple):
    """How many merges taught something, how many of those conflicted, and how many wait to be looked at."""

    merges: int
    conflicted: int
    waiting: int


class MergeMemory:
    """What is remembered of the merges of one clone. No method raises for what is wrong with its file."""

    def __init__(self, path: str) -> None:
        self.file = CacheFile(path, _prepare)

    @property
    def is_there(self) -> bool:
        """Whether anything was ever kept: who only asks must not make a file."""
        return os.path.exists(self.file.path)

    def learnt(self) -> WhatIsLearnt:
        """How much is known."""
        query = "SELECT total(state IN (?, ?)), total(conflicted), total(waits) FROM merges"
        for counts in self.rows(query, [SHARES, APART]):
            return WhatIsLearnt(*map(int, counts))
        return WhatIsLearnt(0, 0, 0)

    def fact(self, name: str) -> str:
        """Something that was noted; empty where nothing was."""
        rows = self.rows("SELECT value FROM facts WHERE name = ?", [name])
        for (value,) in rows:
            return str(value)
        return ""

    def note(self, facts: Mapping[str, str]) -> None:
        """Keep some facts."""

        def insert(database: Connection) -> None:
            with transaction(database):
                put_facts(database, facts)

        self.file.run(insert, None)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """What a query finds; nothing where the file is not there or cannot be used."""
        if not self.is_there:
            return []
        return self.file.select(query, values)


def put_facts(database: Connection, facts: Mapping[str, str]) -> None:
    """Write some facts, within a transaction."""
    database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", list(facts.items()))


def as_stored(key: Key) -> bytes:
    """A key as the file has it: a path need not be valid Unicode."""
    text = _BETWEEN.join(key)
    return text.encode("utf-8", "surrogateescape")


def as_key(stored: bytes) -> Key:
    """A key as it was before it was stored."""
    text = stored.decode("utf-8", "surrogateescape")
    return tuple(text.split(_BETWEEN))


def _prepare(database: Connection) -> None:
    # not flushed: what a power failure takes can be learnt again
    database.execute("PRAGMA synchronous = OFF")
    # to make sure of each table takes longer than a forecast wants to wait
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if not version:
        database.executescript(_TABLES)
