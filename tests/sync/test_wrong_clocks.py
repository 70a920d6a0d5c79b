"""A clock that is wrong for a while loses nothing that is unfinished, and deletes nothing by mistake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.errors import RemoteFailed, Stopped
from git_muse_coord.model.names import ARCHIVE
from git_muse_coord.model.records import Release
from git_muse_coord.rules.lifetime import Limits, is_clock_behind
from git_muse_coord.store.records.revival import REVIVED_MOST
from tests.sync.hubs import EVERYTHING, Hub, plant_records
from tests.sync.test_gc import active
from tests.tools import Repo, a_reservation

pytestmark = pytest.mark.slow

START = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def at(clone: Repo, after: timedelta = timedelta()) -> Coordinator:
    return clone.coordinator(clock=lambda: START + after)


def reserve(clone: Repo, *addresses: str, run_id: str = "a", ttl: int = 3600) -> str:
    made = at(clone).reserve(addresses, run_id=run_id, ttl=ttl).reservation_id
    assert made
    return made


def sync_twice(*clones: Repo) -> None:
    for clone in (*clones, *clones):
        at(clone).sync()


def test_what_a_fast_clock_cleared_comes_back_from_its_archive(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, fast = clones
    held = reserve(one, "a.py")
    at(one).heartbeat([held], run_id="a", extension=7200)
    intent = at(one).intent(["a.py"], run_id="a", op="modify", reservation_id=held).intent_id
    at(one).sync()
    done = at(fast, DAY).gc(execute=True, remote=True)
    assert done.deleted_remotely == 3
    assert hub.refs() == {}

    fresh = hub.clone("fresh")
    told = at(fresh).sync()
    assert any("3 unfinished records are live again" in warning for warning in told.warnings)
    assert active(fresh, 1.5 * HOUR) == [held]
    assert len(hub.refs()) == 3
    with pytest.raises(Stopped):
        at(fresh).reserve(["a.py"], run_id="b", strict=True)
    sync_twice(one, fast, fresh)
    for clone in (one, fast, fresh):
        assert active(clone, timedelta()) == [held]
        assert clone.refs() == hub.refs()
        assert clone.json("show", str(intent))["kind"] == "intent"


def test_who_asks_strictly_sees_what_a_fast_clock_cleared_without_a_sync_before(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, fast = clones
    reserve(one, "a.py")
    at(one).sync()
    at(fast, DAY).gc(execute=True, remote=True)

    fresh = hub.clone("fresh")
    assert fresh.muse("reserve", "a.py", "--run-id", "b", "--strict").code == 2


def test_a_clock_that_was_fast_for_a_while_loses_nothing_of_its_own(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    fast, other = clones
    held = reserve(fast, "a.py")
    at(fast, DAY).gc(execute=True)
    assert fast.refs() == {}

    at(fast).gc(execute=True)
    assert active(fast, timedelta()) == [held]
    sync_twice(fast, other)
    assert active(other, timedelta()) == [held]


def test_what_was_released_by_a_fast_clock_is_released_for_all(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    fast, other = clones
    held = reserve(fast, "a.py")
    sync_twice(fast, other)
    at(fast, DAY).release([held], run_id="a")
    at(fast, DAY).gc(execute=True)
    assert active(other, timedelta()) == [held]

    sync_twice(fast, other)
    assert active(other, timedelta()) == active(fast, timedelta()) == []
    assert f"refs/muse/{Release.folder}/{held[7:]}" in hub.refs()


def test_what_is_finished_does_not_come_back(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, fast = clones
    released = reserve(one, "released.py", ttl=10 * 86_400)
    later = reserve(one, "later.py", ttl=10 * 86_400)
    over = reserve(one, "over.py", ttl=60)
    at(one, timedelta(minutes=1)).release([released], run_id="a")
    at(one).sync()
    at(fast, 20 * DAY).gc(execute=True, remote=True)
    assert hub.refs() == {}

    at(one).release([later], run_id="a")  # nobody else knows of it yet
    fresh = hub.clone("fresh")
    at(fresh, HOUR).sync()
    assert active(fresh, HOUR) == [later]
    for _ in range(2):
        at(one, HOUR).sync()
        at(fresh, HOUR).sync()
    assert active(fresh, HOUR) == active(one, HOUR) == []
    assert f"refs/muse/{Release.folder}/{later[7:]}" in hub.refs()
    assert over not in active(fresh, timedelta(minutes=5))


def test_a_forged_archive_cannot_fill_the_live_refs(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, fast = clones
    many = [
        a_reservation(f"{n}.py", created_at=START, expires_at=START + HOUR, nonce=str(n))
        for n in range(REVIVED_MOST + 10)
    ]
    plant_records(fast.path, many)
    at(fast, DAY).gc(execute=True)
    fast.git("push", "-q", "origin", f"{ARCHIVE}:{ARCHIVE}")

    at(one).sync(fetch_only=True)
    assert len(one.refs()) <= 2 * REVIVED_MOST


def ahead(run_ids: str, by: timedelta) -> list[object]:
    return [
        a_reservation("a.py", run_id=run_id, created_at=START + by, expires_at=START + by + HOUR)
        for run_id in run_ids
    ]


@pytest.mark.parametrize(
    ("runs", "by", "expected"),
    [
        ("abc", HOUR, True),
        ("ab", HOUR, False),
        ("aaaa", HOUR, False),
        ("abc", timedelta(minutes=14), False),
        ("abc", -DAY, False),
    ],
)
def test_three_runs_in_the_future_prove_a_wrong_clock(
    runs: str, by: timedelta, expected: bool
) -> None:
    assert is_clock_behind(ahead(runs, by), START, Limits()) is expected  # type: ignore[arg-type]


def test_only_the_newest_record_of_a_run_counts() -> None:
    known = [*ahead("abc", -DAY), *ahead("abc", HOUR)]
    assert is_clock_behind(known, START, Limits())  # type: ignore[arg-type]


def test_by_a_clock_that_others_prove_wrong_nothing_is_deleted(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, slow = clones
    past = [a_reservation("old.py", created_at=START - 3 * DAY, expires_at=START - 3 * DAY + HOUR)]
    plant_records(one.path, past)
    for run_id in "abc":
        reserve(one, f"{run_id}.py", run_id=run_id)
    one.git("push", "-q", "origin", EVERYTHING)
    before = hub.refs("refs/")

    with pytest.raises(RemoteFailed, match="the clock here seems to be wrong"):
        at(slow, -DAY).gc(execute=True, remote=True)
    assert hub.refs("refs/") == before
    assert at(slow).gc(execute=True, remote=True).deleted_remotely == 1


def test_one_forged_record_from_the_future_stops_nobody(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    far = START + 30 * DAY
    plant_records(one.path, [
        a_reservation("old.py", created_at=START - 3 * DAY, expires_at=START - 3 * DAY + HOUR),
        a_reservation("forged.py", created_at=far, expires_at=far + HOUR),
    ])  # fmt: skip
    one.git("push", "-q", "origin", EVERYTHING)

    assert at(two).gc(execute=True, remote=True).deleted_remotely == 1
