"""What the notes of some commits say, and whose work they are by that.

A note is what somebody pushed, and not a proof. It counts only where it says one thing: of facts
that name different runs none does.
"""

from __future__ import annotations

from git_muse_coord.model import codec
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.kind import RUN_ID
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.model.names import NOTES
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.text_types import RunId
from git_muse_coord.store.git.objects import Objects
from git_muse_coord.store.git.tree_files import TreeFiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from git_muse_coord.model.codec import Json
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.records.cached_record import Bodies

_DEEPEST = 3
"""In how many folders of folders git spreads the notes of at most some millions of commits."""
_MOST_BYTES = 256 << 10
"""A longer note is passed over: a fact has a few KB, and a commit has one fact as a rule."""


def noted_runs(repository: Repository, commits: Sequence[str]) -> dict[str, RunId]:
    """The run of each commit whose note names just one."""
    named: dict[str, set[RunId]] = {}
    for commit, fact in noted_facts(repository, commits):
        try:
            run_id = RUN_ID.read(fact.get("run_id"))
        except InvalidRecord:
            continue
        if run_id != UNKNOWN:
            of_commit = named.setdefault(commit, set())
            of_commit.add(RunId(run_id))
    runs: dict[str, RunId] = {}
    for commit, of_commit in named.items():
        if len(of_commit) == 1:
            runs[commit] = of_commit.pop()
    return runs


def noted_facts(
    repository: Repository,
    commits: Sequence[str],
) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """The facts in the notes of some commits, each with its commit; what is no fact is passed over."""
    notes = notes_of(repository, commits)
    # several commits may have one note
    oids = sorted(set(notes.values()))
    objects = Objects(repository)
    texts: Bodies = {}
    for stored in objects.read(oids, _MOST_BYTES):
        texts[stored.oid] = stored.blob or b""
    for commit, oid in notes.items():
        note = texts.get(oid, b"")
        for line in note.split(b"\n"):
            with suppress(InvalidRecord):
                yield commit, codec.load_canonical(line)


def notes_of(repository: Repository, commits: Sequence[str]) -> Mapping[str, str]:
    """The object that is the note of each commit that has one."""
    commit_at: dict[str, str] = {}
    for commit in commits:
        for path in _places(commit):
            commit_at[path] = commit
    tree = TreeFiles(repository)
    files = tree.found((NOTES, path) for path in commit_at)
    notes: dict[str, str] = {}
    for path, version in files.items():
        commit = commit_at[path]
        notes[commit] = version.oid
    return notes


def _places(commit: str) -> Iterator[str]:
    """The paths at which git may have put the note of a commit: ``abcd...``, ``ab/cd...`` and deeper."""
    folders = ""
    rest = commit
    yield rest
    for _ in range(_DEEPEST):
        folders += f"{rest[:2]}/"
        rest = rest[2:]
        yield folders + rest
