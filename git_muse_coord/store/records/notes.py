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
    from collections.abc import Iterable, Iterator

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


def carry(repository: Repository, pairs: Iterable[tuple[str, str]]) -> None:
    """Give commits that came in the place of others the notes of those, and no others. Raises StoreFailed.

    ``pairs`` are of an old commit and the new one. Where several were squashed into one, their facts
    stand together.
    """
    from git_muse_coord.store.records.noted_runs import notes_of

    pairs = list(pairs)
    noted = notes_of(repository, [old for old, _ in pairs])
    copies: list[str] = []
    squashed: list[tuple[str, str]] = []
    seen: set[str] = set()
    for old, new in pairs:
        if old not in noted:
            continue
        if new in seen:
            squashed.append((noted[old], new))
        else:
            copies.append(f"{old} {new}\n")
        seen.add(new)
    if not copies:
        return
    notes = (*DURABLE, *IDENTITY, "notes", f"--ref={NOTES}")
    with _locked(repository):
        # Whoever replays the work of others has not made it: what was noted meanwhile goes.
        repository.git.run_apart(*notes, "copy", "-f", "--stdin", given="".join(copies).encode())
        for note, new in squashed:
            text = repository.git.run("cat-file", "blob", note)
            repository.git.run_apart(*notes, "append", "-F", "-", new, given=text)


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
