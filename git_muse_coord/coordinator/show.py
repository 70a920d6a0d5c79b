"""Use case: one record with its state and everything that refers to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter

from git_muse_coord.coordinator.named_reservations import goes_on
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model import ids
from git_muse_coord.model.codec import Json
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import NotThere
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.records import Record, bare, to_json
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.model.wording import short_id
from git_muse_coord.rules.state import World
from git_muse_coord.store.records.snapshot import Snapshot


class Related(Declared):
    """A record that refers to the one that is shown, or that it refers to."""

    id: str
    kind: str
    record: dict[str, Json]


class ShowResult(Result):
    """A record as it is stored. ``state`` is active, released or expired, null for kinds that have none."""

    id: str
    kind: str
    record: dict[str, Json]
    state: str | None
    related: tuple[Related, ...]


def show(session: Session, id: str) -> ShowResult:  # noqa: A002 - named like the argument
    """Show a record of any kind by its id or the start of it. Raises BadInput and NotThere."""
    start = ids.parse_id(id)
    snapshot = session.store.look()
    # Live ones last: what was archived too early, or is being archived now, is both.
    records = {**snapshot.archived(), **snapshot.records()}
    record_id = ids.match_id(start, records)
    if record_id is None:
        raise _not_there(start, snapshot)
    record = records[record_id]
    related = _related(record_id, records)
    return ShowResult(
        id=record_id,
        kind=record.kind,
        record=to_json(record),
        state=_state(record_id, snapshot.world_ever(), session.now()),
        related=tuple(sorted(related, key=attrgetter("kind", "id"))),
        warnings=ignored(snapshot),
    )


def _not_there(start: str, snapshot: Snapshot) -> NotThere:
    # The name of a ref tells an id also where the record in it is of a newer format.
    if any(bare(start) in ref for ref in snapshot.unread):
        return NotThere(
            f"record {short_id(start)} is here, but only a newer version of this program understands it"
        )
    united = snapshot.world().united
    replaced_id = ids.match_id(start, united)
    if replaced_id is not None:
        union_id = united[replaced_id]
        return NotThere(
            goes_on(replaced_id, union_id),
            f"git muse-coord show {short_id(union_id)} shows that",
        )
    return NotThere(
        f"no record {short_id(start)} is known here",
        "git muse-coord list --all shows the reservations",
    )


def _related(shown_id: RecordId, records: Mapping[RecordId, Record]) -> Iterator[Related]:
    shown = records[shown_id]
    for record_id, record in records.items():
        if record_id == shown_id:
            continue
        if refers(record, shown_id) or refers(shown, record_id):
            yield Related(
                id=record_id,
                kind=record.kind,
                record=to_json(record),
            )


def _state(
    record_id: RecordId,
    world: World,
    now: datetime,
) -> str | None:
    if record_id in world.reservations:
        return world.state(record_id, now)
    intent = world.intents.get(record_id)
    if intent is None:
        return None
    if world.is_active_intent(record_id, now):
        return "active"
    # An intent that is part of a reservation ends with it.
    reservation_id = intent.reservation_id
    if reservation_id is not None and world.is_released(reservation_id):
        return "released"
    return "expired"


def refers(record: Record, content_id: str) -> bool:
    """Whether a record names another one in any of its fields."""
    for name, value in to_json(record).items():
        if value == content_id:
            return True
        # Only here does a field hold several ids; a text in which one stands is no reference.
        if name == "depends_on" and content_id in value:
            return True
    return False
