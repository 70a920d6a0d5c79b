"""Whose work some commits are, as their notes say.

A note is what somebody pushed, and not a proof. It counts only where it says one thing: of facts
that name different runs none does.
"""

from __future__ import annotations

from git_muse_coord.model import codec
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.kind import RUN_ID
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import NOTES
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.text_types import RunId
from git_muse_coord.store.git.objects import Objects
from git_muse_coord.store.git.trees import Trees

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from git_muse_coord.store.git.repository import Repository

_DEEPEST = 3
"""In how many folders of folders git spreads the notes of at most some millions of commits."""
_MOST_BYTES = 64 << 10
"""A longer note is passed over: a fact has a few KB, and a commit has one fact as a rule."""


def noted_runs(repository: Repository, commits: Sequence[str]) -> dict[str, RunId]:
    """The run of each commit whose note names just one."""
    notes = _notes_of(repository, commits)
    texts: dict[str, bytes] = {}
    for stored in Objects(repository).read(sorted(set(notes.values())), _MOST_BYTES):
        texts[stored.oid] = stored.blob or b""
    runs: dict[str, RunId] = {}
    for commit, oid in notes.items():
        named = set(_runs_in(texts.get(oid, b"")))
        if len(named) == 1:
            runs[commit] = named.pop()
    return runs


def _notes_of(repository: Repository, commits: Sequence[str]) -> Mapping[str, str]:
    """The object that is the note of each commit that has one."""
    commit_at: dict[str, str] = {}
    for commit in commits:
        for path in _places(commit):
            commit_at[path] = commit
    files = Trees(repository).found((NOTES, path) for path in commit_at)
    return {commit_at[path]: version.oid for path, version in files.items()}


def _places(commit: str) -> Iterator[str]:
    """The paths at which git may have put the note of a commit: ``abcd...``, ``ab/cd...`` and deeper."""
    for depth in range(_DEEPEST + 1):
        steps = [commit[2 * step : 2 * step + 2] for step in range(depth)]
        yield "/".join([*steps, commit[2 * depth :]])


def _runs_in(note: bytes) -> Iterator[RunId]:
    """The runs that are named in the facts of a note; what is no fact says nothing."""
    for line in note.split(b"\n"):
        try:
            run_id = RUN_ID.read(codec.load_canonical(line).get("run_id"))
        except InvalidRecord:
            continue
        if run_id != UNKNOWN:
            yield RunId(run_id)
