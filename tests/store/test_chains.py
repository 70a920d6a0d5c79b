"""Reservations that go on in the place of others, for thousands of steps: nobody is stopped by what others wrote."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.codec import content_id
from git_muse_coord.model.continued import CONTINUED_BY
from git_muse_coord.model.records import Record, Release, Reservation, encode
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.following import where_work_goes_on
from tests.tools import Repo

pytestmark = pytest.mark.slow

STEPS = sys.getrecursionlimit() + 100


def chain(session: Session) -> tuple[RecordId, RecordId]:
    """Write a chain; the ids of its first and its last reservation, of which the last is active."""
    now = session.time_to_write()
    ends = now + timedelta(hours=1)
    records: list[Record] = []
    next_id: RecordId | None = None
    last_id: RecordId | None = None
    for step in reversed(range(STEPS)):
        reservation = Reservation(
            run_id=RunId("hostile"),
            nonce=str(step),
            extra={},
            branch=None,
            commit=None,
            addresses=(f"f{step}.py",),
            operation=None,
            reason=None,
            depends_on=(),
            created_at=now,
            expires_at=ends,
        )
        own_id = content_id(encode(reservation))
        records.append(reservation)
        if next_id is not None:
            release = Release(
                run_id=RunId("hostile"),
                nonce=str(step),
                extra={CONTINUED_BY: next_id},
                reservation_id=own_id,
                outcome="done",
                released_at=now,
                expires_at=ends,
            )
            records.append(release)
        last_id = last_id or own_id
        next_id = own_id
    session.store.write(records)
    assert next_id is not None
    assert last_id is not None
    return next_id, last_id


def test_a_chain_is_followed_to_its_end(repo: Repo) -> None:
    first_id, last_id = chain(Session(str(repo.path)))

    mine = repo.json("reserve", "own.py", "--run-id", "me", "--depends-on", first_id)
    near = repo.json("reserve", "f0.py", "--run-id", "me")

    assert mine["depends_on"] == [first_id]
    assert near["conflicts"] == []
    assert repo.muse("status", "--run-id", "me").code == 0
    # what the first one was for is over only when the last in the chain is
    snapshot = Session(str(repo.path)).store.look()
    world = snapshot.world_around(ids=[first_id])
    assert where_work_goes_on(world, Session(str(repo.path)).now()).of(first_id) == last_id
