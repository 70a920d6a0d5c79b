"""Sweeping a clone behind the back of whoever writes: what the last sweep foresaw, and starting the next one.

A sweep deletes refs, for which git locks ``packed-refs``; so no verb that somebody waits for, and
may kill, does it.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

from git_muse_coord.model.records import REF_PREFIX, Heartbeat
from git_muse_coord.rules.upkeep import Outlook
from git_muse_coord.store.git.repository import DIRECTORY, Repository
from git_muse_coord.store.records.snapshot import Snapshot

PATIENCE_SECONDS = 60.0
"""A sweep that was started longer ago than this and is not over has died."""

_LAST = "swept.json"


class Upkeep:
    """The upkeep of one clone. What cannot be read or written makes a sweep come early, or not at all."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._started = os.path.join(repository.common_dir, DIRECTORY, "sweep.started")

    def last(self) -> Outlook:
        """What the last sweep left and foresaw."""
        try:
            with open(self._repository.own_file(_LAST), "rb") as file:
                live, spare_beats, due = json.loads(file.read())
            due_at = None if due is None else datetime.fromtimestamp(due, UTC)
            return Outlook(int(live), int(spare_beats), due_at)
        except (OSError, ValueError, TypeError, OverflowError):
            return Outlook()

    def note(self, outlook: Outlook) -> None:
        """Keep what a sweep left and foresaw; it is over."""
        due = None if outlook.due is None else outlook.due.timestamp()
        facts = json.dumps([outlook.live, outlook.spare_beats, due])
        with (
            contextlib.suppress(OSError),
            open(self._repository.own_file(_LAST), "w", encoding="ascii") as file,
        ):
            file.write(facts)
        with contextlib.suppress(OSError):
            os.unlink(self._started)

    def start(self) -> None:
        """Sweep in a process that outlives us and holds nothing of ours, unless one is at it already."""
        if not self._is_ours_to_start() or not sys.executable:
            return
        command = [
            sys.executable,
            "-P",  # a module in the directory of somebody's choice must not be taken for one of ours
            "-m",
            "git_muse_coord",
            "-C",
            self._repository.git.directory,
            "gc",
            "--execute",
            "--quiet",
        ]
        process = subprocess.Popen(
            command,
            cwd=os.path.abspath(os.sep),
            # a caller who waits for the end of our output must not wait for the sweep
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=getattr(subprocess, "DETACHED_PROCESS", 0),
        )
        # where we stay, it must not become a zombie
        threading.Thread(target=process.wait, daemon=True).start()

    def _is_ours_to_start(self) -> bool:
        """Whether nobody is at it; of many who ask at once one is told so."""
        with contextlib.suppress(OSError):
            if time.time() - os.stat(self._started).st_mtime > PATIENCE_SECONDS:
                os.unlink(self._started)
        try:
            os.close(os.open(self._started, os.O_CREAT | os.O_EXCL))
        except OSError:
            return False
        return True


def spare_beats(snapshot: Snapshot) -> int:
    """How many heartbeats there are beyond one a subject, as a listing tells."""
    start = f"{REF_PREFIX}{Heartbeat.folder}/"
    beats = [entry.mentions for ref, entry in snapshot.entries.items() if ref.startswith(start)]
    return len(beats) - len(set(beats))
