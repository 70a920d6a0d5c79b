"""What breaks in a merge that is about to be committed, although git made it without a word.

As ``outcome``, but of what stands in the index or the working tree, so of what a person resolved,
too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from git_muse_coord.store.git import commits
from git_muse_coord.store.git.trees import Trees, Version

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session

MOST = 50
"""In a merge of more files that both sides changed, none is looked at: a hook must not take long."""
_VERSIONS = 3
"""Of a file in a merge: what comes out, and both sides."""


def merge_warnings(
    session: Session, *, worktree: bool = False, merging: Sequence[str] = ()
) -> Iterator[str]:
    """One sentence for each file of a waiting merge with definitions that stand twice or imports that were lost.

    ``merging`` are the other parents, where git does not say so in a file. Nothing is said of a
    merge of several.
    """
    parents = merging or commits.merging(session.repository)
    if len(parents) != 1:
        return
    files = _both_changed(session, parents[0], worktree=worktree)
    if 0 < len(files) <= MOST:
        yield from _broken(session, files)


def _both_changed(session: Session, parent: str, *, worktree: bool) -> dict[str, list[Version]]:
    """The files that differ from both parents: what stands there now, in HEAD and in the other parent."""
    trees = Trees(session.repository)
    look = trees.working if worktree else trees.staged
    there = {delta.path: delta for delta in look(parent)}
    found: dict[str, list[Version]] = {}
    for delta in look():
        other = there.get(delta.path)
        versions = [delta.new, delta.old, other.old if other is not None else None]
        present = [version for version in versions if version is not None and version.is_file]
        if len(present) == len(versions):
            found[delta.path] = present
    return found


def _broken(session: Session, files: dict[str, list[Version]]) -> Iterator[str]:
    from git_muse_coord.coordinator.branches_at_work import few
    from git_muse_coord.symbols.twice import doubled

    sources = session.sources()
    now = sources.contents.hashed({path: versions[0] for path, versions in files.items()})
    sides = [{path: versions[number] for path, versions in files.items()} for number in (1, 2)]
    merged, ours, theirs = (
        {file.path: file for file in sources.read(each)} for each in (now, *sides)
    )
    for path in sorted(files):
        if twice := doubled(merged[path], [ours[path], theirs[path]]):
            yield f"{path} has {few([key[-1] for key in twice])} twice, because each side of the merge added it"
        texts = sources.contents.read([each[path].oid for each in (now, *sides)])
        yield from _misnamed(path, [text for text in texts if text is not None])


def _misnamed(path: str, texts: list[bytes]) -> Iterator[str]:
    """What is wrong with the imports of a file, from its text after the merge and on both sides."""
    from git_muse_coord.coordinator.branches_at_work import few
    from git_muse_coord.symbols.names import imported_twice, lost, read_names

    read = [names for text in texts if (names := read_names(path, text)) is not None]
    if len(read) < _VERSIONS:
        return
    merged, *sides = read
    if gone := lost(merged, sides):
        yield f"{path} uses {few([*gone])}, which it does not import any more: one side of the merge took that away"
    if again := imported_twice(merged, sides):
        yield f"{path} imports {few(again)} twice, because each side of the merge added it"
