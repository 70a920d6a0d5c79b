"""Use case: one record with its state and everything that refers to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model import ids
from git_muse_coord.model.codec import Json
from git_muse_coord.model.errors import NotThere
from git_muse_coord.model.records import Record, bare, to_json
from git_muse_coord.model.results import Result
from git_muse_coord.rules.state import World


@dataclass(kw_only=True, eq=False)
class Related:
    """A record that refers to the one that is shown, or that it refers to."""

    id: str
    kind: str
    record: dict[str, Json]


@dataclass(kw_only=True, eq=False)
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
    records = {**snapshot.archived(), **snapshot.records()}
    found = ids.match_id(start, records)
    if found is None:
        if any(bare(start) in ref for ref in snapshot.unread):
            raise NotThere(
                f"record {start} is here, but only a newer version of this program understands it"
            )
        raise NotThere(
            f"no record {start} is known here",
            "git muse-coord list --all shows the reservations",
        )
    world = snapshot.world_ever()
    shown = records[found]
    related = [
        Related(id=one, kind=record.kind, record=to_json(record))
        for one, record in records.items()
        if one != found and (refers(record, found) or refers(shown, one))
    ]
    return ShowResult(
        id=found,
        kind=shown.kind,
        record=to_json(shown),
        state=_state(found, world, session.now()),
        related=tuple(sorted(related, key=lambda one: (one.kind, one.id))),
        warnings=ignored(snapshot),
    )


def _state(found: str, world: World, now: datetime) -> str | None:
    if found in world.reservations:
        return world.state(found, now)
    if found not in world.intents:
        return None
    if world.is_active_intent(found, now):
        return "active"
    subject = world.intents[found].reservation_id
    return "released" if subject is not None and world.is_released(subject) else "expired"


def refers(record: Record, content_id: str) -> bool:
    """Whether a record names another one in any of its fields."""
    return any(
        value == content_id or (name == "depends_on" and content_id in value)
        for name, value in to_json(record).items()
    )
