"""The scripts that learn from the merges of a history, on a small one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.places import script
from tests.merging.test_plan_merge import Branches
from tests.merging.three_branches import CALLER, INNOCENT, PYTHON, RENAMER, three_branches
from tests.tools import Repo

pytestmark = pytest.mark.slow


@pytest.fixture
def merged(repo: Repo) -> Repo:
    """A history with a merge that is clean, and one that is not."""
    shop = Branches(repo)
    shop.edit("ours", ("round(subtotal, 2)", "round(subtotal, 3)"))
    shop.edit("theirs", ("self.items.clear()", "self.items = []"))
    repo.git("checkout", "-q", "ours")
    repo.git("merge", "-q", "-m", "Clean", "theirs")
    shop.edit("ours", ("round(subtotal, 3)", "round(subtotal, 4)"))
    shop.edit("theirs", ("round(subtotal, 2)", "subtotal"))
    repo.git("checkout", "-q", "ours")
    repo.git("merge", "-q", "-s", "ours", "-m", "Not clean", "theirs")
    return repo


def test_the_evaluation(merged: Repo) -> None:
    ran = script("eval_merges", str(merged.path))

    assert ran.returncode == 0, ran.stderr
    counts = [line.split() for line in ran.stdout.splitlines() if line.startswith("all together")]
    assert counts == [["all", "together", "2", "2", "1"]]
    rows = [line for line in ran.stdout.splitlines() if line.startswith("finished diffs, table")]
    auc = rows[0].split()[3]
    assert float(auc) == 1


def test_what_hooks_would_have_said(repo: Repo) -> None:
    three_branches(repo, PYTHON)
    for branch in (INNOCENT, RENAMER, CALLER):
        repo.git("merge", "-q", "--no-ff", "--no-edit", branch)
    broken = repo.git("rev-parse", "--short=12", "HEAD")

    ran = script("eval_breaks", str(repo.path))

    assert ran.returncode == 0, ran.stderr
    title, place, seconds = ran.stdout.splitlines()
    assert title == f"{repo.path}: 2 clean merges, of 1 something is told"
    assert place.startswith(f"  {broken} {PYTHON.calling}:{PYTHON.line} show uses ")
    assert "median" in seconds


def test_what_was_made_again_is_kept(merged: Repo, tmp_path: Path) -> None:
    first = script("eval_merges", str(merged.path), "--cache", str(tmp_path))
    merged.git("gc", "-q")
    again = script("eval_merges", str(merged.path), "--cache", str(tmp_path))

    assert again.stdout == first.stdout
    assert "merges" in first.stderr
    assert again.stderr == ""


def test_each_project_is_judged_by_the_others(merged: Repo, tmp_path: Path) -> None:
    other = tmp_path / "other"
    merged.git("clone", "-q", str(merged.path), str(other))

    ran = script("eval_merges", str(merged.path), str(other), "--leave-one-out")

    assert ran.returncode == 0, ran.stderr
    assert "without other" in ran.stderr


def test_what_is_expected(merged: Repo) -> None:
    parents = merged.git("rev-parse", "ours^1", "ours^2").split()
    row = [
        "here",
        merged.git("rev-parse", "ours"),
        *parents,
        merged.git("merge-base", *parents),
        "src/my shop/ähm.py",
    ]
    merged.write("expected.tsv", "repo\tmerge\tp1\tp2\tbase\tfiles\n" + "\t".join(row) + "\n")

    ran = script("eval_merges", str(merged.path), "--expect", str(merged.path / "expected.tsv"))
    assert "1 of 1 merges conflict in exactly the files expected" in ran.stdout


def test_the_comparison(merged: Repo) -> None:
    ran = script("compare_plan_merge", str(merged.path))

    assert ran.returncode == 0, ran.stderr
    assert "2 merges, 1 in conflict; agreed on 2 (100.0%)" in ran.stdout
