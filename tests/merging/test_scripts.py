"""The scripts that learn from the merges of a history, on a small one."""

from __future__ import annotations

import pytest

from tests.docs.places import script
from tests.merging.test_plan_merge import Branches
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
    assert "2 merges, 1 with conflicts (50.0%)" in ran.stdout
    (row,) = [line for line in ran.stdout.splitlines() if "touch a symbol or a gap" in line]
    assert row.split()[-4:] == ["1.000", "1.000", "1.000", "0.000"]


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
