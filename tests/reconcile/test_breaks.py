"""Reconcile names callers that break between branches, which git would merge without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.merging.three_branches import (
    ALL,
    CALLER,
    INNOCENT,
    PYTHON,
    RENAMER,
    Code,
    three_branches,
)
from tests.tools import Repo

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("code", ALL.values(), ids=ALL)
def test_a_caller_that_breaks_between_siblings_is_named(repo: Repo, code: Code) -> None:
    three_branches(repo, code)

    told = repo.json("reconcile")

    assert {branch["name"] for branch in told["branches"]} == {RENAMER, CALLER, INNOCENT}
    (broken,) = told["breaks"]
    assert sorted(broken["branches"]) == [CALLER, RENAMER]
    assert (broken["address"], broken["changes"]) == (
        f"{code.defined}::{code.old}",
        {RENAMER: "renamed"},
    )
    assert broken["recommendation"] == f"use {code.defined}::{code.new} there"
    sites = {(site["file"], site["line"], site["side"]) for site in broken["sites"]}
    assert (code.calling, code.line, CALLER) in sites
    marked = {step["branch"]: step["breaks_with"] for step in told["steps"]}
    order = told["recommended_merge_order"]
    first, second = sorted((RENAMER, CALLER), key=order.index)
    assert marked == {first: [], second: [first], INNOCENT: []}


def test_the_text_names_it_and_leads_to_it(repo: Repo, tmp_path: Path) -> None:
    three_branches(repo, PYTHON)
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked tree"), "main")

    text = Repo(tmp_path / "linked tree" / "src").muse("reconcile").out

    _, mark, finding = text.partition("⚠ git merges ")
    assert mark
    assert f"{PYTHON.calling}:{PYTHON.line} in {CALLER}, " in finding
    assert INNOCENT not in finding
    (hint,) = (line.strip() for line in finding.splitlines() if " plan-merge " in line)
    plan = repo.muse(*hint.removeprefix("git muse-coord ").split()).out
    assert f"{PYTHON.calling}:{PYTHON.line} in " in plan


def test_a_break_with_the_branch_that_all_go_onto(repo: Repo) -> None:
    three_branches(repo, PYTHON)
    repo.git("merge", "-q", "--ff-only", RENAMER)

    told = repo.json("reconcile")

    assert [broken["branches"] for broken in told["breaks"]] == [["main", CALLER]]
    marked = {step["branch"]: step["breaks_with"] for step in told["steps"]}
    assert marked == {CALLER: ["main"], INNOCENT: []}


def test_what_came_from_the_target_is_told_of_the_target_alone(repo: Repo) -> None:
    three_branches(repo, PYTHON)
    repo.git("merge", "-q", "--ff-only", RENAMER)
    repo.git("switch", "-qc", "later", "main")
    repo.write("later.py", "def later():\n    return 1\n")
    repo.commit("later")
    repo.git("switch", "-q", "main")

    told = repo.json("reconcile")

    assert "later" in {branch["name"] for branch in told["branches"]}
    assert [broken["branches"] for broken in told["breaks"]] == [["main", CALLER]]


def test_a_branch_upon_another_has_mended_its_caller(repo: Repo) -> None:
    three_branches(repo, PYTHON)
    repo.git("switch", "-qc", "both", CALLER)
    repo.git("merge", "-q", "--no-edit", RENAMER)
    repo.write(PYTHON.calling, PYTHON.call.replace("total", "grand_total"))
    repo.commit("Mend it")
    repo.git("switch", "-q", "main")

    told = repo.json("reconcile")

    assert [sorted(broken["branches"]) for broken in told["breaks"]] == [[CALLER, RENAMER]]


def test_a_hint_with_an_odd_branch_can_be_pasted(repo: Repo) -> None:
    three_branches(repo, PYTHON)
    repo.git("branch", "-m", CALLER, "$(touch${IFS}oops)")

    text = repo.muse("reconcile").out

    assert " '$(touch${IFS}oops)'" in text
