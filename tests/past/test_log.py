"""What happened, from live records, the archive and the notes on commits."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.coordinator.log import LogResult
from git_muse_coord.model.records import Heartbeat, Release
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.store.records import archive_days
from tests.examples import id_of
from tests.tools import NOON, Repo, a_reservation, program

OLD = "def total(items):\n    result = 0\n    for item in items:\n        result += item.price\n    return result\n"


class Times:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def coordinator(repo: Repo, times: Times) -> Coordinator:
    return Coordinator(str(repo.path), clock=times)


def told(result: LogResult) -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [(event.event, event.run_id, event.addresses) for event in result.events]


def a_day_of_work(coordinator: Coordinator, times: Times) -> None:
    """Three runs, a heartbeat, releases by the holder and by another."""
    first = coordinator.reserve(["src/billing.py::compute_total"], run_id="ann", reason="round")
    second = coordinator.reserve(["src/"], run_id="ben", op="modify")
    coordinator.heartbeat([str(first.reservation_id)], run_id="ann", extension=7200)
    coordinator.release([str(first.reservation_id)], run_id="ann")
    coordinator.reserve(["README.md"], run_id="cy")
    coordinator.release([str(second.reservation_id)], run_id="cy", force=True, outcome="abandoned")
    times.now += timedelta(minutes=1)


def test_newest_first_with_who_what_and_whose(coordinator: Coordinator, times: Times) -> None:
    a_day_of_work(coordinator, times)
    result = coordinator.log()
    assert told(result) == [
        ("released", "cy", ("src/",)),
        ("reserved", "cy", ("README.md",)),
        ("released", "ann", ("src/billing.py::compute_total",)),
        ("extended", "ann", ("src/billing.py::compute_total",)),
        ("reserved", "ben", ("src/",)),
        ("reserved", "ann", ("src/billing.py::compute_total",)),
    ]
    assert [event.at for event in result.events] == sorted(
        (event.at for event in result.events), reverse=True
    )
    assert (result.events[0].whose, result.events[0].detail) == ("ben", "abandoned")
    assert result.events[-1].text == "round"
    assert result.more is False


def test_what_is_archived_is_told_as_before(
    repo: Repo, coordinator: Coordinator, times: Times
) -> None:
    a_day_of_work(coordinator, times)
    searches: list[dict[str, Any]] = [
        {},
        {"address": ["src/billing.py"]},
        {"address": ["README.md", "SRC/"]},
        {"run_id": "ben"},
        {"run_id": "cy"},
        {"branch": "main"},
        {"branch": "other"},
        {"since": "2026-03-18T12:00:05+00:00"},
        {"most": 2},
    ]
    before = [told(coordinator.log(**search)) for search in searches]
    assert all(before[:6])
    times.now += timedelta(days=2)
    coordinator.gc(execute=True)
    assert repo.refs() == {}
    assert [told(coordinator.log(**search)) for search in searches] == before


def test_filters(coordinator: Coordinator, times: Times) -> None:
    a_day_of_work(coordinator, times)
    by_address = coordinator.log(address=["src/billing.py::other"])
    assert {event.run_id for event in by_address.events} == {"ben", "cy"}
    of_ben = coordinator.log(run_id="ben")
    assert told(of_ben) == [("released", "cy", ("src/",)), ("reserved", "ben", ("src/",))]
    assert told(coordinator.log(branch="other")) == []
    few = coordinator.log(most=2)
    assert (len(few.events), few.more) == (2, True)
    assert len(coordinator.log(most=0).events) == 6


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["--since", "gaga"], "is no time"),
        (["-n", "-1"], "no number of events"),
        (["--address", "../out"], "leaves the repository"),
        (["-L", "../out"], "leaves the repository"),
        (["-L", "src/*.py"], "'src/*.py' means 3 places"),
    ],
)
def test_bad_input(repo: Repo, line: list[str], said: str) -> None:
    repo.write("src/other.py", "def f():\n    pass\n")
    repo.git("add", "-A")
    ran = repo.muse("log", *line)
    assert ran.code == 1
    assert said in ran.err


def test_nothing_is_a_sentence(repo: Repo) -> None:
    assert repo.muse("log").out == "Nothing happened here, as far as is known.\n"
    assert repo.json("log")["events"] == []


def _filled(repo: Repo, days: int, a_day: int) -> None:
    """An archive of some days, with a reservation and its release each on the next day."""
    numbers = random.Random(3)
    new = {}
    for day in range(days):
        for number in range(a_day):
            made = NOON + timedelta(days=day, seconds=numbers.randrange(40_000))
            reservation = a_reservation(
                f"src/f{number}.py::f",
                run_id=RunId(f"run-{number % 7}"),
                created_at=made,
                expires_at=made + timedelta(hours=1),
            )
            held = RecordId(id_of(reservation))
            release = Release(
                run_id=reservation.run_id,
                nonce=f"{day}-{number}",
                reservation_id=held,
                outcome="done",
                released_at=made + timedelta(days=1),
                expires_at=made + timedelta(hours=1),
            )
            beat = Heartbeat(
                run_id=reservation.run_id,
                nonce=f"{day}-{number}",
                subject=held,
                beat_at=made + timedelta(minutes=1),
                expires_at=made + timedelta(hours=2),
            )
            for record in (reservation, release, beat):
                new[RecordId(id_of(record))] = record
    store = repo.coordinator().store
    tip = store.archive.add(None, new)
    repo.git("update-ref", "refs/muse-archive/head", tip)


def test_no_more_of_the_archive_is_read_than_is_told(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filled(repo, days=12, a_day=10)
    everything = repo.json("log", "-n", "0")["events"]
    assert len(everything) == 360
    read: list[str] = []
    newest_of = archive_days.ArchiveDays.newest_of

    def watched(days: archive_days.ArchiveDays, day: str, most: int) -> Any:
        read.append(day)
        return newest_of(days, day, most)

    monkeypatch.setattr(archive_days.ArchiveDays, "newest_of", watched)
    for most in (1, 5, 17, 40, 100):
        assert repo.json("log", "-n", str(most))["events"] == everything[:most]
    read.clear()
    repo.json("log", "-n", "5")
    assert len(read) == 1
    for line in (["--run-id", "run-3"], ["--address", "src/f4.py"], ["--since", "2026-03-25"]):
        some = repo.json("log", "-n", "0", *line)["events"]
        assert some == [event for event in everything if event in some]
        assert 0 < len(some) < 360


def a_history(repo: Repo) -> None:
    """A function that is reserved, changed, renamed and moved, with our hooks in place."""
    assert repo.muse("install", "--hooks").code == 0
    repo.write("shop/a.py", OLD)
    repo.commit("Begin")
    _commit_as(repo, "ann", "shop/a.py::total", OLD.replace("result = 0", "result = 1"), "Change")
    renamed = OLD.replace("total", "sum_up").replace("result = 0", "result = 1")
    _commit_as(repo, "ben", "shop/a.py::total", renamed, "Rename")
    repo.git("mv", "shop/a.py", "shop/größe b.py")
    repo.commit("Move")


def _commit_as(repo: Repo, run_id: str, address: str, text: str, message: str) -> None:
    repo.git("config", "muse-coord.runId", run_id)
    held = repo.reserve(address, "--run-id", run_id)
    repo.write("shop/a.py", text)
    repo.commit(message)
    repo.muse("release", held, "--run-id", run_id)


def test_a_symbol_is_followed_through_its_names(repo: Repo) -> None:
    a_history(repo)
    given = repo.json("log", "-L", "shop/größe b.py::sum_up")
    assert given["names"] == [
        "shop/größe b.py::sum_up",
        "shop/a.py::sum_up",
        "shop/a.py::total",
    ]
    changes = [event for event in given["events"] if event["event"] == "changed"]
    assert [(event["detail"], event["run_id"]) for event in changes] == [
        ("moved", None),
        ("renamed", "ben"),
        ("modified", "ann"),
        ("added", None),
    ]
    assert changes[1]["from_address"] == "shop/a.py::total"
    held_by = {event["run_id"] for event in given["events"] if event["event"] == "reserved"}
    assert held_by == {"ann", "ben"}
    met = [event for event in given["events"] if event["event"] == "met"]
    assert [(event["run_id"], event["text"]) for event in met] == [
        ("ben", "Rename"),
        ("ann", "Change"),
    ]
    ran = repo.muse("log", "-L", "shop/größe b.py::sum_up", "--oneline")
    assert ran.out.startswith("Names, newest first: shop/größe b.py::sum_up, shop/a.py::sum_up")


def test_from_a_sub_directory_and_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    a_history(repo)
    place = tmp_path / "anderer Baum"
    repo.git("worktree", "add", "-q", "-b", "side", str(place))
    for top in (repo.path, place):
        ran = program("log", "-L", "./größe b.py::sum_up", "--json", cwd=top / "shop")
        assert len(ran.json["names"]) == 3


def test_what_others_wrote_does_nothing(repo: Repo) -> None:
    repo.reserve("README.md", "--run-id", "ann\u202e", "--reason", 'x\x1b[2J"\ny')
    for line in (["log"], ["log", "--oneline"]):
        ran = repo.muse(*line, "--color", "never")
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out
    assert '"x\\x1b[2J\'\\ny"' in repo.muse("log").out


def test_a_note_that_is_none_is_passed_over(repo: Repo) -> None:
    a_history(repo)
    before = repo.json("log", "-n", "0")["events"]
    for text in ("hello", "[]", json.dumps({"run_id": 3}), '{"run_id":"x","symbols":7}'):
        repo.git("notes", "--ref=refs/notes/muse-coord", "append", "-m", text, "HEAD~1")
    assert repo.json("log", "-n", "0")["events"] == before


def test_who_gave_up_waiting_is_no_release(repo: Repo) -> None:
    held = repo.reserve("src/billing.py", "--run-id", "ann")
    repo.muse("reserve", "src/billing.py", "--run-id", "bob", "--strict", "--wait=1")
    repo.muse("release", held, "--run-id", "ann")

    told = [(event["event"], event["run_id"]) for event in repo.json("log")["events"]]

    assert told == [("released", "ann"), ("reserved", "ann")]
