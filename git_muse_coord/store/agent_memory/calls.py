"""Calls of tools: which were answered, which edits have yet to come, which shell commands are still running."""

from __future__ import annotations

from git_muse_coord.cachefile import CacheFile, Connection
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import datetime, timedelta
from git_muse_coord.model.text_types import RecordId, RunId

if TYPE_CHECKING:
    from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS answered(event TEXT PRIMARY KEY, at REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS coming(
    run_id TEXT, reservation_id TEXT, path TEXT, oid TEXT, at REAL,
    PRIMARY KEY (reservation_id, path)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shell(
    session TEXT, tool_use TEXT, run_id TEXT, at REAL, PRIMARY KEY (session, tool_use)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS made(run_id TEXT, at REAL, records INTEGER);
"""

_LONGEST_COMMAND = timedelta(hours=1)
"""A shell command that began longer ago has ended without a word: the program was killed, or stopped it."""


class Coming(NamedTuple):
    """An edit that was allowed and not seen to be done: ``oid`` is what the file held before, empty for no file."""

    reservation_id: RecordId
    path: str
    oid: str


class AgentCalls:
    """The calls of tools in one clone."""

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    def is_first(self, event: str, at: datetime) -> bool:
        """Whether an event comes for the first time; of two processes that ask, one is told so."""
        query = "INSERT OR IGNORE INTO answered VALUES (?, ?)"

        def insert(database: Connection) -> bool:
            return database.execute(query, (event, at.timestamp())).rowcount == 1

        return self._file.run(insert, True)

    def was_answered(self, event: str) -> bool:
        """Whether an event came before."""
        return bool(self._select("SELECT 1 FROM answered WHERE event = ?", event))

    def expect(
        self,
        run_id: RunId,
        edits: list[Coming],
        at: datetime,
    ) -> None:
        """Remember edits of a run that may come now, and what was reserved for each."""
        rows = [(run_id, *edit, at.timestamp()) for edit in edits]
        query = "INSERT OR REPLACE INTO coming VALUES (?, ?, ?, ?, ?)"
        self._file.run(lambda database: database.executemany(query, rows), None)

    def coming(self, run_id: RunId) -> list[Coming]:
        """The edits of a run that may have come."""
        query = "SELECT reservation_id, path, oid FROM coming WHERE run_id = ?"
        rows = self._select(query, run_id)
        return [Coming(RecordId(id_), path, oid) for id_, path, oid in rows]

    def settle(self, run_id: RunId) -> None:
        """Forget the edits of a run: of each it is known now whether it came."""
        query = "DELETE FROM coming WHERE run_id = ?"
        self._file.run(lambda database: database.execute(query, (run_id,)), None)

    def begin_shell(
        self,
        session: RunId,
        tool_use: str,
        run_id: RunId,
        at: datetime,
    ) -> None:
        """Remember that a shell command begins, of a sub-agent or of the session itself."""
        row = (session, tool_use, run_id, at.timestamp())
        query = "INSERT OR REPLACE INTO shell VALUES (?, ?, ?, ?)"
        self._file.run(lambda database: database.execute(query, row), None)

    def end_shell(self, session: RunId, tool_use: str) -> None:
        """Forget a shell command."""
        query = "DELETE FROM shell WHERE session = ? AND tool_use = ?"
        self._file.run(lambda database: database.execute(query, (session, tool_use)), None)

    def open_agent(self, session: RunId, now: datetime) -> RunId:
        """The run of a session whose shell command runs now; the session itself where nobody can tell."""
        since = (now - _LONGEST_COMMAND).timestamp()
        query = "SELECT run_id FROM shell WHERE session = ? AND at > ?"
        rows = self._select(query, session, since)
        # Where several run, a verb may have been called from any of them.
        return RunId(rows[0][0]) if len(rows) == 1 else session

    def open_run_of(
        self,
        program: str,
        worktree: str,
        now: datetime,
    ) -> RunId | None:
        """The only run of a program whose shell command runs now in a worktree; ``program`` begins the run ids."""
        since = (now - _LONGEST_COMMAND).timestamp()
        query = (
            "SELECT shell.run_id FROM shell JOIN seen ON seen.run_id = shell.run_id"
            " WHERE seen.worktree = ? AND shell.at > ? AND substr(shell.run_id, 1, ?) = ?"
        )
        rows = self._select(
            query,
            worktree,
            since,
            len(program),
            program,
        )
        return RunId(rows[0][0]) if len(rows) == 1 else None

    def count(
        self,
        run_id: RunId,
        records: int,
        at: datetime,
    ) -> None:
        """Remember that a run made so many records by itself."""
        row = (run_id, at.timestamp(), records)
        query = "INSERT INTO made VALUES (?, ?, ?)"
        self._file.run(lambda database: database.execute(query, row), None)

    def made_since(self, run_id: RunId, since: datetime) -> int:
        """How many records a run has made by itself since then."""
        query = "SELECT total(records) FROM made WHERE run_id = ? AND at > ?"
        rows = self._select(query, run_id, since.timestamp())
        return int(rows[0][0]) if rows else 0

    def _select(self, query: str, *values: object) -> list[Any]:
        return self._file.select(query, values)
