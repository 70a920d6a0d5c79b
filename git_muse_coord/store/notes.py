"""Provenance on commits: git notes of one JSON line a fact, under ``refs/notes/muse-coord``.

Adding and merging take a file lock of ours, because parallel ``git notes append`` loses notes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from git_muse_coord.model import codec
from git_muse_coord.model.codec import Json
from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.store.cache import DIRECTORY
from git_muse_coord.store.git import DURABLE, IDENTITY
from git_muse_coord.store.lock import locked
from git_muse_coord.store.repository import Repository

NOTES = "refs/notes/muse-coord"
_LOCK_SECONDS = 30
_NOTE = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")


def add(repository: Repository, commit: str, fact: dict[str, Json]) -> None:
    """Add a fact to the notes of a commit. Raises StoreFailed."""
    with _locked(repository):
        repository.git.run(
            *DURABLE, *IDENTITY, "notes", f"--ref={NOTES}", "append", "-F", "-", commit, given=codec.canonical(fact)
        )


def merge(repository: Repository, theirs: str) -> None:
    """Unite notes that were fetched under another ref with ours, line by line. Raises StoreFailed."""
    with _locked(repository):
        if repository.git.ask("rev-parse", "-q", "--verify", NOTES).code:
            repository.git.run(*DURABLE, "update-ref", NOTES, theirs)
        else:
            repository.git.run(
                *DURABLE, *IDENTITY, "notes", f"--ref={NOTES}", "merge", "-q", "-s", "cat_sort_uniq", theirs
            )


def is_sound(repository: Repository, tip: str) -> bool:
    """Whether an object is a commit that holds notes and nothing else."""
    git = repository.git
    if git.ask("cat-file", "-t", tip).out.strip() != b"commit":
        return False
    names = git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", tip).split(b"\0")[:-1]
    return all(_NOTE.fullmatch(name.replace(b"/", b"")) for name in names)


@contextmanager
def _locked(repository: Repository) -> Iterator[None]:
    with locked(os.path.join(repository.common_dir, DIRECTORY, "notes.lock"), _LOCK_SECONDS) as got:
        if not got:
            raise StoreFailed("another process keeps the lock on the notes", "try again")
        yield
