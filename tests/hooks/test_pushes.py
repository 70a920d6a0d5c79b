"""What the hook before a push says: about what the push brings, and without asking the remote."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hooks.tools import TAX_AND_TOTAL, TOTAL, edit, run_git, warned
from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow


@pytest.fixture
def hub(shop: Repo, tmp_path: Path) -> Path:
    """The remote of the shop, which has all that is committed."""
    path = tmp_path / "hub"
    shop.git("clone", "-q", "--bare", ".", str(path))
    shop.git("remote", "add", "origin", str(path))
    shop.git("fetch", "-q", "origin")
    return path


def reserve_and_commit(shop: Repo) -> None:
    edit(shop, *TAX_AND_TOTAL)
    shop.git("commit", "-q", "--no-verify", "-am", "Both")
    shop.reserve(TOTAL, "--run-id", "agent-41", "--reason", "rounding")


def test_a_push_is_warned(shop: Repo, hub: Path) -> None:
    reserve_and_commit(shop)

    ran = run_git(shop.path, "push", "origin", "main")

    assert (ran.code, warned(ran.err)) == (0, [TOTAL])
    assert git_in(hub, "rev-parse", "main") == shop.git("rev-parse", "HEAD")


def test_block_stops_a_push(shop: Repo, hub: Path) -> None:
    reserve_and_commit(shop)
    shop.git("config", "muse-coord.hookMode", "block")

    ran = run_git(shop.path, "push", "origin", "main")

    assert ran.code != 0
    assert "git push --no-verify" in ran.err
    assert git_in(hub, "rev-parse", "main") != shop.git("rev-parse", "HEAD")
    assert run_git(shop.path, "push", "-q", "--no-verify", "origin", "main").code == 0


def test_a_new_branch_is_compared_with_what_the_remote_has(shop: Repo, hub: Path) -> None:
    shop.git("switch", "-q", "-c", "topic")
    reserve_and_commit(shop)

    assert warned(run_git(shop.path, "push", "origin", "topic").err) == [TOTAL]
    assert warned(run_git(shop.path, "push", "origin", "topic:again").err) == []


def test_a_name_that_looks_like_two_lines_hides_nothing(shop: Repo, hub: Path) -> None:
    shop.git("switch", "-q", "-c", "one\N{LINE SEPARATOR}two\N{NEXT LINE}three")
    reserve_and_commit(shop)

    assert warned(run_git(shop.path, "push", "origin", "HEAD").err) == [TOTAL]


def test_what_was_merged_from_the_remote_is_not_new_to_it(shop: Repo, hub: Path) -> None:
    shop.git("switch", "-q", "-c", "topic")
    edit(shop, ("return 1", "return 2"), name="other.py")
    shop.git("commit", "-qam", "On the topic")
    shop.git("push", "-q", "origin", "topic")
    shop.git("switch", "-q", "main")
    reserve_and_commit(shop)
    shop.git("push", "-q", "origin", "main")
    shop.git("switch", "-q", "topic")
    shop.git("merge", "-q", "--no-edit", "main")

    assert warned(run_git(shop.path, "push", "origin", "topic").err) == []


@pytest.mark.parametrize("remote", ["fork", "../fork"])
def test_a_remote_never_seen_is_taken_to_have_what_the_others_have(
    shop: Repo, hub: Path, remote: str
) -> None:
    shop.git("init", "-q", "--bare", "../fork")
    shop.git("remote", "add", "fork", "../fork")
    reserve_and_commit(shop)

    assert warned(run_git(shop.path, "push", remote, "main").err) == [TOTAL]


@pytest.mark.parametrize(
    "what", ["--delete main", "origin-tag", "refs/muse/*:refs/muse/*", "--all"]
)
def test_pushes_with_nothing_to_compare(shop: Repo, hub: Path, tmp_path: Path, what: str) -> None:
    git_in(hub, "symbolic-ref", "HEAD", "refs/heads/none")
    reserve_and_commit(shop)
    shop.git("tag", "origin-tag")
    if what == "--all":  # to a remote of which nothing is known, nor of any other
        shop.git("remote", "remove", "origin")
        shop.git("init", "-q", "--bare", str(tmp_path / "empty"))
        ran = run_git(shop.path, "push", str(tmp_path / "empty"), what)
    else:
        ran = run_git(shop.path, "push", "origin", *what.split())

    assert (ran.code, warned(ran.err)) == (0, []), ran.err


def test_a_hook_that_was_there_reads_the_same_list(shop: Repo, hub: Path, tmp_path: Path) -> None:
    shop.muse("uninstall")
    hook = shop.git_dir / "hooks/pre-push"
    hook.write_text(f'#!/bin/sh -eu\necho "$@" >>"{tmp_path}/seen"\nwhile read -r line; do\n  echo "$line"\n'
                    f'done >>"{tmp_path}/seen"\n')  # fmt: skip
    hook.chmod(0o755)
    reserve_and_commit(shop)
    before, after = (shop.git("rev-parse", name) for name in ("HEAD~1", "HEAD"))
    shop.muse("install", "--hooks")

    ran = run_git(shop.path, "push", "origin", "main")

    assert (ran.code, warned(ran.err)) == (0, [TOTAL])
    assert (
        tmp_path / "seen"
    ).read_text() == f"origin {hub}\nrefs/heads/main {after} refs/heads/main {before}\n"
    assert run_git(shop.path, "push", "origin", "main").code == 0
    assert (tmp_path / "seen").read_text().count("origin ") == 2
    assert (tmp_path / "seen").read_text().count("\n") == 3


def commit_as_holder(shop: Repo) -> None:
    """On a branch, what changes a symbol is committed by the run that holds it."""
    shop.git("switch", "-q", "-c", "topic")
    shop.reserve(TOTAL, "--run-id", "agent-41")
    edit(shop, ("sum(self.lines)", "sum(self.lines, 0)"))
    run_git(shop.path, "commit", "-qam", "Total", MUSE_RUN_ID="agent-41")
    shop.git("switch", "-q", "main")


@pytest.mark.parametrize("how", ["--ff-only", "--no-ff"])
def test_who_pushes_the_work_of_its_holder_is_not_stopped(shop: Repo, hub: Path, how: str) -> None:
    commit_as_holder(shop)
    shop.git("config", "muse-coord.hookMode", "block")
    shop.git("merge", "-q", "--no-verify", "--no-edit", how, "topic")

    ran = run_git(shop.path, "push", "origin", "main", MUSE_RUN_ID="agent-43")

    assert (ran.code, warned(ran.err)) == (0, [])
    assert git_in(hub, "rev-parse", "main") == shop.git("rev-parse", "HEAD")


def test_who_changes_what_a_holder_works_on_is_told_beside_its_work(shop: Repo, hub: Path) -> None:
    commit_as_holder(shop)
    shop.git("merge", "-q", "--no-verify", "--no-edit", "topic")
    edit(shop, ("sum(self.lines, 0)", "sum(self.lines, 1)"))
    run_git(shop.path, "commit", "-q", "--no-verify", "-am", "Mine", MUSE_RUN_ID="agent-42")

    ran = run_git(shop.path, "push", "origin", "main", MUSE_RUN_ID="agent-43")

    assert "1 conflict with run-id 'agent-41'" in ran.err
