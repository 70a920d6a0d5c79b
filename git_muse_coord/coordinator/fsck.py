"""Use case: check every ref of ours, and mend what breaks git itself."""

from __future__ import annotations

from dataclasses import dataclass

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadRecords
from git_muse_coord.model.results import Result
from git_muse_coord.rules.lifetime import Fate, fate
from git_muse_coord.store.git.leftovers import Leftovers
from git_muse_coord.store.records import repair as mending
from git_muse_coord.store.records.records import Snapshot
from git_muse_coord.store.records.verdicts import BadRef


@dataclass(kw_only=True, eq=False)
class Bad:
    """A ref that counts for nothing, or a file that is in git's way, and why."""

    ref: str
    reason: str


@dataclass(kw_only=True, eq=False)
class Mended:
    """What was done to a ref or a file: removed, or written again from the cache."""

    ref: str
    action: str


@dataclass(kw_only=True, eq=False)
class FsckResult(Result):
    """How many refs were checked, which are bad and why, and what was mended.

    ``not_understood`` are refs of newer formats and of kinds that are not known here; they are no
    failure.
    """

    checked: int
    bad: tuple[Bad, ...]
    not_understood: tuple[str, ...]
    repaired: tuple[Mended, ...]


def fsck(session: Session, *, repair: bool = False) -> FsckResult:
    """Check all records; with ``repair`` mend what breaks git. Raises BadRecords, with the result."""
    place = session.repository
    left = Leftovers(place.git, place.common_dir)
    repaired: list[Mended] = []
    if repair:
        repaired += (
            Mended(ref=name, action="removed") for name in left.remove_packed(session.notice)
        )
        done = mending.repair(session.store, place.common_dir)
        repaired += (Mended(ref=one.ref, action=one.action) for one in done)
    checked, found = mending.examine(session.store, place.common_dir)
    snapshot = session.store.look()
    found += _unclear(session, snapshot)
    bad = [Bad(ref=one.ref, reason=one.reason) for one in found]
    bad += (Bad(ref=one.name, reason=one.reason) for one in left.packed())
    result = FsckResult(
        checked=checked,
        bad=tuple(bad),
        not_understood=tuple(sorted(snapshot.unread)),
        repaired=tuple(repaired),
    )
    if bad:
        noun = "ref is" if len(bad) == 1 else "refs are"
        raise BadRecords(
            f"{len(bad):,} {noun} bad",
            "git muse-coord fsck --repair mends what breaks git",
            result,
        )
    return result


def _unclear(session: Session, snapshot: Snapshot) -> list[BadRef]:
    """Records that went through all checks and cannot be judged all the same."""
    now, limits, world = session.now(), session.settings.limits, snapshot.world()
    return [
        BadRef(ref, "what is to become of it cannot be told")
        for ref, (content_id, record) in snapshot.live.items()
        if fate(content_id, record, world, now, limits) is Fate.UNCLEAR
    ]
