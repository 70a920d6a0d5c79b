"""Who meets whom in branches and worktrees as they are now, whether anybody announced it or not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow

FUNCTIONS = """\
def first(items):
    total = 0
    return total


def second(items):
    count = 1
    return count


def third(items):
    name = "x"
    return name
"""


@pytest.fixture
def shop(repo: Repo) -> Repo:
    repo.write("src/code ü.py", FUNCTIONS)
    repo.commit("Functions")
    return repo


def worktree(repo: Repo, name: str, *options: str) -> Repo:
    """A linked worktree beside the repository, on a branch of its name."""
    path = repo.path.parent / f"{name} wörk"
    repo.git("worktree", "add", "-q", *options, str(path), "-b", name)
    return Repo(path)


def change(repo: Repo, old: str, new: str, path: str = "src/code ü.py") -> None:
    text = (repo.path / path).read_text()
    assert old in text
    repo.write(path, text.replace(old, new))


def names(told: dict[str, Any]) -> set[str]:
    return {side["name"] for side in told["sides"]}


def met(told: dict[str, Any]) -> dict[frozenset[str], list[str]]:
    """What each pair meets in."""
    return {frozenset((pair["a"], pair["b"])): pair["addresses"] for pair in told["pairs"]}


def test_two_who_edit_one_function_are_told_and_the_third_is_clean(shop: Repo) -> None:
    for name, old, new in (
        ("ann", "total = 0", "total = 10"),
        ("bob", "total = 0", "total = 20"),
        ("cid", 'name = "x"', 'name = "y"'),
    ):
        change(worktree(shop, name), old, new)

    told = shop.json("radar")

    assert met(told) == {frozenset(("ann", "bob")): ["src/code ü.py::first"]}
    (pair,) = told["pairs"]
    assert pair["conflict_now"]
    assert 0.5 < pair["confidence"] < 1
    assert names(told) == {"ann", "bob", "cid"}
    assert all(side["uncommitted"] for side in told["sides"])
    shown = shop.muse("radar").out
    assert "ann" in shown
    assert "src/code ü.py::first" in shown


def test_nothing_that_anybody_sees_is_written(shop: Repo) -> None:
    ann, bob = worktree(shop, "ann"), worktree(shop, "bob")
    for side, new in ((ann, "total = 10"), (bob, "total = 20")):
        change(side, "total = 0", new)
    before = [lying_in(side.git_dir) for side in (shop, ann, bob)]

    assert shop.json("radar")["pairs"]

    after = [lying_in(side.git_dir) for side in (shop, ann, bob)]
    assert after == before


def lying_in(folder: Path) -> dict[str, bytes]:
    """All files of a git directory but our own caches."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "muse-coord" not in path.parts
    }


def test_a_branch_that_is_checked_out_nowhere_counts_and_one_that_is_merged_does_not(
    shop: Repo,
) -> None:
    for name, new in (("ann", "total = 10"), ("bob", "total = 20"), ("old", "total = 0 ")):
        shop.git("checkout", "-q", "-b", name, "main")
        change(shop, "total = 0", new)
        shop.commit(name)
    shop.git("checkout", "-q", "main")
    shop.git("merge", "-q", "--squash", "old")
    shop.commit("Squashed")

    told = shop.json("radar")

    assert met(told) == {frozenset(("ann", "bob")): ["src/code ü.py::first"]}
    assert names(told) == {"ann", "bob"}
    assert [side["worktree"] for side in told["sides"]] == [None, None]


def test_finished_branches_conflict_for_certain(shop: Repo, tmp_path: Path) -> None:
    shop.git("init", "-q", "--bare", str(tmp_path / "hub"))
    shop.git("remote", "add", "origin", str(tmp_path / "hub"))
    shop.git("push", "-q", "origin", "main")
    for name, new in (("ann", "total = 10"), ("bob", "total = 20")):
        shop.git("checkout", "-q", "-b", name, "main")
        change(shop, "total = 0", new)
        shop.commit(name)
    shop.git("push", "-q", "origin", "ann")

    (pair,) = shop.json("radar")["pairs"]
    assert pair["conflict_now"]
    assert pair["confidence"] < 1

    shop.git("push", "-q", "origin", "bob")
    (pair,) = shop.json("radar")["pairs"]
    assert pair["confidence"] == 1
    assert "first" in shop.muse("radar", "--strict").err
    assert shop.muse("radar", "--strict").code == 2
    assert shop.json("radar", "--min-confidence", "1")["pairs"]


def test_a_branch_upon_another_does_not_meet_it_in_what_both_have(shop: Repo) -> None:
    shop.git("checkout", "-q", "-b", "below")
    change(shop, "total = 0", "total = 10")
    shop.commit("below")
    shop.git("checkout", "-q", "-b", "above")
    change(shop, "count = 1", "count = 10")
    shop.commit("above")
    change(shop, "total = 10", "total = 100")
    shop.commit("again")

    told = shop.json("radar")

    assert names(told) == {"below", "above"}
    assert told["pairs"] == []


def test_what_both_have_picked_is_no_meeting(shop: Repo) -> None:
    shop.git("checkout", "-q", "-b", "ann")
    change(shop, "total = 0", "total = 10")
    picked = shop.commit("picked")
    change(shop, "count = 1", "count = 2")
    shop.commit("more")
    shop.git("checkout", "-q", "-b", "bob", "main")
    shop.git("cherry-pick", picked)
    change(shop, "name = ", "other_name = ")
    shop.commit("else")

    assert shop.json("radar")["pairs"] == []


def test_files_that_nobody_added_and_what_is_ignored_stay_out(shop: Repo) -> None:
    for name in ("ann", "bob"):
        side = worktree(shop, name)
        side.write("secret.txt", f"password of {name}\n")
        side.write("large.py", "x = 1\n" * 400_000)
        side.git("add", "-N", "large.py")
        side.write("picture.bin", f"\0{name}")
        side.git("add", "-N", "picture.bin")
        change(side, "name = ", f"{name} = ")

    told = shop.json("radar")

    assert met(told) == {frozenset(("ann", "bob")): ["src/code ü.py::third"]}


def test_what_was_said_to_be_added_counts_and_so_does_what_is_staged_or_gone(shop: Repo) -> None:
    ann, bob = worktree(shop, "ann"), worktree(shop, "bob")
    for side in (ann, bob):
        side.write("src/new.py", f"def new():\n    return '{side.path.name}'\n")
        side.git("add", "-N", "src/new.py")
    change(ann, "total = 0", "total = 10")
    ann.git("add", "-u")
    (bob.path / "src/code ü.py").unlink()

    (pair,) = shop.json("radar")["pairs"]

    assert pair["conflict_now"]
    assert {"src/code ü.py", "src/new.py::new"} <= set(pair["addresses"])


def test_line_ends_that_git_changes_by_itself_are_no_change(shop: Repo) -> None:
    shop.git("config", "core.autocrlf", "true")
    ann, bob = worktree(shop, "ann"), worktree(shop, "bob")
    for side, old, new in (
        (ann, "total = 0", "total = 10"),
        (bob, 'name = "x"', 'name = "y"'),
    ):
        path = side.path / "src/code ü.py"
        text = path.read_bytes().replace(b"\r\n", b"\n").decode().replace(old, new)
        path.write_bytes(text.replace("\n", "\r\n").encode())

    told = shop.json("radar")

    assert names(told) == {"ann", "bob"}
    assert told["pairs"] == []


def test_what_a_filter_would_change_is_left_out_and_the_filter_never_runs(shop: Repo) -> None:
    trace = shop.path.parent / "ran"
    shop.git("config", "filter.big.clean", f"touch '{trace}'; cat")
    shop.git("config", "filter.big.smudge", "cat")
    shop.git("config", "filter.big.required", "true")
    shop.write(".gitattributes", "*.dat filter=big\n")
    shop.write("some.dat", "one\n")
    shop.commit("Data")
    for name in ("ann", "bob"):
        side = worktree(shop, name)
        side.write("some.dat", f"{name}\n")
        change(side, "total = 0", f"total = '{name}'")
    trace.unlink(missing_ok=True)

    told = shop.json("radar")

    assert met(told) == {frozenset(("ann", "bob")): ["src/code ü.py::first"]}
    assert not trace.exists()


@pytest.mark.parametrize("way", ["gone", "locked", "other"])
def test_a_worktree_that_is_away_stops_nobody(shop: Repo, way: str, tmp_path: Path) -> None:
    ann, bob = worktree(shop, "ann"), worktree(shop, "bob")
    for side in (ann, bob):
        change(side, "total = 0", f"total = '{side.path.name}'")
        side.commit("half")
    if way == "locked":
        shop.git("worktree", "lock", str(ann.path))
    os.rename(ann.path, tmp_path / "away")
    if way == "other":
        git_in(tmp_path, "init", "-q", str(ann.path))

    told = shop.json("radar")

    assert set(met(told)) == {frozenset(("ann", "bob"))}
    assert bool(told["warnings"]) == (way != "gone")


def test_a_detached_worktree_is_called_by_its_place(shop: Repo) -> None:
    path = shop.path.parent / "detached"
    shop.git("worktree", "add", "-q", "--detach", str(path))
    change(Repo(path), "total = 0", "total = 1")
    change(worktree(shop, "ann"), "total = 0", "total = 2")

    told = shop.json("radar")

    assert set(met(told)) == {frozenset(("ann", str(path)))}
    side = next(side for side in told["sides"] if side["branch"] is None)
    assert side["worktree"] == str(path)


def test_in_the_middle_of_a_merge_or_rebase_what_is_committed_counts(shop: Repo) -> None:
    ann, bob = worktree(shop, "ann"), worktree(shop, "bob")
    for side, new in ((ann, "total = 10"), (bob, "total = 20")):
        change(side, "total = 0", new)
        side.commit("half")
    bob.git("rebase", "ann", check=False)
    assert (bob.git_dir / "rebase-merge").exists()

    told = shop.json("radar")

    assert names(told) == {"ann", "bob"}
    assert met(told) == {frozenset(("ann", "bob")): ["src/code ü.py::first"]}
    assert any("under way" in warning for warning in told["warnings"])


def test_it_works_from_a_bare_repository(shop: Repo) -> None:
    bare = shop.path.parent / "bare.git"
    shop.git("clone", "-q", "--bare", ".", str(bare))
    hub = Repo(bare)
    for name in ("ann", "bob"):
        change(worktree(hub, name), "total = 0", f"total = '{name}'")

    assert met(hub.json("radar")) == {frozenset(("ann", "bob")): ["src/code ü.py::first"]}


def test_the_run_is_named_that_is_at_work_in_a_worktree(shop: Repo) -> None:
    ann, bob = worktree(shop, "ann"), worktree(shop, "bob")
    for side, name in ((ann, "claude:1"), (bob, "codex:2")):
        side.reserve("README.md", "--run-id", name)
        change(side, "total = 0", f"total = '{name}'")

    runs = {side["name"]: side["run_id"] for side in shop.json("radar")["sides"]}

    assert runs == {"ann": "claude:1", "bob": "codex:2"}


def test_pairs_that_are_less_likely_are_hidden_and_counted(shop: Repo) -> None:
    for name in ("ann", "bob"):
        change(worktree(shop, name), "total = 0", f"total = '{name}'")

    told = shop.json("radar", "--min-confidence", "1")
    assert (told["pairs"], told["hidden"]) == ([], 1)
    assert "1 pair of them meet, 1 less likely" in shop.muse("radar", "--min-confidence", "1").out
    assert shop.json("radar")["hidden"] == 0


def test_with_nothing_under_way_it_says_so(shop: Repo) -> None:
    assert "Nothing is under way" in shop.muse("radar").out


def test_a_confidence_beyond_its_limits_is_bad_input(shop: Repo) -> None:
    assert shop.muse("radar", "--min-confidence", "2").code == 1
