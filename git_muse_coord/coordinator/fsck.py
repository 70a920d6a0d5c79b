"""Use case: check every ref of ours, and mend what breaks git itself."""

from __future__ import annotations

from dataclasses import dataclass

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadRecords
from git_muse_coord.model.results import Result
from git_muse_coord.store import repair as mending


@dataclass(kw_only=True, eq=False)
class Bad:
    """A ref that counts for nothing, and why."""

    ref: str
    reason: str


@dataclass(kw_only=True, eq=False)
class Mended:
    """What was done to a ref: removed, or written again from the cache."""

    ref: str
    action: str


@dataclass(kw_only=True, eq=False)
class FsckResult(Result):
    """How many refs were checked, which are bad and why, and what was mended."""

    checked: int
    bad: tuple[Bad, ...]
    repaired: tuple[Mended, ...]


class FsckCase(Session):
    """The verb ``fsck``."""

    def fsck(self, *, repair: bool = False) -> FsckResult:
        """Check all records; with ``repair`` mend what breaks git. Raises BadRecords, with the result."""
        place = self.repository
        repaired = mending.repair(self.store, place.common_dir) if repair else []
        checked, bad = mending.examine(self.store, place.common_dir)
        result = FsckResult(
            checked=checked,
            bad=tuple(Bad(ref=one.ref, reason=one.reason) for one in bad),
            repaired=tuple(Mended(ref=one.ref, action=one.action) for one in repaired),
        )
        if bad:
            noun = "ref is" if len(bad) == 1 else "refs are"
            raise BadRecords(f"{len(bad):,} {noun} bad", "git muse-coord fsck --repair mends what breaks git", result)
        return result
