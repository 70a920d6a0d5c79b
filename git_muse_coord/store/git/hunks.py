"""Which lines conflict, of files that both sides of a merge changed.

The merge of git tells the paths; the lines follow from what each side changed, as git's merge
itself sees it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.trees import Version

_DIFFERENCES = (
    "diff-tree",
    "-p",
    "-U0",
    "--text",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    # git's merge starts from these two, whatever the user's diff.algorithm says
    "--histogram",
    "--no-indent-heuristic",
)
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")

Stages = tuple[Version | None, Version | None, Version | None]
"""A path at the base, in ours and in theirs."""
Pair = tuple[Version, Version]
"""Two versions of a file to compare, the older first."""


class Hunk(NamedTuple):
    """The lines that conflict, counted from 1, in each of three versions of a file.

    An empty range means that no line of the version is among them, only the place before
    ``start``.
    """

    base: range
    ours: range
    theirs: range


class _Edit(NamedTuple):
    """Lines that a side changed, counted from 1 in both versions, and what they became."""

    base: range
    changed: range
    text: list[bytes]

    @property
    def growth(self) -> int:
        """By how many lines the file became longer."""
        return len(self.changed) - len(self.base)


class _SidedEdit(NamedTuple):
    edit: _Edit
    is_ours: bool


def hunks(git: Git, files: Sequence[Stages]) -> list[tuple[Hunk, ...]]:
    """The lines that conflict in each of some files; none where a file as a whole conflicts.

    All files are compared in one process.
    """
    pairs_of_files = [_pairs_to_compare(stages) for stages in files]
    pairs: dict[Pair, None] = {}
    for pairs_of_file in pairs_of_files:
        pairs.update(dict.fromkeys(pairs_of_file))
    edits = _edits(git, list(pairs))
    conflicting: list[tuple[Hunk, ...]] = []
    for pairs_of_file in pairs_of_files:
        edits_of_file = [edits[pair] for pair in pairs_of_file]
        if len(edits_of_file) == 2:
            ours, theirs = edits_of_file
            conflicting.append(tuple(_collisions(ours, theirs)))
        elif edits_of_file:
            conflicting.append(_all_differences(edits_of_file[0]))
        else:
            conflicting.append(())
    return conflicting


def _pairs_to_compare(stages: Stages) -> list[Pair]:
    """Each side with the base, or the two sides where both added the path; none without lines."""
    base, ours, theirs = stages
    if ours is None or theirs is None:
        return []
    if not ours.is_file or not theirs.is_file:
        return []
    if base is None:
        return [(ours, theirs)]
    return [(base, ours), (base, theirs)]


def _all_differences(edits: Sequence[_Edit]) -> tuple[Hunk, ...]:
    """The hunks of a file that both sides added: whatever differs conflicts."""
    no_lines = range(1, 1)
    return tuple(Hunk(no_lines, edit.base, edit.changed) for edit in edits)


def _edits(git: Git, pairs: Sequence[Pair]) -> dict[Pair, list[_Edit]]:
    """How the lines of each pair of blobs differ."""
    if not pairs:
        return {}
    # two trees in which the blobs lie under the numbers of their pairs, so that one process does
    old_tree = _numbered_tree(git, [old.oid for old, _ in pairs])
    new_tree = _numbered_tree(git, [new.oid for _, new in pairs])
    edits: dict[int, list[_Edit]] = defaultdict(list)
    number = 0
    for line in git.run(*_DIFFERENCES, old_tree, new_tree).split(b"\n"):
        if line.startswith(b"diff --git "):
            number = int(line.rsplit(b"/", 1)[1])
        elif match := _HUNK.match(line):
            edits[number].append(_edit(match))
        elif line.startswith(b"+") and edits[number]:
            # before the first hunk stands the line +++ b/NUMBER, which is no text
            edits[number][-1].text.append(line)
    return {pair: edits[number] for number, pair in enumerate(pairs)}


def _numbered_tree(git: Git, oids: Sequence[str]) -> str:
    rows = "".join(f"100644 blob {oid}\t{number}\0" for number, oid in enumerate(oids))
    return git.line("mktree", "-z", given=rows.encode())


def _edit(hunk: re.Match[bytes]) -> _Edit:
    old_start, old_count, new_start, new_count = hunk.groups()
    base = _lines(old_start, old_count)
    changed = _lines(new_start, new_count)
    return _Edit(base, changed, [])


def _lines(start: bytes, count: bytes | None) -> range:
    """The lines that a header of a hunk names; it leaves out a count of 1."""
    length = int(count or 1)
    first = int(start)
    if length == 0:
        first += 1  # where a side has no lines, git names the line before
    return range(first, first + length)


def _collisions(ours: Sequence[_Edit], theirs: Sequence[_Edit]) -> Iterator[Hunk]:
    """Where both sides changed the same or adjoining lines."""
    our_shift = their_shift = 0
    for group in _adjoining(ours, theirs):
        ours_in_group = [edit for edit, is_ours in group if is_ours]
        theirs_in_group = [edit for edit, is_ours in group if not is_ours]
        start = group[0].edit.base.start
        end = max(edit.base.stop for edit, _ in group)
        our_start = start + our_shift
        their_start = start + their_shift
        # all lines that come later stand further down in the version that grew here
        our_shift += sum(map(attrgetter("growth"), ours_in_group))
        their_shift += sum(map(attrgetter("growth"), theirs_in_group))
        if not ours_in_group or not theirs_in_group:
            continue
        if _is_agreed(ours_in_group, theirs_in_group):
            continue
        yield Hunk(
            base=range(start, end),
            ours=range(our_start, end + our_shift),
            theirs=range(their_start, end + their_shift),
        )


def _adjoining(ours: Sequence[_Edit], theirs: Sequence[_Edit]) -> Iterator[list[_SidedEdit]]:
    """The edits of both sides in the order of the base, in groups that overlap or touch."""
    edits = [_SidedEdit(edit, True) for edit in ours]
    edits += [_SidedEdit(edit, False) for edit in theirs]
    edits.sort(key=lambda sided: sided.edit.base.start)
    group: list[_SidedEdit] = []
    end = 0
    for sided in edits:
        base = sided.edit.base
        if group and base.start > end:
            yield group
            group = []
        end = max(end, base.stop) if group else base.stop
        group.append(sided)
    if group:
        yield group


def _is_agreed(ours: Sequence[_Edit], theirs: Sequence[_Edit]) -> bool:
    """Whether both sides made the very same edit, which git takes once."""
    if len(ours) != 1 or len(theirs) != 1:
        return False
    our_edit = ours[0]
    their_edit = theirs[0]
    return our_edit.base == their_edit.base and our_edit.text == their_edit.text
