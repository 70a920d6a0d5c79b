"""After a commit the program is started only where there may be something to note."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hooks.tools import TAX_AND_TOTAL, TOTAL, edit, run_git, stand_in
from tests.tools import Ran, Repo, git_in

pytestmark = pytest.mark.slow

Commit = Callable[..., Ran]


@pytest.fixture
def started(tmp_path: Path) -> Path:
    return tmp_path / "started"


@pytest.fixture
def path(tmp_path: Path, started: Path) -> str:
    """A PATH on which our program tells when it is started."""
    real = shutil.which("git-muse-coord")
    return stand_in(tmp_path, f'echo "$2" >>"{started}"\nexec {real} "$@"')


@pytest.fixture
def commit(path: str) -> Commit:
    def run(repo: Repo, *arguments: str) -> Ran:
        ran = run_git(repo.path, "commit", "-qm", "x", *arguments, PATH=path)
        assert ran.code == 0, ran.err
        return ran

    return run


def hooks_of(started: Path) -> list[str]:
    words = started.read_text().split() if started.exists() else []
    started.unlink(missing_ok=True)
    return words


def note(repo: Repo) -> dict[str, object]:
    told: dict[str, object] = json.loads(repo.git("notes", "--ref=muse-coord", "show", "HEAD"))
    return told


def of_the_index(repo: Repo) -> list[str]:
    repo.write("ü ber/néw.py", "x = 1\n")
    repo.git("mv", "other.py", "moved.py")
    repo.git("add", "-A")
    return []


def of_all(repo: Repo) -> list[str]:
    edit(repo, *TAX_AND_TOTAL)
    return ["-a"]


def of_a_path(repo: Repo) -> list[str]:
    edit(repo, *TAX_AND_TOTAL)
    edit(repo, ("return 1", "return 2"), name="other.py")
    repo.git("add", "other.py")
    return ["invoice.py"]


def of_a_mode(repo: Repo) -> list[str]:
    (repo.path / "invoice.py").chmod(0o755)
    return ["-a"]


def of_a_link(repo: Repo) -> list[str]:
    (repo.path / "other.py").unlink()
    (repo.path / "other.py").symlink_to("invoice.py")
    return ["-a"]


@pytest.mark.parametrize("change", [of_the_index, of_all, of_a_path, of_a_mode, of_a_link])
def test_far_from_all_reservations_one_start_is_enough(
    shop: Repo, commit: Commit, started: Path, change: Callable[[Repo], list[str]]
) -> None:
    shop.reserve("README.md", "--run-id", "agent-41")
    shop.reserve("src/", "--run-id", "bob")
    arguments = change(shop)

    assert commit(shop, *arguments).err == ""

    assert hooks_of(started) == ["pre-commit"]
    assert shop.refs("refs/notes/") == {}


def test_the_first_commit(tmp_path: Path, commit: Commit, started: Path) -> None:
    new = Repo.make(tmp_path / "new")
    assert new.muse("install", "--hooks").code == 0
    new.reserve("far.py", "--run-id", "agent-41")
    new.write("a.py", "x = 1\n")
    new.git("add", "-A")

    commit(new)

    assert hooks_of(started) == ["pre-commit"]


def test_a_linked_worktree(shop: Repo, tmp_path: Path, commit: Commit, started: Path) -> None:
    shop.reserve("README.md", "--run-id", "agent-41")
    shop.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "topic")
    linked = Repo(tmp_path / "linked")
    edit(linked, *TAX_AND_TOTAL)

    commit(linked, "-a")

    assert hooks_of(started) == ["pre-commit"]


@pytest.mark.parametrize("address", [TOTAL, "invoice.py", "./", "invoice.py::Invoice.gone"])
def test_near_what_the_run_holds_the_commit_is_looked_at(
    shop: Repo, commit: Commit, started: Path, address: str
) -> None:
    mine = shop.reserve(address, "--run-id", "bob")
    edit(shop, *TAX_AND_TOTAL)

    commit(shop, "-a")

    assert hooks_of(started) == ["pre-commit", "post-commit"]
    if address.endswith("gone"):
        assert shop.refs("refs/notes/") == {}
    else:
        assert note(shop)["reservations"] == [mine]


def test_a_warning_that_was_passed_over_is_noted(shop: Repo, commit: Commit, started: Path) -> None:
    shop.reserve(TOTAL, "--run-id", "agent-41")
    edit(shop, *TAX_AND_TOTAL)

    commit(shop, "-a")

    assert hooks_of(started) == ["pre-commit", "post-commit"]
    assert len(note(shop)["overridden"]) == 1  # type: ignore[arg-type]


def test_a_commit_that_passes_pre_commit_by_is_looked_at(
    shop: Repo, commit: Commit, started: Path
) -> None:
    """Also where one before it, which came to nothing, had met nothing."""
    shop.reserve(TOTAL, "--run-id", "agent-41")
    edit(shop, ("return 19", "return 16"))
    refusing = shop.git_dir / "hooks/commit-msg"
    refusing.write_text("#!/bin/sh\nexit 1\n")
    refusing.chmod(0o755)
    assert run_git(shop.path, "commit", "-qam", "x").code == 1
    refusing.unlink()
    edit(shop, ("sum(self.lines)", "sum(self.lines, 1)"))

    commit(shop, "-a", "--no-verify")

    assert hooks_of(started) == ["post-commit"]
    assert len(note(shop)["overridden"]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("run_id", ["bob", "agent-41"])
def test_what_another_attempt_left_does_not_count(
    shop: Repo, commit: Commit, started: Path, run_id: str
) -> None:
    """The same changes, reserved since they were looked at, pass by the hook that would have met them."""
    shop.reserve("README.md", "--run-id", "agent-41")
    edit(shop, *TAX_AND_TOTAL)
    refusing = shop.git_dir / "hooks/commit-msg"
    refusing.write_text("#!/bin/sh\nexit 1\n")
    refusing.chmod(0o755)
    assert run_git(shop.path, "commit", "-qam", "x").code == 1
    refusing.unlink()
    held = shop.reserve(TOTAL, "--run-id", run_id)

    commit(shop, "-a", "--no-verify")

    assert hooks_of(started) == ["post-commit"]
    assert held in json.dumps(note(shop))


@pytest.mark.parametrize("is_linked", [False, True])
def test_what_is_reserved_while_the_message_is_written_is_noted(
    shop: Repo, path: str, started: Path, tmp_path: Path, is_linked: bool
) -> None:
    shop.reserve("README.md", "--run-id", "agent-41")
    place = shop
    if is_linked:
        shop.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "topic")
        place = Repo(tmp_path / "linked")
    edit(place, *TAX_AND_TOTAL)
    # a second later, as some shells see no shorter time
    editor = f"sleep 1.1; git-muse-coord reserve {TOTAL} --run-id bob >&2; echo x >"
    hooks_of(started)

    assert run_git(place.path, "commit", "-qa", PATH=path, GIT_EDITOR=editor).code == 0

    assert hooks_of(started)[-1] == "post-commit"
    # a linked worktree can go by a name of its own, and then it is the reservation of another
    assert note(place)["overridden" if is_linked else "reservations"]


def test_what_was_left_counts_once(shop: Repo, commit: Commit, started: Path) -> None:
    shop.reserve("README.md", "--run-id", "agent-41")
    edit(shop, *TAX_AND_TOTAL)
    commit(shop, "-a")
    shop.git("reset", "-q", "--soft", "HEAD~")
    shop.reserve(TOTAL, "--run-id", "agent-41")
    hooks_of(started)

    commit(shop, "--no-verify")

    assert hooks_of(started) == ["post-commit"]
    assert len(note(shop)["overridden"]) == 1  # type: ignore[arg-type]


def test_an_amended_commit_is_looked_at_as_a_whole(
    shop: Repo, commit: Commit, started: Path
) -> None:
    edit(shop, TAX_AND_TOTAL[1])
    commit(shop, "-a")
    shop.reserve(TOTAL, "--run-id", "agent-41")
    edit(shop, ("return 1", "return 2"), name="other.py")

    assert commit(shop, "-a", "--amend").err == ""

    assert hooks_of(started) == ["pre-commit", "post-commit"]
    assert len(note(shop)["overridden"]) == 1  # type: ignore[arg-type]


def test_what_another_hook_adds_to_the_commit_is_looked_at(
    shop: Repo, commit: Commit, started: Path
) -> None:
    mine = shop.reserve("other.py", "--run-id", "bob")
    script = shop.git_dir / "hooks/pre-commit"
    script.write_text(f"{script.read_text()}\necho 'y = 1' >>other.py; git add other.py\n")
    edit(shop, *TAX_AND_TOTAL)
    shop.git("add", "-A")

    commit(shop)

    assert hooks_of(started) == ["pre-commit", "post-commit"]
    assert note(shop)["reservations"] == [mine]


def test_a_merge_that_a_person_ends_is_looked_at(shop: Repo, commit: Commit, started: Path) -> None:
    shop.reserve("README.md", "--run-id", "agent-41")
    shop.git("switch", "-q", "-c", "topic")
    edit(shop, *TAX_AND_TOTAL)
    commit(shop, "-a")
    shop.git("switch", "-q", "main")
    edit(shop, ("return 1", "return 2"), name="other.py")
    commit(shop, "-a")
    shop.git("merge", "-q", "--no-commit", "topic")
    hooks_of(started)

    commit(shop)

    assert hooks_of(started) == ["pre-commit", "post-commit"]


def test_scripts_that_an_older_version_installed_go_on_working(
    shop: Repo, commit: Commit, started: Path
) -> None:
    mine = shop.reserve(TOTAL, "--run-id", "bob")
    for name in ("pre-commit", "post-commit"):
        script = shop.git_dir / "hooks" / name
        script.write_text(f'#!/bin/sh\ngit muse-coord hook {name} "$@"\n')
    edit(shop, *TAX_AND_TOTAL)

    commit(shop, "-a")

    assert hooks_of(started) == ["pre-commit", "post-commit"]
    assert note(shop)["reservations"] == [mine]
    assert git_in(shop.path, "status", "--porcelain") == ""


def test_who_switched_the_hooks_off_hears_nothing(
    shop: Repo, commit: Commit, started: Path
) -> None:
    shop.reserve(TOTAL, "--run-id", "agent-41")
    shop.git("config", "muse-coord.hookMode", "off")
    edit(shop, *TAX_AND_TOTAL)

    assert commit(shop, "-a").err == ""
    assert shop.refs("refs/notes/") == {}
