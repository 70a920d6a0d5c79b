"""Use case: say what a run is about to touch, then look who else does."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.reserved import Unresolved
from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.coordinator.operations import shares, targets
from git_muse_coord.coordinator.request import (
    Request,
    answer_as_it_stands,
    answer_request,
    as_far_as_it_stands,
    as_one_request,
    stopped_by_conflict,
)
from git_muse_coord.coordinator.reuse import extend_what_stands
from git_muse_coord.coordinator.session import checked_id, ignored
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.errors import BadInput, Interrupted, NotThere
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import MAX_DEPENDENCIES, Reservation
from git_muse_coord.model.wording import short_id

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Mapping,
        Sequence,
    )
    from typing import Any

    from git_muse_coord.coordinator.answers.in_the_way import WaitEvent
    from git_muse_coord.coordinator.answers.reserved import ReserveResult
    from git_muse_coord.coordinator.operations import Operations, Target
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.coordinator.wait import WaitTerms
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.source.addressing.resolver import AddressResolver
    from git_muse_coord.store.records.snapshot import Snapshot


def reserve(
    session: Session,
    addresses: Iterable[str],
    *,
    run_id: str | None = None,
    ttl: int | None = None,
    op: Operations = None,
    depends_on: Sequence[str] = (),
    reason: str | None = None,
    strict: bool = False,
    wait: float | None = None,
    on_wait: Callable[[WaitEvent], None] = lambda _: None,
    from_diff: str | None = None,
    worktree: bool = False,
    new: bool = False,
    local: bool = False,
    dry_run: bool = False,
) -> ReserveResult:
    """Reserve addresses for ``ttl`` seconds (setting muse-coord.ttl, else 3600).

    ``op`` says what is to be done to them, or, as ``OPERATION=ADDRESS``, to one of them: then there
    is a reservation for each operation, and all are made or none.

    Where the run holds the very same already, on the same branch, that is extended and no second
    one is made, unless ``new``. A shorter ``ttl`` shortens nothing.

    ``wait`` implies ``strict``: for at most so many seconds (``math.inf`` for as long as it takes) it
    waits in line until nobody is in the way; ``on_wait`` is told of it at each change, and about
    each second. Raises NotThere when the time is over, and Stopped, too, where those who wait for
    each other would do so for ever.

    ``from_diff`` adds what a range of commits changes, or, where it is empty, the index, or with
    ``worktree`` the working tree; a file whose name is no address is passed over, with a warning.

    Raises BadInput, with nothing stored; Stopped when ``strict`` and another holder has what is
    asked for, with nothing left behind and the conflicts in its ``result``; StoreFailed.
    """
    life = session.life(ttl)
    asked_for = shares(addresses, op)
    resolver = session.resolver()
    is_alone = not any(share.texts for share in asked_for)
    touched, passed_over = _from_diff(
        session,
        from_diff,
        alone=is_alone,
        worktree=worktree,
    )
    wanted = targets(resolver, asked_for, touched)
    head = session.repository.head()
    now = session.time_to_write()
    waits_for = _dependencies(session, depends_on)
    holder = session.who_reads(run_id) if dry_run else session.who_writes(run_id)
    # One act: all that is made by it has one time and one end.
    common: dict[str, Any] = {
        "run_id": holder,
        "branch": head.branch,
        "commit": head.commit,
        "reason": reason,
        "depends_on": waits_for,
        "created_at": now,
        "expires_at": now + life,
    }
    parts: list[Request] = []
    for target in wanted:
        part = _part(session, resolver, common, target)
        parts.append(part._replace(may_reuse=not new, warnings=passed_over))
    request = as_one_request(parts)
    is_strict = strict or wait is not None
    if dry_run:
        return _only_look(session, request, strict=is_strict)
    if is_strict:
        from git_muse_coord.coordinator.reserve_strictly import reserve_strictly

        terms = _terms(wait, on_wait)
        return reserve_strictly(session, request, local, terms)
    return _reuse(session, request, local) or _store_plainly(session, request, local)


def _terms(wait: float | None, on_wait: Callable[[WaitEvent], None]) -> WaitTerms | None:
    if wait is None:
        return None
    from git_muse_coord.coordinator.wait import WaitTerms

    return WaitTerms(wait, on_wait)


def _part(
    session: Session,
    resolver: AddressResolver,
    common: Mapping[str, Any],
    target: Target,
) -> Request:
    """One reservation that is asked for; ``common`` are the fields in which all are alike. Raises BadInput."""
    record = Reservation(
        nonce=session.nonce(),
        addresses=tuple(map(str, target.asked)),
        operation=target.operation,
        **common,
    )
    reservation_id = checked_id(record)
    # What a difference touches is there; what somebody types may not be.
    unresolved = _unresolved(session, resolver, target.spelt)
    return Request(
        record,
        reservation_id,
        target.asked,
        record.expires_at,
        unresolved,
    )


def _from_diff(
    session: Session,
    revisions: str | None,
    *,
    alone: bool,
    worktree: bool,
) -> tuple[list[Address], list[str]]:
    if worktree and revisions != "":
        raise BadInput(
            "--worktree goes with --from-diff without a RANGE",
            "a RANGE compares commits, --worktree the files as they are",
        )
    if revisions is None:
        return [], []
    from git_muse_coord.coordinator.reserve_from_source import from_differences

    return from_differences(
        session,
        revisions,
        alone=alone,
        worktree=worktree,
    )


def _dependencies(session: Session, depends_on: Sequence[str]) -> tuple[RecordId, ...]:
    if len(depends_on) > MAX_DEPENDENCIES:
        raise BadInput(f"more than {MAX_DEPENDENCIES:,} dependencies")
    if not depends_on:
        return ()
    from git_muse_coord.coordinator.named_reservations import reservation_ids

    snapshot = session.store.look()
    try:
        named = reservation_ids(depends_on, snapshot)
    # Not something that has ended, but a mistake in what was asked.
    except NotThere as error:
        raise BadInput(error.message, error.hint) from None
    return tuple(sorted(named))


def _unresolved(
    session: Session,
    resolver: AddressResolver,
    asked: Sequence[Address],
) -> tuple[Unresolved, ...]:
    """Those of the addresses that name nothing here, with names that are near."""
    absent = [place for place in asked if not resolver.is_there(place.path)]
    near: dict[Address, tuple[str, ...]] = {}
    if absent:
        from git_muse_coord.rules.near import near_paths

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
        if place not in near:
            continue
        absent_address = Unresolved(address=str(place), suggestions=near[place])
        unresolved.append(absent_address)
    return tuple(unresolved)


def _only_look(
    session: Session,
    request: Request,
    *,
    strict: bool,
) -> ReserveResult:
    """What a reservation would meet."""
    snapshot = session.store.look()
    # Whether a strict one was admitted is known where it contends, and nobody is asked here.
    if not strict:
        request = as_far_as_it_stands(session, request, snapshot)
    result = answer_request(session, request, snapshot)
    result.store_nothing()
    result.warnings += ignored(snapshot)
    if strict and result.conflicts:
        raise stopped_by_conflict(result)
    return result


def _reuse(
    session: Session,
    request: Request,
    local: bool,
) -> ReserveResult | None:
    """Extend what stands already. None: there is nothing of that kind, or it was released meanwhile."""
    if request.others or not request.may_reuse:
        return None
    if not extend_what_stands(session, request.record):
        return None
    warnings = auto_sync(session, request.record.run_id, local)
    snapshot = session.store.look()
    result = answer_as_it_stands(session, request, snapshot)
    if result is not None:
        result.warnings += _look_after(session, request, snapshot, local)
        result.warnings += warnings
    return result


def _store_plainly(
    session: Session,
    request: Request,
    local: bool,
) -> ReserveResult:
    """Write, then look: of two who race at least one sees the other."""
    try:
        request, warnings = _store(session, request, local)
        snapshot = session.store.look()
    except KeyboardInterrupt:
        # It may have come after the write: what is reserved all the same must be told.
        ids: list[RecordId] = []
        for part in request.parts:
            if not part.reused:
                ids.append(part.reservation_id)
        from git_muse_coord.store.records.shown import shows

        if not shows(session.store.look(), ids):
            raise
        made = " ".join(map(short_id, ids))
        raise Interrupted(
            f"interrupted, but {made} is reserved",
            f"git muse-coord release {made} lets go of it",
        ) from None
    result = answer_request(session, request, snapshot)
    result.warnings += _look_after(session, request, snapshot, local)
    result.warnings += warnings
    return result


def _store(
    session: Session,
    request: Request,
    local: bool,
) -> tuple[Request, list[str]]:
    """Write a reservation, or several in one transaction. Returns what stands then, and warnings of a sync."""
    if request.others:
        from git_muse_coord.coordinator.reserve_several import store_together

        request = store_together(session, request)
    else:
        session.store.write([request.record])
    return request, auto_sync(session, request.record.run_id, local)


def _look_after(
    session: Session,
    request: Request,
    snapshot: Snapshot,
    local: bool,
) -> list[str]:
    """Keep alive what else the run holds, and the clone in order. Returns warnings."""
    warnings = keep_up(session, snapshot)
    holder = request.record.run_id
    # What was written before is at the remote by now, so others would not hear of these till later.
    if keep_alive(session, holder, snapshot):
        warnings += auto_sync(session, holder, local)
    return warnings
