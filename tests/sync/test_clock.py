"""A clock that is out of all bounds keeps us from writing what nobody would read, and from clearing all there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.errors import BadInput
from tests.sync.hubs import Hub

WRONG = [
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2200, 1, 1, 0, 0, 1, tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
]
WRITING: dict[str, Callable[[Coordinator, str], object]] = {
    "reserve": lambda here, _: here.reserve(["b.py"], run_id="a"),
    "reserve strict": lambda here, _: here.reserve(["b.py"], run_id="a", strict=True),
    "release": lambda here, held: here.release([held], run_id="a"),
    "heartbeat": lambda here, held: here.heartbeat([held], run_id="a"),
    "intent": lambda here, _: here.intent(["b.py"], op="modify", run_id="a"),
    "intent of a reservation": lambda here, held: here.intent([], op="modify", reservation_id=held),
    "sync": lambda here, _: here.sync(),
    "gc": lambda here, _: here.gc(execute=True),
    "gc at the remote": lambda here, _: here.gc(execute=True, remote=True),
}


@pytest.mark.parametrize("now", WRONG, ids=str)
def test_with_a_wrong_clock_nothing_is_written_and_everything_can_be_read(
    hub: Hub, now: datetime
) -> None:
    one = hub.clone("one")
    held = one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    before = one.refs("refs/"), hub.refs("refs/")
    here = one.coordinator(clock=lambda: now)

    for verb, write in WRITING.items():
        with pytest.raises(
            BadInput, match=f"clock of this machine says {now.date().isoformat()}"
        ) as told:
            write(here, held)
        assert told.value.hint == "set it right; nothing was written", verb
    assert (one.refs("refs/"), hub.refs("refs/")) == before
    assert [one.reservation_id for one in here.list(all=True).reservations] == [held]
    assert here.gc().dry_run
    here.status()
    here.dag()


@pytest.mark.parametrize(
    "now", [datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)], ids=str
)
def test_within_the_bounds_any_clock_will_do(hub: Hub, now: datetime) -> None:
    one = hub.clone("one")
    here = one.coordinator(clock=lambda: now)

    held = here.reserve(["a.py"], run_id="a", ttl=31_536_000).reservation_id

    assert [one.reservation_id for one in here.list().reservations] == [held]


def test_what_would_end_beyond_the_bounds_is_refused_in_one_line(hub: Hub) -> None:
    here = hub.clone("one").coordinator(clock=lambda: datetime(2199, 12, 31, 23, 30, tzinfo=UTC))
    held = here.reserve(["a.py"], run_id="a", ttl=600).reservation_id
    assert held

    for write in (WRITING["reserve"], WRITING["heartbeat"], WRITING["intent"]):
        with pytest.raises(BadInput, match="expires_at is not between 2000 and 2200"):
            write(here, held)
