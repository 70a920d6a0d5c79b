"""The index of the archive: which record lies in which segment, so that no segment is read to find a name.

It is part of the cache, and covers segments, not one archive: a segment never changes, and the
archives of two clones share most of theirs.
"""

from __future__ import annotations

from git_muse_coord.cachefile import transaction
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.cachefile import CacheFile, Connection
    from git_muse_coord.model.text_types import RecordId

_CHUNK = 500
"""Names asked for in one statement: SQLite takes a limited number of parameters."""

_SELECT = "SELECT name, id, segment, until, about FROM archived WHERE"


class ArchiveRow(NamedTuple):
    """A record of the archive: its ref without ``refs/muse/``, its id, and the segment that holds it.

    ``until`` is how far one reaches that may be unfinished, as text that sorts as time does, and
    ``about`` the reservation or message that it belongs to, in bare hex; both None for all others.
    """

    name: str
    id: RecordId
    segment: str
    until: str | None = None
    about: str | None = None


class ArchiveIndex:
    """The index in one cache file."""

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    @property
    def failed(self) -> bool:
        """Whether rows may be absent that were put here; then only the segments themselves are to be believed."""
        return self._file.failed

    def segments(self) -> set[str]:
        """The segments that are indexed here."""
        rows = self._file.select("SELECT oid FROM segment")
        return {oid for (oid,) in rows}

    def put_segment(
        self,
        oid: str,
        rows: Sequence[ArchiveRow],
    ) -> bool:
        """Index a segment. False: it could not be kept."""

        def insert(database: Connection) -> bool:
            # together: a segment counts as indexed only with all its rows
            with transaction(database):
                database.executemany("INSERT OR REPLACE INTO archived VALUES (?, ?, ?, ?, ?)", rows)
                database.execute("INSERT OR REPLACE INTO segment VALUES (?)", (oid,))
            return True

        return self._file.run(insert, False)

    def named(self, names: Sequence[str]) -> list[ArchiveRow]:
        """The rows of some names, of whatever archive."""
        return self._rows_with("name", names)

    def about(self, ids: Sequence[str]) -> list[ArchiveRow]:
        """The rows, of whatever archive, that are about some reservations or messages, given in bare hex."""
        return self._rows_with("about", ids)

    def beyond(self, moment: str) -> list[ArchiveRow]:
        """The rows, of whatever archive, that reach beyond a moment."""
        rows = self._file.select(f"{_SELECT} until > ?", [moment])
        return list(map(ArchiveRow._make, rows))

    def _rows_with(
        self,
        column: str,
        values: Sequence[str],
    ) -> list[ArchiveRow]:
        """The rows that have one of some values in a column."""
        rows: list[ArchiveRow] = []
        for start in range(0, len(values), _CHUNK):
            chunk = values[start : start + _CHUNK]
            # the values themselves never become part of the statement
            marks = ",".join("?" * len(chunk))
            selected = self._file.select(f"{_SELECT} {column} IN ({marks})", chunk)
            rows.extend(map(ArchiveRow._make, selected))
        return rows
