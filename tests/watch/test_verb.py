"""The verb ``watch`` as other programs see it: lines, commands, pipes that close."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.docs.test_schemas import closed, load
from tests.tools import Repo

PIPE = subprocess.PIPE
Watching = subprocess.Popen[str]


@contextmanager
def watching(repo: Repo, *options: str, **environment: str) -> Iterator[Watching]:
    command = [sys.executable, "-m", "git_muse_coord", "watch", *options]
    process = subprocess.Popen(
        command,
        cwd=repo.path,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told(process: Watching) -> dict[str, Any]:
    """The next event; a test that waits in vain is ended from outside."""
    assert process.stdout is not None
    event: dict[str, Any] = json.loads(process.stdout.readline())
    return event


def answer(verb: str, event: dict[str, Any]) -> None:
    """Compare an event with the schema."""
    Draft202012Validator(closed(load(verb))).validate(event)


def test_bad_input_is_told_before_anything_is_watched(repo: Repo) -> None:
    ran = repo.muse("watch", "--address", "../elsewhere")
    assert (ran.code, ran.out) == (1, "")


def test_what_there_is_and_what_two_others_do(repo: Repo) -> None:
    there = repo.reserve("README.md", "--run-id", "a")
    with watching(repo, "--json") as process:
        first = told(process)
        reserved = repo.reserve("src/", "--run-id", "b", "--op", "modify")
        added = told(process)
        repo.reserve("src/billing.py", "--run-id", "c")
        added_too, conflict = told(process), told(process)
        repo.json("release", reserved, "--run-id", "b")
        released = told(process)
    for event in (first, added, added_too, conflict, released):
        answer("watch", event)
    assert first["event"] == "snapshot"
    assert [row["reservation_id"] for row in first["reservations"]] == [there]
    assert (added["event"], added["reservation"]["reservation_id"]) == ("added", reserved)
    assert conflict["event"] == "conflict"
    assert [one["run_id"] for one in conflict["conflicts"]] == ["b"]
    assert (released["event"], released["released"]["outcome"]) == ("released", "done")


def test_only_what_concerns_a_run_or_an_address(repo: Repo) -> None:
    with (
        watching(repo, "--json", "--for", "b") as of_run,
        watching(repo, "--json", "--address", "docs/") as of_address,
    ):
        assert told(of_run)["event"] == "snapshot"
        assert told(of_address)["event"] == "snapshot"
        repo.reserve("src/billing.py", "--run-id", "a")
        repo.reserve("docs/x.md", "--run-id", "b")
        assert told(of_run)["reservation"]["addresses"] == ["docs/x.md"]
        assert told(of_address)["reservation"]["run_id"] == "b"


def test_what_ends_by_itself_is_told_without_a_change(repo: Repo) -> None:
    repo.reserve("README.md", "--run-id", "a", "--ttl", "2")
    with watching(repo, "--json") as process:
        assert told(process)["event"] == "snapshot"
        assert told(process)["event"] == "expired"


def test_as_text_with_words_of_others_escaped(repo: Repo) -> None:
    with watching(repo) as process:
        assert process.stdout is not None
        assert "watching, with 0 active reservations" in process.stdout.readline()
        repo.reserve("README.md", "--run-id", "a", "--reason", "\x1b[2Jgone\u202e")
        line = process.stdout.readline()
    assert "added      run-id 'a' reserved README.md" in line
    assert "\\x1b[2Jgone\\u202e" in line


def test_a_reader_who_goes_away_ends_it(repo: Repo) -> None:
    with watching(repo, "--json") as process:
        assert told(process)["event"] == "snapshot"
        assert process.stdout is not None
        process.stdout.close()
        # nothing happens, and it sees that nobody listens all the same
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can move what is in use there")
def test_a_repository_that_goes_away_ends_it_with_one_line(repo: Repo) -> None:
    with watching(repo, "--lines") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        # what there is, of which one line is said where nothing is held
        assert process.stdout.readline()
        repo.path.rename(repo.path.with_name("elsewhere"))
        said = process.stderr.read()
        process.wait()

    assert (process.returncode, said.count("\n")) == (3, 1)
    assert "no such directory" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_it_in_order(repo: Repo, number: int) -> None:
    with watching(repo, "--json") as process:
        assert told(process)["event"] == "snapshot"
        process.send_signal(number)
        assert process.wait(timeout=20) == 130
        assert process.stderr is not None
        assert process.stderr.read() == "interrupted\n"


def test_a_command_gets_each_event(repo: Repo, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with watching(repo, "--json", "--exec", f"cat >> '{log}'; echo said") as process:
        told(process)
        repo.reserve("a.py", "--run-id", "a")
        repo.reserve("b.py", "--run-id", "a")
        printed = [told(process), told(process)]
        while not log.exists() or log.read_text().count("\n") < 2:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    given = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event["reservation"] for event in given] == [event["reservation"] for event in printed]
    # what it prints is kept out of the JSON
    assert err.count("said") == 2


def test_a_command_that_fails_is_named_once(repo: Repo, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with watching(repo, "--json", "--exec", f"echo >> '{log}'; exit 3") as process:
        told(process)
        for name in ("a.py", "b.py"):
            repo.reserve(name, "--run-id", "a")
            assert told(process)["event"] == "added"
        while not log.exists() or log.read_text().count("\n") < 2:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert err.count("--exec: it ended with exit code 3") == 1
    assert process.returncode == 130
