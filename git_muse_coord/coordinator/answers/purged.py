"""What a purge takes out of a clone and a remote."""

from __future__ import annotations

from git_muse_coord.model.declared import Declared

OTHERS = "other clones that still have records push them again at their next sync; have them run uninstall --purge, too"


class PurgedRefs(Declared):
    """What refs of ours held: a number of records, an archive, notes on commits; ``branch`` stood in for refs."""

    records: int
    archive: bool
    notes: bool
    branch: str | None


class PurgeResult(Declared):
    """What was taken out of the clone, and what of a remote.

    ``settings`` are the names of what was set, ``files`` says whether there were files of ours in
    the git directory. ``at_remote`` is null where none was asked for.
    """

    refs: PurgedRefs
    settings: tuple[str, ...]
    files: bool
    remote: str | None
    at_remote: PurgedRefs | None


class PurgePlan(Declared):
    """What is at a remote, and the other runs that were at work with it in the last 7 days, as people read it."""

    remote: str
    at_remote: PurgedRefs
    others: tuple[str, ...]
