"""Being in the line of those who wait: a ticket, signs of life, and leaving."""

from __future__ import annotations

import time
from itertools import count

from git_muse_coord.coordinator.answers.let_go import let_go
from git_muse_coord.coordinator.keep_alive import keep_alive, sign_of_life
from git_muse_coord.coordinator.session import checked_id
from git_muse_coord.model.codec import content_id
from git_muse_coord.model.epoch import last_number
from git_muse_coord.model.errors import MuseCoordError, RemoteFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.model.records import (
    Intent,
    Release,
    encode,
    ref_name,
)
from git_muse_coord.model.ticket import Ticket, ticket_facts
from git_muse_coord.rules.tickets import LIFE
from git_muse_coord.store.git.lock import in_turn
from git_muse_coord.store.git.refs import pause
from git_muse_coord.store.records.queue_world import highest_number
from git_muse_coord.store.sync.strict_gate import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.coordinator.place import ContestPlace
    from git_muse_coord.coordinator.request import Request
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.records import Record

_TURN_SECONDS = 60.0
_TAKING_SECONDS = 60.0
_LEAVING_SECONDS = 10.0
_WHATEVER = "modify"
"""What somebody who waits means to do where he does not say it: an intent always says something."""
_A_LITTLE = timedelta(seconds=1)


class Presence:
    """Somebody in the line; ``ticket`` is None until he joins it, and once he has left."""

    def __init__(
        self,
        session: Session,
        request: Request,
        place: ContestPlace,
    ) -> None:
        self.ticket: Ticket | None = None
        self._session = session
        self._request = request
        self._place = place
        self._ends = request.record.created_at
        self._heard_at = 0.0
        self._last_beat: list[str] = []
        self._unsent: list[Record] = []

    def join(self) -> Ticket:
        """Take a ticket, the next one or that which one had before. Raises RemoteFailed and StoreFailed."""
        number = self.ticket.number if self.ticket else 0
        # those of one clone go one by one, or the many that are late would keep each other from it
        with (
            in_turn(self._place.lock, _TURN_SECONDS),
            self._place.gate(self._make(1)[0]) as gate,
        ):
            give_up_at = time.monotonic() + _TAKING_SECONDS
            highest = highest_number(gate.look())
            for attempt in count():
                entry, ticket = self._make(number or max(highest, last_number(gate.epoch)) + 1)
                # noted before it is pushed: who fails then leaves no ticket of his behind
                self._note(ticket)
                gate.entry = entry
                if gate.enter(self._session.nonce()):
                    break
                pause(attempt)
                since = gate.look_since()
                if since is None:
                    snapshot = gate.look()
                    highest = highest_number(snapshot)
                    is_in = entry.ref in snapshot.entries
                else:
                    is_in = any(entry.own_id in admission.tickets for admission in since)
                # a push can have arrived although its answer was lost
                if is_in:
                    break
                if time.monotonic() > give_up_at:
                    raise RemoteFailed(
                        "too many want to wait at once", "try again; nothing is reserved"
                    )
        return ticket

    def _make(self, number: int) -> tuple[Entry, Ticket]:
        session = self._session
        record = self._request.record
        now = session.time_to_write()
        beat = session.settings.wait_beat
        asked = tuple(sorted(set(self._request.all_asked)))
        intent = Intent(
            run_id=record.run_id,
            nonce=session.nonce(),
            branch=record.branch,
            addresses=tuple(map(str, asked)),
            operation=record.operation or _WHATEVER,
            detail=record.reason,
            reservation_id=None,
            created_at=now,
            expires_at=now + LIFE,
            extra=ticket_facts(number, record.depends_on, beat),
        )
        # several reservations together can ask for more than one ticket holds
        own_id = checked_id(intent)
        ticket = Ticket(
            number,
            own_id,
            record.run_id,
            asked,
            record.depends_on,
            beat,
            now,
        )
        return Entry(intent, own_id, asked), ticket

    def _note(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self._ends = (ticket.since or self._ends) + LIFE
        self._heard_at = time.monotonic()
        self._last_beat = []

    def ends(self) -> Sequence[Release]:
        """What is to be stored when one gets in: that one waits no more."""
        return [] if self.ticket is None else [self._release(self.ticket, "done")]

    def wants_sign(self) -> bool:
        """Whether it is time for another sign of life."""
        return bool(self._unsent) or self._is_silent()

    def _is_silent(self) -> bool:
        return self.ticket is not None and time.monotonic() - self._heard_at >= self.ticket.beat

    def give_sign(self) -> None:
        """Give a sign of life, and keep alive what the run holds besides. Raises RemoteFailed, and goes on later."""
        if self.ticket is not None and self._is_silent():
            self._beat(self.ticket)
        self._place.pass_on(self._unsent, self._last_beat)
        # there it stands in the place of the one before; here a sweep clears that away
        self._last_beat = [ref_name(beat, content_id(encode(beat))) for beat in self._unsent[:1]]
        self._unsent = []

    def _beat(self, ticket: Ticket) -> None:
        session = self._session
        holder = self._request.record.run_id
        now = session.time_to_write()
        # it reaches further than the one before, or it would count for nothing where the clock was set back
        self._ends = max(now + LIFE, self._ends + _A_LITTLE)
        beat = sign_of_life(
            session,
            holder,
            ticket.intent_id,
            now,
            self._ends,
        )
        session.store.write([beat])
        self._heard_at = time.monotonic()
        self._unsent = [beat, *keep_alive(session, holder, session.store.look())]
        # what has landed is in nobody's way, and here nobody else may look for it
        let_go(session, holder)

    def leave(self) -> None:
        """Wait no more, here and, as far as that goes in a moment, where one contends."""
        release = self.leave_here()
        if release is not None:
            with suppress(MuseCoordError):
                self._place.pass_on([release], self._last_beat, _LEAVING_SECONDS)

    def leave_here(self) -> Release | None:
        """Wait no more, in this clone; who cannot be told hears it by the silence."""
        if self.ticket is None:
            return None
        release = self._release(self.ticket, "abandoned")
        self.ticket = None
        with suppress(MuseCoordError):
            self._session.store.write([release])
        return release

    def _release(self, ticket: Ticket, outcome: str) -> Release:
        return Release(
            run_id=self._request.record.run_id,
            nonce=self._session.nonce(),
            reservation_id=ticket.intent_id,
            outcome=outcome,
            released_at=self._session.time_to_write(),
            expires_at=self._ends,
        )
