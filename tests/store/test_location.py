"""A repository is found as git finds it, with one process where all is as usual."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from git_muse_coord.model.text_types import Oid
from git_muse_coord.store.git.head import Head, read_head
from git_muse_coord.store.git.process import Asking, Git
from git_muse_coord.store.git.repository import Repository
from tests.tools import Repo, git_in

Change = Callable[[Repo, Path], Path]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words_asked: list[str] = []
    begin = Git.begin

    def noted(self: Git, *words: str) -> Asking:
        words_asked.append(words[0])
        return begin(self, *words)

    monkeypatch.setattr(Git, "begin", noted)
    return words_asked


def facts(repository: Repository) -> tuple[object, ...]:
    return (
        repository.common_dir,
        repository.git_dir,
        repository.top,
        repository.prefix,
        repository.is_bare,
        repository.object_format,
        repository.head(),
    )


def head_of(repo: Repo) -> Oid:
    return Oid(repo.git("rev-parse", "HEAD").strip())


def as_git_says(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    with monkeypatch.context() as patch:
        patch.setattr("git_muse_coord.store.git.repository.usual_location", lambda *_: None)
        patch.setattr("git_muse_coord.store.git.repository.read_head", lambda *_: None)
        return facts(Repository(str(path), stays=False))


def sub_directory(repo: Repo, _: Path) -> Path:
    (repo.path / "deep/er ü").mkdir(parents=True)
    return repo.path / "deep/er ü"


def linked(repo: Repo, home: Path) -> Path:
    repo.git("worktree", "add", "-q", "-b", "side", str(home / "linked ü"))
    return home / "linked ü/src"


def linked_by_a_relative_path(repo: Repo, home: Path) -> Path:
    top = linked(repo, home).parent
    target = (top / ".git").read_text().removeprefix("gitdir: ").strip()
    (top / ".git").write_text(f"gitdir: {os.path.relpath(target, top)}\n")
    return top


def through_a_link(repo: Repo, home: Path) -> Path:
    (home / "alias").symlink_to(repo.path)
    return home / "alias/src"


def packed(repo: Repo, _: Path) -> Path:
    repo.git("pack-refs", "--all")
    return repo.path


def detached(repo: Repo, _: Path) -> Path:
    repo.git("checkout", "-q", "--detach")
    return repo.path


def deep_branch(repo: Repo, _: Path) -> Path:
    repo.git("checkout", "-q", "-b", "team/fix ü".replace(" ", "-"))
    return repo.path


def other_worktree_configuration(repo: Repo, home: Path) -> Path:
    repo.git("config", "extensions.worktreeConfig", "true")
    place = linked(repo, home)
    git_in(place, "config", "--worktree", "muse-coord.ttl", "70")
    return place


USUAL = [
    lambda repo, _: repo.path,
    sub_directory,
    linked,
    linked_by_a_relative_path,
    through_a_link,
    packed,
    detached,
    deep_branch,
    other_worktree_configuration,
]


@pytest.mark.parametrize("change", USUAL)
def test_what_is_as_usual_costs_one_process(
    repo: Repo,
    tmp_path: Path,
    change: Change,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = change(repo, tmp_path)
    told = as_git_says(place, monkeypatch)
    asked.clear()
    assert facts(Repository(str(place), stays=False)) == told
    assert asked == ["config"]


def inside_of_git(repo: Repo, _: Path) -> Path:
    return repo.git_dir / "refs"


def bare(repo: Repo, home: Path) -> Path:
    repo.git("clone", "-q", "--bare", ".", str(home / "bare.git"))
    return home / "bare.git"


def bare_within(repo: Repo, _: Path) -> Path:
    repo.git("clone", "-q", "--bare", ".", str(repo.path / "src/inner"))
    return repo.path / "src/inner/refs"


def nested(repo: Repo, _: Path) -> Path:
    repo.git("init", "-q", str(repo.path / "src/inner"))
    return repo.path / "src/inner"


def emptied_inside(repo: Repo, _: Path) -> Path:
    (repo.path / "src/.git").mkdir()
    return repo.path / "src"


def broken_inside(repo: Repo, _: Path) -> Path:
    (repo.path / "src/.git/refs").mkdir(parents=True)
    (repo.path / "src/.git/HEAD").write_text("ref: refs/heads/main\n")
    return repo.path / "src"


def tree_elsewhere(repo: Repo, home: Path) -> Path:
    (home / "tree").mkdir()
    repo.git("config", "core.worktree", str(home / "tree"))
    return repo.path


def said_to_be_bare(repo: Repo, _: Path) -> Path:
    repo.git("config", "core.bare", "true")
    return repo.path


def submodule(repo: Repo, home: Path) -> Path:
    other = Repo.make(home / "other")
    other.git("commit", "-q", "--allow-empty", "-m", "first")
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.path), "sub")
    return repo.path / "sub"


def separate(repo: Repo, home: Path) -> Path:
    repo.git("init", "-q", f"--separate-git-dir={home / 'apart'}")
    return repo.path


def sha256(repo: Repo, home: Path) -> Path:
    repo.git("init", "-q", "--object-format=sha256", str(home / "long"))
    return home / "long"


def unborn(repo: Repo, _: Path) -> Path:
    repo.git("checkout", "-q", "--orphan", "fresh")
    return repo.path


def other_name_for_a_branch(repo: Repo, _: Path) -> Path:
    repo.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
    repo.git("symbolic-ref", "HEAD", "refs/heads/alias")
    return repo.path


def outside_of_the_branches(repo: Repo, _: Path) -> Path:
    repo.git("update-ref", "refs/elsewhere/x", "HEAD")
    repo.git("symbolic-ref", "HEAD", "refs/elsewhere/x")
    return repo.path


def case_is_ignored(repo: Repo, _: Path) -> Path:
    repo.git("config", "core.ignoreCase", "true")
    return repo.path / "src"


def no_value_of_its_own(repo: Repo, _: Path) -> Path:
    (repo.git_dir / "config").write_text("")
    return repo.path


UNUSUAL = [
    inside_of_git,
    bare,
    bare_within,
    nested,
    emptied_inside,
    broken_inside,
    tree_elsewhere,
    said_to_be_bare,
    submodule,
    separate,
    sha256,
    unborn,
    other_name_for_a_branch,
    outside_of_the_branches,
    case_is_ignored,
    no_value_of_its_own,
]


@pytest.mark.parametrize("change", UNUSUAL)
def test_what_is_out_of_the_ordinary_is_as_git_says(
    repo: Repo,
    tmp_path: Path,
    change: Change,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = change(repo, tmp_path)
    assert facts(Repository(str(place), stays=False)) == as_git_says(place, monkeypatch)


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"])
def test_a_variable_that_leads_elsewhere_is_followed(
    repo: Repo,
    tmp_path: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = Repo.make(tmp_path / "other")
    folder = "objects" if name == "GIT_OBJECT_DIRECTORY" else ""
    monkeypatch.setenv(name, str(other.git_dir / folder))
    told = as_git_says(repo.path, monkeypatch)
    assert facts(Repository(str(repo.path), stays=False)) == told


@pytest.mark.parametrize("value", ["-", "relative", "src"])
def test_what_git_tells_its_hooks_costs_no_process(
    repo: Repo,
    tmp_path: Path,
    value: str,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = linked(repo, tmp_path).parent
    git_dir = git_in(place, "rev-parse", "--absolute-git-dir").strip()
    monkeypatch.setenv(
        "GIT_DIR", os.path.relpath(git_dir, place) if value == "relative" else git_dir
    )
    if value == "src":  # where the variable is given, the tree begins where one stands
        place = place / "src"
    told = as_git_says(place, monkeypatch)
    asked.clear()
    assert facts(Repository(str(place), stays=False)) == told
    assert ("rev-parse" in asked) == (value == "src")


def test_a_setting_for_one_command_that_moves_the_tree_counts(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tree").mkdir()
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.worktree")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(tmp_path / "tree"))
    told = as_git_says(repo.path, monkeypatch)
    assert facts(Repository(str(repo.path), stays=False)) == told


def test_an_object_format_that_is_not_said_by_the_repository_is_not_believed(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "extensions.objectFormat")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "sha256")
    repository = Repository(str(repo.path), stays=False)
    assert repository.object_format == "sha1"
    assert facts(repository) == as_git_says(repo.path, monkeypatch)


def test_where_git_stops_on_its_way_up_so_do_we(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repo.path))
    (repo.path / "src/deep").mkdir()
    ran = Repo(repo.path / "src/deep").muse("list")
    assert ran.code == 3
    assert "not a git repository" in ran.err


def test_a_process_that_stays_sees_where_head_goes(repo: Repo) -> None:
    repository = Repository(str(repo.path), stays=True)
    first = repository.head()
    repo.git("checkout", "-q", "-b", "next")
    repo.git("commit", "-q", "--allow-empty", "-m", "next")
    assert repository.head() == Head("next", head_of(repo))
    repo.git("checkout", "-q", "--detach", str(first.commit))
    assert repository.head() == Head(None, first.commit)
    repo.git("checkout", "-q", "--orphan", "fresh")
    assert repository.head() == Head("fresh", None)


@pytest.mark.parametrize("content", [b"", b"0" * 39 + b"\n", b"ref: refs/heads/other\n", b"x" * 40])
def test_a_ref_that_is_torn_or_names_another_is_for_git(repo: Repo, content: bytes) -> None:
    (repo.git_dir / "refs/heads/main").write_bytes(content)
    assert read_head(str(repo.git_dir), str(repo.git_dir)) is None


def test_a_branch_of_which_another_is_the_end_of_the_name_is_not_taken_for_it(repo: Repo) -> None:
    repo.git("commit", "-q", "--allow-empty", "-m", "next")
    repo.git("update-ref", "refs/archive/refs/heads/main", "HEAD~")
    repo.git("pack-refs", "--all")
    assert read_head(str(repo.git_dir), str(repo.git_dir)) == Head("main", head_of(repo))
