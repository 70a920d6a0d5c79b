"""The radar where worktrees, files and histories are out of the ordinary: it neither stops nor tells what is not so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.radar.test_radar import FUNCTIONS, change, met, names, worktree
from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow

FIRST = "src/code ü.py::first"


@pytest.fixture
def shop(repo: Repo) -> Repo:
    repo.write("src/code ü.py", FUNCTIONS)
    repo.commit("Functions")
    return repo


def two_at_first(shop: Repo) -> tuple[Repo, Repo]:
    """Two worktrees that change one function."""
    sides = worktree(shop, "ann"), worktree(shop, "bob")
    for side in sides:
        change(side, "total = 0", f"total = '{side.path.name}'")
    return sides


def meets_at_first(shop: Repo) -> bool:
    return met(shop.json("radar")) == {frozenset(("ann", "bob")): [FIRST]}


def test_files_that_became_folders_and_links(shop: Repo) -> None:
    shop.write("thing", "text\n")
    shop.write("folder/inside.py", "x = 1\n")
    (shop.path / "link").symlink_to("thing")
    shop.commit("Things")
    ann, _ = two_at_first(shop)
    (ann.path / "thing").unlink()
    ann.write("thing/deep.py", "x = 1\n")
    (ann.path / "folder/inside.py").unlink()
    (ann.path / "folder").rmdir()
    outside = shop.path.parent / "outside"
    outside.mkdir()
    (outside / "inside.py").write_text("password\n")
    (ann.path / "folder").symlink_to(outside)
    (ann.path / "link").unlink()
    (ann.path / "link").symlink_to("/etc/passwd")
    (ann.path / "README.md").unlink()
    os.mkfifo(ann.path / "README.md")

    assert meets_at_first(shop)


def test_what_git_is_told_not_to_look_at_is_as_it_was(shop: Repo) -> None:
    ann, bob = two_at_first(shop)
    for side in (ann, bob):
        side.git("update-index", "--assume-unchanged", "README.md")
        side.git("update-index", "--skip-worktree", "src/shop.py")
        side.write("README.md", f"# {side.path.name}\n")
        (side.path / "src/shop.py").unlink()
    bob.git("config", "core.sparseCheckout", "true")

    assert meets_at_first(shop)


def test_a_split_index_and_programs_that_git_would_start(shop: Repo) -> None:
    ran = shop.path.parent / "ran"
    hook = shop.git_dir / "hooks/post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
    hook.chmod(0o755)
    ann, _ = two_at_first(shop)
    ann.git("update-index", "--split-index")
    shop.git("config", "core.splitIndex", "true")
    shop.git("config", "core.fsmonitor", "false")
    ran.unlink(missing_ok=True)
    before = sorted(os.listdir(ann.git_dir))

    assert meets_at_first(shop)
    assert sorted(os.listdir(ann.git_dir)) == before
    assert not ran.exists()


def test_conflicts_that_wait_to_be_resolved(shop: Repo) -> None:
    ann, bob = two_at_first(shop)
    bob.commit("half")
    ann.git("stash", "-q")
    change(ann, "total = 0", "total = 3")
    ann.commit("other")
    ann.git("stash", "pop", check=False)
    assert ann.git("ls-files", "-u")

    told = shop.json("radar")

    assert met(told) == {frozenset(("ann", "bob")): [FIRST]}
    assert any("resolved" in warning for warning in told["warnings"])


def test_a_submodule_is_left_alone(shop: Repo) -> None:
    other = shop.path.parent / "other"
    git_in(shop.path.parent, "clone", "-q", str(shop.path), str(other))
    shop.git("submodule", "add", "-q", str(other), "sub module")
    shop.commit("Sub")
    ann, _ = two_at_first(shop)
    ann.git("submodule", "update", "-q", "--init")
    (ann.path / "sub module/README.md").write_text("# dirty\n")

    assert meets_at_first(shop)


def test_inside_of_a_submodule_the_main_worktree_is_seen_from_a_linked_one(
    shop: Repo, tmp_path: Path
) -> None:
    outer = Repo.make(tmp_path / "outer")
    outer.git("submodule", "add", "-q", str(shop.path), "inner")
    inner = Repo(outer.path / "inner")
    inner.git("checkout", "-q", "-b", "ann")
    inner.git("config", "user.name", "n")
    linked = tmp_path / "bob"
    inner.git("worktree", "add", "-q", "-b", "bob", str(linked))
    bob = Repo(linked)
    change(inner, "total = 0", "total = 1")
    change(bob, "total = 0", "total = 2")

    assert meets_at_first(inner)
    assert meets_at_first(bob)


def test_without_a_branch_that_all_go_onto_a_warning_says_so(shop: Repo) -> None:
    two_at_first(shop)
    shop.git("branch", "-m", "main", "trunk")
    shop.git("symbolic-ref", "HEAD", "refs/heads/gone")

    answer = shop.json("radar")

    assert answer["sides"] == []
    assert any("no main or master" in warning for warning in answer["warnings"])


def test_sha256(tmp_path: Path) -> None:
    shop = Repo.make(tmp_path / "long", "--object-format=sha256")
    shop.write("src/code ü.py", FUNCTIONS)
    shop.commit("Functions")
    two_at_first(shop)

    assert meets_at_first(shop)


def test_what_nobody_touched_for_a_week_is_left_out(
    shop: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z")
    ann, bob = two_at_first(shop)
    ann.commit("old")
    assert names(shop.json("radar")) == {"bob"}
    # What lies there uncommitted is as old as the file.
    os.utime(bob.path / "src/code ü.py", (1e9, 1e9))
    assert names(shop.json("radar")) == set()


def test_too_many_sides(shop: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("git_muse_coord.rules.radar.SIDES_MOST", 1)
    two_at_first(shop)

    told = shop.json("radar")

    assert (len(told["sides"]), told["pairs"]) == (1, [])
    assert any("too many sides" in warning for warning in told["warnings"])


def test_a_disk_that_does_not_answer(
    shop: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = two_at_first(shop)
    ann.commit("half")
    # The worktree that was used last is asked first.
    for name in ("index", "HEAD", "logs/HEAD"):
        os.utime(bob.git_dir / name, (1, 1))
    real = subprocess.check_output(["which", "git"], text=True).strip()
    slow = tmp_path / "bin/git"
    slow.parent.mkdir()
    slow.write_text(
        f'#!/bin/sh\ncase "$*" in *"ann w"*) exec sleep 60;; esac\nexec "{real}" "$@"\n'
    )
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(slow.parent), os.environ["PATH"]]))
    begun = time.monotonic()

    told = shop.json("radar")

    assert time.monotonic() - begun < 50
    assert met(told) == {frozenset(("ann", "bob")): [FIRST]}
    assert any(str(ann.path) in warning for warning in told["warnings"])


def test_names_with_signs_that_turn_text_around_are_shown_as_such(shop: Repo) -> None:
    for number in (1, 2):
        shop.git("checkout", "-q", "-b", f"a\u202eb{number}", "main")
        change(shop, "total = 0", f"total = {number}")
        shop.commit("half")

    shown = shop.muse("radar").out

    assert "a\\u202eb1" in shown
    assert "\u202e" not in shown


def test_killed_in_the_middle_it_leaves_nothing_behind_after_the_next(
    shop: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_at_first(shop)
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    line = [sys.executable, "-m", "git_muse_coord", "-C", str(shop.path), "radar"]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL)
    while process.poll() is None and not list(place.rglob("index")):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert list(place.iterdir())
    assert all(left.stat().st_mode & 0o77 == 0 for left in place.iterdir())

    assert meets_at_first(shop)
    assert list(place.iterdir()) == []


def test_a_git_directory_that_lies_elsewhere(shop: Repo) -> None:
    change(worktree(shop, "bob"), "total = 0", "total = 20")
    shop.git("checkout", "-q", "-b", "ann")
    change(shop, "total = 0", "total = 10")
    shop.git("init", "-q", "--separate-git-dir", str(shop.path.parent / "elsewhere"))
    shop.git("worktree", "repair")

    assert meets_at_first(shop)
    told = Repo(shop.path.parent / "bob wörk").json("radar")
    assert "bob" in names(told)


def test_a_worktree_of_somebody_else_is_not_entered(shop: Repo) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    ann, _ = two_at_first(shop)
    ann.commit("half")
    change(ann, "count = 1", "count = 2")
    for path in (ann.path, ann.path / ".git"):
        os.chown(path, 12345, 12345)

    told = shop.json("radar")

    assert met(told) == {frozenset(("ann", "bob")): [FIRST]}
    assert {side["name"]: side["uncommitted"] for side in told["sides"]}["ann"] is False
    assert any("cannot be entered" in warning for warning in told["warnings"])


def test_line_ends_that_are_in_the_repository_stay_as_they_are(shop: Repo) -> None:
    (shop.path / "src/code ü.py").write_bytes(FUNCTIONS.replace("\n", "\r\n").encode())
    shop.commit("Line ends of another system")
    shop.git("config", "core.autocrlf", "true")
    for name, old, new in (("ann", b"total = 0", b"total = 1"), ("bob", b'"x"', b'"y"')):
        path = worktree(shop, name).path / "src/code ü.py"
        path.write_bytes(path.read_bytes().replace(old, new))

    told = shop.json("radar")

    assert names(told) == {"ann", "bob"}
    assert told["pairs"] == []


def test_the_branch_that_all_go_onto_is_the_same_from_everywhere(tmp_path: Path) -> None:
    shop = Repo.make(tmp_path / "trunk", "-b", "trunk")
    shop.write("src/code ü.py", FUNCTIONS)
    shop.commit("Functions")
    ann, _ = two_at_first(shop)
    ann.commit("half")

    assert meets_at_first(shop)
    assert meets_at_first(ann)


def test_a_branch_whose_objects_are_lost_stops_nobody(shop: Repo) -> None:
    two_at_first(shop)
    shop.git("checkout", "-q", "-b", "lost")
    change(shop, "count = 1", "count = 2")
    lost = shop.commit("lost")
    shop.git("checkout", "-q", "main")
    shop.loose(lost).unlink()

    told = shop.json("radar")

    assert met(told) == {frozenset(("ann", "bob")): [FIRST]}
    assert any("without the branches" in warning for warning in told["warnings"])


def test_too_many_changed_files_are_told(shop: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("git_muse_coord.store.git.uncommitted._FILES_MOST", 1)
    ann = worktree(shop, "ann")
    for name in ("README.md", "src/billing.py", "src/shop.py"):
        ann.write(name, "x = 1\n")

    told = shop.json("radar")

    assert names(told) == {"ann"}
    assert told["warnings"] == [f"2 changed files in {ann.path} are too many to look at"]


def test_no_index_is_written_where_only_times_have_changed(shop: Repo) -> None:
    two_at_first(shop)
    file = shop.path / "src/code ü.py"
    os.utime(file, (1, 1))
    index = shop.git_dir / "index"
    before = index.read_bytes()

    shop.json("forecast")

    assert index.read_bytes() == before
