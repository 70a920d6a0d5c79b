"""Notes that another clone made: nothing of them is let in that could not be a fact of ours.

``git log --notes`` prints them as they are, so that a note could send commands to somebody's
terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from git_muse_coord.model import codec
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.store.git import foreign
from git_muse_coord.store.git.foreign import ForeignFile, Unsound
from git_muse_coord.store.git.objects import Objects
from git_muse_coord.store.git.process import IDENTITY, Git
from git_muse_coord.store.git.repository import Repository

NEW_BYTES = 64 << 20
"""At most this many bytes of notes that are new here are read at one time."""

_NOTE = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BLANK_LINES = re.compile(rb"\n{3,}")
_MESSAGE = b"Notes without what were no facts\n"


class CleanNotes(NamedTuple):
    """A commit of notes that holds facts and nothing else, and of how many files something was left out."""

    tip: str
    left_out: int


def clean_notes(
    repository: Repository,
    tip: str,
    ours: str | None,
) -> CleanNotes:
    """Leave out of the notes of a commit, compared with ours, what are no facts. Raises Unsound and StoreFailed.

    The commit itself where all are; else one on top of it, so that a push takes them away at the
    remote, too.
    """
    git = repository.git
    objects = Objects(repository)
    foreign.require_commit(git, tip)
    theirs = foreign.list_files(git, tip, sizes=True)
    notes: dict[str, ForeignFile] = {}
    for path, file in theirs.items():
        if _is_note(path, file):
            notes[path] = file
    if theirs and not notes:
        raise Unsound("no notes are in it")
    known = _oids(git, ours)
    new = _new_blobs(notes.values(), known)
    mended = _mended(objects, new)
    kept = _with_facts_only(notes, mended)
    # files that went are left out, and so are those of which a line went
    whole = 0
    for path, file in kept.items():
        if file.oid == theirs[path].oid:
            whole += 1
    left_out = len(theirs) - whole
    if not left_out:
        return CleanNotes(tip, 0)
    tree = foreign.write_tree(git, kept)
    made = git.line(
        *IDENTITY,
        "commit-tree",
        tree,
        "-p",
        tip,
        given=_MESSAGE,
    )
    return CleanNotes(made, left_out)


def _oids(git: Git, commit: str | None) -> set[str]:
    """The blobs of our own notes, which were looked at when they came or were written here."""
    if commit is None:
        return set()
    files = foreign.list_files(git, commit)
    return {file.oid for file in files.values()}


def _new_blobs(notes: Iterable[ForeignFile], known: set[str]) -> list[str]:
    """The blobs of some notes that are not known yet. Raises Unsound where they are too large together."""
    sizes: dict[str, int] = {}
    for file in notes:
        if file.oid not in known:
            sizes[file.oid] = file.size
    total = sum(sizes.values())
    if total > NEW_BYTES:
        raise Unsound(f"more than {NEW_BYTES:,} bytes of notes are new")
    return list(sizes)


def _with_facts_only(
    notes: Mapping[str, ForeignFile],
    mended: Mapping[str, str],
) -> dict[str, ForeignFile]:
    """The notes with what is mended in its place, without those that held no fact."""
    kept: dict[str, ForeignFile] = {}
    for path, file in notes.items():
        oid = mended.get(file.oid, file.oid)
        if oid:
            kept[path] = ForeignFile(file.mode, oid)
    return kept


def _is_note(path: str, file: ForeignFile) -> bool:
    if file.mode != "100644" or file.size > codec.MAX_RECORD_BYTES:
        return False
    # git spreads many notes over folders: ab/cd/ef...
    commit = path.replace("/", "")
    return _NOTE.fullmatch(commit) is not None


def _mended(objects: Objects, oids: list[str]) -> Mapping[str, str]:
    """What to have in place of each blob that holds more than facts; an empty id where no fact is in it."""
    mended: dict[str, str] = {}
    for stored in objects.read(oids):
        facts = _facts(stored.blob or b"")
        if not facts.strip():
            mended[stored.oid] = ""
        elif facts != stored.blob:
            (new_oid,) = objects.write([facts])
            mended[stored.oid] = new_oid
    return mended


def _facts(note: bytes) -> bytes:
    """The lines of a note that are facts, and the blank ones with which git parts them."""
    text = _BLANK_LINES.sub(b"\n\n", note)
    kept: list[bytes] = []
    for line in text.split(b"\n"):
        if not line or _is_fact(line):
            kept.append(line)
    return b"\n".join(kept)


def _is_fact(line: bytes) -> bool:
    try:
        codec.load_canonical(line)
    except InvalidRecord:
        return False
    return True
