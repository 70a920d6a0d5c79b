"""Answers in JSON for models: some fields, some rows, or as short as can be."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from git_muse_coord.ui.shape import Shape, shaped
from tests.tools import FAR, Repo, a_reservation


def compact(repo: Repo, *line: str) -> dict[str, Any]:
    ran = repo.muse(*line, "--compact")
    assert ran.code == 0, ran.err
    return ran.json


def test_fifty_reservations_are_short(repo: Repo) -> None:
    for number in range(50):
        facts = {"commit": f"{number:040x}", "operation": None, **FAR}
        repo.plant_record(
            a_reservation(f"src/part_{number}.py::total", run_id=f"agent-{number}", **facts)
        )

    full = repo.muse("list", "--json").out
    short = repo.muse("list", "--json", "--compact").out

    assert len(full) > 23_000
    assert len(short) < 10_000
    rows = json.loads(short)["reservations"]
    assert [row["run_id"] for row in rows] == [
        row["run_id"] for row in json.loads(full)["reservations"]
    ]


def test_compact_leaves_out_what_says_nothing(repo: Repo) -> None:
    commit = repo.git("rev-parse", "HEAD")
    first = repo.reserve("a.py", "--run-id", "ann", "--op", "rename")

    (row,) = compact(repo, "list")["reservations"]

    ends = datetime.fromisoformat(row.pop("expires_at"))
    assert ends.tzinfo is not None
    assert ends.microsecond == 0
    assert row == {
        "reservation_id": first.removeprefix("sha256:")[:12],
        "addresses": ["a.py"],
        "branch": "main",
        "commit": commit[:12],
        "operation": "rename",
        "run_id": "ann",
    }
    assert repo.muse("release", row["reservation_id"], "--run-id", "ann").code == 0
    (over,) = compact(repo, "list", "--all")["reservations"]
    assert over["state"] == "released"


def test_compact_tells_the_end_that_counts(repo: Repo) -> None:
    first = repo.reserve("a.py", "--run-id", "ann", "--ttl", "60")
    repo.muse("heartbeat", first, "--run-id", "ann", "--extension", "7200")
    (full,) = repo.json("list")["reservations"]

    (row,) = compact(repo, "list")["reservations"]

    assert row["expires_at"][:19] == full["effective_expires_at"][:19] != full["expires_at"][:19]
    assert "effective_expires_at" not in row


def test_what_people_wrote_stays_as_it_is() -> None:
    looks_like_an_id = "sha256:" + "a" * 64
    answer = {
        "run_id": looks_like_an_id,
        "commit": "b" * 40,
        "nodes": [{"reason": looks_like_an_id, "id": looks_like_an_id, "kin": False}],
        "count": 0,
    }

    told = shaped(answer, Shape(compact=True))

    assert told == {
        "run_id": looks_like_an_id,
        "commit": "b" * 12,
        "nodes": [{"reason": looks_like_an_id, "id": "a" * 12}],
        "count": 0,
    }


@pytest.mark.parametrize("line", [["list"], ["list", "--all"], ["dag"]])
def test_a_limit_says_how_many_more_there_are(repo: Repo, line: list[str]) -> None:
    for name in "abc":
        repo.reserve(f"{name}.py", "--run-id", name)
    whole = repo.json(*line)
    rows = "nodes" if line == ["dag"] else "reservations"

    cut = repo.json(*line, "--limit", "2")

    assert cut["omitted"] == 1
    for row, expected in zip(cut[rows], whole[rows][:2], strict=True):
        assert row["reservation_id"] == expected["reservation_id"]
    assert repo.json(*line, "--limit", "3")["omitted"] == 0


def test_a_limit_of_the_log_counts_all_events(repo: Repo) -> None:
    for name in "abc":
        repo.reserve(f"{name}.py", "--run-id", name)

    told = repo.json("log", "--limit", "1")

    assert (len(told["events"]), told["omitted"]) == (1, 2)


@pytest.mark.parametrize("line", ["list", "check", "log", "inbox", "symbols"])
def test_a_limit_beyond_all_lists_leaves_nothing_out(repo: Repo, line: str) -> None:
    assert repo.json(line, "--limit", str(10**30))["omitted"] == 0


def test_a_limit_below_zero_is_refused(repo: Repo) -> None:
    ran = repo.muse("list", "--limit", "-1")

    assert ran.code == 1
    assert ran.json["error"]["message"] == "--limit is less than 0"


def test_fields_are_those_of_rows_or_of_the_answer(repo: Repo) -> None:
    first = repo.reserve("a.py", "--run-id", "ann")
    second = repo.reserve("b.py", "--run-id", "bob", "--depends-on", first)
    head = {"schema_version", "command", "exit_code", "duration_ms", "warnings"}

    rows = repo.json("list", "--fields", "run_id,addresses")
    parts = repo.json("dag", "--fields", "order, edges ,run_id")

    assert set(rows) == {*head, "reservations"}
    assert rows["reservations"] == [
        {"addresses": ["a.py"], "run_id": "ann"},
        {"addresses": ["b.py"], "run_id": "bob"},
    ]
    assert set(parts) == {*head, "order", "edges", "nodes"}
    assert parts["nodes"] == [{"run_id": "ann"}, {"run_id": "bob"}]
    assert parts["order"] == [first, second]
    assert parts["edges"] == [{"from": first, "to": second}]


@pytest.mark.parametrize("verb", ["list", "forecast", "check", "symbols", "dag", "status"])
def test_all_of_it_together(repo: Repo, verb: str) -> None:
    repo.reserve("a.py", "--run-id", "ann")
    repo.reserve("a.py", "--run-id", "bob")

    told = compact(repo, verb, "--limit", "1")

    assert isinstance(told["omitted"], int)
    for value in told.values():
        assert value is not None
        assert value != []
        assert not isinstance(value, list) or len(value) == 1
