"""Git's own merges, in memory: which pairs of commits merge, which paths conflict, in which lines, to what tree.

Whatever git writes for it goes into a directory of objects that is gone afterwards. Which symbols lie in the lines is
for others to say.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from types import TracebackType
from typing import NamedTuple

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.store import commits
from git_muse_coord.store.git import IDENTITY, Git, lines
from git_muse_coord.store.repository import Repository
from git_muse_coord.store.trees import Version

_MERGE = ("merge-tree", "--write-tree", "--stdin", "-z", "--messages")
_USAGE = 129
# the differences of lines that git's merge itself starts from
_LINES = ("diff-tree", "-p", "-U0", "--text", "--no-renames", "--no-ext-diff", "--no-textconv")
_AS_MERGE = ("--histogram", "--no-indent-heuristic")
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class Conflict(NamedTuple):
    """A path that git leaves unmerged, and what stands there on each side; None where it does not.

    ``kinds`` are git's own words: contents, modify/delete, rename/delete, binary, ...
    """

    path: str
    kinds: tuple[str, ...]
    base: Version | None
    ours: Version | None
    theirs: Version | None


class Merged(NamedTuple):
    """What became of merging two commits, in the order of the asking.

    ``tree`` is the result, in which files that conflict hold git's markers. Where git would not merge at all it is
    empty, and ``problem`` says why.
    """

    ours: str
    theirs: str
    tree: str
    conflicts: tuple[Conflict, ...] = ()
    problem: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether git merged everything by itself."""
        return not self.conflicts and not self.problem


class Hunk(NamedTuple):
    """The lines that conflict, counted from 1, in each of three versions of a file. None of them: before ``start``."""

    base: range
    ours: range
    theirs: range


class Merges:
    """Merges in one repository; a context manager, which forgets all trees and commits made in it."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._objects = ""

    def __enter__(self) -> Merges:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._objects:
            shutil.rmtree(self._objects, ignore_errors=True)

    def bases(self, one: str, other: str) -> list[str]:
        """The merge bases of two commits, those made here included."""
        return commits.bases(self._git, one, other)

    def pairs(self, pairs: Iterable[tuple[str, str]], base: str | None = None) -> list[Merged]:
        """Merge each pair of commit ids, in one process. Their own merge base counts, unless ``base`` is given."""
        asked = list(pairs)
        given = asked if base is None else self._upon(base, asked)
        merged = self._merge(given)
        return [one._replace(ours=ours, theirs=theirs) for one, (ours, theirs) in zip(merged, asked, strict=True)]

    def commit(self, tree: str, parents: Sequence[str]) -> str:
        """A commit to merge on: of the tree that a merge gave, say, with the two that were merged as its parents."""
        options = [word for parent in parents for word in ("-p", parent)]
        return self._git.run(*IDENTITY, "commit-tree", tree, *options, "-m", "merged").decode().strip()

    def hunks(self, conflicts: Sequence[Conflict]) -> list[tuple[Hunk, ...]]:
        """The lines that conflict in each of some paths, in one process; none where the file as a whole conflicts."""
        pairs: list[tuple[Version, Version]] = []
        for one in conflicts:
            pairs += _compared(one)
        edits = self._edits(pairs)
        found: list[tuple[Hunk, ...]] = []
        position = 0
        for one in conflicts:
            count = len(_compared(one))
            own = edits[position : position + count]
            position += count
            found.append(tuple(_collisions(*own)) if count == 2 else tuple(_without_base(*own)))
        return found

    @cached_property
    def _git(self) -> Git:
        """Git, with a directory of its own for new objects, which sees all others; at the top, where paths begin."""
        git, top = self._repository.git, self._repository.top
        real = os.fsdecode(git.run("rev-parse", "--path-format=absolute", "--git-path", "objects")).rstrip("\n")
        try:
            self._objects = tempfile.mkdtemp(prefix="muse-coord-merge-")
        except OSError as error:
            raise StoreFailed(f"cannot make a temporary directory: {error}", "set TMPDIR to a writable one") from None
        others = [_quoted(real), *filter(None, [os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")])]
        places = {
            "GIT_DIR": self._repository.git_dir,
            "GIT_OBJECT_DIRECTORY": self._objects,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": ":".join(others),
        }
        return git.within(top or self._repository.git_dir, places)

    def _upon(self, base: str, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """The same contents as children of one commit, which so becomes the merge base.

        An older git cannot be told the base; and it takes what it is told as a commit with all its history.
        """
        root = self.commit(f"{base}^{{tree}}", [])
        made = {one: self.commit(f"{one}^{{tree}}", [root]) for one in {one for pair in pairs for one in pair}}
        return [(made[ours], made[theirs]) for ours, theirs in pairs]

    def _merge(self, pairs: Sequence[tuple[str, str]]) -> list[Merged]:
        # git stops at a pair that it will not merge, so go on behind it
        found: list[Merged] = []
        while len(found) < len(pairs):
            rest = pairs[len(found) :]
            answer = self._git.ask(*_MERGE, given=lines(f"{ours} {theirs}" for ours, theirs in rest))
            if answer.code == _USAGE:
                raise StoreFailed("this git is too old to merge in memory", "install git 2.39 or newer")
            found += _read(answer.out, rest)
            if len(found) < len(pairs):
                found.append(Merged(*pairs[len(found)], tree="", problem=answer.complaint))
        return found

    def _edits(self, pairs: Sequence[tuple[Version, Version]]) -> list[list[_Edit]]:
        """How the lines of each pair of blobs differ."""
        if not pairs:
            return []
        old, new = (self._tree([pair[side].oid for pair in pairs]) for side in (0, 1))
        found: dict[int, list[_Edit]] = defaultdict(list)
        number = 0
        for line in self._git.run(*_LINES, *_AS_MERGE, old, new).split(b"\n"):
            if line.startswith(b"diff --git "):
                number = int(line.rsplit(b"/", 1)[1])
            elif match := _HUNK.match(line):
                found[number].append(_edit(*(int(group or 1) for group in match.groups())))
            elif line.startswith(b"+") and found[number]:
                found[number][-1].text.append(line)
        return [found[one] for one in range(len(pairs))]

    def _tree(self, oids: Sequence[str]) -> str:
        rows = "".join(f"100644 blob {oid}\t{number}\0" for number, oid in enumerate(oids))
        return self._git.run("mktree", "-z", given=rows.encode()).decode().strip()


class _Edit(NamedTuple):
    """Lines that one side changed, counted from 1 in both versions, and what they became."""

    base: range
    side: range
    text: list[bytes]


def _edit(old: int, old_count: int, new: int, new_count: int) -> _Edit:
    # where a side has no lines, git names the line before
    old, new = old + (not old_count), new + (not new_count)
    return _Edit(range(old, old + old_count), range(new, new + new_count), [])


def _compared(one: Conflict) -> list[tuple[Version, Version]]:
    """The versions to compare: each side with the base, or with each other where both added the path."""
    ours, theirs = (side if side is not None and side.is_file else None for side in (one.ours, one.theirs))
    if ours is None or theirs is None:
        return []
    return [(one.base, ours), (one.base, theirs)] if one.base is not None else [(ours, theirs)]


def _without_base(edits: Sequence[_Edit] = ()) -> Iterator[Hunk]:
    for one in edits:
        yield Hunk(range(1, 1), one.base, one.side)


def _collisions(ours: Sequence[_Edit], theirs: Sequence[_Edit]) -> Iterator[Hunk]:
    """Where both sides changed the same or adjoining lines, as git's merge sees it."""
    rest = sorted([(one, 0) for one in ours] + [(one, 1) for one in theirs], key=lambda each: each[0].base.start)
    shift = [0, 0]
    while rest:
        group = [rest.pop(0)]
        end = group[0][0].base.stop
        while rest and rest[0][0].base.start <= end:
            group.append(rest.pop(0))
            end = max(end, group[-1][0].base.stop)
        base = range(group[0][0].base.start, end)
        before = list(shift)
        for one, side in group:
            shift[side] += len(one.side) - len(one.base)
        if {side for _, side in group} == {0, 1} and not _is_agreed(group):
            yield Hunk(base, *(range(base.start + before[side], base.stop + shift[side]) for side in (0, 1)))


def _is_agreed(group: Sequence[tuple[_Edit, int]]) -> bool:
    edits = [one for one, _ in group]
    return len(edits) == 2 and edits[0].base == edits[1].base and edits[0].text == edits[1].text


def _read(told: bytes, pairs: Sequence[tuple[str, str]]) -> Iterator[Merged]:
    """The merges that git finished, in order."""
    fields = iter(os.fsdecode(told).split("\0"))
    with contextlib.suppress(StopIteration):  # git was stopped in the middle of one
        for ours, theirs in pairs:
            if not next(fields):
                return
            yield _finished(ours, theirs, fields)


def _finished(ours: str, theirs: str, fields: Iterator[str]) -> Merged:
    tree = next(fields)
    stages: dict[str, dict[str, Version]] = defaultdict(dict)
    while row := next(fields):
        facts, _, path = row.partition("\t")
        mode, oid, stage = facts.split(" ")
        stages[path][stage] = Version(mode, oid)
    kinds: dict[str, dict[str, None]] = defaultdict(dict)
    while (count := next(fields)).isdigit():  # the end is empty, or advice about submodules
        paths = [next(fields) for _ in range(int(count))]
        kind = re.fullmatch(r"CONFLICT \((.*)\)", next(fields))
        next(fields)
        for path in paths if kind else ():
            kinds[path][kind[1] if kind else ""] = None
    conflicts = (
        Conflict(path, tuple(kinds[path]), found.get("1"), found.get("2"), found.get("3"))
        for path, found in stages.items()
    )
    return Merged(ours, theirs, tree, tuple(conflicts))


def _quoted(path: str) -> str:
    """A path as git reads it in a list: in quotes, because it may hold the colon that parts two."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
