"""Strict reservations of one clone that wait: one process takes the others along, and each hears the truth."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from git_muse_coord.coordinator.companions import Companions
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model import address, codec, records
from git_muse_coord.model.epoch import Admission
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.store.sync.strict_gate import Entry
from git_muse_coord.store.sync.waiting_room import WaitingRoom
from tests.examples import id_of
from tests.sync.hubs import Hub
from tests.tools import NOON, Repo, a_reservation

pytestmark = pytest.mark.slow


def reserving(clone: Repo, path: str, run_id: str, *more: str) -> subprocess.Popen[bytes]:
    line = ["reserve", path, "--run-id", run_id, "--strict", "--json", *more]
    return subprocess.Popen(
        [sys.executable, "-m", "git_muse_coord", *line],
        cwd=clone.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def answer(process: subprocess.Popen[bytes], code: int = 0) -> dict[str, object]:
    out, err = process.communicate()
    assert process.returncode == code, err
    told: dict[str, object] = json.loads(out)
    return told


def ids_at(hub: Hub) -> list[str]:
    return sorted("sha256:" + ref.rsplit("/", 1)[1] for ref in hub.refs("refs/muse/reservations/"))


@contextmanager
def turn_held(clone: Repo) -> Iterator[WaitingRoom]:
    """Hold the turn, as somebody at work does, in the room where the clone's own strict ones wait."""
    [folder] = (clone.git_dir / "muse-coord").glob("strict-*")
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield WaitingRoom(str(folder))


def the_one_that_waits(room: WaitingRoom) -> Entry:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        for entry in room.waiting():
            return entry
        time.sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.fixture
def clone(hub: Hub, clones: tuple[Repo, Repo]) -> Repo:
    """A clone that has reserved strictly before, so that its room is there."""
    one, _ = clones
    held = one.json("reserve", "first.py", "--run-id", "first", "--strict")["reservation_id"]
    one.json("release", held, "--run-id", "first")
    one.json("sync")
    [ref] = hub.refs("refs/muse/reservations/")
    hub.git("update-ref", "-d", ref)
    return one


def test_those_who_wait_get_in_by_few_pushes(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    hub.hook("pre-receive", "cat >/dev/null; echo >>pushes; sleep 2")

    asking = [reserving(one, f"f{number}.py", f"run-{number}") for number in range(8)]
    told = [answer(process)["reservation_id"] for process in asking]

    assert sorted(map(str, told)) == ids_at(hub) == sorted(one.held())
    assert len((hub.path / "pushes").read_text()) <= 5
    assert not list((one.git_dir / "muse-coord").glob("strict-*/*.*"))


def test_of_those_who_want_the_same_one_gets_in_and_the_others_leave_nothing(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    hub.hook("pre-receive", "cat >/dev/null; sleep 1")

    asking = [reserving(one, f"f{number % 2}.py", f"run-{number}") for number in range(8)]
    for process in asking:
        process.communicate()

    assert sorted(process.returncode for process in asking) == [0, 0, 2, 2, 2, 2, 2, 2]
    assert len(ids_at(hub)) == len(one.held()) == 2


def test_who_was_told_that_he_is_in_answers_so(hub: Hub, clone: Repo) -> None:
    with turn_held(clone) as room:
        process = reserving(clone, "a.py", "a")
        entry = the_one_that_waits(room)
        assert room.take(entry)
        hub.plant(entry.ref, records.encode(entry.record))
        room.tell(entry)
        told = answer(process)

    assert ids_at(hub) == clone.held() == [told["reservation_id"]] == [entry.own_id]


@pytest.mark.parametrize("arrived", [True, False])
def test_whose_carrier_died_sees_to_it_himself(hub: Hub, clone: Repo, arrived: bool) -> None:
    with turn_held(clone) as room:
        process = reserving(clone, "a.py", "a")
        entry = the_one_that_waits(room)
        assert room.take(entry)
        if arrived:
            hub.plant(entry.ref, records.encode(entry.record))
    told = answer(process)

    assert ids_at(hub) == clone.held() == [told["reservation_id"]] == [entry.own_id]


def test_whose_carrier_died_and_who_is_late_by_then_is_refused(hub: Hub, clone: Repo) -> None:
    with turn_held(clone) as room:
        process = reserving(clone, "a.py", "a")
        entry = the_one_that_waits(room)
        assert room.take(entry)
        moment = entry.record.created_at
        other = a_reservation(
            "a.py", run_id="b", created_at=moment, expires_at=entry.record.expires_at
        )
        blob = records.encode(other)
        hub.plant(records.ref_name(other, codec.content_id(blob)), blob)
    answer(process, code=2)

    assert ids_at(hub) == clone.held() == [codec.content_id(blob)]


def test_what_a_dead_one_waited_with_is_cleared_away(clone: Repo) -> None:
    with turn_held(clone) as room:
        process = reserving(clone, "a.py", "a")
        entry = the_one_that_waits(room)
        process.kill()
        process.communicate()

        assert list(room.waiting()) == []
        assert not room.take(entry)


def test_an_interruption_while_waiting_leaves_nothing(hub: Hub, clone: Repo) -> None:
    with turn_held(clone) as room:
        process = reserving(clone, "a.py", "a")
        the_one_that_waits(room)
        process.send_signal(2)
        process.communicate()

        assert process.returncode == 130
        assert list(room.waiting()) == []
    assert ids_at(hub) == clone.held() == []


def _entry(*texts: str) -> Entry:
    record = a_reservation(*texts)
    own_id = codec.content_id(records.encode(record))
    return Entry(record, own_id, [address.parse(text) for text in texts])


def test_who_left_cannot_be_taken(tmp_path: Path) -> None:
    room = WaitingRoom(str(tmp_path))
    entry = _entry("a.py")
    with room.seat(entry) as seat:
        assert list(room.waiting()) == [entry]
        assert not seat.leave()
        assert not room.take(entry)
    assert os.listdir(tmp_path) == []


def test_who_was_taken_knows_it_when_he_leaves(tmp_path: Path) -> None:
    room = WaitingRoom(str(tmp_path))
    entry = _entry("a.py")
    with room.seat(entry) as seat:
        assert room.take(entry)
        assert list(room.waiting()) == []
        room.put_back(entry)
        assert list(room.waiting()) == [entry]
        assert room.take(entry)
        assert not seat.is_in()
        room.tell(entry)
        assert seat.is_in()
        assert seat.leave()
    assert os.listdir(tmp_path) == []


def test_who_is_put_back_while_he_leaves_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = WaitingRoom(str(tmp_path))
    entry = _entry("a.py")
    unlink = os.unlink

    def put_back_first(path: str) -> None:
        if path.endswith(".taken"):
            room.put_back(entry)
        unlink(path)

    with room.seat(entry) as seat:
        assert room.take(entry)
        monkeypatch.setattr(os, "unlink", put_back_first)
        assert seat.leave()
        assert os.listdir(tmp_path) == []


def test_what_a_dead_one_was_making_is_cleared_away_once_it_is_old(tmp_path: Path) -> None:
    room = WaitingRoom(str(tmp_path))
    young, old = tmp_path / f"{'a' * 64}.new", tmp_path / f"{'b' * 64}.new"
    young.touch()
    old.touch()
    (tmp_path / "lock").touch()
    for name in (old.name, "lock"):
        os.utime(tmp_path / name, (0, 0))
    assert list(room.waiting()) == []
    assert sorted(os.listdir(tmp_path)) == [young.name, "lock"]


@pytest.mark.parametrize("junk", [b"", b"{}", b"\xff" * 100])
def test_junk_in_the_room_is_passed_over(tmp_path: Path, junk: bytes) -> None:
    room = WaitingRoom(str(tmp_path))
    with (tmp_path / f"{'a' * 64}.waits").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(junk)
        file.flush()
        assert list(room.waiting()) == []


@pytest.mark.parametrize("admitted", ["b.py", "c.py"])
def test_nobody_is_taken_along_before_what_was_admitted_near_him_is_seen(
    repo: Repo, tmp_path: Path, admitted: str
) -> None:
    """An epoch can be there before what it admits, and who carries waits for what is near his own places alone."""

    def entry(path: str) -> Entry:
        record = a_reservation(path)
        return Entry(record, RecordId(id_of(record)), [address.revive_stored(path)])

    unseen = entry(admitted)
    epoch = (Admission("2"), Admission("1", (unseen.own_id,), tuple(unseen.addresses)))
    waiting = entry("b.py")
    room = WaitingRoom(str(tmp_path / "room"))
    companions = Companions(room, lambda: NOON, lambda *_: False)
    snapshot = Session(str(repo.path), stays=False).store.look()
    with room.seat(waiting):
        companions.take(entry("a.py"), snapshot, epoch)
    assert companions.entries == ([] if admitted == "b.py" else [waiting])
