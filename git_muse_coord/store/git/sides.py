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
        return self.old is not None and self.new is not None and self.old != self.new


Side = list[Edited]


def sides(
    git: Git,
    merges: Sequence[tuple[str, str, str]],
    renames: Sequence[str] = _RENAMES,
) -> list[tuple[Side, Side]]:
    """What both sides of each merge did, given as (base, ours, theirs); ``renames`` tells git how to see those."""
    asked: list[str] = []
    for base, ours, theirs in merges:
        asked += [f"{ours} {base}", f"{theirs} {base}"]
    output = git.run(*_COMPARED, *renames, given=input_lines(asked))
    edited = _by_commit(os.fsdecode(output).split("\0"))
    return list(zip(edited[0::2], edited[1::2], strict=True))


def edited_by_both(
    ours: Iterable[Edited], theirs: Iterable[Edited]
) -> Iterator[tuple[Edited, Edited]]:
    """The paths that both sides changed, what each did to it."""
    by_name: dict[tuple[str, bool], Edited] = {}
    for edited in theirs:
        by_name[_identity(edited)] = edited
    for edited in ours:
        other = by_name.get(_identity(edited))
        if other is not None:
            yield edited, other


def _identity(edited: Edited) -> tuple[str, bool]:
    """A path that is new on one side is not the one that the other had before."""
    return edited.name, edited.old is None


def _by_commit(fields: Sequence[str]) -> list[Side]:
    """What git tells of each comparison, which begins with the id of its commit."""
    by_commit: list[Side] = []
    rest = iter(fields)
    for field in rest:
        if field.startswith(":"):
            edited = _edited(field, rest)
            if (edited.old, edited.old_oid) != (edited.new, edited.new_oid):
                by_commit[-1].append(edited)
        elif field:
            by_commit.append([])
    return by_commit


def _edited(facts: str, rest: Iterator[str]) -> Edited:
    _, _, old_oid, new_oid, status = facts.split(" ")
    path = next(rest)
    now = next(rest) if status[0] in _RENAMED_OR_COPIED else path
    return Edited(
        old=path if old_oid.strip("0") else None,
        new=now if new_oid.strip("0") else None,
        old_oid=old_oid,
        new_oid=new_oid,
    )
