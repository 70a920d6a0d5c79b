"""Which lines conflict, of files that both sides of a merge changed.

The merge of git tells the paths; the lines follow from what each side changed, as git's merge
itself sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.trees import Version

if TYPE_CHECKING:
    from re import Match

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
_HUNK = rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@"

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


Hunks = tuple[Hunk, ...]
"""The lines that conflict in one file; none where it conflicts as a whole."""


class _Edit(NamedTuple):
    """Lines that a side changed, counted from 1 in both versions, and what they became."""

    base: range
    changed: range
    text: list[bytes]


class _SidedEdit(NamedTuple):
    edit: _Edit
    is_ours: bool


def hunks(git: Git, files: Sequence[Stages]) -> list[Hunks]:
    """The lines that conflict in each of some files. All are compared in one process."""
    pairs_of_files = [_pairs_to_compare(stages) for stages in files]
    pairs = dict.fromkeys(chain.from_iterable(pairs_of_files))
    edits = _edits(git, list(pairs))
    hunks_of_files: list[Hunks] = []
    for pairs_of_file in pairs_of_files:
        edits_of_file = [edits[pair] for pair in pairs_of_file]
        conflicting = tuple(_conflicting(edits_of_file))
        hunks_of_files.append(conflicting)
    return hunks_of_files


def _conflicting(edits: Sequence[list[_Edit]]) -> Iterator[Hunk]:
    """The hunks of one file, by what differs in the pairs that were compared of it."""
    if len(edits) == 2:
        ours, theirs = edits
        yield from _collisions(ours, theirs)
    elif edits:
        (differences,) = edits
        yield from _all_differences(differences)


def _pairs_to_compare(stages: Stages) -> list[Pair]:
    """Each side with the base, or the two sides where both added the path; none without lines."""
    base, ours, theirs = stages
    if ours is None or theirs is None:
        return []
    if not ours.is_file or not theirs.is_file:
        return []
    if base is None:
        both_added = (ours, theirs)
        return [both_added]
    return [
        (base, ours),
        (base, theirs),
    ]


def _all_differences(edits: Iterable[_Edit]) -> Iterator[Hunk]:
    """The hunks of a file that both sides added: whatever differs conflicts."""
    no_lines = range(1, 1)
    for edit in edits:
        yield Hunk(no_lines, edit.base, edit.changed)


def _edits(git: Git, pairs: Sequence[Pair]) -> dict[Pair, list[_Edit]]:
    """How the lines of each pair of blobs differ."""
    if not pairs:
        return {}
    # two trees in which the blobs lie under the numbers of their pairs, so that one process does
    old_oids = [old.oid for old, _ in pairs]
    new_oids = [new.oid for _, new in pairs]
    old_tree = _numbered_tree(git, old_oids)
    new_tree = _numbered_tree(git, new_oids)
    output = git.run(*_DIFFERENCES, old_tree, new_tree)
    edits: dict[Pair, list[_Edit]] = {}
    for pair in pairs:
        edits[pair] = []
    edits_of_file: list[_Edit] = []
    for line in output.split(b"\n"):
        if line.startswith(b"diff --git "):
            _, digits = line.rsplit(b"/", 1)
            pair = pairs[int(digits)]
            edits_of_file = edits[pair]
        elif line.startswith(b"@@ "):
            match = re.match(_HUNK, line)
            if match is not None:
                edits_of_file.append(_edit(match))
        elif line.startswith(b"+") and edits_of_file:
            # before the first hunk stands the line +++ b/NUMBER, which is no text
            edits_of_file[-1].text.append(line)
    return edits


def _numbered_tree(git: Git, oids: Iterable[str]) -> str:
    rows: list[str] = []
    for number, oid in enumerate(oids):
        rows.append(f"100644 blob {oid}\t{number}\0")
    listing = "".join(rows)
    return git.line("mktree", "-z", given=listing.encode())


def _edit(hunk: Match[bytes]) -> _Edit:
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


def _collisions(ours: Iterable[_Edit], theirs: Iterable[_Edit]) -> Iterator[Hunk]:
    """Where both sides changed the same or adjoining lines."""
    our_shift = 0
    their_shift = 0
    for group in _adjoining(ours, theirs):
        start = group[0].edit.base.start
        end = start
        our_edits: list[_Edit] = []
        their_edits: list[_Edit] = []
        for edit, is_ours in group:
            end = max(end, edit.base.stop)
            if is_ours:
                our_edits.append(edit)
            else:
                their_edits.append(edit)
        our_start = start + our_shift
        their_start = start + their_shift
        # all lines that come later stand further down in the version that grew here
        our_shift += sum(map(_growth, our_edits))
        their_shift += sum(map(_growth, their_edits))
        if not our_edits or not their_edits:
            continue
        if _is_agreed(our_edits, their_edits):
            continue
        yield Hunk(
            base=range(start, end),
            ours=range(our_start, end + our_shift),
            theirs=range(their_start, end + their_shift),
        )


def _adjoining(ours: Iterable[_Edit], theirs: Iterable[_Edit]) -> Iterator[list[_SidedEdit]]:
    """The edits of both sides in the order of the base, in groups that overlap or touch."""
    edits: list[_SidedEdit] = []
    for edit in ours:
        edits.append(_SidedEdit(edit, is_ours=True))
    for edit in theirs:
        edits.append(_SidedEdit(edit, is_ours=False))
    edits.sort(key=_start_in_base)
    group: list[_SidedEdit] = []
    end = 0
    for sided in edits:
        base = sided.edit.base
        if group and base.start > end:
            yield group
            group = []
            end = 0
        end = max(end, base.stop)
        group.append(sided)
    if group:
        yield group


def _start_in_base(sided: _SidedEdit) -> int:
    return sided.edit.base.start


def _growth(edit: _Edit) -> int:
    """By how many lines the file became longer."""
    return len(edit.changed) - len(edit.base)


def _is_agreed(ours: Sequence[_Edit], theirs: Sequence[_Edit]) -> bool:
    """Whether both sides made the very same edit, which git takes once."""
    if len(ours) != 1 or len(theirs) != 1:
        return False
    (our_edit,) = ours
    (their_edit,) = theirs
    if our_edit.base != their_edit.base:
        return False
    return our_edit.text == their_edit.text
