"""Provenance on commits: git notes of one JSON line a fact, under ``refs/notes/muse-coord``.

Adding and merging take a file lock of ours, because parallel ``git notes append`` loses notes.
"""

from __future__ import annotations

from git_muse_coord.model import codec
from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import contextmanager
from git_muse_coord.model.names import NOTES
from git_muse_coord.store.git.lock import locked
from git_muse_coord.store.git.process import DURABLE, IDENTITY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.model.codec import Json
    from git_muse_coord.store.git.repository import Repository

_LOCK_SECONDS = 30


def add(
    repository: Repository,
    commit: str,
    fact: dict[str, Json],
) -> None:
    """Add a fact to the notes of a commit. Raises StoreFailed."""
    with _locked(repository):
        repository.git.run_apart(
            *DURABLE,
            *IDENTITY,
            "notes",
            f"--ref={NOTES}",
            "append",
            "-F",
            "-",
            commit,
            given=codec.canonical(fact),
        )


def merge(repository: Repository, theirs: str) -> None:
    """Unite notes of another clone, from which all but facts was left out, with ours by lines. Raises StoreFailed."""
    with _locked(repository):
        # Under the lock: without notes of ours there is nothing that git could merge into.
        has_notes = repository.git.ask("rev-parse", "-q", "--verify", NOTES).code == 0
        if not has_notes:
            repository.git.run_apart(*DURABLE, "update-ref", NOTES, theirs)
            return
        repository.git.run_apart(
            *DURABLE,
            *IDENTITY,
            "notes",
            f"--ref={NOTES}",
            "merge",
            "-q",
            "-s",
            "cat_sort_uniq",  # a fact is a line, so lines of both sides are facts of both
            theirs,
        )


@contextmanager
def _locked(repository: Repository) -> Iterator[None]:
    lock = repository.own_file("notes.lock")
    with locked(lock, _LOCK_SECONDS) as is_locked:
        if not is_locked:
            raise StoreFailed("another process keeps the lock on the notes", "try again")
        yield
