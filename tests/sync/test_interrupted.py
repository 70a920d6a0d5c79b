"""A sync that is killed, or whose remote dies or hangs, loses nothing, and the next one finishes."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.docs.test_schemas import answer
from tests.sync.hubs import LISTINGS, Hub, at_upload, git_daemon, silent_server, stop
from tests.tools import Repo

pytestmark = pytest.mark.slow


def start(clone: Repo, *line: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "git_muse_coord", *line],
        cwd=clone.path,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def until(place: Path) -> None:
    give_up = time.monotonic() + 60
    while not place.exists():
        assert time.monotonic() < give_up, f"{place} never came"
        time.sleep(0.02)


def slow_hook(hub: Hub, name: str) -> Path:
    """A hook that says that it was reached, and then takes its time."""
    hub.hook(name, "cat >/dev/null; touch reached; sleep 30")
    return hub.path / "reached"


@pytest.mark.parametrize(
    "line", [["sync"], ["reserve", "s.py", "--run-id", "a", "--strict"]], ids=["sync", "strict"]
)
@pytest.mark.parametrize("hook", ["pre-receive", "post-receive"])
def test_a_client_killed_in_the_middle_of_a_push_loses_nothing(
    hub: Hub, clones: tuple[Repo, Repo], hook: str, line: list[str]
) -> None:
    one, two = clones
    held = [one.reserve(f"{number}.py", "--run-id", "a") for number in range(3)]
    reached = slow_hook(hub, hook)
    process = start(one, *line)
    until(reached)
    stop(process)
    (hub.path / "hooks" / hook).unlink()

    assert set(held) <= set(one.held())
    one.json("sync")
    two.json("sync")
    assert set(held) <= set(two.held()) == set(one.held())
    assert one.refs() == two.refs() == hub.refs()
    assert two.muse("reserve", "s.py", "--run-id", "b", "--strict").code in (0, 2)
    one.sound()


def test_a_client_killed_while_it_fetches_leaves_nothing_that_the_next_sync_trips_over(
    hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path
) -> None:
    one, two = clones
    held = two.reserve("a.py", "--run-id", "b")
    two.json("sync")
    at_upload(one, tmp_path, LISTINGS + 1, f"touch '{tmp_path}/reached'; sleep 30")
    process = start(one, "sync")
    until(tmp_path / "reached")
    stop(process)
    one.git("config", "--unset", "remote.origin.uploadpack")

    assert one.json("sync")["fetched"] == {"reservations": 1}
    assert one.held() == [held]


def test_incoming_refs_of_a_run_that_died_are_cleared_once_they_are_old(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    two.reserve("a.py", "--run-id", "a")
    two.json("sync")
    here = hashlib.sha256(hub.url.encode()).hexdigest()[:16]
    old = f"refs/muse-incoming/{here}/{int(time.time()) - 7200}-aaaaaaaa/muse/x"
    young = f"refs/muse-incoming/{here}/{int(time.time())}-bbbbbbbb/muse/x"
    for ref in (old, young):
        one.plant(ref, b"left")

    one.json("sync")
    assert set(one.refs("refs/muse-incoming/")) == {young}


def test_a_remote_that_dies_in_the_middle_is_exit_5_and_the_next_sync_finishes(bare: Path) -> None:
    hub = Hub(bare, str(bare))
    one, two = hub.clone("one"), hub.clone("two")
    held = one.reserve("a.py", "--run-id", "a")
    reached = slow_hook(hub, "pre-receive")
    with git_daemon(bare.parent) as (address, daemon):
        one.git("remote", "set-url", "origin", f"{address}/{bare.name}")
        process = start(one, "sync")
        until(reached)
        stop(daemon)
        out, err = process.communicate(timeout=60)

    assert process.returncode == 5
    assert out == b""
    assert len(err.splitlines()) == 1
    assert b"origin" in err
    assert one.held() == [held]
    assert one.refs("refs/muse-incoming/") == {}
    (bare / "hooks/pre-receive").unlink()
    one.git("remote", "set-url", "origin", str(bare))
    assert one.json("sync")["pushed"] == {"reservations": 1}
    two.json("sync")
    assert two.held() == [held]


def test_a_clone_that_is_offline_says_so_in_one_line(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.git("remote", "set-url", "origin", "git://127.0.0.1:1/hub.git")

    ran = one.muse("sync")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (5, "", 1)
    assert "'origin'" in ran.err
    assert "refused" in ran.err
    assert one.held() == [held]


def test_two_syncs_of_one_clone_at_once_both_succeed(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    for number in range(5):
        one.reserve(f"{number}.py", "--run-id", "a")

    runs = [start(one, "sync") for _ in range(4)]
    for run in runs:
        run.communicate()
    assert [run.returncode for run in runs] == [0] * 4
    assert hub.refs() == one.refs()


def test_clones_that_sync_at_once_all_see_everything_in_the_end(hub: Hub) -> None:
    clones = [hub.clone(f"c{number}") for number in range(4)]
    held = [
        clone.reserve(f"{name}.py", "--run-id", clone.path.name)
        for clone in clones
        for name in (clone.path.name, "common")
    ]
    for _ in range(2):
        runs = [start(clone, "sync") for clone in clones]
        for run in runs:
            run.communicate()
        assert [run.returncode for run in runs] == [0] * 4
    for clone in clones:
        assert sorted(clone.held()) == sorted(held)


def test_nothing_syncs_by_itself_unless_asked_to(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.json("heartbeat", held, "--run-id", "a")
    one.json("release", held, "--run-id", "a")
    assert hub.refs() == {}

    one.git("config", "muse-coord.autoSync", "off")
    one.reserve("a.py", "--run-id", "a")
    assert hub.refs() == {}


def test_with_auto_sync_every_writing_verb_syncs(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    for clone in clones:
        clone.git("config", "muse-coord.autoSync", "true")
    held = one.reserve("a.py", "--run-id", "a")
    assert len(hub.refs()) == 1
    told = answer(two, "reserve", "a.py", "--run-id", "b")
    assert [detail["reservation_id"] for detail in told["conflict_details"]] == [held]
    one.json("heartbeat", held, "--run-id", "a", "--extension", "9000")
    assert len(hub.refs()) == 3
    one.json("release", held, "--run-id", "a")
    assert len(hub.refs()) == 4
    one.reserve("b.py", "--run-id", "a", "--local")
    assert len(hub.refs()) == 4


@pytest.mark.parametrize("how", ["hangs", "gone", "none", "busy"])
def test_auto_sync_that_fails_is_a_warning_and_the_record_is_safe(
    hub: Hub, clones: tuple[Repo, Repo], how: str
) -> None:
    one, _ = clones
    one.git("config", "muse-coord.autoSync", "true")
    one.git("config", "muse-coord.syncTimeout", "1")
    with silent_server() as address:
        if how in ("hangs", "gone"):
            one.git(
                "remote", "set-url", "origin", address if how == "hangs" else "git://127.0.0.1:1/x"
            )
        elif how == "none":
            one.git("remote", "remove", "origin")
        else:
            slow_hook(hub, "pre-receive")
        told = answer(one, "reserve", "a.py", "--run-id", "a")

    assert told["reservation_id"] in one.held()
    if how == "none":
        assert told["warnings"] == []
    else:
        assert len(told["warnings"]) == 1
        assert told["warnings"][0].startswith("not synced: ")
    assert told["duration_ms"] < 20_000
    assert not _children()


def _children() -> set[int]:
    told = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, check=False
    )
    return {
        int(line.split()[0])
        for line in told.stdout.splitlines()
        if b"git ls-remote" in line or b"git push" in line
    }


def test_an_interrupted_sync_stops_its_git_and_exits_130(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    held = one.reserve("a.py", "--run-id", "a")
    with silent_server() as address:
        one.git("remote", "set-url", "origin", address)
        process = start(one, "sync")
        time.sleep(1)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        process.communicate()
    assert process.returncode == 130
    assert one.held() == [held]
