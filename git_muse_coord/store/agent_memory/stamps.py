"""How the files of a worktree lay when an agent was last seen to change them, and which its tools edited."""

from __future__ import annotations

from git_muse_coord.cachefile import CacheFile
from git_muse_coord.model.later import json
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import UTC, datetime

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TABLES = """
CREATE TABLE IF NOT EXISTS stamp(worktree TEXT PRIMARY KEY, head TEXT, files TEXT, at REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS edited(
    worktree TEXT, path TEXT, at REAL, PRIMARY KEY (worktree, path)
) WITHOUT ROWID;
"""

FileState = tuple[str, int, int]
"""The object id of what a file holds, empty where it is gone, and its size and time in nanoseconds."""


class Stamp(NamedTuple):
    """The files that differ from HEAD, by path, with HEAD itself."""

    head: str
    files: Mapping[str, FileState]
    at: datetime


class Stamps:
    """The stamps of the worktrees of one clone."""

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    def read(self, worktree: str) -> Stamp | None:
        """The stamp of a worktree; None where there is none that could be read."""
        query = "SELECT head, files, at FROM stamp WHERE worktree = ?"
        for head, text, moment in self._file.select(query, [worktree]):
            # What a torn file holds may be any text, and any number.
            try:
                files = _files_in(text)
                at = datetime.fromtimestamp(moment, UTC)
            except (ValueError, TypeError, AttributeError):
                return None
            return Stamp(head, files, at)
        return None

    def write(self, worktree: str, stamp: Stamp) -> None:
        """Put a stamp in the place of the one before."""
        files = json.dumps(dict(stamp.files))
        row = (worktree, stamp.head, files, stamp.at.timestamp())
        self._file.change("INSERT OR REPLACE INTO stamp VALUES (?, ?, ?, ?)", row)

    def note_edited(
        self,
        worktree: str,
        paths: Iterable[str],
        at: datetime,
    ) -> None:
        """Remember that an agent's tool edited files: they are work, whether git knows of them or not."""
        rows = [(worktree, path, at.timestamp()) for path in paths]
        self._file.change_all("INSERT OR REPLACE INTO edited VALUES (?, ?, ?)", rows)

    def edited(self, worktree: str) -> list[str]:
        """The files of a worktree that agents' tools edited, the latest first."""
        query = "SELECT path FROM edited WHERE worktree = ? ORDER BY at DESC"
        rows = self._file.select(query, [worktree])
        return [path for (path,) in rows]


def _files_in(text: str) -> dict[str, FileState]:
    """The files of a stamp, as it is stored. Raises ValueError, TypeError or AttributeError for anything else."""
    files: dict[str, FileState] = {}
    for path, state in json.loads(text).items():
        oid, size, time = state
        files[path] = (oid, size, time)
    return files
