"""What a comparison answers, for ``check`` and for hooks: what changes, and whom that meets."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Dated
from git_muse_coord.source.changed import Changed

if TYPE_CHECKING:
    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.store.git.trees import Delta


class CheckResult(Dated):
    """What changes, and the reservations of others that it meets.

    ``changes`` go down to symbols where somebody holds something near; elsewhere they name files.
    Those that only change formatting are among them and meet nobody. ``conflicts`` holds one
    sentence for each of ``conflict_details``. ``noted_runs`` are the runs whose commits, as their
    notes say, are in a range that was compared: these meet nobody by what they hold themselves.
    """

    run_id: RunId
    changes: tuple[Changed, ...]
    conflicts: tuple[str, ...]
    conflict_details: tuple[ConflictDetail, ...]
    noted_runs: tuple[RunId, ...] = ()


def as_file(delta: Delta) -> Changed:
    """A file that was not looked into, as a change."""
    # A file of which nobody holds anything is told, and not read.
    if delta.old is None:
        change = "added"
    elif delta.new is None:
        change = "deleted"
    else:
        change = "modified"
    return Changed(
        address=delta.path,
        change=change,
        from_address=None,
    )
