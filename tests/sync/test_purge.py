"""``uninstall --purge``: nothing of ours stays in the clone, and with ``--remote`` nothing at the remote."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from git_muse_coord.coordinator.session import utc_now
from tests.sync.hubs import Hub
from tests.tools import Repo, git_in, program

OTHERS = "push them again"


def used(clone: Repo, run_id: str = "ann") -> None:
    """Leave all kinds of traces in a clone, and push them."""
    clone.git("config", "muse-coord.runId", run_id)
    assert clone.muse("install", "--hooks").code == 0
    held = clone.reserve("src/billing.py::compute_total", "--strict")
    clone.reserve("README.md")
    clone.write("src/billing.py", "def compute_total(items):\n    return 0\n")
    clone.git("commit", "-q", "-a", "-m", "Nothing costs anything")
    assert clone.muse("release", held).code == 0
    assert clone.muse("sync").code == 0


def refs_of(path: Path) -> list[str]:
    return git_in(path, "for-each-ref", "--format=%(refname)").splitlines()


def traces(clone: Repo) -> list[str]:
    """Whatever is left of ours in a clone."""
    left = [ref for ref in refs_of(clone.path) if "muse" in ref]
    settings = clone.git("config", "--local", "--list").splitlines()
    left += [line for line in settings if "muse" in line]
    for folder, names, files in os.walk(clone.git_dir):
        for name in (*names, *files):
            path = os.path.join(folder, name)
            # git leaves empty folders below refs/
            if "muse" in name and not (os.path.isdir(path) and f"{os.sep}refs" in folder):
                left.append(path)
    return left


def purge_when_asked(clone: Repo, answer: bytes) -> tuple[int, str]:
    """Run ``uninstall --purge --remote`` on a terminal, and give an answer to its question."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "git_muse_coord", "uninstall", "--purge", "--remote"]
    process = subprocess.Popen(command, cwd=clone.path, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    while True:
        ready, _, _ = select.select([ours], [], [], 120)
        assert ready, said
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other end of the terminal is closed
            break
        if not piece:
            break
        said += piece
        if b"[y/N]" in said and answer:
            os.write(ours, answer)
            answer = b""
    os.close(ours)
    return process.wait(), said.decode()


def test_a_clone_is_as_if_we_had_never_been_there(clones: tuple[Repo, Repo], hub: Hub) -> None:
    one, _ = clones
    before = refs_of(one.path)
    used(one)
    at_hub = refs_of(hub.path)
    assert traces(one)
    assert one.git("for-each-ref", "refs/notes/muse-coord")

    ran = one.muse("uninstall", "--purge")

    assert ran.code == 0, ran.err
    assert "the notes on commits" in ran.out
    assert "muse-coord.runid" in ran.out
    assert OTHERS not in ran.out
    assert traces(one) == []
    assert refs_of(one.path) == before
    assert refs_of(hub.path) == at_hub
    one.sound()


def test_a_clone_without_traces(repo: Repo) -> None:
    told = repo.json("uninstall", "--purge")["purge"]
    assert told["refs"] == {"records": 0, "archive": False, "notes": False, "branch": None}
    assert traces(repo) == []


def test_linked_worktrees_are_purged_too(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "topic")
    repo.git("config", "extensions.worktreeConfig", "true")
    linked = Repo(tmp_path / "linked")
    linked.reserve("README.md")
    linked.git("config", "--worktree", "muse-coord.runId", "bob")
    repo.reserve("README.md")
    assert repo.muse("uninstall", "--purge").code == 0
    assert traces(repo) == []
    assert traces(linked) == []


def test_a_sync_in_the_background_is_forgotten(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    assert one.muse("install", "--sync").code == 0
    one.reserve("README.md")
    assert program("uninstall", "--purge", cwd=one.path).code == 0
    left = [line for line in traces(one) if "muse-coord/" not in line]
    assert left == []


def test_at_the_remote_too(clones: tuple[Repo, Repo], hub: Hub) -> None:
    one, _ = clones
    used(one)
    assert one.muse("gc", "--execute").code == 0

    ran = one.muse("uninstall", "--purge", "--remote", "--yes")

    assert ran.code == 0, ran.err
    assert OTHERS in ran.out
    assert [ref for ref in refs_of(hub.path) if "muse" in ref] == []
    assert traces(one) == []


def test_where_others_were_at_work_it_needs_a_yes(clones: tuple[Repo, Repo], hub: Hub) -> None:
    one, two = clones
    used(one)
    two.reserve("README.md", "--run-id", "bob")
    two.muse("sync")
    before = traces(one), refs_of(hub.path)

    ran = one.muse("uninstall", "--purge", "--remote")

    assert ran.code == 1
    assert "bob (" in ran.err
    assert "--yes" in ran.err
    left = set(traces(one))
    assert set(before[0]) <= left
    assert refs_of(hub.path) == before[1]
    assert one.muse("uninstall", "--purge", "--remote", "--yes").code == 0
    assert [ref for ref in refs_of(hub.path) if "muse" in ref] == []
    two.muse("sync")
    assert [ref for ref in refs_of(hub.path) if "muse" in ref]


def test_who_was_at_work_long_ago_is_not_asked(clones: tuple[Repo, Repo], hub: Hub) -> None:
    one, two = clones
    then = utc_now() - timedelta(days=8)
    two.coordinator(clock=lambda: then).reserve(["README.md"], run_id="bob", ttl=30 * 86400)
    two.muse("sync")
    ran = one.muse("uninstall", "--purge", "--remote")
    assert ran.code == 1
    assert "nobody can be asked whether to delete at origin, for everybody: 1 record" in ran.err
    code, said = purge_when_asked(one, b"n\n")
    assert code == 1
    assert "1 record?" in said
    assert [ref for ref in refs_of(hub.path) if "muse" in ref]
    code, said = purge_when_asked(one, b"y\n")
    assert code == 0, said
    assert [ref for ref in refs_of(hub.path) if "muse" in ref] == []


def test_a_branch_that_stands_in_for_refs(clones: tuple[Repo, Repo], hub: Hub) -> None:
    one, _ = clones
    hook = hub.path / "hooks" / "update"
    hook.write_text('#!/bin/sh\ncase "$1" in refs/muse/*) exit 1 ;; esac\n')
    hook.chmod(0o755)
    one.reserve("README.md", "--run-id", "ann")
    one.muse("sync")
    assert "refs/heads/muse-coord" in refs_of(hub.path)
    one.git("config", "muse-coord.runId", "ann")
    ran = one.muse("uninstall", "--purge", "--remote", "--yes")
    assert ran.code == 0, ran.err
    assert "the branch muse-coord" in ran.out
    assert refs_of(hub.path) == ["refs/heads/main"]


def test_a_branch_of_somebody_else_stays(clones: tuple[Repo, Repo], hub: Hub) -> None:
    one, _ = clones
    one.git("push", "-q", "origin", "main:refs/heads/muse-coord")
    used(one)
    assert one.muse("uninstall", "--purge", "--remote", "--yes").code == 0
    assert refs_of(hub.path) == ["refs/heads/main", "refs/heads/muse-coord"]


def test_a_remote_that_deletes_nothing(clones: tuple[Repo, Repo], hub: Hub) -> None:
    one, _ = clones
    used(one)
    hook = hub.path / "hooks" / "update"
    hook.write_text(
        '#!/bin/sh\ncase $3 in *[!0]*) ;; *) echo "no deletions here" >&2; exit 1 ;; esac\n'
    )
    hook.chmod(0o755)
    before = refs_of(hub.path)
    ran = one.muse("uninstall", "--purge", "--remote", "--yes")
    assert ran.code == 5
    assert "deletes nothing" in ran.err
    assert refs_of(hub.path) == before
    assert one.refs()


@pytest.mark.parametrize("words", [["--remote"], ["--yes"]])
def test_options_that_mean_nothing_alone(repo: Repo, words: list[str]) -> None:
    assert repo.muse("install", "--hooks").code == 0
    ran = repo.muse("uninstall", *words)
    assert ran.code == 1
    assert "--purge" in ran.err
    assert repo.json("status")["hooks"]


def test_without_a_remote_there_is_nothing_to_purge_there(repo: Repo) -> None:
    ran = repo.muse("uninstall", "--purge", "--remote", "--yes")
    assert ran.code == 1
    assert "no remote" in ran.err
