"""Notes about runs: what each was told, and what it is to be told later. Each has a name and a text."""

from __future__ import annotations

from git_muse_coord.cachefile import transaction
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.cachefile import CacheFile, Connection
    from git_muse_coord.model.light_time import datetime, timedelta
    from git_muse_coord.model.text_types import RunId

TABLES = """
CREATE TABLE IF NOT EXISTS note(
    run_id TEXT, name TEXT, text TEXT, at REAL, PRIMARY KEY (run_id, name)
) WITHOUT ROWID;
"""

_TOLD = "told "
_LATER = "later"
_WHEN = "SELECT at FROM note WHERE run_id = ? AND name = ?"


class AgentNotes:
    """The notes of one clone."""

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    def read(self, run_id: RunId, name: str) -> str:
        """A note; empty where there is none."""
        query = "SELECT text FROM note WHERE run_id = ? AND name = ?"
        for (text,) in self._file.select(query, (run_id, name)):
            return str(text)
        return ""

    def write(
        self,
        run_id: RunId,
        name: str,
        text: str,
        at: datetime,
    ) -> None:
        """Put a note in the place of the one of that name."""
        row = (run_id, name, text, at.timestamp())
        self._file.change("INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?)", row)

    def is_news(
        self,
        run_id: RunId,
        what: str,
        at: datetime,
        again_after: timedelta | None = None,
    ) -> bool:
        """Whether a run has not heard of something yet, or so long ago that it may again; from now on it has."""
        name = _TOLD + what
        now = at.timestamp()

        def ask(database: Connection) -> bool:
            with transaction(database):
                told = database.execute(_WHEN, (run_id, name)).fetchone()
                if told is not None:
                    (told_at,) = told
                    if again_after is None or now - told_at < again_after.total_seconds():
                        return False
                row = (run_id, name, now)
                database.execute("INSERT OR REPLACE INTO note VALUES (?, ?, '', ?)", row)
                return True

        # Where nothing can be remembered it is told again: better twice than never.
        return self._file.run(ask, True)

    def put_off(
        self,
        run_id: RunId,
        text: str,
        at: datetime,
    ) -> None:
        """Keep a text for the next moment at which the run's program takes one."""
        self.write(run_id, _LATER, text, at)

    def take_put_off(self, run_id: RunId) -> str:
        """What was put off, which is gone with that; empty for nothing."""
        text = self.read(run_id, _LATER)
        if text:
            self.forget(run_id, _LATER)
        return text

    def forget(self, run_id: RunId, name: str) -> None:
        """Drop a note."""
        query = "DELETE FROM note WHERE run_id = ? AND name = ?"
        self._file.change(query, (run_id, name))
