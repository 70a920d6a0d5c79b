"""Calls of tools: which were answered, which edits have yet to come, which shell commands are still running."""

from __future__ import annotations

from git_muse_coord.cachefile import CacheFile, Connection
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_time import datetime, timedelta
from git_muse_coord.model.text_types import RecordId, RunId

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
        row = (event, at.timestamp())

        def insert(database: Connection) -> bool:
            inserted = database.execute(query, row).rowcount
            return inserted == 1

        # Where nothing can be remembered every event counts: better twice than never.
        return self._file.run(insert, True)

    def was_answered(self, event: str) -> bool:
        """Whether an event came before."""
        rows = self._file.select("SELECT 1 FROM answered WHERE event = ?", [event])
        return bool(rows)

    def expect(
        self,
        run_id: RunId,
        edits: list[Coming],
        at: datetime,
    ) -> None:
        """Remember edits of a run that may come now, and what was reserved for each."""
        rows = [(run_id, *edit, at.timestamp()) for edit in edits]
        self._file.change_all("INSERT OR REPLACE INTO coming VALUES (?, ?, ?, ?, ?)", rows)

    def coming(self, run_id: RunId) -> list[Coming]:
        """The edits of a run that may have come."""
        query = "SELECT reservation_id, path, oid FROM coming WHERE run_id = ?"
        edits: list[Coming] = []
        for reservation_id, path, oid in self._file.select(query, [run_id]):
            edit = Coming(RecordId(reservation_id), path, oid)
            edits.append(edit)
        return edits

    def settle(self, run_id: RunId) -> None:
        """Forget the edits of a run: of each it is known now whether it came."""
        self._file.change("DELETE FROM coming WHERE run_id = ?", [run_id])

    def begin_shell(
        self,
        session: RunId,
        tool_use: str,
        run_id: RunId,
        at: datetime,
    ) -> None:
        """Remember that a shell command begins, of a sub-agent or of the session itself."""
        row = (session, tool_use, run_id, at.timestamp())
        self._file.change("INSERT OR REPLACE INTO shell VALUES (?, ?, ?, ?)", row)

    def end_shell(self, session: RunId, tool_use: str) -> None:
        """Forget a shell command."""
        query = "DELETE FROM shell WHERE session = ? AND tool_use = ?"
        self._file.change(query, (session, tool_use))

    def open_agent(self, session: RunId, now: datetime) -> RunId:
        """The run of a session whose shell command runs now; the session itself where nobody can tell."""
        since = now - _LONGEST_COMMAND
        query = "SELECT run_id FROM shell WHERE session = ? AND at > ?"
        rows = self._file.select(query, (session, since.timestamp()))
        # Where several run, a verb may have been called from any of them.
        return _only_run(rows) or session

    def open_run_of(
        self,
        program: str,
        worktree: str,
        now: datetime,
    ) -> RunId | None:
        """The only run of a program whose shell command runs now in a worktree; ``program`` begins the run ids."""
        since = now - _LONGEST_COMMAND
        query = (
            "SELECT shell.run_id FROM shell JOIN seen ON seen.run_id = shell.run_id"
            " WHERE seen.worktree = ? AND shell.at > ? AND substr(shell.run_id, 1, ?) = ?"
        )
        values = (worktree, since.timestamp(), len(program), program)
        rows = self._file.select(query, values)
        return _only_run(rows)

    def count(
        self,
        run_id: RunId,
        records: int,
        at: datetime,
    ) -> None:
        """Remember that a run made so many records by itself."""
        row = (run_id, at.timestamp(), records)
        self._file.change("INSERT INTO made VALUES (?, ?, ?)", row)

    def made_since(self, run_id: RunId, since: datetime) -> int:
        """How many records a run has made by itself since then."""
        query = "SELECT total(records) FROM made WHERE run_id = ? AND at > ?"
        for (total,) in self._file.select(query, (run_id, since.timestamp())):
            return int(total)
        return 0


def _only_run(rows: list[tuple[str]]) -> RunId | None:
    """The run that a query found, if it found one row."""
    if len(rows) != 1:
        return None
    ((run_id,),) = rows
    return RunId(run_id)
