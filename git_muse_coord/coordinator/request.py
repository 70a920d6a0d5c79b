"""What is asked for when something is to be reserved, what is answered, and what is there already."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.reserved import ReserveResult, told_together
from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.reuse import what_stands
from git_muse_coord.model.errors import Stopped
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.rules.conflicts import Holdings

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import datetime

    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.coordinator.answers.reserved import Unresolved
    from git_muse_coord.coordinator.reuse import Standing
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.conflicts import Conflict
    from git_muse_coord.rules.state import World
    from git_muse_coord.store.records.snapshot import Snapshot


class Request(NamedTuple):
    """What is to be reserved, checked: the record, and what is known of it before anything is written.

    ``ends`` is when it will end, ``warnings`` what is to be told of it. ``reused``: the record is not
    new, the run holds it already, and ``renewed`` is when it is to end from now on, where that moves.
    ``others`` are reserved by the same act: all or none.
    """

    record: Reservation
    reservation_id: RecordId
    asked: Sequence[Address]
    ends: datetime
    unresolved: tuple[Unresolved, ...] = ()
    warnings: Sequence[str] = ()
    may_reuse: bool = False
    reused: bool = False
    renewed: datetime | None = None
    others: tuple[Request, ...] = ()

    @property
    def parts(self) -> list[Request]:
        """What is asked for, each reservation by itself."""
        return [self._replace(others=()), *self.others]

    @property
    def all_asked(self) -> list[Address]:
        """The addresses of all parts."""
        asked: list[Address] = []
        for part in self.parts:
            asked += part.asked
        return asked

    def reusing(self, stands: Standing, ends: datetime) -> Request:
        """The request, with what stands already in the place of a new record."""
        return self._replace(
            record=stands.record,
            reservation_id=stands.reservation_id,
            ends=ends,
            reused=True,
            renewed=stands.renewed,
        )


def as_one_request(parts: Sequence[Request]) -> Request:
    """What is asked for by one act, as one request."""
    first, *others = parts
    return first._replace(others=tuple(others))


def standing_for(
    session: Session,
    request: Request,
    snapshot: Snapshot,
    admitted: Container[RecordId] | None = None,
) -> Standing | None:
    """What the run holds already that makes a new record needless, if it may."""
    if not request.may_reuse:
        return None
    return what_stands(session, request.record, snapshot, admitted)


def as_far_as_it_stands(
    session: Session,
    request: Request,
    snapshot: Snapshot,
) -> Request:
    """The request, with what the run holds already in the place of new records, part by part."""
    parts: list[Request] = []
    for part in request.parts:
        stands = standing_for(session, part, snapshot)
        if stands is not None:
            ends = stands.renewed or stands.ends
            part = part.reusing(stands, ends)
        parts.append(part)
    return as_one_request(parts)


def fresh_as_admitted(
    session: Session,
    request: Request,
    snapshot: Snapshot,
    admitted: Container[RecordId],
) -> Request | None:
    """What the run holds already, admitted as the only one and with nothing to be extended; None unless that is all."""
    parts: list[Request] = []
    for part in request.parts:
        stands = standing_for(session, part, snapshot, admitted)
        # A heartbeat is not contended for, so what wants one contends anew.
        if stands is None or stands.renewed is not None:
            return None
        standing = part.reusing(stands, stands.ends)
        parts.append(standing)
    return as_one_request(parts)


def answer_as_it_stands(
    session: Session,
    request: Request,
    snapshot: Snapshot,
) -> ReserveResult | None:
    """The answer with what the run holds already, where it does."""
    stands = standing_for(session, request, snapshot)
    if stands is None:
        return None
    standing = request.reusing(stands, stands.ends)
    return answer_request(session, standing, snapshot)


def answer_request(
    session: Session,
    request: Request,
    snapshot: Snapshot,
) -> ReserveResult:
    """What is reserved, or would be, and what of others' it meets."""
    answers: list[ReserveResult] = []
    for part in request.parts:
        answer = _answer(session, part, snapshot)
        answers.append(answer)
    result = answers[0]
    if request.others:
        result = told_together(answers)
    stay_informed(session, result)
    return result


def _answer(
    session: Session,
    request: Request,
    snapshot: Snapshot,
) -> ReserveResult:
    record = request.record
    now = session.now()
    world = snapshot.world_around(request.asked, record.depends_on)
    holdings = Holdings(world.active(now))
    conflicts = holdings.conflicts(request.asked, record.run_id, request.reservation_id)
    details = _details(session, record.run_id, list(conflicts), world)
    return ReserveResult(
        reservation_id=request.reservation_id,
        run_id=record.run_id,
        branch=record.branch,
        commit=record.commit,
        addresses=record.addresses,
        created_at=record.created_at,
        expires_at=request.ends,
        operation=record.operation,
        reason=record.reason,
        conflicts=tuple(detail.sentence for detail in details),
        conflict_details=details,
        unresolved=request.unresolved,
        depends_on=record.depends_on,
        blocked_by=_blocked_by(record, world, now),
        reused=request.reused,
        warnings=list(request.warnings),
        reservation_ids=(request.reservation_id,),
    )


def _details(
    session: Session,
    holder: RunId,
    conflicts: Sequence[Conflict],
    world: World,
) -> tuple[ConflictDetail, ...]:
    # mostly there are none, and what would tell them is not even loaded
    if not conflicts:
        return ()
    from git_muse_coord.coordinator.answers.conflict import conflict_details
    from git_muse_coord.coordinator.kin import with_kin

    with_who_is_kin = with_kin(session, holder, conflicts)
    return conflict_details(with_who_is_kin, world)


def _blocked_by(
    record: Reservation,
    world: World,
    now: datetime,
) -> tuple[RecordId, ...]:
    # hardly any waits for others
    if not record.depends_on:
        return ()
    from git_muse_coord.rules.following import where_work_goes_on
    from git_muse_coord.rules.waiting import blocked_by

    return tuple(blocked_by(record.depends_on, where_work_goes_on(world, now)))


def stopped_by_conflict(result: ReserveResult) -> Stopped:
    """The answer of a strict reservation that was to have nobody in its way, and does."""
    result.store_nothing()
    return Stopped(
        f"nothing reserved: {in_the_way(result)}",
        "wait for it with --wait, or reserve without --strict",
        result,
    )


def in_the_way(result: ReserveResult) -> str:
    """Who is in the way, in one line: whoever holds what is asked for, else whoever came first."""
    if not result.conflict_details:
        return result.behind[0].sentence
    from git_muse_coord.coordinator.answers.conflict import in_short

    return in_short(result.conflict_details)
