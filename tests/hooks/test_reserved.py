"""Where reservations are packed, the scripts of hooks need not have git look through all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from git_muse_coord.store.hooks.reserved import MARK
from tests.hooks.tools import TAX_AND_TOTAL, TOTAL, edit, run_git, warned
from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow

_ASKED = "for-each-ref --count=1"


def mark(repo: Repo) -> Path:
    return repo.git_dir / "muse-coord" / MARK


def commit(path: Path) -> tuple[list[str], int]:
    """What a commit is warned of, and how often git was asked whether there is a reservation."""
    trace = path.parent / "trace"
    ran = run_git(path, "commit", "-qam", "x", GIT_TRACE=str(trace))
    assert ran.code == 0
    lines = trace.read_text().splitlines()
    trace.unlink()
    return warned(ran.err), sum(_ASKED in line and "built-in" in line for line in lines)


def test_once_it_is_known_that_something_is_reserved_git_is_not_asked(shop: Repo) -> None:
    held = shop.reserve(TOTAL, "--run-id", "ann")
    shop.git("pack-refs", "--all")
    assert not (shop.git_dir / "refs/muse/reservations").exists()
    edit(shop, *TAX_AND_TOTAL)
    assert commit(shop.path) == ([TOTAL], 1)
    assert mark(shop).exists()

    edit(shop, ("sum(self.lines, 1)", "sum(self.lines, 2)"))
    assert commit(shop.path) == ([TOTAL], 0)
    shop.git("worktree", "add", "-q", "../öther place", "-b", "other")
    other = shop.path.parent / "öther place"
    edit(Repo(other), ("sum(self.lines, 2)", "sum(self.lines, 3)"))
    assert commit(other) == ([TOTAL], 0)

    # gone by another way than ours: the program is started once more for nothing, and says so
    git_in(shop.path, "update-ref", "-d", f"refs/muse/reservations/{held.removeprefix('sha256:')}")
    edit(shop, ("sum(self.lines, 2)", "sum(self.lines)"))
    assert commit(shop.path)[0] == []
    assert not mark(shop).exists()


def test_a_clone_in_which_nothing_is_reserved_is_not_marked(shop: Repo) -> None:
    shop.reserve(TOTAL, "--run-id", "ann")
    shop.muse("release", "--all", "--run-id", "ann")
    shop.git(
        "update-ref",
        "-d",
        shop.git("for-each-ref", "--format=%(refname)", "refs/muse/reservations"),
    )
    shop.muse("hook", "pre-commit")
    assert not mark(shop).exists()


def test_a_mark_that_cannot_be_made_stops_nobody(shop: Repo) -> None:
    shop.reserve(TOTAL, "--run-id", "ann")
    mark(shop).mkdir()
    edit(shop, *TAX_AND_TOTAL)
    assert commit(shop.path)[0] == [TOTAL]
