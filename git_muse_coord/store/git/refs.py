"""Listing refs and changing them by compare-and-swap, all or none, with git alone.

libgit2 is kept away from refs: its listing misses some while they are packed, its creation is no
compare-and-swap, and its deletion loses others.
"""

from __future__ import annotations

import os
import time

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple, TypeVar
from git_muse_coord.store.git.process import DURABLE, input_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from git_muse_coord.store.git.conversation import Conversation
    from git_muse_coord.store.git.process import Git

FSCK = "git muse-coord fsck says what is in the way"
ATTEMPTS = 6
_RETRY_SECONDS = 30.0
_PAUSE_SECONDS = 0.02
_PAUSE_MOST = 1.0
_ARGUMENTS_MOST = 1000
"""A command line names fewer refs than this; for more all refs are listed."""
_PASSING = ("-c", "core.logAllRefUpdates=false", "update-ref", "--no-deref", "--stdin")
_UPDATE = (*DURABLE, "update-ref", "--no-deref", "--stdin")
T = TypeVar("T")


class RefUpdate(NamedTuple):
    """One ref of a transaction. ``old`` None: it must not exist. ``new`` None: delete it, or leave it absent."""

    ref: str
    new: str | None
    old: str | None

    @property
    def line(self) -> str:
        """The change as ``git update-ref --stdin`` reads it."""
        if self.new is None and self.old is None:
            return f"verify {self.ref}"
        if self.new is None:
            return f"delete {self.ref} {self.old}"
        if self.old is None:
            return f"create {self.ref} {self.new}"
        return f"update {self.ref} {self.new} {self.old}"


class Refs:
    """The refs of one repository. A process that ``stays`` keeps one git process for its transactions."""

    def __init__(self, git: Git, stays: bool = False) -> None:
        self.git = git
        self._writer: Conversation | None = None
        if stays:
            from git_muse_coord.store.git.conversation import Conversation

            self._writer = Conversation(git, *_UPDATE)

    def list(self, *prefixes: str) -> dict[str, str]:
        """The refs under some prefixes (or of those names), with their object ids. Broken ones are left out."""
        told = self.listing(*prefixes)
        listed = told().decode("utf-8", "surrogateescape")
        refs: dict[str, str] = {}
        for row in listed.split("\n"):  # a name may hold what else ends a line for Python
            if row:
                oid, _, ref = row.partition(" ")
                refs[ref] = oid
        return refs

    def oid_of(self, ref: str) -> str | None:
        """The object id that a ref names; None where it is not there, or broken."""
        return self.list(ref).get(ref)

    def listing(self, *prefixes: str) -> Callable[[], bytes]:
        """As ``list``, in lines as of ``packed-refs``, sorted by name, with git at work until they are asked for."""
        asking = self.git.begin("for-each-ref", "--format=%(objectname) %(refname)", *prefixes)
        return asking.out

    def commit(self, changes: Sequence[RefUpdate], *, passing: bool = False) -> bool:
        """Apply all changes or none. False: a ref was not as expected, so another writer was first.

        ``passing`` refs are gone when the command is over, and need not be flushed to disk. Raises
        StoreFailed when git cannot write.
        """
        updates = [change.line for change in changes]
        script = input_lines(["start", *updates, "prepare", "commit"])
        if self._was_committed_by_stayer(script, passing):
            return True
        command = _PASSING if passing else _UPDATE
        answer = self.git.ask_apart(*command, given=script)
        if answer.code == 0:
            return True
        # the git that stays may have committed and been cut off before it said so
        came_true = self._came_true(changes)
        if came_true is not None:
            return came_true
        from git_muse_coord.store.git.leftovers import Leftovers

        # all refs are as expected, so something is in the way: as a rule the lock of a dead process
        left = Leftovers.of(self.git)
        refs = [change.ref for change in changes]
        if left.unlock(refs):
            return self.commit(changes, passing=passing)
        raise StoreFailed(f"git cannot write refs: {answer.complaint}", left.advice or FSCK)

    def _was_committed_by_stayer(self, script: bytes, passing: bool) -> bool:
        """Whether the git that stays, if there is one, did it. It flushes all refs that it writes."""
        if self._writer is None or passing:
            return False
        return self._writer.say(script, until=b"commit: ok\n")

    def _came_true(self, changes: Sequence[RefUpdate]) -> bool | None:
        """What a transaction that failed comes to: True, it went through after all; False, others were first."""
        names = [change.ref for change in changes]
        if len(names) >= _ARGUMENTS_MOST:
            names = ["refs/"]
        oids = self.list(*names)
        if all(oids.get(change.ref) == change.new for change in changes):
            return True
        if any(oids.get(change.ref) != change.old for change in changes):
            return False
        return None


def deletions(oids: Mapping[str, str]) -> list[RefUpdate]:
    """What deletes refs, given with their object ids: all or none, and only if each still names its own."""
    return [RefUpdate(ref, None, oid) for ref, oid in oids.items()]


def retrying(action: Callable[[], T]) -> T:
    """Do it again while git fails for what may pass, and raise the last StoreFailed.

    Such are another writer's lock, and an object or a directory that a gc took away between two
    steps. What fails only after a long time is not tried again.
    """
    give_up = time.monotonic() + _RETRY_SECONDS
    for attempt in range(ATTEMPTS - 1):
        try:
            return action()
        except StoreFailed:
            if time.monotonic() > give_up:
                raise
            pause(attempt)
    return action()


def pause(attempt: int) -> None:
    """Wait before another try: jittered, and longer each time (about 20 ms, 40 ms, ... 1 s)."""
    seconds = min(_PAUSE_SECONDS * 2**attempt, _PAUSE_MOST)
    (byte,) = os.urandom(1)  # the random module would cost every command 2 ms
    # between half of that and all of it
    jitter = (1 + byte / 255) / 2
    time.sleep(jitter * seconds)
