"""Reservations end by themselves when their work is in the default branch, in whichever way it came there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from git_muse_coord.source.allowance import Allowance
from tests.landed.clone import BILL, TO_BILL, TO_FREE, TO_TOTAL, TOTAL, Clone


def merge(clone: Clone) -> None:
    clone.git("checkout", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "--no-edit", "topic")


def fast_forward(clone: Clone) -> None:
    clone.git("checkout", "-q", "main")
    clone.git("merge", "-q", "--ff-only", "topic")


def squash(clone: Clone) -> None:
    clone.git("checkout", "-q", "main")
    clone.git("merge", "-q", "--squash", "topic")
    clone.git("commit", "-q", "-m", "All of it")


def cherry_pick(clone: Clone) -> None:
    clone.git("checkout", "-q", "main")
    clone.git("cherry-pick", "main..topic")


def rebase(clone: Clone) -> None:
    clone.git("checkout", "-q", "main")
    clone.change(*TO_FREE)
    clone.git("rebase", "-q", "main", "topic")
    clone.git("checkout", "-q", "main")
    clone.git("merge", "-q", "--ff-only", "topic")


Way = Callable[[Clone], None]
WAYS = (merge, fast_forward, squash, cherry_pick, rebase)
way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


@way
def test_work_that_is_at_the_remote_is_let_go(clone: Clone, way: Way) -> None:
    held = clone.begin(BILL, TOTAL)
    clone.change(*TO_BILL)
    clone.change(*TO_TOTAL)
    assert clone.let_go() == []
    way(clone)
    assert clone.let_go() == []  # not pushed yet
    clone.push_main()
    assert clone.let_go(minutes=8) == []  # she may just be about to go on
    assert clone.let_go() == [held]
    shown = clone.json("show", held)
    assert shown["state"] == "released"
    assert [one["kind"] for one in shown["related"]] == ["release"]
    assert '"run_id":"ann"' in clone.git("cat-file", "blob", f"refs/muse/releases/{held[7:]}")
    assert clone.let_go() == []


@way
def test_without_a_remote_the_local_default_branch_counts(lone: Clone, way: Way) -> None:
    held = lone.begin(BILL, TOTAL)
    lone.change(*TO_BILL)
    lone.change(*TO_TOTAL)
    assert lone.let_go() == []
    way(lone)
    assert lone.let_go() == [held]


def test_an_ended_session_need_not_be_idle(lone: Clone) -> None:
    held = lone.begin(BILL, run_id="claude:1/a")
    lone.change(*TO_BILL)
    merge(lone)
    assert lone.let_go(minutes=0) == []
    assert lone.let_go(minutes=0, ended=["claude:12"]) == []
    assert lone.let_go(minutes=0, ended=["claude:1"], only=["bob"]) == []
    assert lone.let_go(minutes=0, ended=["claude:1"], only=["claude:1/a"]) == [held]


def test_the_setting_turns_it_off(lone: Clone) -> None:
    held = lone.begin(BILL)
    lone.change(*TO_BILL)
    merge(lone)
    lone.git("config", "muse-coord.autoRelease", "false")
    assert lone.let_go() == []
    lone.git("config", "muse-coord.autoRelease", "true")
    assert lone.let_go() == [held]


def test_a_sign_of_life_of_the_run_or_of_its_kin_means_that_it_goes_on(lone: Clone) -> None:
    held = lone.begin(BILL, run_id="claude:1")
    lone.change(*TO_BILL)
    merge(lone)
    session = lone.coordinator()
    assert session.heartbeat([held], run_id="claude:1")
    assert lone.let_go(minutes=9) == []
    assert lone.let_go() == [held]


def test_an_untouched_branch_has_not_landed(clone: Clone) -> None:
    clone.begin(BILL)
    assert clone.let_go() == []
    clone.change(*TO_FREE)  # nothing of what is held
    merge(clone)
    clone.push_main()
    assert clone.let_go() == []


def test_what_others_did_is_not_the_work_of_the_holder(clone: Clone, hub: Path) -> None:
    clone.begin(BILL)
    other = Clone.of_hub(hub, hub.parent / "other")
    other.change(*TO_BILL)
    other.push_main()
    clone.git("pull", "-q", "--ff-only", "origin", "main")
    assert clone.let_go() == []
    clone.change(*TO_FREE)
    clone.git("push", "-q", "origin", "HEAD:main")
    assert clone.let_go() == []


def test_others_going_on_with_the_rest_of_a_file_does_not_matter(clone: Clone, hub: Path) -> None:
    held = clone.begin("shop.py")
    clone.change(*TO_BILL)
    squash(clone)
    clone.push_main()
    other = Clone.of_hub(hub, hub.parent / "other")
    other.change(*TO_FREE)
    other.push_main()
    clone.git("fetch", "-q")
    assert clone.let_go() == [held]


def test_formatted_on_its_way_it_has_landed(clone: Clone) -> None:
    held = clone.begin(BILL)
    clone.change(*TO_BILL)
    squash(clone)
    clone.edit(("return cart.total() + 1", "return (cart.total()  +  1)  # one more"))
    clone.edit(("(cart.total()  +  1)", "cart.total()  +  1"))
    clone.commit("Formatted")
    clone.push_main()
    assert clone.let_go() == [held]


def test_amended_after_it_landed_it_has_not_landed(clone: Clone) -> None:
    held = clone.begin(BILL)
    clone.change(*TO_BILL)
    squash(clone)
    clone.push_main()
    clone.git("checkout", "-q", "topic")
    clone.edit(("total() + 1", "total() + 2"))
    clone.git("commit", "-q", "-a", "--amend", "--no-edit")
    assert clone.let_go() == []
    clone.edit(("total() + 2", "total() + 1"))
    clone.git("commit", "-q", "-a", "--amend", "-m", "The same, better said")
    assert clone.let_go() == [held]


@pytest.mark.parametrize("way", [merge, squash], ids=lambda way: way.__name__)
def test_reverted_afterwards_it_has_not_landed(clone: Clone, way: Way) -> None:
    clone.begin(BILL)
    clone.change(*TO_BILL)
    way(clone)
    clone.git("revert", "--no-edit", *(["-m", "1"] if way is merge else []), "HEAD")
    clone.push_main()
    assert clone.let_go() == []


def test_what_was_taken_back_on_the_branch_itself_is_no_work(clone: Clone) -> None:
    clone.begin(BILL)
    clone.change(*TO_BILL)
    clone.git("revert", "--no-edit", "HEAD")
    assert clone.let_go() == []
    clone.git("reset", "-q", "--hard", "main")
    assert clone.let_go() == []


def test_of_stacked_branches_the_lower_one_lands_alone(clone: Clone) -> None:
    lower = clone.begin(BILL, branch="topic")
    clone.change(*TO_BILL)
    upper = clone.begin(TOTAL, BILL, branch="on-top")
    clone.change(*TO_TOTAL)
    squash(clone)
    clone.push_main()
    assert clone.let_go() == [lower]
    clone.git("rebase", "-q", "--onto", "main", "topic", "on-top")
    clone.git("push", "-q", "origin", "on-top:main")
    assert clone.let_go() == [upper]


def test_work_on_the_default_branch_ends_with_the_session_once_pushed(clone: Clone) -> None:
    held = clone.reserve(BILL, "--run-id", "ann")
    clone.change(*TO_BILL)
    assert clone.let_go(ended=["ann"]) == []
    clone.push_main()
    assert clone.let_go() == []
    assert clone.let_go(minutes=0, ended=["ann"]) == [held]


def test_work_on_the_only_branch_does_not_land(lone: Clone) -> None:
    lone.reserve(BILL, "--run-id", "ann")
    lone.change(*TO_BILL)
    assert lone.let_go(ended=["ann"]) == []


def test_a_name_used_again_for_other_work(clone: Clone) -> None:
    held = clone.begin(BILL)
    clone.change(*TO_BILL)
    squash(clone)
    clone.push_main()
    clone.git("branch", "-D", "topic")
    assert clone.let_go() == []  # nothing tells any more what was on it
    again = clone.begin(BILL, TOTAL)
    assert clone.let_go() == []
    clone.change(("total() + 1", "total() + 2"))
    assert clone.let_go() == []
    clone.git("push", "-q", "origin", "topic:main")
    assert sorted(clone.let_go()) == sorted([held, again])


def test_a_branch_taken_back_to_the_default_branch(clone: Clone) -> None:
    clone.begin(BILL)
    clone.change(*TO_BILL)
    squash(clone)
    clone.push_main()
    clone.git("checkout", "-q", "-B", "topic", "origin/main")
    assert clone.let_go() == []


def test_landed_in_part_it_has_not_landed(clone: Clone) -> None:
    both = clone.begin(BILL, TOTAL)
    first = clone.reserve(BILL, "--run-id", "ann")
    clone.change(*TO_BILL)
    clone.change(*TO_TOTAL)
    clone.git("checkout", "-q", "main")
    clone.git("cherry-pick", "topic^")
    clone.push_main()
    assert clone.let_go() == [first]
    clone.git("cherry-pick", "topic")
    clone.push_main()
    assert clone.let_go() == [both]


@pytest.mark.parametrize("is_staged", [True, False])
def test_a_change_without_a_commit_keeps_it(clone: Clone, is_staged: bool) -> None:
    held = clone.begin(BILL)
    clone.change(*TO_BILL)
    clone.git("push", "-q", "origin", "topic:main")
    clone.edit(("total() + 1", "total() + 2"))
    if is_staged:
        clone.git("add", "-A")
        clone.edit(("total() + 2", "total() + 1"))
    assert clone.let_go() == []
    clone.git("checkout", "-q", "HEAD", "--", "shop.py")
    clone.edit(*TO_FREE)  # what is not held
    assert clone.let_go() == [held]


def test_an_untracked_file_in_a_held_directory_keeps_it(clone: Clone) -> None:
    held = clone.begin("doc/")
    clone.change(("Text.", "Much text."), name="doc/guide.md")
    clone.git("push", "-q", "origin", "topic:main")
    clone.write("doc/new.md", "# New\n")
    assert clone.let_go() == []
    (clone.path / "doc/new.md").unlink()
    assert clone.let_go() == [held]


def test_work_in_a_linked_worktree(clone: Clone, tmp_path: Path) -> None:
    place = tmp_path / "ånother place"
    clone.git("worktree", "add", "-q", str(place), "-b", "topic")
    linked = Clone(place)
    held = linked.reserve(BILL, "--run-id", "ann")
    linked.change(*TO_BILL)
    linked.git("push", "-q", "origin", "topic:main")
    linked.edit(("total() + 1", "total() + 2"))
    assert clone.let_go() == []
    assert linked.let_go() == []
    # She went on to another branch, and it is still her worktree.
    linked.git("checkout", "-q", "-b", "next")
    assert clone.let_go() == []
    linked.commit("Not landed")
    assert clone.let_go() == []
    linked.git("push", "-q", "origin", "next:main")
    assert clone.let_go() == []  # the tip of the branch is not what is there now
    linked.git("push", "-qf", "origin", "topic:main")
    linked.git("checkout", "-q", "topic")
    assert clone.let_go() == [held]


def test_a_worktree_that_was_removed(clone: Clone, tmp_path: Path) -> None:
    place = tmp_path / "linked"
    clone.git("worktree", "add", "-q", str(place), "-b", "topic")
    linked = Clone(place)
    held = linked.reserve(BILL, "--run-id", "ann")
    linked.change(*TO_BILL)
    linked.git("push", "-q", "origin", "topic:main")
    clone.git("worktree", "lock", str(place))
    place.rename(tmp_path / "away")  # as a disk that is not mounted
    assert clone.let_go() == []
    clone.git("worktree", "unlock", str(place))
    assert clone.let_go() == [held]


def test_a_rebase_that_is_stopped_half_way(clone: Clone) -> None:
    held = clone.begin(BILL)
    clone.change(*TO_BILL)
    squash(clone)
    clone.push_main()
    clone.git("checkout", "-q", "topic")
    clone.change(("total() + 1", "total() + 7"))
    clone.git("checkout", "-q", "main")
    clone.change(("total() + 1", "total() + 5"))
    clone.git("rebase", "main", "topic", check=False)
    assert "UU shop.py" in clone.git("status", "--porcelain")
    assert clone.let_go() == []
    clone.git("rebase", "--abort")
    clone.git("checkout", "-q", "topic")
    clone.git("reset", "-q", "--hard", "topic^")
    assert clone.let_go() == [held]


def test_made_on_no_branch_it_stays(clone: Clone) -> None:
    clone.git("checkout", "-q", "--detach")
    clone.reserve(BILL, "--run-id", "ann")
    clone.change(*TO_BILL)
    clone.git("push", "-q", "origin", "HEAD:main")
    clone.git("fetch", "-q")
    assert clone.let_go(ended=["ann"]) == []


def test_where_the_default_branch_is_not_known(clone: Clone) -> None:
    held = clone.begin(BILL)
    clone.change(*TO_BILL)
    clone.git("push", "-q", "origin", "topic:main")
    clone.git("update-ref", "-d", "refs/remotes/origin/main")
    assert clone.let_go() == []
    clone.git("fetch", "-q")
    assert clone.let_go() == [held]


def test_a_default_branch_of_another_name(clone: Clone, hub: Path) -> None:
    Clone(hub).git("branch", "-m", "main", "trunk")
    clone.git("fetch", "-q", "--prune")
    clone.git("remote", "set-head", "origin", "trunk")
    held = clone.begin(BILL)
    clone.change(*TO_BILL)
    clone.git("push", "-q", "origin", "topic:trunk")
    assert clone.let_go() == [held]


def test_a_shallow_clone(clone: Clone, hub: Path, tmp_path: Path) -> None:
    clone.change(*TO_FREE)
    clone.push_main()
    place = tmp_path / "shallow"
    clone.git("clone", "-q", "--depth=1", f"file://{hub}", str(place))
    shallow = Clone(place)
    held = shallow.begin(BILL)
    assert shallow.let_go() == []
    shallow.change(*TO_BILL)
    assert shallow.let_go() == []
    shallow.git("push", "-q", "origin", "topic:main")
    assert shallow.let_go() == [held]


def test_unrelated_histories(clone: Clone) -> None:
    clone.git("checkout", "-q", "--orphan", "topic")
    clone.commit("As if new")
    clone.reserve(BILL, "--run-id", "ann")
    clone.change(*TO_BILL)
    assert clone.let_go() == []


def test_a_reservation_made_before_the_first_commit(tmp_path: Path) -> None:
    repo = Clone.make(tmp_path / "new")
    clone = Clone(repo.path)
    clone.git("symbolic-ref", "HEAD", "refs/heads/topic")
    held = clone.reserve("a.py", "--run-id", "ann")
    clone.write("a.py", "def f():\n    return 1\n")
    clone.commit("The first")
    assert clone.let_go() == []
    clone.git("branch", "main")
    assert clone.let_go() == [held]


def test_a_renamed_symbol(clone: Clone) -> None:
    held = clone.begin(BILL)
    clone.change(("def bill(cart)", "def invoice(cart)"))
    clone.git("checkout", "-q", "main")
    clone.change(("def bill(cart):\n    return cart.total()\n\n\n", ""))
    clone.push_main()
    assert clone.let_go() == []  # gone there, but not under its new name
    clone.git("revert", "--no-edit", "HEAD")
    squash(clone)
    clone.push_main()
    assert clone.let_go() == [held]


@pytest.mark.parametrize("name", ["shop.py", "notes.txt"])
def test_a_deleted_file(clone: Clone, name: str) -> None:
    held = clone.begin(name)
    clone.git("rm", "-q", name)
    clone.commit("Gone")
    assert clone.let_go() == []
    squash(clone)
    clone.push_main()
    assert clone.let_go() == [held]


def test_a_new_class_that_landed_with_one_method_less(clone: Clone) -> None:
    held = clone.begin("shop.py::Till")
    text = "\n\nclass Till:\n    def open(self):\n        return 1\n\n    def shut(self):\n        return 2\n"
    clone.change(("return os.name\n", "return os.name\n" + text))
    clone.git("checkout", "-q", "main")
    half = text.replace("return 2", "return 3")
    clone.change(("return os.name\n", "return os.name\n" + half))
    clone.push_main()
    assert clone.let_go() == []
    clone.change(("return 3", "return 2"))
    clone.push_main()
    assert clone.let_go() == [held]


def test_another_clone_never_lets_go(clone: Clone, hub: Path, tmp_path: Path) -> None:
    other = Clone.of_hub(hub, tmp_path / "other")
    held = clone.begin(BILL)
    clone.change(*TO_BILL)
    clone.git("push", "-q", "origin", "topic:main", "topic")
    clone.muse("sync")
    other.muse("sync")
    assert held in other.held()
    other.git("fetch", "-q")
    other.git("checkout", "-q", "topic")
    other.git("commit", "-q", "--amend", "--no-edit")
    assert other.let_go(ended=["ann"]) == []
    assert clone.let_go() == [held]


def test_a_copied_clone_never_lets_go(lone: Clone, tmp_path: Path) -> None:
    held = lone.begin(BILL)
    lone.change(*TO_BILL)
    merge(lone)
    copy = tmp_path / "copy"
    shutil.copytree(lone.path, copy)
    assert Clone(copy).let_go() == []
    assert lone.let_go() == [held]


def test_nothing_is_read_where_nothing_could_have_landed(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.begin(BILL)

    def fail(*_: object) -> None:
        raise AssertionError("symbols were read")

    monkeypatch.setattr("git_muse_coord.coordinator.held_files.read_inside", fail)
    assert clone.let_go() == []
    clone.change(*TO_FREE)
    with pytest.raises(AssertionError, match="symbols"):
        clone.let_go()


def test_what_others_did_on_the_branch_must_land_too(clone: Clone, hub: Path) -> None:
    held = clone.begin("shop.py")
    clone.git("push", "-q", "-u", "origin", "topic")
    other = Clone.of_hub(hub, hub.parent / "other")
    other.git("checkout", "-q", "topic")
    other.change(*TO_TOTAL)
    other.git("push", "-q", "origin", "topic")
    clone.git("pull", "-q", "--ff-only")
    clone.change(*TO_BILL)
    clone.git("checkout", "-q", "main")
    clone.git("cherry-pick", "topic")
    clone.push_main()
    assert clone.let_go() == []
    clone.git("cherry-pick", "topic~1")
    clone.push_main()
    assert clone.let_go() == [held]


def test_where_no_time_is_left_nothing_is_looked_at(lone: Clone) -> None:
    held = lone.begin(BILL)
    lone.change(*TO_BILL)
    merge(lone)
    assert lone.let_go(allowance=Allowance(1e-9, 1e-9)) == []
    assert lone.let_go(allowance=Allowance(1000, 1000)) == [held]


def test_what_is_in_the_stash_is_still_to_come(clone: Clone) -> None:
    held = clone.begin(BILL)
    clone.change(*TO_BILL)
    clone.edit(("total() + 1", "total() + 2"))
    clone.git("stash", "push", "-q", "-m", "later")
    clone.git("push", "-q", "origin", "topic:main")
    assert clone.let_go() == []
    clone.git("stash", "drop", "-q")
    clone.edit(("total() + 1", "total() + 2"))
    clone.git("stash", "-q")
    assert clone.let_go() == []
    clone.git("stash", "drop", "-q")
    clone.git("checkout", "-q", "main")
    clone.edit(*TO_FREE)
    clone.git("stash", "-q")  # of another branch
    assert clone.let_go() == [held]
