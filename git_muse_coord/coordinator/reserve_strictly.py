"""Reserving what nobody else may have: at the remote where there is one, else in this clone."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.answers.reserved import ReserveResult
from git_muse_coord.coordinator.companions import Companions
from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.coordinator.request import (
    Request,
    answer_request,
    fresh_as_admitted,
    stopped_by_conflict,
)
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.coordinator.strict import STRICT_SECONDS, Contest
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.errors import RemoteFailed, StoreFailed
from git_muse_coord.store.git.lock import in_turn
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.sync.waiting_room import Seat, WaitingRoom

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_muse_coord.store.sync.strict_gate import Entry, Gate

_TURN_SECONDS = 20.0


def reserve_strictly(
    session: Session,
    request: Request,
    local: bool,
) -> ReserveResult:
    """Contend at the remote where there is one; else in this clone.

    Raises Stopped when another holder has what is asked for, and RemoteFailed, with nothing stored.
    """
    from git_muse_coord.store.sync.strict_gate import Entry

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
    )
    name = None if local else session.remote_name(None)
    if name is None:
        from git_muse_coord.store.sync.local_gate import LocalGate

        has_remotes = bool(session.settings.remotes)
        here = LocalGate(session.store, entry, session.now, is_shared=has_remotes)
        return _admit(session, request, entry, here, "here")
    from git_muse_coord.coordinator.sync import exchange_with
    from git_muse_coord.store.git.patience import Patience
    from git_muse_coord.store.sync.remote_gate import RemoteGate

    patience = Patience(STRICT_SECONDS, tell=session.notice)
    with exchange_with(session, name, patience) as exchange:
        there = RemoteGate(exchange, entry)
        address = exchange.remote.address.encode("utf-8", "surrogateescape")
        return _admit(session, request, entry, there, f"{zlib.crc32(address):08x}")


def _admit(
    session: Session,
    request: Request,
    entry: Entry,
    gate: Gate,
    place: str,
) -> ReserveResult:
    """Exactly one of those who race gets in: compare and swap on the epoch, then look once more.

    ``place`` tells apart where those of this clone contend.
    """
    lock = session.repository.own_file(f"strict-{place}/lock")
    room = WaitingRoom(os.path.dirname(lock))
    companions = Companions(room, session.now)
    contest = Contest(gate, session.store, entry, session.nonce, companions)

    def as_it_stands(snapshot: Snapshot) -> ReserveResult | None:
        stands = fresh_as_admitted(session, request, snapshot, gate.admits)
        return None if stands is None else answer_request(session, stands, snapshot)

    def refuse(snapshot: Snapshot) -> None:
        seen = answer_request(session, request, snapshot)
        if seen.conflicts:
            seen.warnings += ignored(snapshot)
            raise stopped_by_conflict(seen)

    try:
        with room.seat(entry) as seat:
            reused = _go_in(contest, seat, lock, refuse, as_it_stands)
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
        raise contest.failed(error) from None
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
