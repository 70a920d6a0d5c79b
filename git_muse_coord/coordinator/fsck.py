"""Use case: check every ref of ours, and mend what breaks git itself."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadRecords
from git_muse_coord.model.results import Result
from git_muse_coord.rules.lifetime import Fate, fate
from git_muse_coord.store.git.leftovers import Leftovers
from git_muse_coord.store.records import repair as mending
from git_muse_coord.store.records.active import ending_alone
from git_muse_coord.store.records.snapshot import Snapshot


class Bad(Declared):
    """A ref that counts for nothing, or a file that is in git's way, and why."""

    ref: str
    reason: str


class Mended(Declared):
    """What was done to a ref or a file: removed, or written again from the cache."""

    ref: str
    action: str


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
    repository = session.repository
    leftovers = Leftovers(repository.git, repository.common_dir)
    repaired: list[Mended] = []
    if repair:
        repaired += _mend(session, leftovers)
    # After mending, so that only what is still bad is told.
    examined = mending.examine(session.store, repository.common_dir)
    checked, bad_refs, snapshot = examined
    bad: list[Bad] = []
    for ref, reason in bad_refs:
        bad.append(Bad(ref=ref, reason=reason))
    bad += _without_fate(session, snapshot)
    for lock in leftovers.packed():
        bad.append(Bad(ref=lock.name, reason=lock.reason))
    not_understood = sorted(snapshot.unread)
    result = FsckResult(
        checked=checked,
        bad=tuple(bad),
        not_understood=tuple(not_understood),
        repaired=tuple(repaired),
    )
    if not bad:
        return result
    refs = "1 ref is" if len(bad) == 1 else f"{len(bad):,} refs are"
    raise BadRecords(
        f"{refs} bad",
        "git muse-coord fsck --repair mends what breaks git",
        result,
    )


def _mend(session: Session, leftovers: Leftovers) -> Iterator[Mended]:
    # The locks first: while they lie there, git refuses to write the refs that are mended next.
    for name in leftovers.remove_packed(session.notice):
        yield Mended(ref=name, action="removed")
    common_dir = session.repository.common_dir
    for mended in mending.repair(session.store, common_dir):
        yield Mended(ref=mended.ref, action=mended.action)


def _without_fate(session: Session, snapshot: Snapshot) -> Iterator[Bad]:
    """Records that went through all checks and cannot be judged all the same."""
    now = session.now()
    limits = session.settings.limits
    # What ends at its own time, and nothing else, is judged by a comparison.
    alone = ending_alone(snapshot)
    others: dict[str, str] = {}
    for ref, cached in snapshot.entries.items():
        if ref not in alone:
            others[ref] = cached.oid
    judged = snapshot.read(others)
    by_id = dict(judged.values())
    world = snapshot.world_among(by_id)
    for ref, (content_id, record) in judged.items():
        becomes = fate(content_id, record, world, now, limits)
        if becomes is Fate.UNCLEAR:
            yield Bad(ref=ref, reason="what is to become of it cannot be told")
