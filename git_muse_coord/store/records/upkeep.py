"""Sweeping a clone behind the back of whoever writes: what the last sweep foresaw, and starting the next one.

A sweep deletes refs, for which git locks ``packed-refs``; so no verb that somebody waits for, and
may kill, does it.
"""

from __future__ import annotations

from git_muse_coord.model import light_json
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import UTC, datetime
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.rules.upkeep import Outlook

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository

_LAST = "swept.json"


class Upkeep:
    """The upkeep of one clone. What cannot be read or written makes a sweep come early, or not at all."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def last(self) -> Outlook:
        """What the last sweep left and foresaw."""
        path = self._repository.own_file(_LAST)
        try:
            with open(path, encoding="ascii") as file:
                live, spare_beats, due = light_json.loads(file.read())
            due_at = None
            if due is not None:
                due_at = datetime.fromtimestamp(due, UTC)
            return Outlook(int(live), int(spare_beats), due_at)
        except (OSError, ValueError, TypeError, OverflowError):
            return Outlook()

    def note(self, outlook: Outlook) -> None:
        """Keep what a sweep left and foresaw."""
        due = None
        if outlook.due is not None:
            due = outlook.due.timestamp()
        write = light_json.writer()
        facts = write([outlook.live, outlook.spare_beats, due])
        path = self._repository.own_file(_LAST)
        with suppress(OSError), open(path, "w", encoding="ascii") as file:
            file.write(facts)

    def start(self) -> None:
        """Sweep in a process that outlives us and holds nothing of ours, unless one is at it already."""
        from git_muse_coord.store.git.background import Background

        work = Background(self._repository, "sweep")
        arguments = ("-C", work.place, "gc", "--execute", "--quiet")
        # a sweep that cannot be started now is as due the next time
        with suppress(OSError):
            work.start("git_muse_coord", arguments)
