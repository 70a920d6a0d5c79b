"""A process that stays sees what others change in the configuration, and asks git only then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from git_muse_coord.store.git.process import Answer, Git
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.settings import Settings
from tests.tools import Repo


def run_id(repository: Repository) -> str | None:
    return Settings.of(repository.configuration).run_id


def test_the_next_call_of_a_library_goes_by_a_setting_that_was_changed_meanwhile(
    repo: Repo,
) -> None:
    coordinator = repo.coordinator()

    def life_of_a_reservation(path: str) -> timedelta:
        reservation_id = coordinator.reserve([path], run_id="a").reservation_id
        (reservation,) = [
            reservation
            for reservation in coordinator.list().reservations
            if reservation.reservation_id == reservation_id
        ]
        return reservation.expires_at - reservation.created_at

    assert life_of_a_reservation("a.py") == timedelta(hours=1)
    repo.git("config", "muse-coord.ttl", "60")
    assert life_of_a_reservation("b.py") == timedelta(minutes=1)
    repo.git("config", "--unset", "muse-coord.ttl")
    assert life_of_a_reservation("c.py") == timedelta(hours=1)


def in_the_repository(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "muse-coord.runId", "new")


def in_the_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "extensions.worktreeConfig", "true")
    repo.git("config", "--worktree", "muse-coord.runId", "new")


def in_a_file_included_before(repo: Repo, tmp_path: Path) -> None:
    (repo.git_dir / "included").write_text("[muse-coord]\nrunId = new\n")


def in_a_file_included_now(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "far").write_text("[muse-coord]\nrunId = new\n")
    repo.git("config", "--add", "include.path", str(tmp_path / "far"))


def in_a_file_for_a_branch(repo: Repo, tmp_path: Path) -> None:
    repo.git("checkout", "-q", "-b", "topic")


@pytest.mark.parametrize(
    "change",
    [
        in_the_repository,
        in_the_worktree,
        in_a_file_included_before,
        in_a_file_included_now,
        in_a_file_for_a_branch,
    ],
)
def test_a_change_is_seen_wherever_it_is_made(
    repo: Repo, tmp_path: Path, change: Callable[[Repo, Path], None]
) -> None:
    repo.git("config", "include.path", "included")  # it is not there yet
    (repo.git_dir / "of-topic").write_text("[muse-coord]\nrunId = new\n")
    repo.git("config", "includeIf.onbranch:topic.path", "of-topic")
    repository = Repository(str(repo.path), stays=True)
    assert run_id(repository) is None

    change(repo, tmp_path)

    assert run_id(repository) == "new"


def test_the_users_own_file_counts_too(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "of-the-user"))
    repository = Repository(str(repo.path), stays=True)
    assert run_id(repository) is None

    (tmp_path / "of-the-user").write_text("[muse-coord]\nrunId = new\n")

    assert run_id(repository) == "new"


def test_git_is_asked_only_when_a_file_changed(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = Git.ask

    def counted(git: Git, *arguments: str, given: bytes = b"") -> Answer:
        asked.append(arguments[0])
        return ask(git, *arguments, given=given)

    repository = Repository(str(repo.path), stays=True)
    first = repository.configuration
    monkeypatch.setattr(Git, "ask", counted)

    assert repository.configuration is first
    assert asked == []
    repo.git("config", "muse-coord.runId", "new")
    assert run_id(repository) == "new"
    assert asked == ["config"]


def test_the_whole_is_what_git_itself_lists(repo: Repo) -> None:
    repo.git("config", "muse-coord.runId", "two\nlines")
    (repo.path / "src").mkdir(exist_ok=True)

    for place in (repo.path, repo.path / "src", repo.git_dir):
        staying, passing = (Repository(str(place), stays=stays) for stays in (True, False))
        assert staying.configuration == passing.configuration


def test_a_file_that_is_broken_for_a_moment_changes_nothing(repo: Repo) -> None:
    repo.git("config", "muse-coord.runId", "old")
    repository = Repository(str(repo.path), stays=True)
    assert run_id(repository) == "old"
    config = repo.git_dir / "config"
    sound = config.read_text()

    config.write_text(sound + "[half")
    assert run_id(repository) == "old"

    config.write_text(sound.replace("old", "new"))
    assert run_id(repository) == "new"
