"""Which lines conflict, of files that both sides of a merge changed.

The merge of git tells the paths; the lines follow from what each side changed, as git's merge
itself sees it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.trees import Version

# the differences of lines from which git's merge starts
_LINES = ("diff-tree", "-p", "-U0", "--text", "--no-renames", "--no-ext-diff", "--no-textconv")
_AS_MERGE = ("--histogram", "--no-indent-heuristic")
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")

Stages = tuple[Version | None, Version | None, Version | None]
"""A path at the base, in ours and in theirs."""
Pair = tuple[Version, Version]


class Hunk(NamedTuple):
    """The lines that conflict, counted from 1, in each of three versions of a file. None of them: before ``start``."""

    base: range
    ours: range
    theirs: range


class _Edit(NamedTuple):
    """Lines that one side changed, counted from 1 in both versions, and what they became."""

    base: range
    side: range
    text: list[bytes]


def hunks(git: Git, files: Sequence[Stages]) -> list[tuple[Hunk, ...]]:
    """The lines that conflict in each of some files, in one process; none where a file as a whole conflicts."""
    compared = [_compared(one) for one in files]
    edits = _edits(git, list(dict.fromkeys(pair for pairs in compared for pair in pairs)))
    found: list[tuple[Hunk, ...]] = []
    for pairs in compared:
        own = [edits[pair] for pair in pairs]
        if len(own) == 2:
            found.append(tuple(_collisions(*own)))
        else:  # both added it: whatever differs conflicts
            found.append(
                tuple(Hunk(range(1, 1), one.base, one.side) for some in own for one in some)
            )
    return found


def _compared(stages: Stages) -> list[Pair]:
    """The versions to compare: each side with the base, or with each other where both added the path."""
    base, ours, theirs = stages
    if ours is None or theirs is None or not (ours.is_file and theirs.is_file):
        return []
    return [(base, ours), (base, theirs)] if base is not None else [(ours, theirs)]


def _edits(git: Git, pairs: Sequence[Pair]) -> dict[Pair, list[_Edit]]:
    """How the lines of each pair of blobs differ: two trees are compared in which all of them lie."""
    if not pairs:
        return {}
    old, new = (_tree(git, [pair[side].oid for pair in pairs]) for side in (0, 1))
    found: dict[int, list[_Edit]] = defaultdict(list)
    number = 0
    for line in git.run(*_LINES, *_AS_MERGE, old, new).split(b"\n"):
        if line.startswith(b"diff --git "):
            number = int(line.rsplit(b"/", 1)[1])
        elif match := _HUNK.match(line):
            found[number].append(_edit(*(int(group or 1) for group in match.groups())))
        elif line.startswith(b"+") and found[number]:
            found[number][-1].text.append(line)
    return {pair: found[place] for place, pair in enumerate(pairs)}


def _tree(git: Git, oids: Sequence[str]) -> str:
    rows = "".join(f"100644 blob {oid}\t{number}\0" for number, oid in enumerate(oids))
    return git.run("mktree", "-z", given=rows.encode()).decode().strip()


def _edit(old: int, old_count: int, new: int, new_count: int) -> _Edit:
    # where a side has no lines, git names the line before
    old, new = old + (not old_count), new + (not new_count)
    return _Edit(range(old, old + old_count), range(new, new + new_count), [])


def _collisions(ours: Sequence[_Edit], theirs: Sequence[_Edit]) -> Iterator[Hunk]:
    """Where both sides changed the same or adjoining lines."""
    rest = sorted(
        [(one, 0) for one in ours] + [(one, 1) for one in theirs],
        key=lambda each: each[0].base.start,
    )
    shift = [0, 0]
    position = 0
    while position < len(rest):
        start, end = rest[position][0].base.start, rest[position][0].base.stop
        group: list[tuple[_Edit, int]] = []
        while position < len(rest) and rest[position][0].base.start <= end:
            group.append(rest[position])
            end = max(end, rest[position][0].base.stop)
            position += 1
        before = list(shift)
        for one, side in group:
            shift[side] += len(one.side) - len(one.base)
        if len({side for _, side in group}) == 2 and not _is_agreed(group):
            yield Hunk(
                range(start, end),
                *(range(start + before[side], end + shift[side]) for side in (0, 1)),
            )


def _is_agreed(group: Sequence[tuple[_Edit, int]]) -> bool:
    edits = [one for one, _ in group]
    return len(edits) == 2 and edits[0].base == edits[1].base and edits[0].text == edits[1].text
