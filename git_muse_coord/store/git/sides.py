"""What each side of some merges changed since the two had parted, in one process: paths, their renames, object ids."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from git_muse_coord.store.git.process import Git, input_lines
from git_muse_coord.store.git.trees import PLAIN

_COMPARED = ("diff-tree", "--stdin", "--always", "-r", *PLAIN)
_RENAMES = ("-M", "-l1000")
"""Of more paths than this git looks at no pair for a rename."""
_RENAMED_OR_COPIED = "RC"


class Edited(NamedTuple):
    """A path that a side changed: its name before (None: new) and after (None: gone), with the object ids."""

    old: str | None
    new: str | None
    old_oid: str
    new_oid: str

    @property
    def name(self) -> str:
        """What it was called when the sides parted, or else what it is called now."""
        return self.old or self.new or ""

    @property
    def is_renamed(self) -> bool:
        """Whether it was there before under another name."""
        if self.old is None or self.new is None:
            return False
        return self.old != self.new

    @property
    def is_change(self) -> bool:
        """Whether there is a difference at all: git tells one where the mode alone differs, too."""
        if self.old != self.new:
            return True
        return self.old_oid != self.new_oid


Side = list[Edited]
"""What one side of a merge did."""
BaseAndTips = tuple[str, str, str]
"""The ids of three commits: where the sides of a merge had parted, ours and theirs."""


def sides(
    git: Git,
    merges: Sequence[BaseAndTips],
    renames: Sequence[str] = _RENAMES,
) -> list[tuple[Side, Side]]:
    """What both sides of each merge did; ``renames`` tells git how to see those."""
    comparisons: list[str] = []
    for base, ours, theirs in merges:
        comparisons.append(f"{ours} {base}")
        comparisons.append(f"{theirs} {base}")
    given = input_lines(comparisons)
    output = git.run(*_COMPARED, *renames, given=given)
    fields = os.fsdecode(output).split("\0")
    by_commit = _by_commit(fields)
    our_sides = by_commit[0::2]
    their_sides = by_commit[1::2]
    return list(zip(our_sides, their_sides, strict=True))


def edited_by_both(
    ours: Iterable[Edited], theirs: Iterable[Edited]
) -> Iterator[tuple[Edited, Edited]]:
    """The paths that both sides changed, what each did to it."""
    theirs_by_identity: dict[tuple[str, bool], Edited] = {}
    for edited in theirs:
        identity = _identity(edited)
        theirs_by_identity[identity] = edited
    for edited in ours:
        identity = _identity(edited)
        counterpart = theirs_by_identity.get(identity)
        if counterpart is not None:
            yield edited, counterpart


def _identity(edited: Edited) -> tuple[str, bool]:
    """A path that is new on one side is not the one that the other had before."""
    return edited.name, edited.old is None


def _by_commit(fields: Iterable[str]) -> list[Side]:
    """What git tells of each comparison, which begins with the id of its commit."""
    by_commit: list[Side] = []
    rest = iter(fields)
    for field in rest:
        if field.startswith(":"):
            edited = _edited(field, rest)
            if edited.is_change:
                by_commit[-1].append(edited)
        elif field:
            by_commit.append([])
    return by_commit


def _edited(facts: str, rest: Iterator[str]) -> Edited:
    _, _, old_oid, new_oid, status = facts.split(" ")
    old = next(rest)
    new = old
    # only then git tells two paths
    if status[0] in _RENAMED_OR_COPIED:
        new = next(rest)
    return Edited(
        old=_where_it_is(old, old_oid),
        new=_where_it_is(new, new_oid),
        old_oid=old_oid,
        new_oid=new_oid,
    )


def _where_it_is(path: str, oid: str) -> str | None:
    """The path of an object; None for the id of nought, by which git says that there is none."""
    if not oid.strip("0"):
        return None
    return path
