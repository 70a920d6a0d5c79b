"""What happened, told from records: who reserved, extended and released what, and what commits had to do with it."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import Heartbeat, Release, Reservation
from git_muse_coord.model.why_ended import LANDED as HAS_LANDED, why_ended
from git_muse_coord.rules.events import EXTENDED, LANDED, RELEASED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId, RunId

RESERVED = "reserved"
MET = "met"
"""A commit changed what its own run holds."""
OVERRIDDEN = "overridden"
"""A commit changed what another run holds."""
CHANGED = "changed"
"""A commit changed a symbol that is followed."""


class PastEvent(NamedTuple):
    """Something that happened: when, what, by whom and to what.

    ``whose`` is the holder where that is another run; ``until`` how far a reservation reaches from then
    on; ``detail`` the operation, the outcome or the kind of change; ``text`` what somebody wrote of it.
    """

    at: datetime
    event: str
    run_id: RunId | None
    addresses: tuple[str, ...] = ()
    reservation_id: RecordId | None = None
    commit: str | None = None
    branch: str | None = None
    whose: RunId | None = None
    until: datetime | None = None
    detail: str | None = None
    text: str | None = None
    from_address: str | None = None
    author: str | None = None


def told_by_records(
    records: Mapping[RecordId, Record],
    subjects: Mapping[RecordId, Reservation],
) -> Iterator[PastEvent]:
    """What some records tell; ``subjects`` are the reservations that they are about, as far as known."""
    for record_id, record in records.items():
        if isinstance(record, Reservation):
            yield _reserved(record_id, record)
        elif isinstance(record, Release):
            subject = subjects.get(record.reservation_id)
            # Who waits in line, and waits no longer, lets go of his place by one, too.
            if subject is not None:
                yield _released(record, subject)
        elif isinstance(record, Heartbeat):
            subject = subjects.get(record.subject)
            # Anybody can write a heartbeat about anything: only the holder's own extend.
            if subject is not None and subject.run_id == record.run_id:
                yield _extended(record, subject)


def latest_first(events: Iterable[PastEvent]) -> list[PastEvent]:
    """Events in the order in which they are told; those that are alike in it stay as git has told them."""
    return sorted(events, key=_place, reverse=True)


def _reserved(record_id: RecordId, record: Reservation) -> PastEvent:
    return PastEvent(
        at=record.created_at,
        event=RESERVED,
        run_id=record.run_id,
        addresses=record.addresses,
        reservation_id=record_id,
        branch=record.branch,
        until=record.expires_at,
        detail=record.operation,
        text=record.reason,
    )


def _extended(record: Heartbeat, subject: Reservation) -> PastEvent:
    return PastEvent(
        at=record.beat_at,
        event=EXTENDED,
        run_id=record.run_id,
        addresses=subject.addresses,
        reservation_id=record.subject,
        branch=subject.branch,
        until=record.expires_at,
    )


def _released(record: Release, subject: Reservation) -> PastEvent:
    why = why_ended(record)
    event = LANDED if why == HAS_LANDED else RELEASED
    is_own = subject.run_id == record.run_id
    return PastEvent(
        at=record.released_at,
        event=event,
        run_id=record.run_id,
        addresses=subject.addresses,
        reservation_id=record.reservation_id,
        branch=subject.branch,
        whose=None if is_own else subject.run_id,
        detail=why or record.outcome,
    )


def _place(event: PastEvent) -> tuple[datetime, str, str]:
    # Git knows the time of a commit to the second, and its order better than that.
    about = event.reservation_id if event.commit is None else None
    return event.at, event.event, about or ""
