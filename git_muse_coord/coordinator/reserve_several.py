"""Several reservations by one act, one for each operation: all of them are made, or none."""

from __future__ import annotations

from git_muse_coord.coordinator.keep_alive import sign_of_life
from git_muse_coord.coordinator.request import as_far_as_it_stands, as_one_request
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.coordinator.request import Request
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId


def store_together(session: Session, request: Request) -> Request:
    """Write what does not stand already, and extend what does, in one transaction. Returns what stands then."""
    kept = as_far_as_it_stands(session, request, session.store.look())
    _write(session, kept.parts)
    stood: list[RecordId] = []
    for part in kept.parts:
        if part.reused:
            stood.append(part.reservation_id)
    if not stood:
        return kept
    # What stood may have been released at the same moment; then it is made after all.
    snapshot = session.store.look()
    world = snapshot.world(stood)
    now = session.now()
    lost: list[Request] = []
    lasting: list[Request] = []
    for asked, part in zip(request.parts, kept.parts, strict=True):
        if part.reused and not world.is_active(part.reservation_id, now):
            lost.append(asked)
            lasting.append(asked)
        else:
            lasting.append(part)
    _write(session, lost)
    return as_one_request(lasting)


def _write(session: Session, parts: Iterable[Request]) -> None:
    """Store what is new, and signs of life of what is held, all or none."""
    records: list[Record] = []
    for part in parts:
        if not part.reused:
            records.append(part.record)
        elif part.renewed is not None:
            now = session.time_to_write()
            holder = part.record.run_id
            beat = sign_of_life(
                session,
                holder,
                part.reservation_id,
                now,
                part.renewed,
            )
            records.append(beat)
    if records:
        session.store.write(records)
