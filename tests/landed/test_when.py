"""When landed work is let go of: after a merge by git's hook, at a sync, and what is said then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from git_muse_coord.coordinator.session import Session, utc_now
from git_muse_coord.model.text_types import RunId
from tests.hooks.tools import run_git
from tests.landed.clone import BILL, TO_BILL, TO_TOTAL, TOTAL, Clone


def landed_long_ago(clone: Clone, monkeypatch: pytest.MonkeyPatch, run_id: str = "ann") -> str:
    """A reservation of 20 minutes ago whose work is on a branch that waits to be merged."""
    then = utc_now() - timedelta(minutes=20)
    monkeypatch.setenv("GIT_COMMITTER_DATE", then.isoformat())
    clone.git("checkout", "-q", "-b", "topic")
    made = clone.coordinator(clock=lambda: then).reserve([BILL], run_id=run_id)
    clone.change(*TO_BILL)
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    clone.git("checkout", "-q", "main")
    return str(made.reservation_id)


@pytest.fixture
def hooked(lone: Clone, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """A clone without a remote, with our hooks."""
    monkeypatch.setenv("MUSE_HOOK_SECONDS", "300")
    assert lone.muse("install", "--hooks").code == 0
    return lone


def test_a_merge_lets_go_and_says_so(hooked: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    held = landed_long_ago(hooked, monkeypatch)
    assert held in hooked.held()
    merged = run_git(hooked.path, "merge", "topic", MUSE_RUN_ID="ann")
    assert "released 1 reservation of yours whose work is on main" in merged.out + merged.err
    assert hooked.held() == []


def test_others_are_named(hooked: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = "claude:0d5e7a31-5c0f-4f0e-9b52-0f8f1c1a7d10"
    landed_long_ago(hooked, monkeypatch, run_id)
    merged = run_git(hooked.path, "merge", "topic", MUSE_RUN_ID="bob")
    assert "released 1 reservation of claude:0d5e7a31 whose work is on main" in (
        merged.out + merged.err
    )


def test_a_merge_is_silent_where_nothing_has_landed(
    hooked: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed_long_ago(hooked, monkeypatch)
    hooked.git("checkout", "-q", "-b", "other")
    hooked.change(*TO_TOTAL)
    hooked.git("checkout", "-q", "main")
    merged = run_git(hooked.path, "merge", "-q", "other")
    assert merged.out + merged.err == ""
    hooked.git("config", "muse-coord.autoRelease", "false")
    merged = run_git(hooked.path, "merge", "-q", "--no-edit", "topic")
    assert "released" not in merged.out + merged.err
    assert len(hooked.held()) == 1


def test_a_pull_lets_go_of_what_a_session_left_that_has_ended(
    clone: Clone, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSE_HOOK_SECONDS", "300")
    assert clone.muse("install", "--hooks").code == 0
    held = clone.begin(BILL, run_id="claude:1")
    clone.change(*TO_BILL)
    clone.git("push", "-q", "origin", "topic")
    session = Session(str(clone.path))
    where = session.repository.git_dir
    session.agent_memory.saw(RunId("claude:1"), where, utc_now())
    host = Clone.of_hub(hub, hub.parent / "host")
    host.git("merge", "-q", "--squash", "origin/topic")
    host.commit("By the host's button")
    host.push_main()
    clone.git("checkout", "-q", "main")
    assert held in clone.held()
    session.agent_memory.end(RunId("claude:1"), utc_now())
    pulled = run_git(clone.path, "pull", "-q", "--ff-only")
    assert "released 1 reservation of claude:1 whose work is on origin/main" in (
        pulled.out + pulled.err
    )
    assert clone.held() == []


def test_who_was_seen_at_work_just_now_goes_on(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed_long_ago(clone, monkeypatch)
    clone.git("push", "-q", "origin", "topic:main")
    session = Session(str(clone.path))
    session.agent_memory.saw(RunId("ann/helper"), session.repository.git_dir, utc_now())
    assert clone.json("sync")["landed"] is None


def test_a_sync_lets_go_before_it_pushes(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    held = landed_long_ago(clone, monkeypatch)
    assert clone.json("sync")["landed"] is None
    clone.git("push", "-q", "origin", "topic:main")
    synced = clone.json("sync", "--run-id", "ann")
    assert synced["landed"] == {
        "released": [held],
        "sentence": "released 1 reservation of yours whose work is on origin/main",
    }
    assert synced["pushed"] == {"releases": 1}
    assert clone.json("sync")["landed"] is None


def test_a_sync_says_so(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    landed_long_ago(clone, monkeypatch)
    clone.git("push", "-q", "origin", "topic:main")
    assert "released 1 reservation of ann" in clone.muse("sync").out


def test_of_two_that_land_at_once_each_is_released_by_its_holder(lone: Clone) -> None:
    first = lone.begin(BILL, run_id="ann")
    second = lone.reserve(TOTAL, "--run-id", "bob")
    lone.change(*TO_BILL)
    lone.change(*TO_TOTAL)
    lone.git("push", "-q", ".", "topic:main")
    assert sorted(lone.let_go()) == sorted([first, second])
    for reservation_id, holder in ((first, "ann"), (second, "bob")):
        blob = lone.git("cat-file", "blob", f"refs/muse/releases/{reservation_id[7:]}")
        assert f'"run_id":"{holder}"' in blob


@pytest.mark.parametrize("merging_in", ["main worktree", "linked worktree"])
def test_a_merge_in_one_worktree_looks_into_the_other(
    hooked: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, merging_in: str
) -> None:
    held = landed_long_ago(hooked, monkeypatch)
    linked = Clone(tmp_path / "ånother place")
    hooked.git("worktree", "add", "-q", "--detach", str(linked.path))
    merging, holding = hooked, linked
    if merging_in == "linked worktree":
        merging, holding = linked, hooked
    hooked.git("checkout", "-q", "--detach")
    holding.git("checkout", "-q", "topic")
    merging.git("checkout", "-q", "main")
    holding.edit(("total() + 1", "total() + 2"))
    folder = merging.path / "doc"
    merged = run_git(folder, "merge", "topic")
    assert "released" not in merged.out + merged.err
    assert held in hooked.held()
    holding.edit(("total() + 2", "total() + 1"))
    merging.git("reset", "-q", "--hard", "HEAD~1")
    merged = run_git(folder, "merge", "--no-ff", "--no-edit", "topic")
    assert "released 1 reservation" in merged.out + merged.err
    assert hooked.held() == []
