"""Bad input gets one clear line, the exit code of the contract, the envelope in JSON, and stores nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from git_muse_coord.model.records import MAX_SECONDS
from tests.tools import Repo, program

UNKNOWN_ID = "f" * 64

BAD: dict[str, list[str]] = {
    "an unknown verb": ["lock", "a.py"],
    "an unknown verb with an escape": ["\x1b[31mlock"],
    "an unknown option": ["reserve", "a.py", "--lock"],
    "an unknown option of the program": ["--lock", "list"],
    "an unknown option with an escape": ["reserve", "a.py", "--\x1b[31mlock"],
    "an option without its value": ["reserve", "a.py", "--run-id"],
    "an argument too many": ["list", "a.py"],
    "a format that is none": ["list", "--format", "yaml"],
    "a colour that is none": ["list", "--color", "blue"],
    "a ttl of nought": ["reserve", "a.py", "--ttl", "0"],
    "a ttl below nought": ["reserve", "a.py", "--ttl", "-1"],
    "a ttl over a year": ["reserve", "a.py", "--ttl", str(MAX_SECONDS + 1)],
    "a ttl of many digits": ["reserve", "a.py", "--ttl", "9" * 5000],
    "a ttl that is no number": ["reserve", "a.py", "--ttl", "1h"],
    "a ttl that is no whole number": ["reserve", "a.py", "--ttl", "1.5"],
    "an empty ttl": ["reserve", "a.py", "--ttl", ""],
    "an operation that is none": ["reserve", "a.py", "--op", "lock"],
    "an operation with a line end": ["reserve", "a.py", "--op", "modify\n"],
    "a run id that is empty": ["reserve", "a.py", "--run-id", ""],
    "a run id that is too long": ["reserve", "a.py", "--run-id", "x" * 257],
    "a run id with an escape": ["reserve", "a.py", "--run-id", "\x1b[31ma"],
    "a run id with a line end": ["reserve", "a.py", "--run-id", "a\nb"],
    "a run id with a C1 control": ["reserve", "a.py", "--run-id", "a\x9b31m"],
    "a reason that is too long": ["reserve", "a.py", "--reason", "x" * 4097],
    "no address": ["reserve"],
    "1,001 addresses": ["reserve", *(f"f{number}.py" for number in range(1001))],
    "too much in all": ["reserve", *(f"{number:04}{'é' * 500}" for number in range(1000))],
    "an empty address": ["reserve", "a.py", ""],
    "an absolute address": ["reserve", "/etc/passwd"],
    "an address that leaves the repository": ["reserve", "../a.py"],
    "an address that leaves it on a detour": ["reserve", "src/../../a.py"],
    "an address with a control character": ["reserve", "a\x07.py"],
    "an address with an escape": ["reserve", "a\x1b]0;title\x07.py"],
    "an address of 1,025 bytes": ["reserve", "é" * 512 + "x"],
    "an address of 200,000 bytes": ["reserve", "x" * 120_000],
    "an address without a path": ["reserve", "::f"],
    "an address without a symbol": ["reserve", "a.py::"],
    "an address with a malformed symbol": ["reserve", "a.py::f g"],
    "one bad address among good ones": ["reserve", "a.py", "/b.py", "c.py"],
    "a dependency that is no id": ["reserve", "a.py", "--depends-on", "zzz"],
    "a dependency that is too short": ["reserve", "a.py", "--depends-on", "abc"],
    "a dependency with a line end": ["reserve", "a.py", "--depends-on", UNKNOWN_ID + "\n"],
    "a dependency that nobody knows": ["reserve", "a.py", "--depends-on", UNKNOWN_ID],
    "a release of nothing": ["release"],
    "a release of all and of one": ["release", "--all", UNKNOWN_ID],
    "a release of what is no id": ["release", "sha256:zzz"],
    "an outcome that is none": ["release", UNKNOWN_ID, "--outcome", "won"],
    "a heartbeat of nothing": ["heartbeat"],
    "a heartbeat of all and of one": ["heartbeat", "--all", UNKNOWN_ID],
    "a heartbeat of what is no id": ["heartbeat", "sha256:xyz"],
    "an extension of nought": ["heartbeat", UNKNOWN_ID, "--extension", "0"],
    "an extension over a year": ["heartbeat", UNKNOWN_ID, "--extension", str(MAX_SECONDS + 1)],
    "a show of nothing": ["show"],
    "a show of what is no id": ["show", "HEAD"],
    "a list of a bad address": ["list", "--address", "/x"],
    "a dag around what is no id": ["dag", "--for", "zzz"],
    "shards for nobody": ["shard", "--agents", "0"],
    "shards of what names no commit": ["shard", "--agents", "2", "--commit", "nowhere"],
    "a branch that is gone": ["reconcile", "--branch", "gone"],
    "a target that is gone": ["reconcile", "--onto", "gone"],
    "a dag in a format that is none": ["dag", "--format", "svg"],
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD)
def test_bad_input_is_one_line_exit_1_and_nothing_stored(repo: Repo, arguments: list[str]) -> None:
    before = repo.refs("refs/")

    ran = repo.muse(*arguments)

    assert ran.code == 1
    assert ran.out == ""
    [line] = ran.err.splitlines()
    assert line.startswith("error: ")
    assert line.isprintable()
    assert len(line) < 9000
    assert repo.refs("refs/") == before


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD)
def test_bad_input_in_json_is_the_envelope_with_the_error(repo: Repo, arguments: list[str]) -> None:
    ran = repo.muse("--json", *arguments)

    assert ran.code == 1
    answer = ran.json
    assert answer["exit_code"] == 1
    assert answer["schema_version"] == "1"
    assert answer["error"]["code"] == "bad_input"
    assert answer["error"]["message"] in ran.err or not answer["error"]["message"].isprintable()
    assert set(answer["error"]) == {"code", "message", "hint"}
    assert isinstance(answer["duration_ms"], int)
    assert answer["warnings"] == []
    assert ran.out.isascii()
    assert repo.refs() == {}


def test_what_a_verb_needs_is_checked_before_a_repository_is_opened(tmp_path: Path) -> None:
    assert Repo(tmp_path).muse("show", "zzz").code == 1
    assert Repo(tmp_path).muse("show", UNKNOWN_ID).code == 3


@pytest.mark.parametrize("verb", ["release", "heartbeat", "show"])
def test_a_well_formed_id_that_nobody_knows_is_exit_4(repo: Repo, verb: str) -> None:
    ran = repo.muse(verb, UNKNOWN_ID)

    assert ran.code == 4
    assert len(ran.err.splitlines()) == 1
    assert repo.json(verb, UNKNOWN_ID, code=4)["error"]["code"] == "not_there"
    assert repo.refs() == {}


def test_the_limits_themselves_are_taken(repo: Repo) -> None:
    answer = repo.json(
        *(
            "reserve",
            "é" * 512,
            "--ttl",
            str(MAX_SECONDS),
            "--run-id",
            "x" * 256,
            "--reason",
            "y" * 4096,
        ),
    )
    assert answer["run_id"] == "x" * 256
    assert repo.json("reserve", "b.py", "--ttl", "1")["reservation_id"]
    assert (
        len(repo.json("reserve", *(f"f{number}.py" for number in range(1000)))["addresses"]) == 1000
    )
    assert repo.muse("reserve", "c.py", "--reason", "").code == 0


def test_outside_of_a_repository_the_envelope_says_exit_3(tmp_path: Path) -> None:
    answer = Repo(tmp_path).json("list", code=3)
    assert (answer["error"]["code"], answer["exit_code"], answer["command"]) == (
        "no_repository",
        3,
        "list",
    )


@pytest.mark.parametrize("arguments", [["resrve"], ["list", "--nope"], ["show"]])
def test_json_is_recognised_where_the_line_cannot_be_parsed(
    repo: Repo, arguments: list[str]
) -> None:
    for flag in (["--json"], ["-j"], ["-qj"], ["--format", "json"], ["--format=json"]):
        assert repo.muse(*arguments, *flag).json["error"]["code"] == "bad_input"
        assert repo.muse(*arguments, "--", *flag).out == ""


def test_a_value_that_looks_like_an_option_is_a_value(repo: Repo) -> None:
    ran = repo.muse("reserve", "a.py", "--reason", "-j")
    assert ran.out.startswith("Reserved ")


def test_a_usage_error_is_never_2_in_the_real_program(repo: Repo) -> None:
    ran = program("reserve", "--nope", cwd=repo.path)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
