"""The command that is run for each event: bounded in number, time and queue."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from git_muse_coord.store.hooks import event_command
from git_muse_coord.store.hooks.event_command import EventCommand


def until(path: Path, lines: int) -> list[str]:
    while not path.exists() or path.read_text().count("\n") < lines:
        time.sleep(0.01)
    return path.read_text().splitlines()


def test_never_two_at_a_time_and_in_order(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = EventCommand(f"echo begin >> {log}; cat >> {log}; echo end >> {log}", print)
    for number in range(5):
        command.run(f"{number}\n")
    command.close()
    wanted: list[str] = []
    for number in range(5):
        wanted += ["begin", str(number), "end"]
    assert log.read_text().splitlines() == wanted


def test_one_that_hangs_is_ended_with_what_it_started_and_the_next_one_runs(tmp_path: Path) -> None:
    said: list[str] = []
    log = tmp_path / "log"
    script = f"sh -c 'echo $$ >> {log}; exec sleep 1000' & wait"
    command = EventCommand(script, said.append, seconds=0.5)
    command.run("one")
    command.run("two")
    pids = until(log, 2)
    while len(pids) < 2 or any(Path(f"/proc/{pid}").exists() for pid in pids):
        time.sleep(0.05)
    command.close()
    assert len(said) == 1
    assert "took more than 0.5 seconds" in said[0]


def test_the_oldest_events_are_dropped_where_it_does_not_keep_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_command, "QUEUE_MOST", 3)
    said: list[str] = []
    log, gate = tmp_path / "log", tmp_path / "gate"
    wait = f"until [ -e {gate} ]; do sleep 0.02; done"
    command = EventCommand(f"cat >> {log}; {wait}", said.append)
    command.run("0\n")
    until(log, 1)
    for number in range(1, 8):
        command.run(f"{number}\n")
    gate.touch()
    until(log, 4)
    command.close()
    assert log.read_text().split() == ["0", "5", "6", "7"]
    assert len(said) == 1
    assert "more than 3 events" in said[0]


def test_one_that_does_not_read_is_none_that_fails(tmp_path: Path) -> None:
    said: list[str] = []
    log = tmp_path / "log"
    command = EventCommand(f"exec <&-; echo ran >> {log}", said.append)
    command.run("x" * 1_000_000)
    until(log, 1)
    command.close()
    assert said == []
