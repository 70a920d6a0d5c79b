"""What differs between two versions of the tree, down to the symbols; for ``symbols``, ``reserve`` and ``check``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.model.address import Address
from git_muse_coord.store.git import commits
from git_muse_coord.store.git.trees import Delta, Trees, Version

if TYPE_CHECKING:
    from git_muse_coord.source.sources import Sources
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.symbols.values import Change, FileSymbols


@dataclass(kw_only=True, eq=False)
class Changed:
    """A symbol that differs, or a file where it is not read inside.

    ``change`` is one of added, deleted, modified, signature, decoration, renamed, moved,
    formatting; ``from_address`` is where a renamed or moved one was before; ``start_line`` where it
    begins now, null where it is gone, or where the file was not read inside.
    """

    address: str
    change: str
    from_address: str | None
    start_line: int | None = None


def changed_paths(
    repository: Repository,
    *,
    worktree: bool = False,
    range: str | None = None,  # noqa: A002 - named like the option
) -> list[Delta]:
    """The paths that the working tree, a range of commits, or else the index changes. Raises BadInput."""
    trees = Trees(repository)
    if worktree:
        return trees.working()
    return trees.between(range) if range is not None else trees.staged()


def comparisons(
    repository: Repository,
    *,
    worktree: bool = False,
    range: str | None = None,  # noqa: A002 - named like the option
    merging: Sequence[str] = (),
) -> Iterator[list[Delta]]:
    """What ``changed_paths`` gives, and then the same against each other parent of a merge.

    What equals its version in one of the parents, the merge itself has not changed. ``merging`` are
    the parents where git does not say so in a file. Raises BadInput.
    """
    yield changed_paths(repository, worktree=worktree, range=range)
    trees, git = Trees(repository), repository.git
    if range is None:
        others = merging or commits.merging(repository)
        yield from (trees.working(one) if worktree else trees.staged(one) for one in others)
    elif range.endswith("^!"):
        commit = range.removesuffix("^!")
        yield from (trees.between(f"{one}..{commit}") for one in commits.parents(git, commit)[1:])


def addresses_of(delta: Delta) -> Iterator[Address]:
    """Where a path stands among addresses: a submodule, or a link to a directory, is reserved as a directory."""
    yield Address(delta.path)
    if any(version is not None and not version.is_file for version in (delta.old, delta.new)):
        yield Address(delta.path + "/")


class Differences(NamedTuple):
    """The changes of symbols, and the symbols of the two versions by path."""

    changes: list[Change]
    before: Mapping[str, FileSymbols]
    after: Mapping[str, FileSymbols]

    def answers(self) -> list[Changed]:
        """The changes as answers, in order."""
        paths = {change.address.path for change in self.changes}
        files = (self.after[path] for path in paths if path in self.after)
        lines = {symbol.address: symbol.start_line for file in files for symbol in file.symbols}
        return [_answer(change, lines.get(change.address)) for change in self.changes]


def differences(sources: Sources, deltas: Sequence[Delta]) -> Differences:
    """The changes of symbols in some paths that differ, in the order of the files."""
    from git_muse_coord.symbols.changes import changes
    from git_muse_coord.symbols.renames import identical

    before = sources.contents.hashed({one.path: one.old for one in deltas if one.old})
    after = sources.contents.hashed({one.path: one.new for one in deltas if one.new})
    for path in [path for path, old in before.items() if after.get(path) == old and old.oid]:
        del before[path], after[path]  # only its time had changed

    def reader(
        versions: Mapping[str, Version],
    ) -> Callable[[Sequence[str]], Iterable[bytes | None]]:
        return lambda paths: sources.contents.read([versions[path].oid for path in paths])

    older, newer = ({file.path: file for file in sources.read(files)} for files in (before, after))
    found = changes(
        older,
        newer,
        read_before=reader(before),
        read_after=reader(after),
        identical=identical(_contents(before), _contents(after)),
    )
    return Differences(found, older, newer)


def _contents(versions: Mapping[str, Version]) -> dict[str, str]:
    """What tells the contents of files, as far as it is known; a link is no file that holds the same text."""
    return {path: f"{one.is_file} {one.oid}" for path, one in versions.items() if one.oid}


def _answer(change: Change, line: int | None) -> Changed:
    origin = change.from_address
    return Changed(
        address=str(change.address),
        change=str(change.change),
        from_address=str(origin) if origin else None,
        start_line=line,
    )
