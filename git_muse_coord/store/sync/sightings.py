"""When each of those who wait was last heard of, as the processes of this clone saw it.

The times are those of a clock that nobody sets and that all processes of a machine share, so that a
command which looks only once knows as well who has fallen silent. It begins anew with the machine;
then, and where the file is lost, everybody counts as just seen, which costs those who wait behind a
dead one another while, and lets nobody pass one who is alive.
"""

from __future__ import annotations

import os
import time

from git_muse_coord.model import light_json
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.tickets import (
    Sign,
    seen_now,
    signs_of,
    united_signs,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.model.ticket import Ticket
    from git_muse_coord.rules.state import World

    Signs = dict[RecordId, Sign]

_DRIFT_SECONDS = 5.0
"""The machine's start, as its two clocks tell it, moves by no more than this while nobody sets the one."""


class Sightings:
    """What was seen of those who wait; what cannot be kept is known to this process alone."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._signs: Signs = {}

    def note(
        self,
        tickets: Iterable[Ticket],
        world: World,
    ) -> Signs:
        """Take note of another look at all who wait, and say when each was heard of last."""
        now = time.monotonic()
        kept = self._read(now)
        signs: Signs = {}
        for ticket in tickets:
            beats = signs_of(ticket, world)
            intent_id = ticket.intent_id
            before = united_signs(self._signs.get(intent_id), kept.get(intent_id))
            signs[intent_id] = seen_now(before, beats, now)
        self._signs = signs
        if signs != kept:
            self._keep(signs)
        return signs

    def _read(self, now: float) -> Signs:
        try:
            with open(self._path, "rb") as file:
                started, told = light_json.loads(file.read().decode("ascii"))
            if abs(started - _machine_started()) > _DRIFT_SECONDS:
                return {}
            signs: Signs = {}
            for intent_id, (seen_at, beats) in told.items():
                # of a time still to come nothing follows
                if float(seen_at) <= now:
                    signs[RecordId(intent_id)] = Sign(
                        frozenset(map(RecordId, beats)), float(seen_at)
                    )
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
        return signs

    def _keep(self, signs: Signs) -> None:
        told = {intent_id: [sign.seen_at, sorted(sign.beats)] for intent_id, sign in signs.items()}
        text = light_json.writer()([_machine_started(), told])
        # of a name of our own, because several write at once; the last one counts
        new = f"{self._path}.{os.getpid()}"
        with suppress(OSError):
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            with open(new, "w", encoding="ascii") as file:
                file.write(text)
            os.replace(new, self._path)


def _machine_started() -> float:
    return time.time() - time.monotonic()
