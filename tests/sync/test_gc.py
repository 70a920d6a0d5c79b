"""What is past its time moves to the archive, is still found there, and never comes back to life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model import codec, records
from git_muse_coord.model.names import ARCHIVE
from git_muse_coord.model.records import Heartbeat, Outcome, Release, Reservation, Task
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.lifetime import Limits
from git_muse_coord.rules.state import World
from tests.docs.test_schemas import answer
from tests.examples import one_of_each
from tests.sync.hubs import EVERYTHING, Hub, plant_records
from tests.tools import Repo, a_reservation

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)
LIMITS = Limits()
GRACE, SKEW = LIMITS.grace, LIMITS.skew
START = datetime.now(UTC).replace(microsecond=0)


def at(clone: Repo, after: timedelta) -> Coordinator:
    """The library in a clone, some time after the start."""
    return clone.coordinator(clock=lambda: START + after)


def reserve(clone: Repo, *addresses: str, after: timedelta = timedelta(), **options: Any) -> str:
    made = at(clone, after).reserve(addresses, run_id="a", **options).reservation_id
    assert made
    return made


def active(clone: Repo, after: timedelta) -> list[str]:
    return [one.reservation_id for one in at(clone, after).list().reservations]


def lines(clone: Repo) -> list[bytes]:
    paths = clone.git("ls-tree", "-r", "--name-only", ARCHIVE).split()
    return [
        line.encode()
        for path in paths
        for line in clone.git("show", f"{ARCHIVE}:{path}").split("\n")
    ]


def test_without_execute_nothing_changes_here_or_there(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    old = one.coordinator(clock=lambda: START - timedelta(days=1))
    old.reserve(["a.py"], run_id="a", ttl=60)
    one.git("push", "-q", "origin", EVERYTHING)
    one.reserve("b.py", "--run-id", "a")
    before = one.refs("refs/"), hub.refs("refs/")

    told = answer(one, "gc")
    assert (told["archived"], told["deleted"], told["kept"], told["dry_run"]) == (1, 1, 1, True)
    assert answer(one, "gc", "--remote")["dry_run"] is True
    assert (one.refs("refs/"), hub.refs("refs/")) == before
    assert "Nothing was changed" in one.muse("gc").out


def test_each_step_happens_in_its_time(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    held = reserve(one, "a.py", ttl=3600)
    at(one, timedelta()).sync()
    at(two, timedelta()).sync()

    assert active(one, HOUR - timedelta(seconds=1)) == [held]
    assert active(one, HOUR) == []
    assert at(one, HOUR + GRACE).gc(execute=True, remote=True).archived == 0
    done = at(one, HOUR + GRACE + timedelta(seconds=1)).gc(execute=True, remote=True)
    assert (done.archived, done.deleted, done.deleted_remotely) == (1, 1, 0)
    assert one.refs() == {}
    assert at(one, HOUR + 2 * GRACE + SKEW).gc(execute=True, remote=True).deleted_remotely == 0
    assert len(hub.refs()) == 1
    assert (
        at(one, HOUR + 2 * GRACE + SKEW + timedelta(seconds=1))
        .gc(execute=True, remote=True)
        .deleted_remotely
        == 1
    )
    assert hub.refs() == {}
    assert hub.refs(ARCHIVE) == one.refs(ARCHIVE)
    told = at(two, HOUR + 3 * GRACE).sync()
    assert (told.fetched, told.pushed) == ({}, {})
    assert two.refs() == hub.refs() == {}
    assert two.refs(ARCHIVE) == one.refs(ARCHIVE)


def test_a_record_past_its_grace_is_not_pushed(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    reserve(one, "a.py", ttl=60)

    done = at(one, HOUR).sync()
    assert (done.pushed, done.archived) == ({}, 1)
    assert hub.refs() == {}


def test_what_is_archived_is_still_found(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    first = one.coordinator(clock=lambda: START - timedelta(days=2)).reserve(
        ["a.py"], run_id="a", ttl=60
    )
    other = one.reserve("c.py", "--run-id", "a")
    one.json("release", other, "--run-id", "a", "--outcome", "abandoned")
    later = one.reserve("b.py", "--run-id", "a", "--depends-on", str(first.reservation_id))
    assert one.json("gc", "--execute")["archived"] >= 1
    assert not any(str(first.reservation_id).endswith(ref.rsplit("/", 1)[1]) for ref in one.refs())

    assert first.reservation_id in one.held("--all")
    assert first.reservation_id not in one.held()
    shown = one.json("show", str(first.reservation_id)[7:20])
    assert (shown["state"], shown["record"]["addresses"]) == ("expired", ["a.py"])
    assert later in [related["id"] for related in shown["related"]]
    states = {node["reservation_id"]: node["state"] for node in one.json("dag")["nodes"]}
    assert states == {str(first.reservation_id): "done", later: "ready"}
    again = one.json("reserve", "d.py", "--run-id", "a", "--depends-on", str(first.reservation_id))
    assert again["blocked_by"] == []
    assert one.json("list")["reservations"][0]["reservation_id"] == later
    assert one.json("fsck")["bad"] == []
    one.sound()


def test_a_released_one_goes_early_and_its_release_stays_until_the_end(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    held = reserve(one, "a.py", ttl=36_000)
    at(one, timedelta()).sync()
    at(one, HOUR).release([held], run_id="a")
    release = f"refs/muse/releases/{held[7:]}"

    done = at(one, HOUR + GRACE + timedelta(seconds=1)).gc(execute=True, remote=True)
    assert (done.archived, done.deleted, done.deleted_remotely) == (2, 1, 1)
    assert set(one.refs()) == set(hub.refs()) == {release}
    end = 10 * HOUR + 2 * GRACE + SKEW
    at(one, end).gc(execute=True, remote=True)
    assert set(hub.refs()) == {release}
    at(one, end + timedelta(seconds=1)).gc(execute=True, remote=True)
    assert hub.refs() == one.refs() == {}
    assert one.json("show", held)["state"] == "released"


def test_a_clone_that_was_away_for_a_week_brings_nothing_back(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    week = timedelta(days=7)
    expired = reserve(one, "expired.py", ttl=60)
    released = reserve(one, "released.py", ttl=30 * 86400)
    task = Task(
        run_id=RunId("a"), nonce="n", title="t", queue="q", priority=0, payload=None, tags=(),
        addresses=(), depends_on=(), max_attempts=1, created_at=START,
    )  # fmt: skip
    task_id = one.plant_record(task)
    at(one, timedelta()).sync()
    at(two, timedelta()).sync()
    everything = two.refs()
    at(one, HOUR).release([released], run_id="a")
    ended = Outcome(
        run_id=RunId("a"), nonce="n", claim_id=RecordId(f"sha256:{'c' * 64}"), task_id=RecordId(task_id),
        attempt=1, status="completed", retry=False, result=None, error=None, ended_at=START,
    )  # fmt: skip
    one.plant_record(ended)
    at(one, HOUR).sync()
    at(one, week + HOUR).gc(execute=True, remote=True)
    assert set(hub.refs()) == {f"refs/muse/releases/{released[7:]}"}

    assert two.refs() == everything
    two.git("push", "-q", "origin", EVERYTHING)
    one.git("fetch", "-q", "origin", EVERYTHING)
    assert active(one, week + HOUR) == []
    for clone in (one, two, one, two):
        at(clone, week + HOUR).sync()
        assert active(clone, week + HOUR) == []
    assert set(one.refs()) == set(two.refs()) == {f"refs/muse/releases/{released[7:]}"}
    at(one, week + HOUR).gc(execute=True, remote=True)
    assert set(hub.refs()) == {f"refs/muse/releases/{released[7:]}"}
    held = at(one, week + HOUR).list(all=True).reservations
    assert {row.reservation_id: row.state for row in held} == {
        expired: "expired",
        released: "released",
    }
    assert one.json("show", task_id)["kind"] == "task"


def test_an_archived_release_counts_when_its_reservation_comes_back_by_plain_push(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    held = reserve(one, "a.py", ttl=3600)
    at(one, timedelta()).sync()
    at(two, timedelta()).sync()
    at(two, timedelta(minutes=5)).heartbeat([held], run_id="a", extension=30 * 86400)
    at(one, timedelta(minutes=10)).release([held], run_id="a")
    day = timedelta(days=1)
    at(one, day).gc(execute=True, remote=True)
    assert hub.refs() == {}

    two.git("push", "-q", "origin", EVERYTHING)
    one.git("fetch", "-q", "origin", EVERYTHING)
    assert active(one, day) == []
    for clone in (two, one, two):
        at(clone, day).sync()
        assert active(clone, day) == []


def test_a_clone_that_kept_extending_while_away_is_seen_again(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    held = reserve(two, "a.py", ttl=3600)
    at(two, timedelta()).sync()
    at(one, timedelta()).sync()
    for times in range(1, 35):
        at(two, times * timedelta(minutes=50)).heartbeat([held], run_id="a")
    late = 28 * HOUR + timedelta(minutes=57)
    at(one, late).gc(execute=True, remote=True)
    assert one.refs() == hub.refs() == {}

    at(two, late).sync()
    assert active(two, late) == [held]
    at(one, late).sync()
    assert active(one, late) == [held]
    assert one.refs() == two.refs() == hub.refs()
    end = 30 * HOUR + 3 * GRACE
    for clone in (one, two):
        at(clone, end).gc(execute=True, remote=True)
    assert hub.refs() == one.refs() == two.refs() == {}


@pytest.mark.parametrize("first", ["heartbeats", "reservations"])
def test_a_reservation_comes_back_also_when_it_and_its_heartbeat_arrive_apart(
    hub: Hub, clones: tuple[Repo, Repo], first: str
) -> None:
    one, two = clones
    held = reserve(two, "a.py", ttl=3600)
    at(two, timedelta()).sync()
    at(one, timedelta()).sync()
    at(two, timedelta(minutes=55)).heartbeat([held], run_id="a", extension=86400)
    late = 3 * HOUR
    at(one, late).gc(execute=True, remote=True)
    second = "reservations" if first == "heartbeats" else "heartbeats"

    for kind in (first, second):
        two.git("push", "-q", "origin", f"refs/muse/{kind}/*:refs/muse/{kind}/*")
        at(one, late).sync()
    assert active(one, late) == [held]


def test_only_the_last_heartbeat_stays_here_and_there(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    held = reserve(one, "a.py")
    for minutes in range(5):
        at(one, timedelta(minutes=minutes)).heartbeat([held], run_id="a")
        at(one, timedelta(minutes=minutes)).sync()
        at(two, timedelta(minutes=minutes)).sync()
        for place in (one, two, hub):
            assert sum("heartbeats" in ref for ref in place.refs()) == 1
    assert one.refs() == two.refs() == hub.refs()


def test_heartbeats_that_plain_git_piled_up_are_cleared(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    held = reserve(one, "a.py")
    for minutes in range(4):
        beat = Heartbeat(
            run_id=RunId("a"), nonce=str(minutes), subject=RecordId(held), beat_at=START + timedelta(minutes=minutes),
            expires_at=START + HOUR + timedelta(minutes=minutes),
        )  # fmt: skip
        one.plant_record(beat)
    one.git("push", "-q", "origin", EVERYTHING)
    two.git("fetch", "-q", "origin", EVERYTHING)

    done = at(two, timedelta(minutes=5)).gc(execute=True, remote=True)
    assert (done.archived, done.deleted, done.deleted_remotely) == (0, 3, 3)
    assert len(hub.refs()) == len(two.refs()) == 2
    assert at(two, timedelta(minutes=5)).list().reservations[
        0
    ].effective_expires_at == START + HOUR + timedelta(minutes=3)


def test_of_two_heartbeats_that_reach_equally_far_one_stays(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    held = reserve(one, "a.py", ttl=60)
    one.git("push", "-q", "origin", EVERYTHING)
    two.git("fetch", "-q", "origin", EVERYTHING)
    for clone in clones:
        at(clone, timedelta(seconds=30)).heartbeat([held], run_id="a")
        clone.git("push", "-q", "origin", EVERYTHING)
    one.git("fetch", "-q", "origin", EVERYTHING)

    for clone in (one, two):
        at(clone, timedelta(minutes=30)).gc(execute=True, remote=True)
        assert active(clone, timedelta(minutes=30)) == [held]
    at(one, timedelta(minutes=30)).sync()
    assert one.refs() == two.refs() == hub.refs()
    assert len(hub.refs()) == 2


def old_reservations(number: int, nonce: str = "") -> list[Reservation]:
    return [
        a_reservation(
            f"{n}.py",
            nonce=f"{nonce}{n}",
            created_at=START - timedelta(days=1 + n % 3),
            expires_at=START - timedelta(days=1 + n % 3) + HOUR,
        )
        for n in range(number)
    ]


def test_equal_sets_give_equal_trees_in_whatever_order_they_meet(hub: Hub) -> None:
    sets = [old_reservations(7, nonce) for nonce in "abc"]
    trees = []
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        clone = hub.clone(f"order-{order[0]}")
        for place in order:
            plant_records(clone.path, sets[place])
            assert clone.json("gc", "--execute")["archived"] == 7
        trees.append(clone.git("rev-parse", f"{ARCHIVE}^{{tree}}"))
    assert len(set(trees)) == 1


def test_archives_of_clones_unite_into_the_same_tree(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    wanted = set()
    for clone in clones:
        many = old_reservations(20, clone.path.name)
        wanted |= {records.encode(record) for record in many}
        plant_records(clone.path, many)
        clone.json("gc", "--execute")
    for clone in (one, two, one, two):
        clone.git("push", "-q", "origin", EVERYTHING)
        clone.json("sync", "--gc")
    first = hub.refs(ARCHIVE)
    for clone in (one, two):
        clone.json("sync", "--gc")
    assert hub.refs(ARCHIVE) == first
    assert {clone.git("rev-parse", f"{ARCHIVE}^{{tree}}") for clone in (one, two)} == {
        hub.git("rev-parse", f"{ARCHIVE}^{{tree}}")
    }
    assert set(lines(one)) == wanted
    assert len(lines(one)) == len(wanted)


def test_segments_hold_at_most_a_thousand_sorted_records_of_their_day(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    many = [
        a_reservation(
            f"{n}.py", created_at=START - timedelta(days=3), expires_at=START - timedelta(days=2)
        )
        for n in range(2100)
    ]
    wanted = plant_records(one.path, many)

    assert one.json("gc", "--execute")["archived"] == 2100
    paths = one.git("ls-tree", "-r", "--name-only", ARCHIVE).split()
    assert paths == [
        f"{START - timedelta(days=3):%Y-%m-%d}/{number:04}.jsonl" for number in range(3)
    ]
    sizes = [len(one.git("show", f"{ARCHIVE}:{path}").split("\n")) for path in paths]
    assert sizes == [1000, 1000, 100]
    ids = [codec.content_id(line) for line in lines(one)]
    assert ids == sorted(wanted)
    assert one.refs() == {}


def test_an_archive_with_lines_that_are_no_records_is_read_all_the_same(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    good = old_reservations(3, "good")
    text = b"".join(
        [
            b"garbage\n\n",
            *(records.encode(record) + b"\n" for record in good),
            b'{"a":1}\n',
            b"\xff\xfe",
        ]
    )
    blob = hub.git("hash-object", "-w", "--stdin", given=text)
    day = hub.git("mktree", given=f"100644 blob {blob}\t0000.jsonl\n".encode())
    top = hub.git("mktree", given=f"040000 tree {day}\t2026-03-18\n".encode())
    identity = ("-c", "user.name=x", "-c", "user.email=x")
    hub.git("update-ref", ARCHIVE, hub.git(*identity, "commit-tree", "-m", "evil", top))
    for clone in (one, two):
        plant_records(clone.path, old_reservations(2, clone.path.name))
        clone.json("gc", "--execute")
        clone.json("sync")
        assert len(clone.held("--all")) == 5
        clone.sound()


def test_a_sync_clears_by_itself_above_the_limit(
    hub: Hub, clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = clones
    monkeypatch.setattr("git_muse_coord.coordinator.sync.WARN_LIVE", 3)
    monkeypatch.setattr("git_muse_coord.coordinator.sync.INSIST_LIVE", 10)
    monkeypatch.setattr("git_muse_coord.coordinator.sync.CLEARED_MOST", 5)
    for number in range(4):
        reserve(one, f"live{number}.py", ttl=86400)
    plant_records(one.path, old_reservations(4))
    one.git("push", "-q", "origin", EVERYTHING)

    told = at(one, timedelta()).sync()
    assert told.deleted == 0
    assert any("live records" in warning for warning in told.warnings)
    plant_records(one.path, old_reservations(4, "more"))
    one.git("push", "-q", "origin", EVERYTHING)
    assert at(one, timedelta()).sync().deleted == 5
    assert len(hub.refs()) == 7
    assert at(one, timedelta()).sync(gc=True).deleted == 3
    assert len(hub.refs()) == 4


def test_a_sync_that_cannot_clear_warns_and_is_done(
    hub: Hub, clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = clones
    hub.git("config", "receive.advertiseAtomic", "false")
    monkeypatch.setattr("git_muse_coord.coordinator.sync.INSIST_LIVE", 2)
    plant_records(one.path, old_reservations(4))
    one.git("push", "-q", "origin", EVERYTHING)
    one.reserve("new.py", "--run-id", "a")

    told = answer(one, "sync")
    assert told["pushed"] == {"reservations": 1}
    assert any("not cleared" in warning and "atomic" in warning for warning in told["warnings"])
    assert one.muse("sync", "--gc").code == 5


def test_many_loose_refs_are_packed(
    clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = clones
    monkeypatch.setattr("git_muse_coord.store.records.sweep.LOOSE_MOST", 10)
    for number in range(12):
        one.reserve(f"{number}.py", "--run-id", "a")
    one.json("sync")
    two.json("sync")

    for clone in clones:
        assert not [path for path in (clone.git_dir / "refs/muse").rglob("*") if path.is_file()]
        assert len(clone.held()) == 12


def test_fewer_loose_refs_are_packed_where_no_git_is_at_work(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("git_muse_coord.store.records.sweep.LOOSE_AT_REST", 2)
    held = [repo.reserve(f"{number}.py", "--run-id", "a") for number in range(3)]
    loose = repo.git_dir / "refs/muse/reservations"
    lock = repo.git_dir / "index.lock"
    lock.touch()

    repo.muse("gc", "--execute")
    assert len(list(loose.iterdir())) == 3

    lock.unlink()
    repo.muse("gc", "--execute")
    assert not [path for path in loose.parent.rglob("*") if path.is_file()]
    assert sorted(repo.held()) == sorted(held)


def test_the_grace_is_a_setting(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    reserve(one, "a.py", ttl=60)
    one.git("config", "muse-coord.gcGrace", "10")

    assert at(one, timedelta(seconds=70)).gc(execute=True).archived == 0
    assert at(one, timedelta(seconds=71)).gc(execute=True).archived == 1


def test_how_long_a_finished_task_stays_is_a_setting(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    work = one_of_each(START)
    plant_records(one.path, [work[kind] for kind in ("task", "claim", "outcome")])
    one.git("config", "muse-coord.taskRetention", "60")

    assert at(one, timedelta(seconds=60)).gc(execute=True).archived == 0
    assert at(one, timedelta(seconds=61)).gc(execute=True).archived == 3


@pytest.mark.parametrize(
    "order", [lambda beats: beats, lambda beats: beats[::-1]], ids=["one way", "other way"]
)
def test_of_heartbeats_of_equal_reach_no_two_make_each_other_superfluous(
    order: Callable[[list[Heartbeat]], list[Heartbeat]],
) -> None:
    beats = order(
        [
            Heartbeat(
                run_id=RunId("a"),
                nonce=n,
                subject=RecordId(f"sha256:{'a' * 64}"),
                beat_at=START,
                expires_at=START + HOUR,
            )
            for n in "xyz"
        ]
    )
    world = World.of({codec.content_id(records.encode(beat)): beat for beat in beats})

    gone = {one for beat in beats for one in world.dominated(beat)}
    assert len(gone) == 2


def test_a_release_is_at_the_remote_before_what_it_ends_goes(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    held = reserve(one, "a.py", ttl=36_000)
    at(one, timedelta()).sync()
    at(two, timedelta()).sync()
    at(one, HOUR).release([held], run_id="a")

    at(one, 2 * HOUR).gc(execute=True, remote=True)
    assert set(hub.refs()) == {f"refs/muse/{Release.folder}/{held[7:]}"}
    two.git("fetch", "-q", "origin", EVERYTHING)
    assert active(two, 2 * HOUR) == []
