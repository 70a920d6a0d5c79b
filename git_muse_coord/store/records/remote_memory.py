"""What is remembered of remotes: which refs there are no records, and which records were there last.

It is part of the cache. Without it a sync fetches again what it refused, and ``status`` counts all
records as not synced; nothing else changes.
"""

from __future__ import annotations

from git_muse_coord.cachefile import transaction
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.records.cached_record import checksum

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from git_muse_coord.cachefile import CacheFile, Connection
    from git_muse_coord.store.records.cached_record import Verdict

REFUSED_MOST = 200_000
"""Refs of remotes that were found to be no records are remembered up to this number; then all are judged anew."""


class RemoteMemory:
    """What one cache file holds of remotes, each under a name that its users choose."""

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    def refused(self) -> dict[tuple[str, str], Verdict]:
        """The refs of remotes, with their object ids, that were found to be no sound records, and what they are."""
        refused: dict[tuple[str, str], Verdict] = {}
        rows = self._file.select("SELECT ref, oid, verdict FROM refused")
        for ref, oid, verdict in rows:
            refused[ref, oid] = verdict
        return refused

    def refuse(self, rows: Iterable[tuple[str, str, Verdict]]) -> None:
        """Remember refs of a remote, with their object ids and what they are, so that they are not fetched again."""

        def insert(database: Connection) -> None:
            with transaction(database):
                [[number]] = database.execute("SELECT count(*) FROM refused")
                if number > REFUSED_MOST:
                    database.execute("DELETE FROM refused")
                database.executemany("INSERT OR REPLACE INTO refused VALUES (?, ?, ?)", rows)

        self._file.run(insert, None)

    def seen(self, remotes: Collection[str]) -> set[str]:
        """The objects of all records that some remotes had when a sync last looked."""
        oids: set[str] = set()
        rows = self._file.select("SELECT remote, oids, crc FROM seen")
        for remote, text, crc in rows:
            # what is torn was never seen, and is told of once more
            if remote in remotes and checksum(remote, text) == crc:
                oids.update(text.decode().split())
        return oids

    def put_seen(
        self,
        remote: str,
        oids: Iterable[str],
        unread: int,
    ) -> None:
        """Remember which records a remote has, and how many of those that are there were not understood."""
        text = "\n".join(oids).encode()
        row = (remote, text, unread, checksum(remote, text))
        query = "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)"
        self._file.run(lambda database: database.execute(query, row), None)

    def unread_at(self, remote: str) -> int:
        """How many records that are not understood a remote had when a sync last looked."""
        query = "SELECT unread FROM seen WHERE remote = ?"
        for (number,) in self._file.select(query, [remote]):
            # SQLite keeps any type in any column
            if isinstance(number, int):
                return number
        return 0
