"""Whose work a commit is, once it was replayed by somebody else."""

from __future__ import annotations

import json

import pytest

from tests.hooks.tools import TOTAL, edit, run_git
from tests.tools import Repo

pytestmark = pytest.mark.slow

TAX = "invoice.py::Invoice.tax"


def commit_as(shop: Repo, run_id: str, address: str, old: str, new: str) -> None:
    shop.reserve(address, "--run-id", run_id)
    edit(shop, (old, new))
    assert run_git(shop.path, "commit", "-qam", new, MUSE_RUN_ID=run_id).code == 0


def noted(shop: Repo, commit: str) -> list[str]:
    """The runs that the facts of a note name, in their order."""
    text = shop.git("log", "-1", "--format=%N", "--notes=muse-coord", commit)
    return [json.loads(line)["run_id"] for line in text.splitlines() if line]


@pytest.fixture
def topic(shop: Repo) -> Repo:
    """On a branch, a commit of alice and one of carol; main has gone on."""
    shop.git("switch", "-q", "-c", "topic")
    commit_as(shop, "alice", TOTAL, "sum(self.lines)", "sum(self.lines, 0)")
    commit_as(shop, "carol", TAX, "return 19", "return 20")
    shop.git("switch", "-q", "main")
    edit(shop, ("return 1", "return 2"), name="other.py")
    shop.git("commit", "-qam", "Onward")
    shop.git("switch", "-q", "topic")
    return shop


def test_the_notes_go_along_with_a_rebase(topic: Repo) -> None:
    ran = run_git(topic.path, "rebase", "main")

    assert ran.code == 0, ran.err
    assert noted(topic, "HEAD~1") == ["alice"]
    assert noted(topic, "HEAD") == ["carol"]


def test_commits_that_were_squashed_have_the_facts_of_all(topic: Repo) -> None:
    topic.git("config", "sequence.editor", "sed -i -e '2s/^pick/fixup/'")

    ran = run_git(topic.path, "rebase", "-i", "main")

    assert ran.code == 0, ran.err
    assert topic.git("rev-parse", "HEAD~1") == topic.git("rev-parse", "main")
    assert sorted(noted(topic, "HEAD")) == ["alice", "carol"]


def test_commits_without_notes_get_none_of_others(topic: Repo) -> None:
    topic.write("more.py", "def more():\n    return 3\n")
    topic.commit("Nobody's")

    assert run_git(topic.path, "rebase", "main").code == 0
    assert noted(topic, "HEAD") == []


def test_who_amends_is_noted_as_before(topic: Repo) -> None:
    edit(topic, ("return 20", "return 21"))

    assert (
        run_git(topic.path, "commit", "-qa", "--amend", "-m", "Mine", MUSE_RUN_ID="carol").code == 0
    )
    assert noted(topic, "HEAD") == ["carol"]
