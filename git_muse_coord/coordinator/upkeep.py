"""What a verb that writes does besides: mend what a gc took away, and have the clone swept once that is worth it."""

from __future__ import annotations

from git_muse_coord.coordinator.autosync import begin_if_due
from git_muse_coord.coordinator.session import ignored, utc_now
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.upkeep import Outlook, foresee, is_due
from git_muse_coord.store.records.upkeep import Upkeep

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.store.records.snapshot import Snapshot


def keep_up(session: Session, snapshot: Snapshot) -> list[str]:
    """Mend, and start in the background what is due: a sweep, a sync. Returns the warnings about what is left."""
    if snapshot.lost:
        from git_muse_coord.store.records.repair import write_again

        common_dir = session.repository.common_dir
        write_again(session.store, common_dir, snapshot.lost)
        snapshot = session.store.look()
    upkeep = Upkeep(session.repository)
    index = snapshot.index
    # A sweep is a process of its own, and would go by another clock than a caller who sets ours.
    has_real_time = session.now is utc_now
    if has_real_time:
        count = index.count()
        spare = index.spare_beats()
        last = upkeep.last()
        if is_due(count, spare, last, session.now()):
            upkeep.start()
    begin_if_due(session)
    return ignored(snapshot)


def note_sweep(session: Session, snapshot: Snapshot) -> None:
    """Note what a sweep left, so that the next one comes in time."""
    records = snapshot.records()
    world = snapshot.world()
    limits = session.settings.limits
    due = foresee(records, world, session.now(), limits)
    index = snapshot.index
    left = Outlook(index.count(), index.spare_beats(), due)
    upkeep = Upkeep(session.repository)
    upkeep.note(left)
