"""What differences touch in files of which something is held, in one worktree of this clone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from git_muse_coord.coordinator.touched_symbols import read_inside
from git_muse_coord.model.address import Address, revive_stored
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.touched import Touched
from git_muse_coord.source.changed import addresses_of
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.trees import Delta, Trees
from git_muse_coord.store.git.worktrees import Worktree

MOST_FILES = 200
"""Of more files that are held and differ it is not asked what is in them."""

HeldPlaces = Places[Address]


class NotClear(Exception):
    """It cannot be told, or would take too long, what became of the work."""


class Inside(NamedTuple):
    """What differences touch, and the old and new addresses of what they rename."""

    touched: list[Touched]
    renamed: list[tuple[Address, Address]]


class HeldFiles:
    """The held files of one worktree: the contents of what is not committed cannot be read from another."""

    def __init__(self, repository: Repository, sources: Sources) -> None:
        self.repository = repository
        self._sources = sources

    @classmethod
    def of(cls, worktree: Worktree, clone: Repository) -> HeldFiles:
        """Those of another worktree. Raises NotClear where it is not one of this clone any more."""
        git = clone.git.in_worktree(worktree.top)
        repository = Repository(worktree.top, stays=False, git=git)
        is_ours = os.path.samefile(repository.common_dir, clone.common_dir)
        if not is_ours:
            raise NotClear("another repository lies where the worktree was")
        sources = Sources(repository)
        return cls(repository, sources)

    def inside(self, deltas: Iterable[Delta], held: HeldPlaces) -> Inside:
        """What some differences touch; formatting alone touches nothing."""
        in_held = [delta for delta in deltas if _is_near(delta, held)]
        if len(in_held) > MOST_FILES:
            raise NotClear("too many files differ")
        changes, touched = read_inside(in_held, self._sources)
        renamed: list[tuple[Address, Address]] = []
        for change in changes:
            if change.from_address is None:
                continue
            old = revive_stored(change.from_address)
            new = revive_stored(change.address)
            renamed.append((old, new))
        return Inside(touched, renamed)

    def uncommitted(self, held: HeldPlaces) -> Iterator[Touched]:
        """What lies in the working tree or in the index, and in no commit."""
        trees = Trees(self.repository)
        in_files = trees.working()
        yield from self.inside(in_files, held).touched
        # What was staged, and then taken back in the file, would still be in the next commit.
        in_index = trees.staged()
        yield from self.inside(in_index, held).touched


def _is_near(delta: Delta, held: HeldPlaces) -> bool:
    for place in addresses_of(delta):
        for _ in held.overlapping(place):
            return True
    return False
