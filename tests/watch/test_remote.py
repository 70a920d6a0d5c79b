"""What other clones do is followed by syncing in the background, where somebody agreed to that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow


@pytest.fixture
def clone(repo: Repo, tmp_path: Path) -> Repo:
    git_in(tmp_path, "clone", "-q", "--bare", str(repo.path), "hub")
    git_in(repo.path, "remote", "add", "origin", str(tmp_path / "hub"))
    git_in(repo.path, "fetch", "-q")
    git_in(tmp_path, "clone", "-q", "hub", "elsewhere")
    return Repo(tmp_path / "elsewhere")


def test_a_clone_hears_of_another(repo: Repo, clone: Repo) -> None:
    repo.muse("install", "--sync")
    repo.git("config", "muse-coord.syncEvery", "1")
    with repo.coordinator().watch() as watching:
        assert next(watching).event == "snapshot"
        clone.reserve("a.py", "--run-id", "far")
        clone.json("sync")
        event = next(watching)
    assert event.reservation is not None
    assert (event.event, event.reservation.run_id) == ("added", "far")


def test_nothing_is_exchanged_unasked_and_that_is_said(repo: Repo, clone: Repo) -> None:
    clone.reserve("a.py", "--run-id", "far")
    clone.json("sync")
    with repo.coordinator().watch() as watching:
        (first,) = watching.look()
        assert (first.remote, first.synced_at, first.reservations) == ("origin", None, ())
        assert watching.look() == []
