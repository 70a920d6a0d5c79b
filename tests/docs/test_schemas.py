"""What ``--json`` prints is what the schemas in the package say, for every verb, when it works and when it fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from git_muse_coord.commands import VERBS
from tests.docs.places import SHARE
from tests.merging.three_branches import PYTHON, three_branches
from tests.tools import Repo

SCHEMAS = SHARE / "schemas"
NOBODY = "f" * 64
TOTAL = "src/billing.py::compute_total"


def load(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return schema


def closed(schema: Any) -> Any:
    """The schema without its tolerance for fields that a later version adds, so that no field goes undescribed."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        inner["additionalProperties"] = False
    return inner


def answer(repo: Repo, *line: str, code: int = 0) -> dict[str, Any]:
    """Run a verb with --json and check the answer against its schema."""
    given = repo.json(*line, code=code)
    Draft202012Validator(closed(load(line[0]))).validate(given)
    return given


def test_every_verb_has_a_schema_and_every_schema_a_verb() -> None:
    assert sorted(path.stem for path in SCHEMAS.iterdir()) == sorted([*VERBS, "envelope"])


@pytest.mark.parametrize("name", [*VERBS, "envelope"])
def test_the_schemas_are_schemas(name: str) -> None:
    schema = load(name)

    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(f":{name}")
    assert schema["description"]


def test_a_day_of_work(repo: Repo) -> None:
    first = answer(
        repo, "reserve", TOTAL, "--run-id", "a", "--op", "modify", "--reason", "rounding"
    )["reservation_id"]
    second = answer(
        repo, "reserve", "src/", "src/bilings.py", "--run-id", "b", "--depends-on", first
    )
    assert second["conflict_details"]
    assert second["unresolved"]
    assert second["blocked_by"]
    answer(repo, "reserve", "README.md", "--dry-run")
    assert answer(repo, "intent", "--op", "inline", "--reservation-id", first)["addresses"] == [
        TOTAL
    ]
    assert answer(repo, "heartbeat", first, "--run-id", "a")["heartbeats"]
    assert answer(repo, "list")["reservations"]
    shown = answer(repo, "show", first)
    assert {one["kind"] for one in shown["related"]} == {"reservation", "intent", "heartbeat"}
    beat = next(one["id"] for one in shown["related"] if one["kind"] == "heartbeat")
    assert answer(repo, "show", beat)["state"] is None
    assert answer(repo, "whoami")["source"] == "derived"
    message = answer(repo, "tell", first, "Mind the rounding.", "--run-id", "b")
    answer(repo, "tell", "nobody", "x", "--run-id", "b", "--ttl", "0", code=1)
    status = answer(repo, "status", "--run-id", "a")
    assert status["messages"]
    answer(repo, "tell", message["message_id"], "I do.", "--run-id", "a")
    assert answer(repo, "who", TOTAL)["holders"]
    assert answer(repo, "log", "-L", TOTAL)["events"]
    assert answer(repo, "inbox", "--all", "--run-id", "b")["messages"]
    assert status["mine"]
    assert status["conflicts"]
    assert status["waiting_for_me"]
    dag = answer(repo, "dag")
    assert dag["nodes"]
    assert dag["edges"][0]["from"] == first
    repo.write("src/billing.py", "def compute_total(items):\n    return 0\n")
    assert answer(repo, "symbols")["symbols"]
    repo.git("add", ".")
    assert answer(repo, "symbols", "--changed")["changes"]
    assert answer(repo, "check", "--worktree", "--run-id", "b")["conflict_details"]
    assert answer(repo, "check", "--worktree", "--run-id", "b", "--strict", code=2)["changes"]
    assert answer(repo, "release", first, "--run-id", "a")["became_ready"]
    assert answer(repo, "fsck")["bad"] == []
    assert answer(repo, "schema", "list")["schema"] == load("list")


def test_exchange_with_a_remote(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "hub"))
    repo.git("remote", "add", "origin", str(tmp_path / "hub"))
    repo.reserve("README.md", "--run-id", "b")

    assert answer(repo, "sync")["pushed"]
    assert answer(repo, "list")["synced_at"]
    assert answer(repo, "install", "--sync")["sync"]["leaves"]
    assert answer(repo, "status")["sync_trouble"] is None
    assert answer(repo, "uninstall", "--sync")["sync"]["action"] == "withdrawn"
    answer(repo, "gc")
    answer(repo, "gc", "--execute", "--remote")
    answer(repo, "sync", "nowhere", code=1)
    repo.git("remote", "set-url", "origin", str(tmp_path / "gone"))
    answer(repo, "sync", code=5)


def test_a_merge_that_is_planned(repo: Repo) -> None:
    for side, text in (
        ("ours", "def total(items):\n    return sum(items)\n"),
        ("theirs", "def compute_total():\n    return 0\n"),
    ):
        repo.git("checkout", "-q", "-b", side, "main")
        repo.write("src/billing.py", text)
        repo.write(
            "src/new.py",
            f"from src.billing import {'total' if side == 'ours' else 'compute_total'}\n",
        )
        repo.commit(side)

    plan = answer(repo, "plan-merge", "ours", "theirs")
    assert plan["git_conflicts"]
    assert plan["items"][0]["sites"]
    assert answer(repo, "plan-merge", "ours", "theirs", "--strict", code=2)["items"]
    answer(repo, "plan-merge", "ours", "nothing", code=1)


@pytest.mark.slow
def test_mcp(tmp_path: Path) -> None:
    # It answers by the protocol; in JSON it says only why it could not begin.
    answer(Repo.make(tmp_path / "there"), "mcp", "--no-such-option", code=1)


def test_hooks(repo: Repo) -> None:
    assert answer(repo, "install", "--hooks", "--print")["dry_run"]
    assert answer(repo, "install", "--hooks")["hooks"]
    assert answer(repo, "install", "--agent", "claude")["agents"]
    assert answer(repo, "install", "--agents-md")["agents"]
    assert answer(repo, "prime", "--run-id", "a")["briefing"]
    answer(repo, "install", code=1)
    assert answer(repo, "doctor")["findings"]
    repo.reserve(TOTAL, "--run-id", "a")
    repo.write("src/billing.py", "def compute_total(items):\n    return 0\n")
    repo.git("add", "-A")
    assert answer(repo, "hook", "pre-commit", "--run-id", "b")["conflicts"]
    repo.git("config", "muse-coord.hookMode", "block")
    assert answer(repo, "hook", "pre-commit", "--run-id", "b", code=86)["conflict_details"]
    repo.git("commit", "-q", "--no-verify", "-m", "Nothing costs anything")
    assert answer(repo, "hook", "post-commit", "--run-id", "b")["note"]["overridden"]
    repo.git("config", "muse-coord.hookMode", "soft")
    answer(repo, "hook", "pre-commit", code=1)
    answer(repo, "doctor", code=1)
    assert answer(repo, "pause", "--for", "1h")["paused"]
    assert answer(repo, "status")["paused_until"]
    assert not answer(repo, "pause", "--off")["paused"]
    answer(repo, "pause", "--off", code=4)
    assert answer(repo, "uninstall")["hooks"]
    answer(repo, "uninstall", "--yes", code=1)
    assert answer(repo, "uninstall", "--purge")["purge"]["refs"]["records"]


def test_how_work_is_divided_and_comes_together(repo: Repo) -> None:
    repo.git("switch", "-qc", "one")
    repo.write("README.md", "# One\n")
    repo.commit("One")
    held = repo.reserve("README.md", "--run-id", "a")
    repo.git("switch", "-qc", "other", "main")
    repo.write("README.md", "# Other\n")
    repo.commit("Other")
    repo.reserve("README.md", "--run-id", "b", "--depends-on", held)
    told = answer(repo, "reconcile", "--onto", "main")
    assert told["steps"][1]["conflicts"]
    assert told["strategies"]["other"]["strategy"] == "manual"
    assert told["hotspots"]
    answer(repo, "reconcile", "--branch", "nowhere", code=1)
    for number in range(9):
        repo.write(f"user{number}.py", "from src.billing import compute_total\ncompute_total([])\n")
    repo.git("add", ".")
    shared = answer(repo, "shard", "--agents", "2")
    assert shared["shards"]
    assert shared["hubs"]
    answer(repo, "shard", "--agents", "0", code=1)


def test_callers_that_break(repo: Repo) -> None:
    three_branches(repo, PYTHON)

    told = answer(repo, "reconcile")
    assert told["breaks"][0]["sites"]


def test_empty_answers(repo: Repo) -> None:
    for verb in ("list", "status", "dag", "reconcile", "fsck"):
        answer(repo, verb)


def test_failures(repo: Repo) -> None:
    held = answer(repo, "reserve", TOTAL, "--run-id", "a")["reservation_id"]
    later = repo.coordinator(clock=lambda: datetime.now(UTC) - timedelta(days=1))
    expired = later.reserve(["README.md"], run_id="a", ttl=60).reservation_id
    assert expired

    answer(repo, "reserve", "src/", "--run-id", "b", "--strict", code=2)
    answer(repo, "reserve", "/etc/passwd", code=1)
    answer(repo, "reserve", code=1)
    answer(repo, "reserve", "a", "--ttl", "soon", code=1)
    answer(repo, "reserve", "a", "--depends-on", NOBODY, code=1)
    answer(repo, "release", held, "--run-id", "b", code=1)
    answer(repo, "release", NOBODY, code=4)
    for named in (expired, NOBODY):
        assert answer(repo, "heartbeat", named, "--run-id", "a", code=4)["heartbeats"]
    assert answer(repo, "heartbeat", "--all", "--run-id", "nobody", code=4)["heartbeats"] == []
    answer(repo, "show", NOBODY, code=4)
    answer(repo, "show", "what", code=1)
    answer(repo, "list", "--address", "", code=1)
    answer(repo, "status", "--run-id", "x" * 300, code=1)
    answer(repo, "whoami", "--run-id", "x" * 300, code=1)
    answer(repo, "dag", "--for", NOBODY, code=4)
    answer(repo, "check", "--range", "nothing..here", code=1)
    answer(repo, "symbols", "nothing", code=1)
    answer(repo, "demo", "--kep", code=1)


def test_damage(repo: Repo) -> None:
    repo.plant(f"refs/muse/reservations/{NOBODY}", b"{}")

    assert answer(repo, "fsck", code=1)["bad"]
    assert answer(repo, "fsck", "--repair", code=1)["repaired"] == []
    assert answer(repo, "list")["warnings"]


def test_the_repair_of_what_breaks_git(repo: Repo) -> None:
    torn = repo.path / ".git/refs/muse/releases" / NOBODY
    torn.parent.mkdir(parents=True)
    torn.write_text("")

    assert answer(repo, "fsck", "--repair")["repaired"]


@pytest.mark.parametrize("line", [["what"], ["--what"], ["list", "--what"]])
def test_what_no_verb_understands_has_the_form_of_the_envelope(repo: Repo, line: list[str]) -> None:
    Draft202012Validator(closed(load("envelope"))).validate(repo.json(*line, code=1))


def test_where_there_is_no_repository(tmp_path: Path) -> None:
    for line in (["reserve", "a"], ["list"], ["status"], ["dag"], ["fsck"]):
        answer(Repo(tmp_path), *line, code=3)


def test_the_schema_of_a_verb_refuses_what_it_should() -> None:
    good = {
        "schema_version": "1",
        "command": "release",
        "exit_code": 0,
        "duration_ms": 1,
        "warnings": [],
        "released": [],
        "remainders": [],
        "became_ready": [],
    }
    error = {"code": "not_there", "message": "gone", "hint": None}
    check = Draft202012Validator(load("release"))

    assert check.is_valid(good)
    assert check.is_valid({**good, "added_later": 1})
    assert (
        check.is_valid({"exit_code": 4, **{k: v for k, v in good.items() if k == "command"}})
        is False
    )
    assert not check.is_valid({**good, "error": error})
    assert not check.is_valid({**good, "exit_code": 4})
    assert not check.is_valid({**good, "released": "all"})
    assert not check.is_valid(
        {name: value for name, value in good.items() if name != "became_ready"}
    )
    failed = {**good, "exit_code": 4, "error": error}
    assert check.is_valid(failed)
    assert check.is_valid({name: value for name, value in failed.items() if name != "released"})


def test_radar(repo: Repo) -> None:
    assert answer(repo, "radar")["sides"] == []
    for name in ("ann", "bob"):
        repo.git("checkout", "-q", "-b", name, "main")
        repo.write("src/billing.py", f"def compute_total(items):\n    return '{name}'\n")
        repo.commit(name)
    repo.write("README.md", "# Another\n")
    assert answer(repo, "radar")["pairs"]
    assert answer(repo, "radar", "--strict", code=2)["sides"]
    answer(repo, "radar", "--min-confidence", "2", code=1)


def test_forecasts(repo: Repo) -> None:
    assert answer(repo, "forecast")["conflicts"] == []
    repo.reserve(TOTAL, "--run-id", "a")
    repo.reserve("src/shop.py", "--run-id", "b")
    repo.reserve("src/", "--run-id", "c", "--depends-on", repo.held()[0])

    assert answer(repo, "forecast")["conflicts"]
    assert answer(repo, "forecast", "--branch", "nowhere")["left_out"] == 3
