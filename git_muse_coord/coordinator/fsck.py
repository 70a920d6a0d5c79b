"""Use case: check every ref of ours, and mend what breaks git itself."""

from __future__ import annotations

from dataclasses import dataclass

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadRecords
from git_muse_coord.model.results import Result
from git_muse_coord.store import repair as mending
from git_muse_coord.store.records import BadRef
from git_muse_coord.store.repair import Repaired


@dataclass(kw_only=True)
class FsckResult(Result):
    """How many refs were checked, which are bad and why, and what was mended."""

    checked: int
    bad: tuple[BadRef, ...]
    repaired: tuple[Repaired, ...]


class FsckCase(Session):
    """The verb ``fsck``."""

    def fsck(self, *, repair: bool = False) -> FsckResult:
        """Check all records; with ``repair`` mend what breaks git. Raises BadRecords, with the result."""
        place = self.repository
        repaired = mending.repair(self.store, place.common_dir) if repair else []
        checked, bad = mending.examine(self.store, place.common_dir)
        result = FsckResult(checked=checked, bad=tuple(bad), repaired=tuple(repaired))
        if bad:
            noun = "ref is" if len(bad) == 1 else "refs are"
            raise BadRecords(f"{len(bad):,} {noun} bad", "git muse-coord fsck --repair mends what breaks git", result)
        return result
