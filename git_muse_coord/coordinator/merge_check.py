"""What breaks in a merge that is about to be committed, although git made it without a word.

As ``source.merging.merged_files``, but of what stands in the index or the working tree, so of what a person resolved,
too.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.wording import few
from git_muse_coord.store.git import commits
from git_muse_coord.store.git.trees import Trees

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeGuard

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.store.git.trees import Version
    from git_muse_coord.symbols.names import Names

MOST = 50
"""In a merge of more files that both sides changed, none is looked at: a hook must not take long."""


def warnings_of_waiting(session: Session, *, worktree: bool) -> Iterator[str]:
    """One sentence for each file and each caller that breaks in a merge that waits to be committed, if one does."""
    if not commits.merging(session.repository):
        return
    yield from merge_warnings(session, worktree=worktree)
    from git_muse_coord.coordinator.answers.silent_break import sentences
    from git_muse_coord.coordinator.joins import joins_in_index
    from git_muse_coord.coordinator.made_breaks import made_breaks

    joins = joins_in_index(session.repository, {})
    made = made_breaks(session, joins, worktree=worktree)
    for broken in made.breaks:
        yield from sentences(broken)
    yield from made.gaps


def merge_warnings(
    session: Session,
    *,
    worktree: bool = False,
    merging: Sequence[str] = (),
) -> Iterator[str]:
    """One sentence for each file of a waiting merge with definitions that stand twice or imports that were lost.

    ``merging`` are the other parents, where git does not say so in a file. Nothing is said of a
    merge of several.
    """
    parents = merging or commits.merging(session.repository)
    # A merge of several is given up by git itself where anything conflicts.
    if len(parents) != 1:
        return
    files = _both_changed(session, parents[0], worktree=worktree)
    # Nearly all merges touch no file from both sides, and then no source is read.
    if 0 < len(files) <= MOST:
        yield from _broken(session, files)


class _Versions(NamedTuple):
    """A file in a merge: what comes out, and what each side has."""

    merged: Version
    ours: Version
    theirs: Version


def _both_changed(
    session: Session,
    parent: str,
    *,
    worktree: bool,
) -> dict[str, _Versions]:
    """The files that differ from both parents: any other is as one side has it, and breaks nothing."""
    trees = Trees(session.repository)
    look = trees.working if worktree else trees.staged
    their_versions: dict[str, Version | None] = {}
    for delta in look(parent):
        their_versions[delta.path] = delta.old
    changed: dict[str, _Versions] = {}
    for delta in look():
        merged = delta.new
        ours = delta.old
        theirs = their_versions.get(delta.path)
        if _is_file(merged) and _is_file(ours) and _is_file(theirs):
            changed[delta.path] = _Versions(merged, ours, theirs)
    return changed


def _is_file(version: Version | None) -> TypeGuard[Version]:
    return version is not None and version.is_file


def _broken(session: Session, files: dict[str, _Versions]) -> Iterator[str]:
    from git_muse_coord.source.by_path import files_by_path
    from git_muse_coord.symbols.twice import doubled

    sources = session.sources()
    merged: dict[str, Version] = {}
    ours: dict[str, Version] = {}
    theirs: dict[str, Version] = {}
    for path, versions in files.items():
        merged[path] = versions.merged
        ours[path] = versions.ours
        theirs[path] = versions.theirs
    # What was merged may lie in the working tree alone, and has no id of git's yet.
    merged = sources.contents.hashed(merged)
    in_merged = files_by_path(sources.read(merged))
    in_ours = files_by_path(sources.read(ours))
    in_theirs = files_by_path(sources.read(theirs))
    for path in sorted(files):
        sides = [in_ours[path], in_theirs[path]]
        twice = doubled(in_merged[path], sides)
        if twice:
            names = few([key[-1] for key in twice])
            yield f"{path} has {names} twice, because each side of the merge added it"
        # Merged first, then both sides: so do all that compare them take them.
        oids = [
            merged[path].oid,
            ours[path].oid,
            theirs[path].oid,
        ]
        texts = list(sources.contents.read(oids))
        yield from _misnamed(path, texts)


def _misnamed(path: str, texts: Sequence[bytes | None]) -> Iterator[str]:
    """What is wrong with the imports of a file, from its text after the merge and on both sides."""
    from git_muse_coord.symbols.names import imported_twice, lost_names, read_names

    versions: list[Names] = []
    for text in texts:
        # Nothing can be said of imports that are not read.
        if text is None:
            return
        names = read_names(path, text)
        if names is None:
            return
        versions.append(names)
    merged, *sides = versions
    gone = lost_names(merged, sides)
    if gone:
        yield f"{path} uses {few([*gone])}, which it does not import any more: one side of the merge took that away"
    again = imported_twice(merged, sides)
    if again:
        yield f"{path} imports {few(again)} twice, because each side of the merge added it"
