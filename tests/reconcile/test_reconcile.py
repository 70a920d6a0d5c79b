"""The order of merges, and that git then meets the conflicts that were announced and no others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow

LINES = [f"line {number}" for number in range(40)]
ODD = "naïve dir/a file.txt"


@pytest.fixture
def base(repo: Repo) -> Repo:
    for name in (ODD, "two.txt", "three.txt"):
        repo.write(name, "".join(f"{line}\n" for line in LINES))
    repo.commit("Lines")
    return repo


def grow(repo: Repo, name: str, *edits: tuple[str, int], start: str = "main") -> str:
    """A branch on which lines of files are changed, one commit each."""
    repo.git("switch", "-qc", name, start)
    for path, line in edits:
        rows = (repo.path / path).read_text().splitlines()
        rows[line] = f"{rows[line]}, {name}"
        repo.write(path, "".join(f"{row}\n" for row in rows))
        repo.commit(f"{name} changes {path}")
    commit = repo.git("rev-parse", "HEAD")
    repo.git("switch", "-q", "main")
    return commit


def reserve(repo: Repo, branch: str, *options: str) -> str:
    """Reserve as somebody who stands on a branch; the run id is the name of the branch."""
    repo.git("switch", "-q", branch)
    held = repo.reserve(*(options or (f"{branch}.txt",)), "--run-id", branch)
    repo.git("switch", "-q", "main")
    return held


def merged_by_git(repo: Repo, order: list[str], side: str | None = None) -> dict[str, list[str]]:
    """The paths in which git conflicts when branches are merged in an order; each is resolved on the spot."""
    found: dict[str, list[str]] = {}
    repo.git("switch", "-q", "--detach", "main")
    for name in order:
        repo.git("merge", "-q", "--no-edit", name, check=False)
        found[name] = repo.git("diff", "-z", "--name-only", "--diff-filter=U").split("\0")[:-1]
        if found[name]:
            if side:
                repo.git("checkout", side, "--", *found[name])
            repo.commit(f"Resolve {name}")
    repo.git("switch", "-q", "main")
    return found


def announced(answer: dict[str, Any]) -> dict[str, list[str]]:
    return {step["branch"]: step["conflicts"] for step in answer["steps"]}


@pytest.mark.parametrize("side", [None, "--ours", "--theirs"])
def test_the_order_meets_the_conflicts_that_it_announces_and_no_others(
    base: Repo, side: str | None
) -> None:
    grow(base, "late", ("two.txt", 5), ("three.txt", 9))
    grow(base, "early", (ODD, 3))
    grow(base, "rival", (ODD, 3), ("two.txt", 30))
    first = reserve(base, "early")
    reserve(base, "late", "late.txt", "--depends-on", first)
    reserve(base, "rival")

    answer = base.json("reconcile")

    order = answer["recommended_merge_order"]
    assert sorted(order) == ["early", "late", "rival"]
    assert order.index("early") < order.index("late")
    assert answer["exact"]
    assert order[-1] == "rival"
    assert announced(answer)["rival"] == [ODD]
    assert merged_by_git(base, order, side) == announced(answer)
    (last,) = (step for step in answer["steps"] if step["branch"] == "rival")
    assert last["conflicts_with"] == ["early"]
    facts = {one["name"]: one for one in answer["branches"]}
    assert (facts["late"]["depends_on"], facts["late"]["run_ids"]) == (["early"], ["late"])
    assert (facts["rival"]["conflicts_with"], facts["early"]["conflicts_with"]) == (
        ["early"],
        ["rival"],
    )
    assert {name: one["strategy"] for name, one in answer["strategies"].items()} == {
        "early": "fast-forward",
        "late": "rebase",
        "rival": "manual",
    }
    assert "with early" in answer["strategies"]["rival"]["reason"]
    assert [spot for spot in answer["hotspots"] if spot["branches"] == ["early", "rival"]] == [
        {
            "address": ODD,
            "branches": ["early", "rival"],
            "run_ids": ["early", "rival"],
            "past": None,
        }
    ]


def test_nothing_is_written(base: Repo) -> None:
    grow(base, "a", (ODD, 3))
    grow(base, "b", (ODD, 3))
    before = base.refs("refs/"), sorted(base.git_dir.rglob("objects/??/*"))

    base.json("reconcile", "--branch", "a", "--branch", "b")

    assert (base.refs("refs/"), sorted(base.git_dir.rglob("objects/??/*"))) == before
    assert base.git("status", "--porcelain") == ""


def test_no_order_conflicts_less(base: Repo) -> None:
    grow(
        base, "wide", *((path, line) for path in (ODD, "two.txt", "three.txt") for line in (1, 20))
    )
    grow(base, "one", (ODD, 1))
    grow(base, "two", ("two.txt", 20), (ODD, 38))
    grow(base, "three", ("three.txt", 1), ("two.txt", 10))
    names = ["wide", "one", "two", "three"]

    answer = base.json("reconcile", *(word for name in names for word in ("--branch", name)))

    def cost(order: list[str]) -> int:
        return sum(map(len, merged_by_git(base, order).values()))

    order = answer["recommended_merge_order"]
    assert merged_by_git(base, order) == announced(answer)
    assert cost(order) == min(cost(list(other)) for other in permutations(names))


def test_beyond_eight_branches_the_next_is_what_conflicts_least(base: Repo) -> None:
    names = [f"b{number:02}" for number in range(11)]
    for number, name in enumerate(names):
        grow(base, name, ("two.txt", 3 * number), (ODD, 3 * (number // 2)))

    answer = base.json("reconcile", *(word for name in names for word in ("--branch", name)))

    assert not answer["exact"]
    assert merged_by_git(base, answer["recommended_merge_order"]) == announced(answer)
    assert (
        "too many branches"
        in base.muse("reconcile", *(w for n in names for w in ("--branch", n))).out
    )


def test_branches_that_wait_for_each_other_are_told(base: Repo) -> None:
    for name, line in (("x", 1), ("y", 9), ("z", 20)):
        grow(base, name, (ODD, line))
    of_y = reserve(base, "y", "r2.txt")
    of_x = reserve(base, "x", "r1.txt", "--depends-on", of_y)
    reserve(base, "y", "r3.txt", "--depends-on", of_x)
    reserve(base, "z", "r5.txt", "--depends-on", of_x)

    answer = base.json("reconcile")

    assert [one for one in answer["warnings"] if "x, y wait for each other" in one]
    order = answer["recommended_merge_order"]
    assert order[-1] == "z"
    assert merged_by_git(base, order) == announced(answer)


def test_what_is_finished_but_not_merged_still_goes_first(base: Repo) -> None:
    grow(base, "done", (ODD, 1))
    grow(base, "waiting", ("two.txt", 1))
    first = reserve(base, "done")
    reserve(base, "waiting", "waiting.txt", "--depends-on", first)
    base.json("release", first, "--run-id", "done")

    assert base.json("reconcile")["recommended_merge_order"] == ["done", "waiting"]
    base.git("merge", "-q", "done")
    assert base.json("reconcile")["recommended_merge_order"] == ["waiting"]


def test_a_branch_that_is_gone(base: Repo) -> None:
    grow(base, "lost", (ODD, 1))
    reserve(base, "lost")
    base.git("branch", "-qD", "lost")

    answer = base.json("reconcile")
    assert answer["branches"] == []
    assert answer["active_reservations"] == 1
    assert [one for one in answer["warnings"] if "gone" in one and "lost" in one]
    for wrong in ("lost", "", "-x", "HEAD~1", "a\nb", "a..b", "\x1b[31m"):
        ran = base.muse("reconcile", "--branch", wrong)
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1), wrong
        assert base.muse("reconcile", "--onto", wrong).code == 1
    assert base.muse("reconcile", "--branch", "main").code == 1


def test_histories_that_are_unrelated(base: Repo) -> None:
    base.git("switch", "-q", "--orphan", "alien")
    base.write("alien.txt", "from elsewhere\n")
    base.commit("Alien")
    base.git("switch", "-q", "main")

    ran = base.muse("reconcile", "--branch", "alien")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "unrelated" in ran.err
    grow(base, "good", (ODD, 1))
    reserve(base, "good")
    reserve(base, "alien")
    answer = base.json("reconcile")
    assert answer["recommended_merge_order"] == ["good"]
    assert [one for one in answer["warnings"] if "alien" in one]


def test_branches_related_to_the_target_but_not_to_each_other(base: Repo) -> None:
    base.git("switch", "-q", "--orphan", "alien")
    base.write("alien.txt", "from elsewhere\n")
    base.commit("Alien")
    grow(base, "good", (ODD, 1))
    base.git("switch", "-qc", "both", "good~1")
    base.git("merge", "-q", "--no-edit", "--allow-unrelated-histories", "alien")
    base.git("switch", "-q", "alien")
    base.write("alien.txt", "changed\n")
    base.commit("More")

    answer = base.json("reconcile", "--onto", "both", "--branch", "good", "--branch", "alien")

    assert sorted(answer["recommended_merge_order"]) == ["alien", "good"]
    assert [step["conflicts"] for step in answer["steps"]] == [[], []]


def test_strategies(base: Repo) -> None:
    grow(base, "bottom", (ODD, 1))
    grow(base, "top", (ODD, 20), start="bottom")
    grow(base, "merged")
    grow(base, "undone", ("two.txt", 3), ("two.txt", 30))
    base.git("switch", "-q", "undone")
    base.git("revert", "--no-edit", "HEAD~1")
    base.git("switch", "-q", "main")
    grow(base, "woven", ("three.txt", 30))
    base.git("switch", "-q", "woven")
    base.git("merge", "-q", "--no-ff", "--no-edit", "bottom")
    base.git("switch", "-q", "main")
    grow(base, "rival", ("two.txt", 3))
    grow(base, "long", *(("three.txt", line) for line in range(12)))
    names = ["bottom", "top", "merged", "undone", "woven", "rival", "long"]

    answer = base.json("reconcile", *(word for name in names for word in ("--branch", name)))

    found = {name: one["strategy"] for name, one in answer["strategies"].items()}
    assert found["bottom"] == found["merged"] == "fast-forward"
    assert found["top"] == "rebase"
    assert found["woven"] == "squash"
    assert found["long"] == "squash"
    assert found["rival"] == "rebase"
    assert found["undone"] == "squash"
    assert "conflicts" in answer["strategies"]["undone"]["reason"]
    assert merged_by_git(base, answer["recommended_merge_order"]) == announced(answer)


def test_a_branch_upon_another_follows_it_without_a_merge(base: Repo) -> None:
    grow(base, "bottom", (ODD, 1))
    grow(base, "top", (ODD, 20), (ODD, 22), start="bottom")

    answer = base.json("reconcile", "--branch", "top", "--branch", "bottom")

    assert answer["recommended_merge_order"] == ["bottom", "top"]
    assert {one["strategy"] for one in answer["strategies"].values()} == {"fast-forward"}


def test_the_default_branch_of_the_remote_is_what_all_go_onto(base: Repo, tmp_path: Path) -> None:
    base.git("branch", "-m", "main", "trunk")
    git_in(tmp_path, "clone", "-q", str(base.path), "a clone")
    base.git("branch", "-m", "trunk", "main")
    clone = Repo(tmp_path / "a clone")
    clone.git("switch", "-qc", "topic")
    clone.write("new.txt", "1\n")
    clone.commit("Topic")
    clone.git("push", "-q", "origin", "topic")
    clone.reserve("new.txt", "--run-id", "a")
    clone.git("switch", "-q", "trunk")
    clone.reserve("README.md", "--run-id", "b")
    clone.git("branch", "-qD", "topic")

    answer = clone.json("reconcile")

    assert answer["onto"] == "origin/trunk"
    assert answer["recommended_merge_order"] == ["origin/topic"]
    assert answer["branches"][0]["run_ids"] == ["a"]
    assert clone.json("reconcile", "--branch", "topic")["recommended_merge_order"] == [
        "origin/topic"
    ]
    assert clone.json("reconcile", "--onto", "trunk")["onto"] == "trunk"
    assert "origin/trunk" in clone.muse("reconcile").out


def test_from_a_linked_worktree_and_a_directory(base: Repo, tmp_path: Path) -> None:
    grow(base, "topic", (ODD, 1))
    base.git("worktree", "add", "-q", str(tmp_path / "linked tree"), "topic")
    linked = Repo(tmp_path / "linked tree")
    linked.reserve(ODD, "--run-id", "a")
    linked.json("intent", ODD, "--op", "modify", "--run-id", "a")

    for place in (base, linked, Repo(base.path / "src")):
        answer = place.json("reconcile")
        assert answer["recommended_merge_order"] == ["topic"]
        assert (answer["active_reservations"], answer["active_intents"]) == (1, 1)
        assert answer["onto"] == "main"


def test_a_shallow_clone_that_does_not_reach_back(base: Repo, tmp_path: Path) -> None:
    grow(base, "topic", (ODD, 1), (ODD, 5))
    base.write("more.txt", "1\n")
    base.commit("More")
    git_in(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", base.path.as_uri(), "cut")

    ran = Repo(tmp_path / "cut").muse("reconcile", "--branch", "topic")

    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "--unshallow" in ran.err


def test_where_several_runs_are_at_work_is_a_hotspot(base: Repo) -> None:
    grow(base, "x", ("two.txt", 1))
    grow(base, "y", ("three.txt", 1))
    reserve(base, "x", "src/", "README.md")
    reserve(base, "y", "src/billing.py::compute_total")

    answer = base.json("reconcile")

    assert answer["hotspots"] == [
        {
            "address": "src/billing.py::compute_total",
            "branches": ["x", "y"],
            "run_ids": ["x", "y"],
            "past": None,
        }
    ]


def test_what_is_on_no_branch_to_merge_is_no_hotspot(base: Repo) -> None:
    grow(base, "x", ("two.txt", 1))
    reserve(base, "x", "src/")
    base.reserve("src/", "--run-id", "on main")
    base.git("switch", "-q", "--detach", "main")
    base.reserve("src/", "--run-id", "on no branch")
    base.git("switch", "-qc", "short")
    base.reserve("src/", "--run-id", "on a branch that goes")
    base.git("switch", "-q", "main")
    base.git("branch", "-qD", "short")

    answer = base.json("reconcile")

    assert ([one["name"] for one in answer["branches"]], answer["hotspots"]) == (["x"], [])


def test_a_conflict_in_code_is_a_hotspot_by_its_symbols(base: Repo) -> None:
    text = "def compute_total(items):\n    return sum(items)\n\n\ndef tax():\n    return 1\n"
    base.write("src/billing.py", text)
    base.commit("Tax")
    for name in ("x", "y"):
        base.git("switch", "-qc", name, "main")
        base.write("src/billing.py", text.replace("return 1", f"return {name}"))
        base.commit(name)
        base.reserve(f"{name}.txt", "--run-id", f"run of {name}")

    answer = base.json("reconcile", "--onto", "main")

    assert answer["hotspots"] == [
        {
            "address": "src/billing.py::tax",
            "branches": ["x", "y"],
            "run_ids": ["run of x", "run of y"],
            "past": None,
        }
    ]


def test_nothing_is_under_way(base: Repo, tmp_path: Path) -> None:
    assert base.json("reconcile")["recommended_merge_order"] == []
    assert base.muse("reconcile").out == "Nothing to merge onto main.\n"
    empty = Repo.make(tmp_path / "empty")
    assert empty.muse("reconcile").code == 1
    later = base.coordinator(clock=lambda: datetime.now(UTC) - timedelta(days=1))
    grow(base, "old", (ODD, 1))
    base.git("switch", "-q", "old")
    later.reserve(["old.txt"], run_id="a")
    base.git("config", "muse-coord.radar", "false")
    assert base.json("reconcile")["branches"] == []
