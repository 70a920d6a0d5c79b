"""Which reservations were made in this clone, and in which of its worktrees: what no record says of itself.

Records name no machine and no clone, and those of others come in by a plain fetch. Only where a
reservation was made can one see what became of its work, so only there it is judged. A note that is
lost costs that alone: such a reservation ends at its time.
"""

from __future__ import annotations

import os

from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.model.records import bare, with_prefix
from git_muse_coord.store.git.worktrees import name_of_this

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.git.repository import Repository

NAME = "made-here"
_LINE = r"([0-9a-f]{64}) ([0-9]+) (.+)"
_MOST = 200_000
"""Bytes above which the notes of reservations that are over are left out: some 2,000 of them."""


class _Note(NamedTuple):
    """A reservation, the clone in which it was made, and the worktree."""

    id: RecordId
    clone: str
    worktree: str

    @property
    def line(self) -> str:
        name = bare(self.id)
        return f"{name} {self.clone} {self.worktree}\n"


class MadeHere:
    """The notes of one clone, in a file of its git directory. No method raises for what is wrong with it."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def note(self, ids: Iterable[RecordId]) -> None:
        """Note that reservations were made in this worktree."""
        with suppress(OSError):
            clone = self._clone()
            worktree = name_of_this(self._repository)
            notes = [_Note(reservation_id, clone, worktree) for reservation_id in ids]
            self._write(self._path(), os.O_APPEND, notes)

    def worktrees(self) -> dict[RecordId, str]:
        """The worktree of each reservation that was made here, by its id."""
        with suppress(OSError):
            clone = self._clone()
            worktrees: dict[RecordId, str] = {}
            for note in self._read():
                # In a directory that was copied the notes came along, and are the other clone's.
                if note.clone == clone:
                    worktrees[note.id] = note.worktree
            return worktrees
        return {}

    def keep(self, ids: Collection[RecordId]) -> None:
        """Forget all but some reservations, once there is much to forget."""
        with suppress(OSError):
            path = self._path()
            if os.stat(path).st_size <= _MOST:
                return
            kept = [note for note in self._read() if note.id in ids]
            aside = f"{path}.{os.getpid()}"
            self._write(aside, os.O_TRUNC, kept)
            # What another process notes at this very moment may be lost, which does no harm.
            os.replace(aside, path)

    def _read(self) -> Iterator[_Note]:
        with open(self._path(), encoding="utf-8", errors="surrogateescape") as file:
            for row in file:
                parts = re.fullmatch(_LINE, row.rstrip("\n"))
                # a torn line is nobody's
                if parts is not None:
                    name, clone, worktree = parts.groups()
                    yield _Note(with_prefix(name), clone, worktree)

    def _write(
        self,
        path: str,
        mode: int,
        notes: Iterable[_Note],
    ) -> None:
        lines = "".join(note.line for note in notes)
        # on Windows line ends would become others
        as_it_is = getattr(os, "O_BINARY", 0)
        to_write = os.O_WRONLY | os.O_CREAT | as_it_is
        file = os.open(path, to_write | mode, 0o666)
        try:
            # in one piece, so that the lines of two processes do not mix
            os.write(file, lines.encode("utf-8", "surrogateescape"))
        finally:
            os.close(file)

    def _path(self) -> str:
        return self._repository.own_file(NAME)

    def _clone(self) -> str:
        """What tells this clone from a copy of its directory, and stays when the directory is moved."""
        folder = os.path.dirname(self._path())
        return str(os.stat(folder).st_ino)
