"""What a change of the tree meets: the differences, and the reservations of others in them.

For ``check``, for git's hooks, and for the notes that say which reservations a commit met.
"""

from __future__ import annotations

from git_muse_coord.coordinator.answers.checked import CheckResult, as_file
from git_muse_coord.coordinator.session import ignored
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.source.changed import addresses_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.store.git.trees import Delta
    from git_muse_coord.store.records.snapshot import Snapshot


def compare(
    session: Session,
    comparisons: Iterable[list[Delta]],
    holder: RunId,
    snapshot: Snapshot,
    early: Callable[[CheckResult], None] = lambda _: None,
    remark: str = "",
    *,
    is_committed: bool = False,
) -> CheckResult:
    """Tell what the first of several comparisons changes, and what of it meets others in each of them.

    ``early`` is told what is known, if that is a conflict, while there is more to read and a limit
    of time. ``remark`` follows each warning about what could not be looked at. Of what
    ``is_committed`` nobody needs to hear that the holder has lost its reservation.
    """
    sides = iter(comparisons)
    # The first tells what a commit changes, the others only what of that is a merge's own.
    deltas = next(sides)
    changed: list[Address] = []
    for delta in deltas:
        changed += addresses_of(delta)
    # Not the whole world: of 10,000 reservations few are near what a commit changes.
    world = snapshot.world_around(changed)
    if not world.reservations:
        # Mostly nobody holds anything near, and then what looks closer is not even loaded.
        return CheckResult(
            run_id=holder,
            changes=tuple(map(as_file, deltas)),
            conflicts=(),
            conflict_details=(),
            warnings=ignored(snapshot),
        )
    session.before_long_work()
    from git_muse_coord.coordinator.meeting import meet

    return meet(
        session,
        deltas,
        sides,
        holder,
        snapshot,
        world,
        early,
        remark,
        is_committed,
    )
