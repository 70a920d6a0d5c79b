"""What differs between two versions of the tree, down to the symbols; for ``symbols``, ``reserve`` and ``check``."""

from __future__ import annotations

from git_muse_coord.model.address import Address
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git import commits
from git_muse_coord.store.git.trees import Trees

if TYPE_CHECKING:
    from collections.abc import (
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.source.sources import Sources
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.git.trees import Delta, Version
    from git_muse_coord.symbols.change import Change
    from git_muse_coord.symbols.renames import Reader
    from git_muse_coord.symbols.values import FileSymbols


class Changed(Declared):
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
    return _changed(Trees(repository), worktree, range)


def _changed(
    trees: Trees,
    worktree: bool,
    range: str | None,  # noqa: A002 - named like the option
) -> list[Delta]:
    if worktree:
        return trees.working()
    if range is not None:
        return trees.between(range)
    return trees.staged()


def comparisons(
    trees: Trees,
    *,
    worktree: bool = False,
    range: str | None = None,  # noqa: A002 - named like the option
    merging: Sequence[str] = (),
) -> Iterator[list[Delta]]:
    """What ``changed_paths`` gives, and then the same against each other parent of a merge.

    What equals its version in one of the parents, the merge itself has not changed. ``merging`` are
    the parents where git does not say so in a file. Raises BadInput.
    """
    yield _changed(trees, worktree, range)
    repository = trees.repository
    if range is None:
        # git writes MERGE_HEAD only after the hook of a merge that it commits at once.
        compare = trees.working if worktree else trees.staged
        for parent in merging or commits.merging(repository):
            yield compare(parent)
    elif range.endswith("^!"):  # one commit, which git compares with its first parent alone
        commit = range.removesuffix("^!")
        parents = commits.parents(repository.git, commit)
        for parent in parents[1:]:
            yield trees.between(f"{parent}..{commit}")


def addresses_of(delta: Delta) -> Iterator[Address]:
    """Where a path stands among addresses: a submodule, or a link to a directory, is reserved as a directory."""
    yield Address(delta.path)
    for version in delta.versions:
        if not version.is_file:
            yield Address(delta.path + "/")
            return


class Differences(NamedTuple):
    """The changes of symbols, and the symbols of the two versions by path."""

    changes: list[Change]
    before: Mapping[str, FileSymbols]
    after: Mapping[str, FileSymbols]

    def answers(self) -> list[Changed]:
        """The changes as answers, in order."""
        lines = self._lines_of_changed_files()
        answers: list[Changed] = []
        for change in self.changes:
            line = lines.get(change.address)
            answers.append(_answer(change, line))
        return answers

    def _lines_of_changed_files(self) -> dict[Address, int]:
        paths: set[str] = set()
        for change in self.changes:
            paths.add(change.address.path)
        lines: dict[Address, int] = {}
        for path in paths & self.after.keys():
            file = self.after[path]
            for symbol in file.symbols:
                lines[symbol.address] = symbol.start_line
        return lines


def differences(
    sources: Sources,
    deltas: Sequence[Delta],
    *,
    with_uses: bool = False,
) -> Differences:
    """The changes of symbols in some paths that differ, in the order of the files.

    ``with_uses`` is for who will ask for the uses in the newer versions.
    """
    from git_muse_coord.source.by_path import files_by_path, new_versions, old_versions
    from git_muse_coord.symbols.changes import changes
    from git_muse_coord.symbols.moved_files import identical

    hashed = sources.contents.hashed
    old = hashed(old_versions(deltas))
    new = hashed(new_versions(deltas))
    # Where only the time of a file had changed, git takes that for a difference at first.
    for path in list(old):
        version = old[path]
        if version.oid and new.get(path) == version:
            del old[path]
            del new[path]
    read_before = sources.read(old)
    before = files_by_path(read_before)
    read_after = sources.read(new, with_uses=with_uses)
    after = files_by_path(read_after)
    same_files = identical(_contents(old), _contents(new))
    changes_of_symbols = changes(
        before,
        after,
        read_before=_reader(sources, old),
        read_after=_reader(sources, new),
        identical=same_files,
    )
    return Differences(changes_of_symbols, before, after)


def _reader(sources: Sources, versions: Mapping[str, Version]) -> Reader:
    """What reads files by their paths, for who looks for renames; most comparisons need no such reading."""

    def read(paths: Sequence[str]) -> Iterable[bytes | None]:
        oids = [versions[path].oid for path in paths]
        return sources.contents.read(oids)

    return read


def _contents(versions: Mapping[str, Version]) -> dict[str, str]:
    """What tells the contents of files, as far as it is known; a link is no file that holds the same text."""
    contents: dict[str, str] = {}
    for path, version in versions.items():
        if version.oid:
            contents[path] = f"{version.is_file} {version.oid}"
    return contents


def _answer(change: Change, line: int | None) -> Changed:
    origin: str | None = None
    if change.from_address is not None:
        origin = str(change.from_address)
    return Changed(
        address=str(change.address),
        change=str(change.change),
        from_address=origin,
        start_line=line,
    )
