"""What a sync tells: each conflict once, whose it is, and that records travel on a branch."""

from __future__ import annotations

import re

import pytest

from tests.sync.hubs import Hub
from tests.tools import Repo

pytestmark = pytest.mark.slow


def told(clone: Repo, *options: str, run_id: str) -> list[str]:
    """The lines about conflicts that a sync prints."""
    ran = clone.muse("sync", "--run-id", run_id, *options)
    assert ran.code == 0, ran.err
    return re.findall(r"^(?:⚠|    |  and) .*$", ran.out, re.MULTILINE)


def test_what_one_sync_told_the_next_does_not(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    held = one.reserve("src/", "--run-id", "a", "--reason", 'a "rewrite"')
    one.json("sync")
    two.reserve("src/shop.py", "--run-id", "b")

    (line,) = told(two, run_id="b")
    assert line.startswith("⚠ src/shop.py (yours) (as src/) is reserved by run-id 'a', ")
    assert line.endswith(f"UTC ({held[7:19]}): \"a 'rewrite'\"")
    assert told(two, run_id="b") == []
    assert len(told(two, "--all-findings", run_id="b")) == 1
    answer = two.json("sync", "--run-id", "b")
    assert [conflict["told_before"] for conflict in answer["conflict_details"]] == [True]
    # another run that syncs in this clone has heard of nothing, and what is new is told
    one.reserve("src/shop.py::Cart", "--run-id", "c")
    one.json("sync")
    (news,) = told(two, run_id="b")
    assert "run-id 'c'" in news


def test_what_comes_back_is_news(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    first = one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    two.reserve("a.py", "--run-id", "b")
    assert len(told(two, run_id="b")) == 1
    one.json("release", first, "--run-id", "a")
    one.json("sync")
    assert told(two, run_id="b") == []
    one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    assert len(told(two, run_id="b")) == 1


def test_whoever_pushes_for_others_reads_whose_it_is(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.reserve("a.py", "--run-id", "a")
    one.reserve("a.py", "--run-id", "b")
    one.reserve("b.py", "--run-id", "b")
    one.reserve("b.py", "--run-id", "c")

    lines = told(one, run_id="a")

    # Each from one side, one's own where there is one.
    assert [line.partition(" is reserved")[0] for line in lines] == [
        "⚠ a.py (yours)",
        "⚠ b.py (of run-id 'b')",
    ]


@pytest.mark.parametrize("damage", ["", "\0\xff no lines of ours", "x y\n" * 9])
def test_a_file_that_is_damaged_or_gone_tells_again(clones: tuple[Repo, Repo], damage: str) -> None:
    one, _ = clones
    one.reserve("a.py", "--run-id", "a")
    one.reserve("a.py", "--run-id", "b")
    assert len(told(one, run_id="a")) == 1

    (one.git_dir / "muse-coord/told-conflicts").write_text(damage)

    assert len(told(one, run_id="a")) == 1
    assert told(one, run_id="a") == []


def test_a_sync_that_nobody_reads_tells_nothing_away(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.git("config", "muse-coord.autoSync", "true")
    one.reserve("a.py", "--run-id", "a")
    one.reserve("a.py", "--run-id", "b")

    assert len(told(one, run_id="a")) == 1


def test_the_branch_is_spoken_of_once_and_then_by_doctor(hub: Hub) -> None:
    hub.hook("update", 'case "$1" in refs/muse*) exit 1;; esac')
    one = hub.clone("one")
    one.reserve("a.py", "--run-id", "a")

    first = one.muse("sync")
    assert "records travel on the branch 'muse-coord'" in first.err
    one.reserve("b.py", "--run-id", "a")
    again = one.muse("sync")

    assert (again.code, again.err) == (0, "")
    assert "branch" not in again.out
    assert one.json("sync")["via"] == "branch"
    assert "the branch muse-coord carries records" in one.muse("doctor").out
