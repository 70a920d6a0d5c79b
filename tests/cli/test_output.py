"""The channels: JSON wherever it is asked for, colour where it is wanted, readers that leave, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import Ran, Repo, program

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "line",
    [
        ["list", "--json"],
        ["list", "-j"],
        ["--json", "list"],
        ["-j", "list"],
        ["list", "--format", "json"],
        ["list", "--format=json"],
        ["--format", "json", "list"],
        ["-q", "list", "-vj"],
        ["--json", "list", "--json"],
        ["--json", "dag", "--format", "dot"],
    ],
    ids=" ".join,
)
def test_json_may_be_asked_for_in_any_way_before_and_after_the_verb(
    repo: Repo, line: list[str]
) -> None:
    repo.reserve("a.py")
    answer = repo.muse(*line).json
    assert (answer["exit_code"], answer["schema_version"]) == (0, "1")
    assert answer["command"] in line


def test_common_options_count_before_and_after_the_verb(repo: Repo) -> None:
    repo.plant("refs/muse/junk", b"")
    for line in (["-q", "list"], ["list", "-q"], ["list", "--quiet"]):
        assert repo.muse(*line) == Ran(0, "", "")
    assert repo.muse("list").err.startswith("warning: 1 damaged")


def test_the_path_may_come_in_steps_before_and_after_the_verb(repo: Repo, tmp_path: Path) -> None:
    one = repo.reserve("a.py")
    parent, name = str(repo.path.parent), repo.path.name
    for line in (
        ["-C", parent, "-C", name, "list"],
        ["-C", parent, "list", "-C", name],
        ["list", "-C", str(repo.path)],
        ["-C", str(tmp_path), "list", "-C", str(repo.path / "src")],
    ):
        answer = program(*line, "--json", cwd=Path("/")).json
        assert [held["reservation_id"] for held in answer["reservations"]] == [one]


def test_a_conflict_with_strict_is_in_json_the_answer_with_the_error(repo: Repo) -> None:
    held = repo.reserve("a.py", "--run-id", "a")

    answer = repo.json("reserve", "a.py", "b.py", "--run-id", "b", "--strict", code=2)

    assert answer["exit_code"] == 2
    assert answer["reservation_id"] is None
    assert answer["error"]["code"] == "conflict"
    assert [one["reservation_id"] for one in answer["conflict_details"]] == [held]
    assert answer["error"]["message"] == "nothing reserved: 1 conflict with run-id 'a'"


def test_text_fits_a_pipe_and_a_narrow_terminal(repo: Repo) -> None:
    for number in range(3):
        repo.reserve(f"src/f{number}.py::g", "--run-id", "agent", "--op", "modify")
    for line in (["list"], ["dag"], ["status", "--run-id", "agent"]):
        assert all(len(row) <= 80 for row in repo.muse(*line).out.splitlines())


def coloured(ran: Ran) -> bool:
    assert ran.code == 0
    assert ran.out
    return "\x1b[" in ran.out


COLOUR: list[tuple[list[str], dict[str, str], bool]] = [
    ([], {}, False),
    (["--color", "always"], {}, True),
    (["--color", "auto"], {}, False),
    ([], {"FORCE_COLOR": "1"}, True),
    (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    (["--color", "always"], {"NO_COLOR": "1"}, True),
    ([], {"FORCE_COLOR": ""}, False),
    ([], {"GIT_PAGER_IN_USE": "true", "TERM": "xterm"}, True),
    ([], {"GIT_PAGER_IN_USE": "true", "TERM": "dumb"}, False),
    ([], {"GIT_PAGER_IN_USE": "true", "TERM": "xterm", "NO_COLOR": "1"}, False),
]


@pytest.mark.parametrize(("options", "environment", "expected"), COLOUR)
def test_colour_follows_the_option_then_the_environment_then_the_terminal(
    repo: Repo,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    environment: dict[str, str],
    expected: bool,
) -> None:
    repo.reserve("a.py")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert coloured(repo.muse("list", *options)) is expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("color.ui", "always", True),
        ("color.muse-coord", "always", True),
        ("color.ui", "never", False),
    ],
)
def test_the_settings_of_git_say_when_to_colour(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    repo.reserve("a.py")
    repo.git("config", name, value)
    assert coloured(repo.muse("list")) is expected
    repo.git("config", "color.muse-coord", "never")
    assert not coloured(repo.muse("list"))


def test_json_is_never_coloured(repo: Repo) -> None:
    repo.reserve("a.py")
    assert "\x1b" not in repo.muse("list", "--json", "--color", "always").out


def _without_reader(
    repo: Repo, *arguments: str, buffered: bool = True
) -> subprocess.CompletedProcess[bytes]:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            [sys.executable, *([] if buffered else ["-u"]), "-m", "git_muse_coord", *arguments],
            cwd=repo.path,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize("buffered", [True, False])
def test_a_reader_that_left_changes_no_exit_code_and_draws_no_complaint(
    repo: Repo, buffered: bool
) -> None:
    held = repo.reserve("src/", "--run-id", "a")
    for arguments, code in (
        (["list"], 0),
        (["list", "--json"], 0),
        (["reserve", *(f"f{number}.py" for number in range(1000)), "--json"], 0),
        (["list", "--all"], 0),
        (["show", "zzz", "--json"], 1),
        (["show", "f" * 64, "--json"], 4),
        (["reserve", "src/", "--strict", "--json"], 2),
    ):
        ran = _without_reader(repo, *arguments, buffered=buffered)
        assert ran.returncode == code, arguments
        assert b"Traceback" not in ran.stderr
        assert len(ran.stderr.splitlines()) == (code != 0)
    assert held in repo.held()


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_are_no_failure(repo: Repo, closed: str) -> None:
    command = f'"{sys.executable}" -m git_muse_coord reserve a.py --stdin {closed}'
    ran = subprocess.run(
        ["sh", "-c", command],
        cwd=repo.path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )

    assert ran.returncode == 0
    assert ran.stderr == b""
    assert len(repo.refs()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "unbuffered", ["", "1"]
)  # unbuffered, the first line already fails, as in long answers
@pytest.mark.parametrize(
    "line",
    [
        ["list"],
        ["list", "--json"],
        ["show", "f" * 64, "--json"],
        ["reserve", "src/", "--run-id", "b", "--strict"],
    ],
)
def test_an_answer_that_cannot_be_written_is_exit_3_and_one_line(
    repo: Repo, line: list[str], unbuffered: str
) -> None:
    repo.reserve("src/", "--run-id", "a")
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "git_muse_coord", *line],
            cwd=repo.path,
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            check=False,
        )
    assert ran.returncode == 3
    assert ran.stderr.endswith(b"error: cannot write the answer: No space left on device\n")
    assert b"Traceback" not in ran.stderr


def test_interrupted_is_exit_130_with_nothing_stored(repo: Repo) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "git_muse_coord", "reserve", "a.py", "--stdin"],
        cwd=repo.path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        process.stdin.write(
            b"\n" * 200_000
        )  # more than a pipe holds: when this is through, the program reads
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()

    assert process.returncode == 130
    assert out == b""
    assert err.split() == [b"interrupted"]
    assert repo.refs() == {}


AMID_LOADING = """
import os, signal, sys

class Interrupted:
    def find_spec(self, name, *_):
        if name == "click":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupted())
from git_muse_coord.__main__ import main
main()
"""


def test_interrupted_while_it_loads_is_exit_130_without_a_traceback(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", AMID_LOADING], cwd=tmp_path, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"interrupted\n")


def test_help_is_on_stdout_and_exit_0_for_the_program_and_every_verb(repo: Repo) -> None:
    for verb in ("reserve", "release", "heartbeat", "list", "show", "status", "dag", "fsck"):
        for flag in ("-h", "--help"):
            ran = repo.muse(verb, flag)
            assert (ran.code, ran.err) == (0, "")
            assert ran.out.startswith(f"Usage: git muse-coord {verb} ")


def test_the_version_is_told_without_a_repository(tmp_path: Path) -> None:
    from git_muse_coord import __version__

    assert Repo(tmp_path).muse("--version") == Ran(0, f"git-muse-coord {__version__}\n", "")
