"""What somebody does who waits: rest until something may have changed, give signs of life, ask the remote for news."""

from __future__ import annotations

import time

from git_muse_coord.model.errors import RemoteFailed, StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.plain_refs import OddRef, refs_must_be_files
from git_muse_coord.store.git.ref_stamps import RefStamps

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_muse_coord.coordinator.place import ContestPlace
    from git_muse_coord.coordinator.presence import Presence
    from git_muse_coord.coordinator.session import Session

NAP_SECONDS = 0.05
LOOK_SECONDS = 2.0
"""So often one looks although no ref has come or gone: a heartbeat may have, and reservations expire."""

_POLL_SECONDS = 2.0
"""So often the remote is asked for what is new, by one of all who wait in a clone."""

_NEAR_POLL_SECONDS = 0.75
_NEAR = 3
"""Whose turn may be the next is to hear of it soon; many who stand far behind must not keep the remote from him."""

_BLIND_SECONDS = 0.5
"""The same where git keeps refs in another way than in files."""
_ASKING_SECONDS = 0.25
_AGAIN_SECONDS = 2.0
_TELL_SECONDS = 1.0
_LOST_SECONDS = 90.0
"""A remote that is not heard of for so long has forgotten who waits."""
_FOLDERS = (
    "refs/muse/reservations",
    "refs/muse/releases",
    "refs/muse/intents",
    "refs/muse-epoch",
)


class Vigil:
    """The time that somebody waits; ``began`` is by a clock that nobody sets."""

    def __init__(
        self,
        session: Session,
        place: ContestPlace,
        presence: Presence,
        seconds: float,
    ) -> None:
        self.began = time.monotonic()
        self._place = place
        self._presence = presence
        self._ends = self.began + seconds
        self._stamps = RefStamps(session.repository.common_dir, _FOLDERS)
        self._told_at = 0.0
        self._asked_at = 0.0
        self._heard_at = self.began
        self._look_after = LOOK_SECONDS
        try:
            refs_must_be_files(session.repository)
        except (OddRef, OSError):
            self._look_after = _BLIND_SECONDS

    def is_over(self) -> bool:
        """Whether one has waited long enough."""
        return time.monotonic() >= self._ends

    def note(self) -> None:
        """Note how things are before one looks."""
        self._stamps.note()

    def rest(self, ahead: int, tell: Callable[[], None]) -> None:
        """Rest until something may have changed, or the time is over. Raises RemoteFailed.

        ``ahead``: how many who wait, too, come first.
        """
        poll_seconds = _NEAR_POLL_SECONDS if ahead < _NEAR else _POLL_SECONDS
        # first, because one may rest for hardly a moment
        tell()
        self._told_at = time.monotonic()
        look_at = self._told_at + self._look_after
        while time.monotonic() < look_at and not self.is_over():
            self._keep_in_touch(poll_seconds)
            if self._stamps.have_changed():
                return
            if time.monotonic() - self._told_at >= _TELL_SECONDS:
                self._told_at = time.monotonic()
                tell()
            time.sleep(NAP_SECONDS)

    def _keep_in_touch(self, poll_seconds: float) -> None:
        """Give a sign of life, and ask the remote, when it is time. Raises what failed, once it did so for long."""
        now = time.monotonic()
        if now - self._asked_at < _ASKING_SECONDS:
            return
        self._asked_at = now
        try:
            if self._presence.wants_sign():
                self._presence.give_sign()
            else:
                self._place.poll(poll_seconds)
            self._heard_at = time.monotonic()
        # what cannot be sent now goes with the next one
        except (RemoteFailed, StoreFailed) as error:
            self.bear(error)

    def bear(self, error: RemoteFailed | StoreFailed) -> None:
        """Take a failure for one that passes. Raises it where nothing was heard for long."""
        now = time.monotonic()
        self._asked_at = now + _AGAIN_SECONDS
        # others wait for as long before they pass us
        if now - self._heard_at > _LOST_SECONDS:
            raise error
