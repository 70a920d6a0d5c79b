"""What differs in a worktree from HEAD, as git tells it in one process, and what is under way there."""

from __future__ import annotations

import os
from collections.abc import Iterator

from git_muse_coord.model.light import NamedTuple
from git_muse_coord.store.git.process import fields_of
from git_muse_coord.store.git.repository import Repository

_UNDER_WAY = (
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "BISECT_LOG",
    "rebase-merge",
    "rebase-apply",
    "sequencer",
)
"""What git keeps in its directory while it changes files on somebody's behalf."""

_COLUMNS = {
    "1": 8,
    "2": 9,
    "u": 10,
}
"""How many columns stand before the path in a row of each kind."""
_NO_OID = "0"


class Differing(NamedTuple):
    """A file that differs from HEAD: its path, and the object that HEAD has there; empty for none."""

    path: str
    head_oid: str


def differing(repository: Repository) -> list[Differing]:
    """The files that differ from HEAD, in the index or on disk, with those that git neither tracks nor ignores."""
    told = repository.git.ask(
        "-C",
        repository.top or ".",
        "status",
        "--porcelain=v2",
        "-z",
        "--untracked-files=all",
        "--ignore-submodules=all",
        "--no-renames",
    )
    return list(_files(fields_of(told.out)))


def is_history_under_way(repository: Repository) -> bool:
    """Whether a merge, a rebase, a cherry-pick, a revert or a bisect is under way."""
    for name in _UNDER_WAY:
        path = os.path.join(repository.git_dir, name)
        if os.path.lexists(path):
            return True
    return False


def _files(rows: list[str]) -> Iterator[Differing]:
    for row in rows:
        kind = row[:1]
        if kind == "?":
            path = row[2:]
            # A folder with a slash is another repository, or a worktree that lies in this one.
            if not path.endswith("/"):
                yield Differing(path, "")
        elif kind in _COLUMNS:
            *columns, path = row.split(" ", _COLUMNS[kind])
            # The first object is that of HEAD, or of the common base in a merge.
            oid = columns[7] if kind == "u" else columns[6]
            if not oid.strip(_NO_OID):
                oid = ""
            yield Differing(path, oid)
