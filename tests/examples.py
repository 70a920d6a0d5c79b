"""One sound record of each kind, all about one piece of work that is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from git_muse_coord.model import codec, records
from git_muse_coord.model.records import (
    Claim,
    Heartbeat,
    Intent,
    Message,
    Outcome,
    Receipt,
    Record,
    Release,
    Reservation,
    Task,
)
from git_muse_coord.model.text_types import RecordId, RunId


def one_of_each(now: datetime) -> dict[str, Record]:
    """The records, by kind. A new kind is added here, with an end an hour after ``now``."""
    return {record.kind: record for record in _work(now)}


def id_of(record: Record) -> str:
    """The id of a record."""
    return codec.content_id(records.encode(record))


def _work(now: datetime) -> Iterator[Record]:
    hour = timedelta(hours=1)
    reservation = Reservation(
        run_id=RunId("a"),
        nonce="1",
        branch="main",
        commit=None,
        addresses=("a.py::f",),
        operation="modify",
        reason=None,
        depends_on=(),
        created_at=now,
        expires_at=now + hour,
    )
    held = id_of(reservation)
    yield reservation
    yield Intent(
        run_id=RunId("a"),
        nonce="2",
        branch="main",
        addresses=("a.py::f",),
        operation="split",
        detail=None,
        reservation_id=RecordId(held),
        created_at=now,
        expires_at=now + hour,
    )
    yield Heartbeat(
        run_id=RunId("a"), nonce="3", subject=RecordId(held), beat_at=now, expires_at=now + 2 * hour
    )
    yield Release(
        run_id=RunId("a"),
        nonce="4",
        reservation_id=RecordId(held),
        outcome="done",
        released_at=now,
        expires_at=now + 2 * hour,
    )
    message = Message(
        run_id=RunId("p"),
        nonce="8",
        to=RunId("a"),
        about=RecordId(held),
        re=None,
        text="Do you still need f?",
        created_at=now,
        expires_at=now + hour,
    )
    yield message
    yield Receipt(
        run_id=RunId("a"),
        nonce="9",
        message_id=RecordId(id_of(message)),
        read_at=now,
        expires_at=now + hour,
    )
    task = Task(
        run_id=RunId("p"),
        nonce="5",
        title="Split f",
        queue="default",
        priority=0,
        payload=None,
        tags=(),
        addresses=("a.py::f",),
        depends_on=(),
        max_attempts=1,
        created_at=now,
    )
    claim = Claim(
        run_id=RunId("a"),
        nonce="6",
        task_id=RecordId(id_of(task)),
        attempt=1,
        reservation_id=RecordId(held),
        claimed_at=now,
        expires_at=now + hour,
    )
    yield task
    yield claim
    yield Outcome(
        run_id=RunId("a"),
        nonce="7",
        claim_id=RecordId(id_of(claim)),
        task_id=RecordId(id_of(task)),
        attempt=1,
        status="completed",
        retry=False,
        result=None,
        error=None,
        ended_at=now,
    )
