"""What status says of records that are not synced yet, from what the last sync saw and without asking the remote."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from git_muse_coord.store.git.repository import DIRECTORY
from tests.docs.test_schemas import answer
from tests.sync.hubs import Hub
from tests.tools import Repo

pytestmark = pytest.mark.slow


def unsynced(clone: Repo) -> int | None:
    """The number that status gives."""
    number: int | None = answer(clone, "status")["unsynced"]
    return number


def test_without_a_remote_there_is_nothing_to_sync(repo: Repo) -> None:
    repo.reserve("a.py", "--run-id", "a")

    assert unsynced(repo) is None
    assert "synced" not in repo.muse("status").out


def test_what_was_written_since_the_last_sync_is_counted(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    assert unsynced(one) == 0
    first = one.reserve("a.py", "--run-id", "a")
    one.reserve("b.py", "--run-id", "b")
    assert unsynced(one) == 2
    assert "2 records are not synced yet; git muse-coord sync does it." in one.muse("status").out

    one.json("sync")
    assert unsynced(one) == 0
    assert "synced" not in one.muse("status").out
    two.json("sync")
    assert unsynced(two) == 0

    two.json("release", first, "--run-id", "a")
    assert unsynced(two) == 1
    assert "1 record is not synced yet" in two.muse("status").out
    two.json("sync", "--fetch-only")
    assert unsynced(two) == 1
    two.json("sync", "--push-only")
    assert unsynced(two) == 0


def test_the_remote_is_not_asked(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    one.reserve("b.py", "--run-id", "a")
    shutil.rmtree(hub.path)

    assert unsynced(one) == 1
    one.json("sync", code=5)
    assert unsynced(one) == 1


def test_a_remote_elsewhere_has_nothing_yet(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.reserve("a.py", "--run-id", "a")
    one.json("sync")

    one.git("remote", "set-url", "origin", str(hub.path.parent / "other.git"))
    assert unsynced(one) == 1
    one.git("remote", "remove", "origin")
    assert unsynced(one) is None


def test_what_the_cache_forgot_counts_until_the_next_sync(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    shutil.rmtree(one.git_dir / DIRECTORY)

    assert unsynced(one) == 1
    one.json("sync")
    assert unsynced(one) == 0


@pytest.mark.parametrize(
    "line", [["reserve", "b.py", "--strict"], ["reserve", "b.py"]], ids=" ".join
)
def test_what_goes_to_the_remote_at_once_is_synced(
    clones: tuple[Repo, Repo], line: list[str]
) -> None:
    one, _ = clones
    one.git("config", "muse-coord.autoSync", "true")

    one.json(*line, "--run-id", "a")

    assert unsynced(one) == 0


def test_what_is_past_its_time_is_never_pushed_and_not_counted(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.reserve("a.py", "--run-id", "a")
    tomorrow = one.coordinator(clock=lambda: datetime.now(UTC) + timedelta(days=1))

    assert unsynced(one) == 1
    assert tomorrow.status().unsynced == 0


def test_records_on_a_branch_are_synced_too(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    hub.hook("update", 'case "$1" in refs/muse*) exit 1;; esac')
    one.reserve("a.py", "--run-id", "a")

    assert one.json("sync")["via"] == "branch"
    assert unsynced(one) == 0
