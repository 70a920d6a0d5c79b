"""Getting a strict reservation in, unless somebody is in the way who holds what is asked for, or came first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.coordinator.answers.in_the_way import those_ahead
from git_muse_coord.coordinator.answers.reserved import ReserveResult
from git_muse_coord.coordinator.companions import Companions
from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.coordinator.line import view_of_line, without_ticket
from git_muse_coord.coordinator.request import (
    Request,
    answer_request,
    fresh_as_admitted,
    stopped_by_conflict,
)
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.coordinator.strict import Contest
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.errors import RemoteFailed, StoreFailed
from git_muse_coord.store.git.lock import in_turn
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.sync.strict_gate import Entry
from git_muse_coord.store.sync.waiting_room import Seat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from git_muse_coord.coordinator.place import ContestPlace
    from git_muse_coord.model.records import Release
    from git_muse_coord.model.ticket import Ticket
    from git_muse_coord.store.sync.strict_gate import Gate

_TURN_SECONDS = 20.0
_WITHOUT_REMOTE = "to decide it in this clone alone: --local"


def contend(
    session: Session,
    request: Request,
    place: ContestPlace,
    asking: Ticket,
    ends: Sequence[Release] = (),
) -> ReserveResult:
    """Try to get in. What ``ends`` then is stored with the reservation."""
    others: list[Entry] = []
    for part in request.others:
        other = Entry(part.record, part.reservation_id, part.asked)
        others.append(other)
    # Somebody may be in the way of one of them: then none gets in.
    entry = Entry(
        request.record,
        request.reservation_id,
        request.all_asked,
        tuple(others),
        ends,
    )
    with place.gate(entry) as gate:
        return _admit(
            session,
            request,
            place,
            asking,
            gate,
        )


def _admit(
    session: Session,
    request: Request,
    place: ContestPlace,
    asking: Ticket,
    gate: Gate,
) -> ReserveResult:
    """Exactly one of those who race gets in: compare and swap on the epoch, then look once more."""

    def is_behind(entry: Entry, snapshot: Snapshot) -> bool:
        other = asking._replace(
            intent_id=entry.own_id,
            run_id=entry.record.run_id,
            addresses=tuple(entry.addresses),
            depends_on=(),
            number=without_ticket(request).number,
        )
        return bool(view_of_line(session, place, other, snapshot).ahead)

    companions = Companions(place.room, session.now, is_behind)
    contest = Contest(
        gate,
        session.store,
        gate.entry,
        session.nonce,
        companions,
    )

    def as_it_stands(snapshot: Snapshot) -> ReserveResult | None:
        stands = fresh_as_admitted(session, request, snapshot, gate.admits)
        return None if stands is None else answer_request(session, stands, snapshot)

    def refuse(snapshot: Snapshot) -> None:
        seen = answer_request(session, request, snapshot)
        line = view_of_line(session, place, asking, snapshot)
        seen.behind = those_ahead(line.ahead, request.all_asked)
        if seen.conflicts or seen.behind:
            seen.warnings += ignored(snapshot)
            raise stopped_by_conflict(seen)

    try:
        with place.room.seat(gate.entry) as seat:
            reused = _go_in(
                contest,
                seat,
                place.lock,
                refuse,
                as_it_stands,
            )
        if reused is not None:
            return reused
        # By whoever took it along, if not by us.
        session.store.has_written = True
        snapshot, warnings = contest.look_again()
        result = answer_request(session, request, snapshot)
        result.warnings += [*keep_up(session, snapshot), *warnings]
        keep_alive(session, request.record.run_id, snapshot)
        # A plain reservation does not move the epoch, so one can have come in between.
        if result.conflicts:
            result.warnings += contest.take_back()
            raise stopped_by_conflict(result)
    except KeyboardInterrupt:
        raise contest.interrupted() from None
    except (RemoteFailed, StoreFailed) as error:
        way_out = None if place.remote is None else _WITHOUT_REMOTE
        raise contest.failed(error, way_out) from None
    return result


def _go_in(
    contest: Contest,
    seat: Seat,
    lock: str,
    refuse: Callable[[Snapshot], None],
    as_it_stands: Callable[[Snapshot], ReserveResult | None],
) -> ReserveResult | None:
    """Wait for one's turn, and contend, unless somebody takes one along meanwhile."""
    try:
        with in_turn(lock, _TURN_SECONDS, seat.is_in):
            is_in = seat.is_in()
            if seat.leave():
                contest.was_taken_along()
            return None if is_in else contest.enter(refuse, as_it_stands)
    except KeyboardInterrupt:
        if seat.leave():
            contest.was_taken_along()
        raise
