"""The memory of a clone: who was seen where, and what the same file holds besides."""

from __future__ import annotations

import os

from git_muse_coord.cachefile import CacheFile, transaction
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import UTC, datetime, timedelta
from git_muse_coord.model.text_types import RunId
from git_muse_coord.store.agent_memory import calls, notes, stamps
from git_muse_coord.store.git.processes import is_running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from git_muse_coord.cachefile import Connection

_KEPT = timedelta(days=30)
"""What was last seen longer ago is forgotten."""

_TABLES = """
CREATE TABLE IF NOT EXISTS seen(
    run_id TEXT, worktree TEXT, at REAL, has_ended INTEGER, process TEXT,
    PRIMARY KEY (run_id, worktree)
) WITHOUT ROWID;
"""
_WITH_TIMES = ("seen", "note", "answered", "coming", "shell", "made", "stamp", "edited")
"""The tables in which a row says when it was written."""
_GOES_ON = "UPDATE seen SET at = ? WHERE run_id = ? AND worktree = ? AND NOT has_ended"
_END = "UPDATE seen SET has_ended = 1 WHERE run_id = ? OR substr(run_id, 1, ?) = ?"


class SeenRun(NamedTuple):
    """A run of this clone: when it was last at work, and whether its session has ended."""

    at: datetime
    has_ended: bool


class AgentMemory:
    """The memory of one clone. What it cannot read was never there; what it cannot write is forgotten.

    ``calls``, ``notes`` and ``stamps`` are what the same file holds besides who was seen where.
    """

    def __init__(self, path: str) -> None:
        self._file = CacheFile(path, _prepare)
        self.calls = calls.AgentCalls(self._file)
        self.notes = notes.AgentNotes(self._file)
        self.stamps = stamps.Stamps(self._file)

    @property
    def turn_path(self) -> str:
        """The file that is locked by whoever's turn it is."""
        # Only the hooks of agents take turns.
        from git_muse_coord.store.agent_memory import turn

        folder = os.path.dirname(self._file.path)
        return os.path.join(folder, turn.NAME)

    def saw(
        self,
        run_id: RunId,
        worktree: str,
        at: datetime,
        process: Callable[[], str] = str,
        *,
        begins: bool = False,
    ) -> None:
        """Remember that a run is at work in a worktree; one that had ended has come back.

        ``process`` names the program behind it, and is asked for when the run is new here or comes
        back, and where a session ``begins``: after a crash another program goes on with it.
        """
        moment = at.timestamp()

        def put(database: Connection) -> None:
            at_work = (moment, run_id, worktree)
            is_known = database.execute(_GOES_ON, at_work).rowcount > 0
            if is_known and not begins:
                return
            row = (run_id, worktree, moment, process())
            database.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, 0, ?)", row)

        self._file.run(put, None)

    def close(self) -> None:
        """Let go of the file. The next call opens it again."""
        self._file.close()

    def end(self, run_id: RunId, at: datetime) -> None:
        """Remember that a run has ended, and with it all that it started."""
        below = f"{run_id}/"
        oldest_kept = at - _KEPT

        def update(database: Connection) -> None:
            with transaction(database):
                database.execute(_END, (run_id, len(below), below))
                _forget_before(oldest_kept.timestamp(), database)

        self._file.run(update, None)

    def ended_runs(self, worktree: str) -> set[RunId]:
        """The runs that were at work in a worktree and have ended: they said so, or their program is gone.

        A sub-agent ends with the run that started it.
        """
        query = "SELECT run_id, has_ended, process FROM seen WHERE worktree = ? ORDER BY run_id"
        ended: set[RunId] = set()
        # In this order a run comes before those that it started.
        for run_id, has_ended, process in self._file.select(query, [worktree]):
            parent, _, _ = run_id.rpartition("/")
            if has_ended or parent in ended or not _may_go_on(process):
                ended.add(RunId(run_id))
        return ended

    def runs_in(self, worktree: str) -> set[RunId]:
        """All runs that were at work in a worktree."""
        query = "SELECT run_id FROM seen WHERE worktree = ?"
        rows = self._file.select(query, [worktree])
        return _run_ids(rows)

    def runs(self) -> dict[RunId, SeenRun]:
        """All runs that were ever seen here, in any worktree; one has ended when it is at work in none."""
        # Who only looks makes no file.
        if not os.path.exists(self._file.path):
            return {}
        query = "SELECT run_id, at, has_ended, process FROM seen ORDER BY at"
        runs: dict[RunId, SeenRun] = {}
        for run_id, moment, has_ended, process in self._file.select(query):
            is_gone = bool(has_ended) or not _may_go_on(process)
            before = runs.get(run_id)
            if before is not None:
                is_gone = is_gone and before.has_ended
            at = datetime.fromtimestamp(moment, UTC)
            runs[RunId(run_id)] = SeenRun(at, is_gone)
        return runs

    def latest_in(self, worktree: str) -> RunId | None:
        """The run that was at work in a worktree last and has not ended."""
        query = "SELECT run_id FROM seen WHERE worktree = ? AND NOT has_ended ORDER BY at DESC"
        ended = self.ended_runs(worktree)
        for (run_id,) in self._file.select(query, [worktree]):
            if run_id not in ended:
                return RunId(run_id)
        return None

    def at_work_since(self, worktree: str, since: datetime) -> set[RunId]:
        """The runs that were seen in a worktree after a moment, and go on."""
        query = "SELECT run_id FROM seen WHERE worktree = ? AND at > ? AND NOT has_ended"
        rows = self._file.select(query, (worktree, since.timestamp()))
        return _run_ids(rows)


def _run_ids(rows: Iterable[tuple[str]]) -> set[RunId]:
    return {RunId(run_id) for (run_id,) in rows}


def _may_go_on(process: str) -> bool:
    """Whether the program of a run may be there still; nothing is known of one that has no name."""
    return not process or is_running(process)


def _forget_before(moment: float, database: Connection) -> None:
    for table in _WITH_TIMES:
        database.execute(f"DELETE FROM {table} WHERE at < ?", (moment,))  # noqa: S608 - our own names


def _prepare(database: Connection) -> None:
    # a memory that a power cut takes is no loss
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(_TABLES + calls.TABLES + notes.TABLES + stamps.TABLES)
