"""Zones of work in real repositories."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.rules.weighted import Weighted
from git_muse_coord.source.metis import metis
from tests.tools import Repo, git_in

AREAS = ("orders", "stock", "ünïts", "web app")


def module(area: str, number: int, symbols: int = 5) -> str:
    """Code that uses its neighbours, and the one file that all use."""
    near = (
        f"from {area}.m{(number + 1) % 6} import f0 as near\n"
        if area.isascii() and " " not in area
        else ""
    )
    functions = "".join(
        f"def f{one}():\n    log()\n    {'near()' if near else 'pass'}\n\n\n"
        for one in range(symbols)
    )
    return f"from common import log\n{near}\n\n{functions}"


@pytest.fixture
def project(repo: Repo) -> Repo:
    repo.git("rm", "-qr", "src")
    for area in AREAS:
        for number in range(6):
            repo.write(f"{area}/m{number}.py", module(area, number))
    repo.write("common.py", "def log():\n    pass\n")
    repo.write("settings.json", '{"a": 1, "b": 2}\n')
    repo.commit("A project")
    return repo


def counts(answer: dict[str, Any]) -> list[int]:
    return [one["symbol_count"] for one in answer["shards"]]


def homes(answer: dict[str, Any]) -> dict[str, int]:
    return {path: one["shard"] for one in answer["shards"] for path in one["files"]}


def test_shards_are_equal_hold_every_file_once_and_keep_together_what_belongs_together(
    project: Repo,
) -> None:
    answer = project.json("shard", "--agents", "4")

    assert [one["shard"] for one in answer["shards"]] == [1, 2, 3, 4]
    files = [path for one in answer["shards"] for path in one["files"]]
    assert sorted(files) == sorted(
        path for path in project.git("ls-files", "-z").split("\0") if path.endswith(".py")
    )
    assert max(counts(answer)) <= 1.05 * min(counts(answer))
    assert answer["balance"] >= 0.95
    home = homes(answer)
    for area in AREAS:
        assert len({home[f"{area}/m{number}.py"] for number in range(6)}) == 1
    # all but the uses of common.py by the three other shards stay inside
    assert answer["cross_shard_edges"] == 18
    assert answer["cut_ratio"] == round(18 / (24 + 12), 4)
    assert all(0 <= one["coupling_score"] <= 1 for one in answer["shards"])
    assert answer["hubs"] == [
        {"file": "common.py", "shard": home["common.py"], "users": 24, "shards": 4}
    ]
    assert answer["commit"] is None


def test_the_text_fits_on_a_screen(project: Repo) -> None:
    ran = project.muse("shard", "--agents", "4")
    assert ran.code == 0
    assert len(ran.out.splitlines()) < 24
    assert "common.py" in ran.out
    assert "orders/ 6" in ran.out


def test_two_answers_are_equal(project: Repo) -> None:
    first, second = (project.json("shard", "--agents", "3") for _ in range(2))
    assert first["shards"] == second["shards"]


def test_without_metis(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pymetis", None)
    assert metis(Weighted.of([1] * 100, [(0, 1, 1)]), 2) is None
    answer = project.json("shard", "--agents", "4")
    assert answer["balance"] >= 0.95
    assert answer["cross_shard_edges"] == 18


def test_commits_of_the_past_tie_files(repo: Repo) -> None:
    pairs = [("a", "e"), ("b", "f"), ("c", "g"), ("d", "h")]
    for pair in pairs * 2:
        for name in pair:
            repo.write(
                f"lib/{name}.py", f"def f():\n    return {len(repo.git('log', '--oneline'))}\n"
            )
        repo.commit("Together")

    home = homes(repo.json("shard", "--agents", "4", "--path", "lib"))

    assert all(home[f"lib/{one}.py"] == home[f"lib/{other}.py"] for one, other in pairs)


def test_some_files_only(project: Repo) -> None:
    project.write("tool.sh", "main() {\n  echo\n}\n")
    project.commit("A tool")
    old = project.git("rev-parse", "HEAD")
    project.git("rm", "-qr", "stock")
    project.commit("Less")

    orders = project.json("shard", "--agents", "2", "--path", "orders", "--path", "common.py")
    assert set(homes(orders)) == {"common.py", *(f"orders/m{number}.py" for number in range(6))}
    assert set(homes(project.json("shard", "--agents", "1", "--language", "json"))) == {
        "settings.json"
    }
    bash = project.json("shard", "--agents", "1", "--language", "bash", "--language", "json")
    assert set(homes(bash)) == {"settings.json", "tool.sh"}
    before = project.json("shard", "--agents", "2", "--commit", "HEAD~1")
    assert before["commit"] == old
    assert "stock/m0.py" in homes(before)
    assert "stock/m0.py" not in homes(project.json("shard", "--agents", "2"))
    inside = Repo(project.path / "orders").json("shard", "--agents", "2", "--path", ".")
    assert set(homes(inside)) == {f"orders/m{number}.py" for number in range(6)}


def test_more_agents_than_files(project: Repo) -> None:
    answer = project.json("shard", "--agents", "40", "--path", "orders/")
    assert [len(one["files"]) for one in answer["shards"]] == [1] * 6
    assert [one for one in answer["warnings"] if "only 6 of 40 shards" in one]
    assert len(project.json("shard", "--agents", "1")["shards"]) == 1


def test_a_giant_file_makes_equal_shards_impossible_and_is_named(project: Repo) -> None:
    project.write("giant.py", module("orders", 0, 400))
    project.commit("A giant")

    answer = project.json("shard", "--agents", "4")

    assert [one for one in answer["shards"] if one["files"] == ["giant.py"]]
    assert [one for one in answer["warnings"] if "giant.py alone" in one]
    rest = sorted(counts(answer))[:-1]
    assert max(rest) <= 1.05 * min(rest)


@pytest.mark.parametrize(
    "line",
    [
        ["--agents", "0"],
        ["--agents", "-4"],
        ["--agents", "1001"],
        ["--agents", "9" * 30],
        ["--agents", "many"],
        ["--agents", ""],
        [],
        ["--agents", "2", "--commit", "nowhere"],
        ["--agents", "2", "--commit", ""],
        ["--agents", "2", "--commit", "-x"],
        ["--agents", "2", "--language", "cobol"],
        ["--agents", "2", "--language", "\x1b[31m"],
        ["--agents", "2", "--path", "nowhere/"],
        ["--agents", "2", "--path", "../x"],
        ["--agents", "2", "--path", "settings.json"],
        ["--agents", "2", "--only", "0"],
        ["--agents", "2", "--only", "3"],
    ],
)
def test_bad_input_is_one_line_and_exit_1(project: Repo, line: list[str]) -> None:
    ran = project.muse("shard", *line)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1), ran
    assert "\x1b" not in ran.err


def test_the_files_of_a_shard_can_be_pasted(project: Repo) -> None:
    told = project.json("shard", "--agents", "4", "--only", "2")
    listed = project.muse("shard", "--agents", "4", "--only", "2").out
    everything = project.muse("shard", "--agents", "4").out

    (zone,) = told["shards"]
    assert (told["only"], zone["shard"]) == (2, 2)
    assert [shlex.split(line) for line in listed.splitlines()] == [[one] for one in zone["files"]]
    pasted = everything.partition("Shard 2: ")[2].splitlines()[0]
    line = f"git-muse-coord reserve --dry-run --json {pasted}"
    ran = subprocess.run(["sh", "-c", line], cwd=project.path, capture_output=True, check=True)
    assert json.loads(ran.stdout)["addresses"] == zone["files"]


@pytest.mark.slow
def test_other_places(project: Repo, tmp_path: Path) -> None:
    expected = homes(project.json("shard", "--agents", "4"))
    project.git("worktree", "add", "-qb", "linked", str(tmp_path / "linked tree"))
    git_in(tmp_path, "clone", "-q", "--depth=1", project.path.as_uri(), "cut off")
    git_in(tmp_path, "clone", "-q", "--bare", str(project.path), "bare")
    for place in ("linked tree", "cut off", "bare"):
        assert set(homes(Repo(tmp_path / place).json("shard", "--agents", "4"))) == set(expected)
    unborn = Repo.make(tmp_path / "unborn")
    assert unborn.muse("shard", "--agents", "2").code == 1
    unborn.write("a.py", "def f(): pass\n")
    subprocess.run(["git", "add", "."], cwd=unborn.path, check=True)
    assert len(unborn.json("shard", "--agents", "2")["shards"]) == 1
