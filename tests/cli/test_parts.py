"""Verbs that answer in parts, one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys

from git_muse_coord import boundary
from git_muse_coord.commands import list as list_module
from git_muse_coord.commands.options import verb
from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.results import Part


class Seen(Part):
    number: int


@verb("list", lambda seen: [[f"seen {seen.number}"]])
def count_command(app):
    yield Seen(number=1)
    if sys.stdin.readline() == "fail\\n":
        raise RemoteFailed("it went away")
    yield Seen(number=2, last=True)


list_module.list_command = count_command
boundary.main()
"""


@pytest.fixture
def program(tmp_path: Path) -> list[str]:
    """A program whose verb waits for a line between its two parts."""
    path = tmp_path / "count.py"
    path.write_text(PROGRAM)
    return [sys.executable, str(path), "list"]


def started(command: list[str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_each_part_is_printed_when_it_comes(program: list[str]) -> None:
    with started([*program, "--json"]) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())  # would wait for ever if it were kept back
        process.stdin.write("go on\n")
        process.stdin.close()
        second = json.loads(process.stdout.readline())
        assert process.stdout.read() == ""
    assert process.returncode == 0
    assert (first["command"], first["number"], first["last"]) == ("list", 1, False)
    assert (second["number"], second["last"], second["exit_code"]) == (2, True, 0)


def test_a_failure_between_two_parts_is_the_last_line(program: list[str]) -> None:
    ran = subprocess.run([*program, "--json"], input="fail\n", capture_output=True, text=True)
    first, failure = map(json.loads, ran.stdout.splitlines())
    assert ran.returncode == 5
    assert first["last"] is False
    assert failure["exit_code"] == 5
    assert failure["error"]["message"] == "it went away"


def test_parts_as_text(program: list[str]) -> None:
    ran = subprocess.run(program, input="go on\n", capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "seen 1\nseen 2\n")
