"""Taking over from an agent that is dead: real repositories, and processes that race."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.continued import CONTINUED_BY, continued_by
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.records import Release
from git_muse_coord.model.text_types import RecordId, RunId
from tests.docs.test_schemas import answer
from tests.reservations.clock import Clock
from tests.tools import NOON, Repo

F = "src/billing.py::compute_total"
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(repo: Repo, clock: Clock) -> Coordinator:
    return repo.coordinator(clock=clock)


def test_what_was_held_is_mine_and_the_old_one_is_abandoned(
    repo: Repo, session: Coordinator, clock: Clock
) -> None:
    first = session.reserve(["x.py"], run_id="ann").reservation_id or ""
    old = session.reserve([F, "README.md"], run_id="bob", op="rename", depends_on=[first])
    repo.git("switch", "-q", "-c", "topic")
    clock.now += timedelta(minutes=30)

    taken = session.take(old.reservation_id or "", reason="bob crashed", run_id="ann", ttl=60)

    assert (taken.addresses, taken.operation, taken.depends_on) == (
        old.addresses,
        "rename",
        (first,),
    )
    assert (taken.run_id, taken.reason, taken.branch) == ("ann", "bob crashed", "topic")
    assert (taken.created_at, taken.expires_at) == (clock.now, clock.now + timedelta(minutes=1))
    assert (taken.taken_from, taken.taken_from_run_id) == (old.reservation_id, "bob")
    assert taken.last_heard_of == NOON
    assert taken.warnings == []
    active = {held.reservation_id for held in session.list().reservations}
    assert active == {first, taken.reservation_id}
    (shown,) = [one for one in session.show(taken.taken_from).related if one.kind == "release"]
    assert shown.record["outcome"] == "abandoned"
    assert shown.record["run_id"] == "ann"
    assert shown.record[CONTINUED_BY] == taken.reservation_id


def test_who_was_just_heard_of_may_be_at_work(session: Coordinator, clock: Clock) -> None:
    old = session.reserve([F], run_id="bob").reservation_id or ""
    clock.now += timedelta(minutes=30)
    session.heartbeat([old], run_id="bob")
    clock.now += timedelta(minutes=5)

    taken = session.take(old, reason="I am in a hurry", run_id="ann")

    assert taken.warnings == ["run-id 'bob' was heard of 5 min ago: it may be at work"]


def test_others_at_the_same_addresses_are_told_of(session: Coordinator) -> None:
    old = session.reserve([F], run_id="bob").reservation_id or ""
    carols = session.reserve(["src/"], run_id="carol").reservation_id

    taken = session.take(old, reason="dead", run_id="ann")

    assert [one.reservation_id for one in taken.conflict_details] == [carols]


def test_who_waits_for_the_old_one_waits_for_the_new_one(session: Coordinator) -> None:
    old = session.reserve([F], run_id="bob").reservation_id or ""
    waiting = session.reserve(["x.py"], run_id="carol", depends_on=[old]).reservation_id
    taken = session.take(old, reason="dead", run_id="ann").reservation_id or ""

    again = session.reserve(["y.py"], run_id="dora", depends_on=[old])
    assert again.blocked_by == (old,)
    assert waiting in {one.reservation_id for one in session.status(run_id="ann").waiting_for_me}
    ready = session.release([taken], run_id="ann").became_ready
    assert set(ready) == {waiting, again.reservation_id}


def test_the_old_holder_is_told_by_its_next_status_heartbeat_and_commit(repo: Repo) -> None:
    old = repo.reserve(F, "--run-id", "bob")
    kept = repo.reserve("README.md", "--run-id", "bob")
    new = repo.json("take", old, "--reason", "dead", "--run-id", "ann")["reservation_id"]
    took = "run-id 'ann' took over what you held at "

    (ended,) = repo.json("status", "--run-id", "bob")["ended_by_others"]
    assert (ended["reservation_id"], ended["run_id"]) == (old, "ann")
    assert (ended["addresses"], ended["continued_by"]) == ([F], new)
    assert took in repo.muse("status", "--run-id", "bob").out
    beat = repo.muse("heartbeat", old, "--run-id", "bob")
    assert beat.code == 4
    assert re.search(
        rf"was already released by run-id 'ann' at \S+ UTC, and goes on as {new[7:19]}", beat.err
    )
    assert took in repo.json("heartbeat", "--all", "--run-id", "bob")["warnings"][0]
    repo.json("release", kept, "--run-id", "bob")
    alone = repo.muse("heartbeat", "--all", "--run-id", "bob")
    assert alone.code == 4
    assert took in alone.err
    repo.write("src/billing.py", "def compute_total(items):\n    return 1\n")
    repo.git("add", "-A")
    told = repo.json("hook", "pre-commit", "--run-id", "bob")["warnings"]
    assert any(f"run-id 'ann' took over {F} from you at " in warning for warning in told)


def test_status_tells_it_also_when_the_old_one_is_in_the_archive(repo: Repo) -> None:
    clock = Clock()
    session = repo.coordinator(clock=clock)
    old = session.reserve([F], run_id="bob").reservation_id or ""
    session.take(old, reason="dead", run_id="ann")
    clock.now += timedelta(minutes=40)
    session.gc(execute=True)
    assert RecordId(old) not in session.store.look().world().reservations

    assert [one.reservation_id for one in session.status(run_id="bob").ended_by_others] == [old]
    assert session.status(run_id="ann").ended_by_others == ()
    clock.now += timedelta(hours=4)
    assert session.status(run_id="bob").ended_by_others == ()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--run-id", "bob"], 1, "is yours already"),
        (["--run-id", "ann", "--reason", " "], 1, "the reason is empty"),
        (["--run-id", "ann", "--ttl", "0"], 1, "the time to live is 0"),
        (["--run-id", "ann", "--reason", "x" * 5000], 1, "the reason is longer than"),
    ],
)
def test_what_is_no_taking_over_is_refused_and_writes_nothing(
    repo: Repo, options: list[str], code: int, said: str
) -> None:
    old = repo.reserve(F, "--run-id", "bob")
    before = repo.refs("refs/")

    ran = repo.muse("take", old, "--reason", "dead", *options)

    assert ran.code == code
    assert said in ran.err
    assert repo.refs("refs/") == before


def test_what_is_over_is_not_taken(session: Coordinator, clock: Clock) -> None:
    old = session.reserve([F], run_id="bob").reservation_id or ""
    released = session.reserve(["x.py"], run_id="bob").reservation_id or ""
    session.release([released], run_id="bob")
    clock.now += HOUR

    with pytest.raises(NotThere, match="has expired, so nobody holds that") as expired:
        session.take(old, reason="dead", run_id="ann")
    assert expired.value.hint == f"git muse-coord reserve {F}"
    with pytest.raises(NotThere, match="was already released by run-id 'bob'"):
        session.take(released, reason="dead", run_id="ann")
    with pytest.raises(NotThere, match="is known here"):
        session.take("abcdef0123", reason="dead", run_id="ann")
    with pytest.raises(BadInput, match="is not an id"):
        session.take("src/billing.py", reason="dead", run_id="ann")


def test_the_answers_have_the_shape_of_the_schema(repo: Repo) -> None:
    old = repo.reserve(F, "--run-id", "bob")

    assert answer(repo, "take", old, "--reason", "dead", "--run-id", "ann")["taken_from"] == old
    answer(repo, "take", old, "--reason", "dead", "--run-id", "ann", code=4)


_ACT = """
import sys
from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.errors import MuseCoordError

verb, path, id, run_id = sys.argv[1:]
coordinator = Coordinator(path)
sys.stdin.readline()
try:
    if verb == "take":
        print(coordinator.take(id, reason="dead", run_id=run_id).reservation_id)
    else:
        print(*coordinator.release([id], run_id=run_id).released)
except MuseCoordError as error:
    print(error.exit_code)
"""


def race(path: Path, acts: list[tuple[str, str]], reservation_id: str) -> list[str]:
    """Let processes act on one reservation at the same moment; what each of them says."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _ACT, verb, str(path), reservation_id, run_id],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for verb, run_id in acts
    ]
    for process in started:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate()[0].strip() for process in started]


@pytest.mark.slow
def test_of_a_release_and_three_who_take_at_once_exactly_one_gets_through(repo: Repo) -> None:
    acts = [("take", "ann"), ("release", "bob"), ("take", "carol"), ("take", "dora")]
    for _ in range(6):
        old = repo.reserve(F, "--run-id", "bob", "--new")

        told = race(repo.path, acts, old)

        (through,) = [said for said in told if said != "4"]
        assert repo.held() == ([] if through == old else [through])
        repo.muse("release", through, "--force")
    assert repo.bad() == {}


def a_release(**extra: Any) -> Release:
    return Release(
        run_id=RunId("a"),
        nonce="n",
        reservation_id=RecordId("sha256:" + "1" * 64),
        outcome="done",
        released_at=NOON,
        expires_at=NOON + HOUR,
        extra=extra,
    )


@pytest.mark.parametrize("value", [None, 7, "", "sha256:zz", ["sha256:" + "2" * 64], {"a": 1}])
def test_what_a_forger_puts_in_the_place_of_an_id_is_none(value: Any) -> None:
    assert continued_by(a_release(**{CONTINUED_BY: value})) is None


def test_releases_that_lead_in_a_circle_end_nowhere(repo: Repo) -> None:
    ids = [repo.reserve(f"{name}.py", "--run-id", "bob") for name in "ab"]
    for old, new in (ids, reversed(ids)):
        forged = a_release(**{CONTINUED_BY: new})
        facts = {**vars(forged), "reservation_id": RecordId(old)}
        repo.plant_record(Release(**facts))

    waiting = repo.json("reserve", "x.py", "--depends-on", ids[0])

    assert waiting["blocked_by"] == []
    assert json.dumps(repo.json("dag"))


def test_the_graph_has_what_goes_on_in_the_place_of_what_was_taken(repo: Repo) -> None:
    first = repo.reserve("a.py", "--run-id", "ann")
    dead = repo.reserve("b.py", "--run-id", "bob", "--depends-on", first)
    waiting = repo.reserve("c.py", "--run-id", "carl", "--depends-on", dead)
    words = ("take", dead, "--run-id", "eve", "--reason", "bob is gone")
    taken = repo.json(*words)["reservation_id"]

    graph = repo.json("dag")

    states = {node["reservation_id"]: node["state"] for node in graph["nodes"]}
    assert states == {first: "ready", dead: "done", taken: "blocked", waiting: "blocked"}
    assert graph["critical_path"] == [first, taken, waiting]
    about_the_old = repo.json("dag", "--for", dead)["nodes"]
    assert [node["reservation_id"] for node in about_the_old] == [first, taken, waiting]
    repo.json("release", first, "--run-id", "ann")
    ready = repo.json("dag", "--ready")["nodes"]
    assert [node["reservation_id"] for node in ready] == [taken]


def test_nothing_waits_for_itself_in_the_graph(repo: Repo) -> None:
    old = repo.reserve("a.py", "--run-id", "bob")
    new = repo.reserve("b.py", "--run-id", "bob", "--depends-on", old)
    facts = {**vars(a_release(**{CONTINUED_BY: new})), "reservation_id": RecordId(old)}
    repo.plant_record(Release(**facts))

    graph = repo.json("dag")

    assert graph["edges"] == []
    assert graph["order"] == [new]
