"""Use case: say what a run is about to touch, then look who else does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.coordinator.answers.conflict import ConflictDetail, conflict_details, first_of
from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.named_reservations import reservation_ids
from git_muse_coord.coordinator.session import Session, ignored, seconds
from git_muse_coord.coordinator.strict import STRICT_SECONDS, Contest
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model import codec
from git_muse_coord.model.address import Address
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.errors import (
    BadInput,
    Interrupted,
    NotThere,
    RemoteFailed,
    Stopped,
    StoreFailed,
)
from git_muse_coord.model.records import MAX_DEPENDENCIES, OPERATIONS, Reservation, encode
from git_muse_coord.model.results import Dated
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.near import near_paths
from git_muse_coord.rules.waiting import blocked_by
from git_muse_coord.store.records.snapshot import Snapshot

if TYPE_CHECKING:
    from git_muse_coord.source.addressing.resolver import AddressResolver
    from git_muse_coord.store.sync.strict_gate import Gate


@dataclass(kw_only=True, eq=False)
class Unresolved:
    """An address of which the working tree does not have the file, or the file not the symbol (yet), and near names."""

    address: str
    suggestions: tuple[str, ...]


@dataclass(kw_only=True, eq=False)
class ReserveResult(Dated):
    """A reservation and who else is there.

    ``reservation_id`` is null when nothing was stored. ``conflicts`` holds one sentence for each of
    ``conflict_details``; ``blocked_by`` those of ``depends_on`` that are still active.
    """

    reservation_id: str | None
    run_id: str
    branch: str | None
    commit: str | None
    addresses: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    operation: str | None
    reason: str | None
    conflicts: tuple[str, ...]
    conflict_details: tuple[ConflictDetail, ...]
    unresolved: tuple[Unresolved, ...]
    depends_on: tuple[str, ...]
    blocked_by: tuple[str, ...]
    dependency_error: str | None = None


def reserve(
    session: Session,
    addresses: Iterable[str],
    *,
    run_id: str | None = None,
    ttl: int | None = None,
    op: str | None = None,
    depends_on: Sequence[str] = (),
    reason: str | None = None,
    strict: bool = False,
    from_diff: str | None = None,
    local: bool = False,
    dry_run: bool = False,
) -> ReserveResult:
    """Reserve addresses for ``ttl`` seconds (setting muse-coord.ttl, else 3600).

    ``from_diff`` adds what a range of commits changes, or, where it is empty, the index; a file
    whose name is no address is passed over, with a warning. Raises BadInput, with nothing
    stored; Stopped when ``strict`` and another holder has what is asked for, with nothing left
    behind and the conflicts in its ``result``; StoreFailed.
    """
    holder = session.who(run_id)
    life = seconds(session.settings.ttl if ttl is None else ttl, "the time to live")
    if op is not None and op not in OPERATIONS:
        raise BadInput(f"operation {op!r} is not one of {', '.join(OPERATIONS)}")
    resolver = session.resolver()
    named = list(addresses)
    touched, passed_over = _from_diff(session, from_diff, alone=not named)
    # With neither of the two, the resolver says that an address is missing.
    spelt = resolver.resolve(named) if named or not touched else []
    asked = resolver.together(spelt, touched)
    head = session.repository.head()
    now = session.time_to_write()
    record = Reservation(
        run_id=holder,
        nonce=session.nonce(),
        branch=head.branch,
        commit=head.commit,
        addresses=tuple(map(str, asked)),
        operation=op,
        reason=reason,
        depends_on=_dependencies(session, depends_on),
        created_at=now,
        expires_at=now + life,
    )
    # The limits of a record are judged where it is encoded, whoever makes one.
    try:
        reservation_id = codec.content_id(encode(record))
    except InvalidRecord as error:
        raise BadInput(f"the {error}") from None
    unresolved = _unresolved(session, resolver, spelt)
    request = _Request(record, reservation_id, asked, unresolved, passed_over)
    if dry_run:
        return _only_look(session, request, strict=strict)
    if strict:
        return _enter(session, request, local)
    return _store_plainly(session, request, local)


class _Request(NamedTuple):
    record: Reservation
    reservation_id: RecordId
    asked: Sequence[Address]
    unresolved: tuple[Unresolved, ...]
    warnings: list[str]


def _from_diff(
    session: Session,
    revisions: str | None,
    *,
    alone: bool,
) -> tuple[list[Address], list[str]]:
    if revisions is None:
        return [], []
    from git_muse_coord.coordinator.reserve_from_source import from_differences

    return from_differences(session, revisions, alone=alone)


def _dependencies(session: Session, depends_on: Sequence[str]) -> tuple[RecordId, ...]:
    if len(depends_on) > MAX_DEPENDENCIES:
        raise BadInput(f"more than {MAX_DEPENDENCIES:,} dependencies")
    if not depends_on:
        return ()
    try:
        return tuple(sorted(reservation_ids(depends_on, session.store.look())))
    # Not something that has ended, but a mistake in what was asked.
    except NotThere as error:
        raise BadInput(error.message, error.hint) from None


def _unresolved(
    session: Session,
    resolver: AddressResolver,
    asked: Sequence[Address],
) -> tuple[Unresolved, ...]:
    """Those of the addresses that name nothing here, with names that are near."""
    absent = [place for place in asked if not resolver.is_there(place.path)]
    near: dict[Address, tuple[str, ...]] = {}
    if absent:
        tracked = list(resolver.reader.tracked.files)
        for place in absent:
            near[place] = near_paths(place, tracked)
    symbols = [place for place in asked if place.segments and place not in near]
    if symbols:
        # What reads source is loaded only by those who name symbols.
        from git_muse_coord.coordinator.reserve_from_source import near_symbols

        near.update(near_symbols(session, resolver, symbols))
    unresolved: list[Unresolved] = []
    for place in asked:
        if place in near:
            unresolved.append(Unresolved(address=str(place), suggestions=near[place]))
    return tuple(unresolved)


def _only_look(
    session: Session,
    request: _Request,
    *,
    strict: bool,
) -> ReserveResult:
    """What a reservation would meet."""
    snapshot = session.store.look()
    result = _answer(session, request, snapshot)
    result.reservation_id = None
    result.warnings += ignored(snapshot)
    if strict and result.conflicts:
        raise _stopped(result)
    return result


def _enter(
    session: Session,
    request: _Request,
    local: bool,
) -> ReserveResult:
    """Contend at the remote where there is one; else in this clone. Raises RemoteFailed, with nothing stored."""
    from git_muse_coord.store.sync.strict_gate import LocalGate, RemoteGate

    name = None if local else session.remote_name(None)
    if name is None:
        has_remotes = bool(session.settings.remotes)
        return _admit(
            session, request, LocalGate(session.store, session.now, is_shared=has_remotes)
        )
    from git_muse_coord.coordinator.sync import exchange_with
    from git_muse_coord.store.git.patience import Patience

    patience = Patience(STRICT_SECONDS, tell=session.notice)
    with exchange_with(session, name, patience) as exchange:
        return _admit(session, request, RemoteGate(exchange))


def _admit(
    session: Session,
    request: _Request,
    gate: Gate,
) -> ReserveResult:
    """Exactly one of those who race gets in: compare and swap on the epoch, then look once more."""
    contest = Contest(gate, session.store, request.record, request.reservation_id, session.nonce)

    def refuse(snapshot: Snapshot) -> None:
        seen = _answer(session, request, snapshot)
        if seen.conflicts:
            seen.warnings += ignored(snapshot)
            raise _stopped(seen)

    try:
        contest.enter(refuse)
        snapshot, warnings = contest.look_again()
        result = _answer(session, request, snapshot)
        result.warnings += [*keep_up(session, snapshot), *warnings]
        # A plain reservation does not move the epoch, so one can have come in between.
        if result.conflicts:
            result.warnings += contest.take_back()
            raise _stopped(result)
    except KeyboardInterrupt:
        raise contest.interrupted() from None
    except (RemoteFailed, StoreFailed) as error:
        raise contest.failed(error) from None
    return result


def _store_plainly(
    session: Session,
    request: _Request,
    local: bool,
) -> ReserveResult:
    """Write, then look: of two who race at least one sees the other."""
    try:
        session.store.write([request.record])
        warnings = auto_sync(session, request.record.run_id, local)
        snapshot = session.store.look()
    except KeyboardInterrupt:
        # It may have come after the write: what is reserved all the same must be told.
        if not session.store.look().shows([request.reservation_id]):
            raise
        raise Interrupted(
            f"interrupted, but {request.reservation_id} is reserved",
            f"git muse-coord release {request.reservation_id} lets go of it",
        ) from None
    result = _answer(session, request, snapshot)
    result.warnings += [*keep_up(session, snapshot), *warnings]
    return result


def _answer(
    session: Session,
    request: _Request,
    snapshot: Snapshot,
) -> ReserveResult:
    record = request.record
    now = session.now()
    world = snapshot.world_around(request.asked, record.depends_on)
    holdings = Holdings(world.active(now))
    conflicts = holdings.conflicts(request.asked, record.run_id, request.reservation_id)
    details = conflict_details(conflicts, world)
    result = ReserveResult(
        reservation_id=request.reservation_id,
        run_id=record.run_id,
        branch=record.branch,
        commit=record.commit,
        addresses=record.addresses,
        created_at=record.created_at,
        expires_at=record.expires_at,
        operation=record.operation,
        reason=record.reason,
        conflicts=tuple(detail.sentence for detail in details),
        conflict_details=details,
        unresolved=request.unresolved,
        depends_on=record.depends_on,
        blocked_by=tuple(blocked_by(record.depends_on, world, now)),
        warnings=list(request.warnings),
    )
    stay_informed(session, result)
    return result


def _stopped(result: ReserveResult) -> Stopped:
    result.reservation_id = None
    return Stopped(
        f"nothing reserved: {first_of(result.conflicts)}",
        "wait for the holder, or reserve without --strict",
        result,
    )
