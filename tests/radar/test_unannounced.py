"""Work that nobody announced counts in forecasts and in the order of merges as if its run had."""

from __future__ import annotations

from typing import Any

import pytest

from git_muse_coord.rules.forecast import STILL_AT_THE_END
from tests.radar.test_radar import FUNCTIONS, change, worktree
from tests.tools import Repo

pytestmark = pytest.mark.slow

FIRST, SECOND = (f"src/code ü.py::{name}" for name in ("first", "second"))


@pytest.fixture
def shop(repo: Repo) -> Repo:
    repo.write("src/code ü.py", FUNCTIONS)
    repo.commit("Functions")
    return repo


def overlaps(told: dict[str, Any]) -> list[tuple[list[str], list[str]]]:
    return [
        (conflict["addresses"], conflict["agents"])
        for conflict in told["conflicts"]
        if conflict["conflict_type"] == "address_overlap"
    ]


def test_who_reserves_is_told_of_who_is_at_work_there_without_a_word(shop: Repo) -> None:
    change(worktree(shop, "ann"), "total = 0", "total = 1")
    reserved = worktree(shop, "bob").reserve(FIRST, "--run-id", "bob")

    told = shop.json("forecast")

    assert overlaps(told) == [([FIRST], ["bob", "branch ann"])]
    (conflict,) = told["conflicts"]
    assert conflict["records"] == [reserved]
    assert conflict["description"] == f"'bob' and 'branch ann' work at {FIRST}"


def test_own_work_at_what_was_announced_is_no_conflict(shop: Repo) -> None:
    ann = worktree(shop, "ann")
    ann.reserve(FIRST, "--run-id", "ann")
    change(ann, "total = 0", "total = 1")
    ann.commit("half")
    change(ann, "total = 1", "total = 2")

    assert shop.json("forecast", "--min-confidence", "0")["conflicts"] == []


def test_a_run_that_announced_one_thing_and_does_another_is_seen_there(shop: Repo) -> None:
    ann, bob = worktree(shop, "ann"), worktree(shop, "bob")
    ann.reserve(FIRST, "--run-id", "ann")
    bob.reserve(SECOND, "--run-id", "bob")
    change(ann, "count = 1", "count = 2")

    assert overlaps(shop.json("forecast")) == [([SECOND], ["ann", "bob"])]


def test_unfinished_branches_are_a_chance_and_finished_ones_a_conflict(shop: Repo) -> None:
    for name in ("ann", "bob"):
        side = worktree(shop, name)
        change(side, "total = 0", f"total = '{name}'")
        side.commit("done")
        if name == "ann":
            side.write("README.md", "# In the middle of something\n")

    def clash() -> dict[str, Any]:
        told = shop.json("forecast")
        (conflict,) = (
            one for one in told["conflicts"] if one["conflict_type"] == "branch_conflict"
        )
        return dict(conflict)

    assert (clash()["basis"], clash()["confidence"]) == ("unfinished", STILL_AT_THE_END)
    shop.git("-C", str(shop.path.parent / "ann wörk"), "checkout", "-q", "README.md")
    assert (clash()["basis"], clash()["confidence"]) == ("present", 1)


def test_a_caller_that_uncommitted_work_breaks_is_told_before_the_commit(shop: Repo) -> None:
    shop.write("src/shop.py", "from code import first\n\ndef buy():\n    return first([])\n")
    shop.write("src/code.py", FUNCTIONS)
    shop.commit("A shop")
    ann, bob = worktree(shop, "ann"), worktree(shop, "bob")
    ann.reserve("src/code.py::first", "--run-id", "ann")
    bob.reserve("src/shop.py::buy", "--run-id", "bob")
    change(ann, "def first(items)", "def first(items, tax)", "src/code.py")
    change(bob, "first([])", "first([1])", "src/shop.py")

    def told() -> list[tuple[str, float]]:
        conflicts = shop.json("forecast")["conflicts"]
        return [(conflict["basis"], conflict["confidence"]) for conflict in conflicts]

    assert told() == [("unfinished", STILL_AT_THE_END)]
    assert shop.muse("forecast", "--strict").code == 0
    for side in (ann, bob):
        side.commit("done")
    assert told() == [("present", 1)]
    assert shop.muse("forecast", "--strict").code == 2


def test_what_two_branches_have_alike_or_from_one_another_is_no_conflict(shop: Repo) -> None:
    shop.git("checkout", "-q", "-b", "below")
    change(shop, "total = 0", "total = 10")
    picked = shop.commit("below")
    shop.git("checkout", "-q", "-b", "above")
    change(shop, "total = 10", "total = 100")
    shop.commit("above")
    shop.git("checkout", "-q", "-b", "other", "main")
    shop.git("cherry-pick", picked)
    shop.git("checkout", "-q", "main")
    shop.git("branch", "-q", "-D", "above")

    assert overlaps(shop.json("forecast", "--min-confidence", "0")) == []

    shop.git("branch", "-q", "-D", "other")
    shop.git("branch", "above", "HEAD@{2}")
    assert shop.json("radar")["pairs"] == []


def test_the_setting_turns_it_off_and_the_option_on(shop: Repo) -> None:
    for name in ("ann", "bob"):
        change(worktree(shop, name), "total = 0", f"total = '{name}'")
    shop.git("config", "muse-coord.radar", "false")

    told = shop.json("forecast")
    assert (told["conflicts"], told["radar"]) == ([], None)
    assert len(shop.json("forecast", "--radar")["radar"]["pairs"]) == 1
    assert "ann" in shop.muse("forecast", "--radar").out
    assert len(shop.json("radar")["pairs"]) == 1


def test_in_a_partial_clone_only_who_asks_looks(shop: Repo) -> None:
    for name in ("ann", "bob"):
        change(worktree(shop, name), "total = 0", f"total = '{name}'")
    shop.git("config", "remote.origin.promisor", "true")

    assert shop.json("forecast")["conflicts"] == []
    assert len(shop.json("radar")["pairs"]) == 1
    shop.git("config", "muse-coord.radar", "true")
    assert shop.json("forecast")["conflicts"]


def test_reconcile_orders_branches_that_nobody_announced(shop: Repo) -> None:
    for name in ("ann", "bob"):
        side = worktree(shop, name)
        change(side, "total = 0", f"total = '{name}'")
        side.commit("done")
    change(worktree(shop, "cid"), "count = 1", "count = 2")

    told = shop.json("reconcile")

    assert [branch["name"] for branch in told["branches"]] == ["ann", "bob"]
    assert told["branches"][0]["conflicts_with"] == ["bob"]
    assert [spot["address"] for spot in told["hotspots"]] == [FIRST]
    shop.git("config", "muse-coord.radar", "false")
    assert shop.json("reconcile")["branches"] == []
