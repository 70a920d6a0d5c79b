"""Waiting in line for a strict reservation, until nothing is in the way of it any more."""

from __future__ import annotations

import time

from git_muse_coord.coordinator.answers.in_the_way import (
    Blocker,
    WaitEvent,
    circle_sentence,
    those_ahead,
)
from git_muse_coord.coordinator.contend import contend
from git_muse_coord.coordinator.line import view_of_line, without_ticket
from git_muse_coord.coordinator.presence import Presence
from git_muse_coord.coordinator.request import answer_request, as_one_request, in_the_way
from git_muse_coord.coordinator.vigil import Vigil
from git_muse_coord.model.codec import content_id
from git_muse_coord.model.errors import (
    Interrupted,
    MuseCoordError,
    NotThere,
    RemoteFailed,
    Stopped,
)
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import Reservation, encode

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from git_muse_coord.coordinator.answers.reserved import ReserveResult
    from git_muse_coord.coordinator.line import LineView
    from git_muse_coord.coordinator.place import ContestPlace
    from git_muse_coord.coordinator.request import Request
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.ticket import Ticket


class WaitTerms(NamedTuple):
    """For how many seconds to wait, and who is told of it: at each change, and about each second."""

    seconds: float
    tell: Callable[[WaitEvent], None]


def wait_in_line(
    session: Session,
    request: Request,
    place: ContestPlace,
    terms: WaitTerms,
) -> ReserveResult:
    """Get in as soon as nobody is in the way who holds it, or came before.

    Raises NotThere when the time is over, Stopped where all in a circle would wait for ever and this
    one came last, RemoteFailed where the remote is not heard of any more.
    """
    waiter = _Waiter(session, request, place, terms)
    try:
        return waiter.get_in()
    except BaseException as error:
        # whoever ends us waits for no remote
        is_ended = isinstance(error, Interrupted) or not isinstance(error, MuseCoordError)
        if is_ended:
            waiter.presence.leave_here()
        else:
            waiter.presence.leave()
        raise


class _Waiter:
    def __init__(
        self,
        session: Session,
        request: Request,
        place: ContestPlace,
        terms: WaitTerms,
    ) -> None:
        self.presence = Presence(session, request, place)
        self._session = session
        self._request = request
        self._place = place
        self._terms = terms
        self._vigil = Vigil(session, place, self.presence, terms.seconds)

    def get_in(self) -> ReserveResult:
        """Try at once, and else take a ticket and wait for one's turn."""
        # mostly nobody is there, and no ticket is ever taken
        try:
            return self._try()
        except Stopped:
            ticket = self.presence.join()
        while True:
            self._vigil.note()
            seen, line = self._look(ticket)
            if not line.is_in_line:
                # what got in was taken back for somebody in between, or one slept through one's own end
                ticket = self.presence.join()
                continue
            if not seen.conflicts and not seen.behind:
                result = self._try_again(ticket)
                if result is not None:
                    return result
            elif line.circle:
                raise _stopped_by_circle(seen, line)
            elif self._vigil.is_over():
                raise _over(seen, self._terms)
            self._rest(seen)

    def _rest(self, seen: ReserveResult) -> None:
        """Rest until something may have changed, and meanwhile say for whom one waits."""

        def tell() -> None:
            self._terms.tell(self._event("waiting", seen))

        self._vigil.rest(len(seen.behind), tell)

    def _try_again(self, ticket: Ticket) -> ReserveResult | None:
        """Get in; None where somebody is in the way all the same, or the remote cannot be asked just now."""
        try:
            result = self._try()
        except Stopped:
            return None
        except RemoteFailed as error:
            self._vigil.bear(error)
            return None
        result.ticket = ticket.number
        self._terms.tell(self._event("ready", result))
        return result

    def _try(self) -> ReserveResult:
        request = self._request_now()
        ticket = self.presence.ticket or without_ticket(request)
        result = contend(
            self._session,
            request,
            self._place,
            ticket,
            self.presence.ends(),
        )
        if result.reused:
            # the run has had it from elsewhere meanwhile
            self.presence.leave()
        self.presence.ticket = None
        return result

    def _look(self, ticket: Ticket) -> tuple[ReserveResult, LineView]:
        """Who is in the way, by what is known here."""
        snapshot = self._session.store.look()
        seen = answer_request(self._session, self._request_now(), snapshot)
        seen.store_nothing()
        line = view_of_line(self._session, self._place, ticket, snapshot)
        seen.behind = those_ahead(line.ahead, ticket.addresses)
        seen.ticket = ticket.number
        return seen, line

    def _request_now(self) -> Request:
        """What is asked for as of now: what one waited for lasts as long as if one had not waited."""
        now = self._session.time_to_write()
        return as_one_request([_as_of(now, part, self._session) for part in self._request.parts])

    def _event(self, what: str, seen: ReserveResult) -> WaitEvent:
        blockers: list[Blocker] = []
        for detail in seen.conflict_details:
            blocker = Blocker(
                run_id=detail.run_id,
                address=detail.held_address,
                reservation_id=detail.reservation_id,
            )
            blockers.append(blocker)
        for earlier in seen.behind:
            blockers.append(
                Blocker(
                    run_id=earlier.run_id,
                    address=earlier.address,
                    ticket=earlier.ticket,
                )
            )
        return WaitEvent(
            event=what,
            run_id=self._request.record.run_id,
            addresses=seen.addresses,
            ticket=seen.ticket,
            since=self._request.record.created_at,
            seconds=int(time.monotonic() - self._vigil.began),
            waits_for=tuple(blockers),
        )


def _as_of(
    now: datetime,
    part: Request,
    session: Session,
) -> Request:
    facts = vars(part.record)
    ends = now + (part.record.expires_at - part.record.created_at)
    facts = {
        **facts,
        "nonce": session.nonce(),
        "created_at": now,
        "expires_at": ends,
    }
    record = Reservation(**facts)
    return part._replace(
        record=record,
        reservation_id=content_id(encode(record)),
        ends=ends,
    )


def _stopped_by_circle(seen: ReserveResult, line: LineView) -> Stopped:
    return Stopped(
        f"nothing reserved: all would wait for ever: {circle_sentence(line.circle)}",
        "let go of what others wait for, then ask again",
        seen,
    )


def _over(seen: ReserveResult, terms: WaitTerms) -> NotThere:
    return NotThere(
        f"nothing reserved within {terms.seconds:g} s: {in_the_way(seen)}",
        "wait longer, or talk to whoever is in the way",
        seen,
    )
