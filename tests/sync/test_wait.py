"""Waiting for a strict reservation, with real processes: in line, until it is free, and never for ever."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from git_muse_coord.coordinator.answers.in_the_way import WaitEvent
from git_muse_coord.model.errors import NotThere
from git_muse_coord.model.records import Heartbeat, Intent
from git_muse_coord.model.text_types import RecordId, RunId
from tests.sync.hubs import Hub
from tests.tools import Repo

pytestmark = pytest.mark.slow

LONG = 60.0


class Waiter:
    """A process that waits for an address, and what it has said so far."""

    def __init__(self, clone: Repo, run_id: str, *more: str) -> None:
        line = ["reserve", "--run-id", run_id, "--json", *more]
        self.run_id = run_id
        self.process = subprocess.Popen(
            [sys.executable, "-m", "git_muse_coord", *line],
            cwd=clone.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[dict[str, Any]] = []

    def hear(self) -> dict[str, Any]:
        """The next line that it says."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        said: dict[str, Any] = json.loads(line)
        self.said.append(said)
        return said

    def behind(self, *runs: str) -> Waiter:
        """Hear of it that it waits for these, and for nobody else."""
        while True:
            said = self.hear()
            assert said.get("event") == "waiting", said
            if {one["run_id"] for one in said["waits_for"]} == set(runs):
                return self

    def end(self, code: int = 0) -> dict[str, Any]:
        """Its last line."""
        while "last" in self.hear():
            pass
        out, err = self.process.communicate()
        assert (self.process.returncode, out) == (code, ""), err
        return self.said[-1]


@contextmanager
def waiters() -> Iterator[list[Waiter]]:
    """Those who wait in a test; who is left is killed."""
    started: list[Waiter] = []
    yield started
    for waiter in started:
        waiter.process.kill()
        waiter.process.communicate()


@pytest.fixture
def crowd() -> Iterator[list[Waiter]]:
    with waiters() as started:
        yield started


def waits(crowd: list[Waiter], clone: Repo, run_id: str, *more: str) -> Waiter:
    waiter = Waiter(clone, run_id, "--strict", "--wait", *more)
    crowd.append(waiter)
    return waiter


def tickets(place: Repo | Hub) -> int:
    """How many tickets there are that nobody has given back."""
    refs = place.refs()
    intents = [ref for ref in refs if ref.startswith("refs/muse/intents/")]
    return sum(ref.replace("/intents/", "/releases/") not in refs for ref in intents)


def test_the_second_has_it_when_the_first_lets_go_and_a_third_stays_behind(
    repo: Repo, crowd: list[Waiter]
) -> None:
    first = repo.json("reserve", "a.py", "--run-id", "a", "--strict", "--wait")
    b = waits(crowd, repo, "b", "a.py").behind("a")
    c = waits(crowd, repo, "c", "a.py::f").behind("a", "b")
    status = repo.json("status", "--run-id", "a")
    assert [one["run_id"] for one in status["in_line"]] == ["b", "c"]
    assert "  b: a.py since" in repo.muse("status", "--run-id", "a").out

    repo.json("release", first["reservation_id"], "--run-id", "a")
    got = b.end()
    assert (got["ticket"], got["exit_code"]) == (1, 0)
    assert [said.get("event") for said in b.said[-2:]] == ["ready", None]
    c.behind("b")
    assert repo.held() == [got["reservation_id"]]
    repo.json("release", got["reservation_id"], "--run-id", "b")
    assert c.end()["ticket"] == 2
    assert tickets(repo) == 0
    repo.sound()


def test_who_does_not_wait_passes_nobody_who_does(repo: Repo, crowd: list[Waiter]) -> None:
    repo.reserve("a.py", "b.py", "--run-id", "a")
    waits(crowd, repo, "b", "a.py", "c.py").behind("a")

    ran = repo.muse("reserve", "c.py", "--strict", "--run-id", "c")
    assert ran.code == 2
    assert "run-id 'b' waits for c.py" in ran.err
    told = repo.json("reserve", "c.py", "--strict", "--run-id", "c", code=2)
    assert [one["run_id"] for one in told["behind"]] == ["b"]
    assert told["reservation_id"] is None
    # whoever asks for something else, or holds what is waited for, is not behind anybody
    assert repo.muse("reserve", "d.py", "--strict", "--run-id", "c").code == 0
    assert repo.muse("reserve", "c.py", "--strict", "--run-id", "a").code == 0


def test_of_three_who_would_wait_for_ever_the_last_gives_up_and_names_all(
    repo: Repo, crowd: list[Waiter]
) -> None:
    for run in "abc":
        repo.reserve(f"{run}.py", "--run-id", run)
    waits(crowd, repo, "a", "b.py").behind("b")
    waits(crowd, repo, "b", "c.py").behind("c")

    told = waits(crowd, repo, "c", "a.py").end(code=2)
    assert (
        "'c' waits for 'a' (a.py), 'a' waits for 'b' (b.py), 'b' waits for 'c' (c.py)"
        in told["error"]["message"]
    )
    assert tickets(repo) == 2
    repo.json("release", "--all", "--run-id", "c")
    assert crowd[1].end()["run_id"] == "b"


def test_a_dependency_closes_a_circle_too(repo: Repo, crowd: list[Waiter]) -> None:
    held = repo.reserve("a.py", "--run-id", "a")
    repo.reserve("b.py", "--run-id", "b", "--depends-on", held)

    told = waits(crowd, repo, "a", "b.py").end(code=2)
    assert "'a' waits for 'b' (b.py), 'b' depends on 'a'" in told["error"]["message"]


def test_who_waited_long_enough_goes_and_leaves_nothing(repo: Repo) -> None:
    repo.reserve("a.py", "--run-id", "a")

    ran = repo.muse("reserve", "a.py", "--wait=1", "--run-id", "b")
    assert ran.code == 4
    assert "nothing reserved within 1 s: 1 conflict with run-id 'a'" in ran.err
    assert "waiting for 'a' (a.py) ..." in ran.err
    assert tickets(repo) == 0


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "99999999999"])
def test_what_is_no_time_to_wait_is_refused(repo: Repo, value: str) -> None:
    assert repo.muse("reserve", "a.py", f"--wait={value}").code == 1
    assert not repo.refs()


def test_the_word_behind_is_an_address_and_no_time(repo: Repo) -> None:
    assert repo.json("reserve", "--wait", "a.py", "--run-id", "a")["addresses"] == ["a.py"]


def test_who_is_interrupted_is_gone_at_once(repo: Repo, crowd: list[Waiter]) -> None:
    repo.reserve("a.py", "--run-id", "a")
    b = waits(crowd, repo, "b", "a.py").behind("a")

    b.process.send_signal(signal.SIGTERM)
    b.process.communicate()
    assert b.process.returncode == 130
    assert tickets(repo) == 0


def test_nobody_stays_behind_one_who_was_killed(repo: Repo, crowd: list[Waiter]) -> None:
    repo.git("config", "muse-coord.waitBeat", "1")
    held = repo.reserve("a.py", "--run-id", "a")
    b = waits(crowd, repo, "b", "a.py").behind("a")
    c = waits(crowd, repo, "c", "a.py").behind("a", "b")

    b.process.send_signal(signal.SIGKILL)
    b.process.communicate()
    repo.json("release", held, "--run-id", "a")
    c.end()
    assert tickets(repo) == 1
    repo.json("release", "--all", "--run-id", "c")
    # a command that looks only once knows it from those who looked before
    assert repo.muse("reserve", "a.py", "--strict", "--run-id", "d").code == 0


def a_ticket(repo: Repo, number: int, off: timedelta, beat: int = 30) -> Intent:
    """A ticket for a.py of somebody whose clock is off."""
    now = datetime.now(UTC) + off
    intent = Intent(
        run_id=RunId("wrong"),
        nonce=os.urandom(16).hex(),
        branch=None,
        addresses=("a.py",),
        operation="modify",
        detail=None,
        reservation_id=None,
        created_at=now,
        expires_at=now + timedelta(minutes=30),
        extra={"ticket": number, "beat": beat},
    )
    repo.plant_record(intent)
    return intent


@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_clock_that_is_wrong_by_minutes_keeps_its_place_and_no_more(
    repo: Repo, crowd: list[Waiter], minutes: int
) -> None:
    off = timedelta(minutes=minutes)
    intent = a_ticket(repo, 1, off, beat=1)
    b = waits(crowd, repo, "b", "a.py").behind("wrong")
    # as long as it is heard of it stays before others
    for number in range(5):
        beat_at = datetime.now(UTC) + off
        beat = Heartbeat(
            run_id=RunId("wrong"),
            nonce=str(number),
            subject=RecordId(_id_of(repo)),
            beat_at=beat_at,
            expires_at=beat_at + timedelta(minutes=30),
        )
        repo.plant_record(beat)
        time.sleep(1)
        assert b.process.poll() is None
    assert intent.extra["ticket"] == 1
    assert b.end()["ticket"] == 2


def _id_of(repo: Repo) -> str:
    refs = repo.refs("refs/muse/intents/")
    oldest = min(refs, key=lambda ref: json.loads(repo.git("cat-file", "blob", ref))["ticket"])
    return "sha256:" + oldest.rsplit("/", 1)[1]


def test_what_one_waits_for_expires(repo: Repo, crowd: list[Waiter]) -> None:
    repo.reserve("a.py", "--run-id", "a", "--ttl", "3")

    got = waits(crowd, repo, "b", "a.py").end()
    assert got["exit_code"] == 0


def test_the_life_of_what_was_waited_for_begins_when_one_has_it(
    repo: Repo, crowd: list[Waiter]
) -> None:
    held = repo.reserve("a.py", "--run-id", "a")
    b = waits(crowd, repo, "b", "a.py", "--ttl", "100").behind("a")
    time.sleep(1.5)
    released_at = datetime.now(UTC)
    repo.json("release", held, "--run-id", "a")

    ends = datetime.fromisoformat(b.end()["expires_at"])
    assert ends > released_at + timedelta(seconds=99)


def test_a_library_is_told_of_waiting_while_it_lasts(repo: Repo) -> None:
    repo.reserve("a.py", "--run-id", "a")
    heard: list[WaitEvent] = []

    with pytest.raises(NotThere) as over:
        repo.coordinator().reserve(
            ["a.py"], run_id="b", strict=True, wait=1.5, on_wait=heard.append
        )
    assert [one.run_id for one in heard[0].waits_for] == ["a"]
    assert heard[0].ticket == 1
    assert over.value.result.ticket == 1


def test_a_version_without_tickets_makes_nobody_lose_his_place(
    repo: Repo, crowd: list[Waiter]
) -> None:
    repo.reserve("a.py", "--run-id", "a")
    b = waits(crowd, repo, "b", "a.py").behind("a")
    # it moves the epoch, and forgets the number
    epoch = b'{"format":1,"kind":"epoch","nonce":"older","reservations":[]}'
    repo.git("update-ref", "refs/muse-epoch/head", repo.plant("refs/muse-other/head", epoch))

    assert waits(crowd, repo, "c", "a.py").behind("a", "b").said[-1]["ticket"] == 2
    repo.json("release", "--all", "--run-id", "a")
    assert b.end()["ticket"] == 1


def test_several_operations_wait_as_one(repo: Repo, crowd: list[Waiter]) -> None:
    repo.reserve("b.py", "--run-id", "a")
    b = waits(crowd, repo, "b", "--op", "rename=a.py", "--op", "modify=b.py").behind("a")
    told = repo.json("reserve", "a.py", "--strict", "--run-id", "c", code=2)
    assert [one["run_id"] for one in told["behind"]] == ["b"]

    repo.json("release", "--all", "--run-id", "a")
    assert sorted(b.end()["reservation_ids"]) == sorted(repo.held())


def test_whoever_holds_it_already_waits_for_nobody(repo: Repo, crowd: list[Waiter]) -> None:
    held = repo.json("reserve", "a.py", "--run-id", "a", "--strict")["reservation_id"]
    waits(crowd, repo, "b", "a.py").behind("a")

    again = repo.json("reserve", "a.py", "--run-id", "a", "--wait")
    assert (again["reservation_id"], again["reused"]) == (held, True)


def test_clones_wait_in_one_line(hub: Hub, clones: tuple[Repo, Repo], crowd: list[Waiter]) -> None:
    one, two = clones
    one.json("reserve", "a.py", "--run-id", "a", "--strict")
    b = waits(crowd, two, "b", "a.py").behind("a")
    c = waits(crowd, one, "c", "a.py").behind("a", "b")

    one.json("release", "--all", "--run-id", "a")
    one.json("sync")
    got = b.end()
    assert got["ticket"] == 1
    c.behind("b")
    two.json("release", "--all", "--run-id", "b")
    two.json("sync")
    assert c.end()["ticket"] == 2
    assert tickets(hub) == 0


def test_two_clones_that_close_a_circle_are_parted(
    hub: Hub, clones: tuple[Repo, Repo], crowd: list[Waiter]
) -> None:
    one, two = clones
    one.json("reserve", "a.py", "--run-id", "a", "--strict")
    two.json("reserve", "b.py", "--run-id", "b", "--strict")

    both = [waits(crowd, one, "a", "b.py"), waits(crowd, two, "b", "a.py")]
    give_up_at = time.monotonic() + LONG
    while all(waiter.process.poll() is None for waiter in both):
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    [loser] = [waiter for waiter in both if waiter.process.poll() is not None]
    [winner] = [waiter for waiter in both if waiter is not loser]
    told = loser.end(code=2)
    assert "would wait for ever" in told["error"]["message"]
    assert told["ticket"] == 2
    where = one if loser.run_id == "a" else two
    where.json("release", "--all", "--run-id", loser.run_id)
    where.json("sync")
    assert winner.end()["ticket"] == 1


def test_who_waits_at_a_remote_gives_signs_of_life_there(
    hub: Hub, clones: tuple[Repo, Repo], crowd: list[Waiter]
) -> None:
    one, two = clones
    two.git("config", "muse-coord.waitBeat", "1")
    one.json("reserve", "a.py", "--run-id", "a", "--strict")
    waits(crowd, two, "b", "a.py").behind("a")

    seen: set[str] = set()
    give_up_at = time.monotonic() + LONG
    while len(seen) < 3:
        assert time.monotonic() < give_up_at
        beats = [ref for ref in hub.refs() if ref.startswith("refs/muse/heartbeats/")]
        # each one takes the place of the one before
        assert len(beats) <= 2
        seen.update(beats)
        time.sleep(0.1)
