"""Whether a ``git gc`` is at work that may take away objects which were written just now.

By default git spares what is younger than two weeks. ``git gc --prune=now`` does not: it lists the
refs first and deletes later, so it also takes the object of a ref that was made in between.
"""

from __future__ import annotations

import os
import time

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository

WAIT_SECONDS = 5.0
_GLANCE_SECONDS = 0.002
"""Short, so that a writer begins at once: the next gc of a loop may be on its way."""
_STALE_SECONDS = 12 * 3600
"""Git itself takes no notice of a ``gc.pid`` older than this."""


def at_work(repository: Repository) -> bytes | None:
    """What tells one gc from another while it is at work, where it may take fresh objects; None: there is none."""
    path = os.path.join(repository.common_dir, "gc.pid")
    try:
        facts = os.stat(path)
        age = time.time() - facts.st_mtime
        if age > _STALE_SECONDS:
            return None
        with open(path, "rb") as file:
            text = file.read(200)
    except OSError:
        return None
    if not _spares_nothing(text, repository):
        return None
    return text


def await_end(
    repository: Repository,
    which: bytes,
    give_up: float,
) -> None:
    """Wait until a gc is over, or it is ``give_up`` by the monotonic clock."""
    while time.monotonic() < give_up:
        if at_work(repository) != which:
            return
        time.sleep(_GLANCE_SECONDS)


def _spares_nothing(text: bytes, repository: Repository) -> bool:
    """Whether a gc may delete young objects, by its command line and configuration; True where these are not known."""
    if b"\0gc.pruneexpire\n" in repository.configuration.lower():
        return True
    # the number of the process, and the name of the machine
    words = text.split()
    pid = words[0] if words else b""
    if not pid.isdigit():
        return True
    if not os.path.isdir("/proc/self"):
        return True
    try:
        with open(f"/proc/{int(pid)}/cmdline", "rb") as file:
            command_line = file.read()
    except FileNotFoundError:
        return False  # it died, and left the file
    except OSError:
        return True
    return b"--prune" in command_line
