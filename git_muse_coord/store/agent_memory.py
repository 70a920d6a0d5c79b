"""What is remembered of agents between the events of their programs, in one file for all worktrees of a clone.

It can be deleted at any time: then something is told twice, or a session that has ended counts as
one that goes on. A worktree is named by its git directory, and a session by its run id.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from git_muse_coord.cachefile import CacheFile, Connection, transaction
from git_muse_coord.model.text_types import RunId

NAME = "agents-1.sqlite3"
"""The number is that of the layout: each has a file of its own."""

_KEPT = timedelta(days=30)
"""What was last seen longer ago is forgotten."""

_TABLES = """
CREATE TABLE IF NOT EXISTS seen(
    run_id TEXT, worktree TEXT, at REAL, has_ended INTEGER, PRIMARY KEY (run_id, worktree)
) WITHOUT ROWID;
"""


class SeenRun(NamedTuple):
    """A run of this clone: when it was last at work, and whether its session has ended."""

    at: datetime
    has_ended: bool


class AgentMemory:
    """The memory of one clone. What it cannot read was never there; what it cannot write is forgotten."""

    def __init__(self, path: str) -> None:
        self._file = CacheFile(path, _prepare)

    def saw(
        self,
        run_id: RunId,
        worktree: str,
        at: datetime,
    ) -> None:
        """Remember that a run is at work in a worktree; one that had ended has come back."""
        row = (run_id, worktree, at.timestamp())
        query = "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, 0)"
        self._file.run(lambda database: database.execute(query, row), None)

    def end(self, run_id: RunId, at: datetime) -> None:
        """Remember that a run has ended, and with it all that it started."""

        def update(database: Connection) -> None:
            with transaction(database):
                database.execute(
                    "UPDATE seen SET has_ended = 1 WHERE run_id = ? OR substr(run_id, 1, ?) = ?",
                    (run_id, len(run_id) + 1, f"{run_id}/"),
                )
                database.execute("DELETE FROM seen WHERE at < ?", ((at - _KEPT).timestamp(),))

        self._file.run(update, None)

    def ended_runs(self, worktree: str) -> set[RunId]:
        """The runs that were at work in a worktree and have ended."""
        query = "SELECT run_id FROM seen WHERE worktree = ? AND has_ended"
        rows: list[tuple[str]] = self._file.run(
            lambda database: database.execute(query, (worktree,)).fetchall(), []
        )
        return {RunId(run_id) for (run_id,) in rows if isinstance(run_id, str)}

    def runs(self) -> dict[RunId, SeenRun]:
        """All runs that were ever seen here, in any worktree; one has ended when it is at work in none."""
        if not os.path.exists(self._file.path):
            return {}
        query = "SELECT run_id, max(at), min(has_ended) FROM seen GROUP BY run_id"
        rows: list[tuple[str, float, int]] = self._file.run(
            lambda database: database.execute(query).fetchall(), []
        )
        runs: dict[RunId, SeenRun] = {}
        for run_id, at, has_ended in rows:
            seen_at = datetime.fromtimestamp(at, UTC)
            runs[RunId(run_id)] = SeenRun(seen_at, bool(has_ended))
        return runs


def _prepare(database: Connection) -> None:
    # a memory that a power cut takes is no loss
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(_TABLES)
