"""Wherever git works, so do we; wherever it does not, we say so in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from git_muse_coord.model.errors import NoRepository, StoreFailed
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.repository import Repository
from tests.conftest import ODD
from tests.tools import Ran, Repo, git_in, program


def reserve_at(path: Path, *addresses: str) -> tuple[Repo, dict[str, object]]:
    here = Repo(path)
    answer = here.json("reserve", *addresses, "--run-id", "a")
    assert here.held() == [answer["reservation_id"]]
    return here, answer


def refused(ran: Ran, *words: str) -> None:
    assert ran.code == 3
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    for word in words:
        assert word in ran.err


def test_a_linked_worktree_shares_the_reservations_and_has_its_own_branch(
    repo: Repo, tmp_path: Path
) -> None:
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked ü"))
    first = repo.reserve("src/billing.py", "--run-id", "a")
    linked = Repo(tmp_path / "linked ü")

    answer = linked.json("reserve", "src/billing.py", "--run-id", "b")

    assert answer["branch"] == "side"
    assert [one["reservation_id"] for one in answer["conflict_details"]] == [first]
    assert repo.held() == linked.held() == [first, answer["reservation_id"]]
    assert len(list(repo.git_dir.rglob("records-*.sqlite3"))) == 1  # one cache for all worktrees


def test_a_relative_address_in_a_linked_worktree_means_from_there(
    repo: Repo, tmp_path: Path
) -> None:
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))

    _, answer = reserve_at(tmp_path / "linked/src", "./billing.py")

    assert answer["addresses"] == ["src/billing.py"]
    assert answer["unresolved"] == []


def test_a_sub_directory_sees_the_whole_repository(repo: Repo) -> None:
    _, answer = reserve_at(
        repo.path / "src", "./billing.py::compute_total", "README.md", "../README.md::Shop", "./"
    )

    assert answer["addresses"] == [
        "README.md",
        "README.md::Shop",
        "src/",
        "src/billing.py::compute_total",
    ]
    assert answer["unresolved"] == []


def test_a_directory_reached_through_a_symbolic_link_is_where_git_says(
    repo: Repo, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(repo.path / "src")

    _, answer = reserve_at(tmp_path / "link", "./billing.py")

    assert answer["addresses"] == ["src/billing.py"]
    assert answer["unresolved"] == []


def test_a_bare_repository_looks_at_the_tree_of_head(repo: Repo, tmp_path: Path) -> None:
    git_in(tmp_path, "clone", "-q", "--bare", str(repo.path), "bare")

    _, answer = reserve_at(tmp_path / "bare", "src", "src/billing.py", "src/biling.py")

    assert answer["addresses"] == ["src/", "src/biling.py", "src/billing.py"]
    assert answer["unresolved"] == [{"address": "src/biling.py", "suggestions": ["src/billing.py"]}]
    assert answer["branch"] == "main"


def test_a_bare_repository_without_a_commit_will_do(tmp_path: Path) -> None:
    Repo.make(tmp_path / "bare", "--bare")

    _, answer = reserve_at(tmp_path / "bare", "a.py")

    assert (answer["branch"], answer["commit"]) == ("main", None)


def test_a_detached_head_has_a_commit_and_no_branch(repo: Repo) -> None:
    repo.git("checkout", "-q", "--detach")

    _, answer = reserve_at(repo.path, "src/billing.py")

    assert (answer["branch"], answer["commit"]) == (None, repo.git("rev-parse", "HEAD"))


def test_an_unborn_head_has_a_branch_and_no_commit(tmp_path: Path) -> None:
    Repo.make(tmp_path / ODD, "-b", "trünk/x")

    _, answer = reserve_at(tmp_path / ODD, "a.py")

    assert (answer["branch"], answer["commit"]) == ("trünk/x", None)


def test_a_branch_with_slashes_is_named_in_full(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "feature/HEAD/x")
    assert reserve_at(repo.path, "a.py")[1]["branch"] == "feature/HEAD/x"


def test_the_environment_may_name_the_repository(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(repo.git_dir))
    monkeypatch.setenv("GIT_WORK_TREE", str(repo.path))

    answer = Repo(repo.path / "src").json("reserve", "./billing.py", "--run-id", "a")

    assert answer["addresses"] == ["src/billing.py"]
    monkeypatch.delenv("GIT_WORK_TREE")
    assert Repo(tmp_path).held() == repo.held() == [answer["reservation_id"]]


def test_a_relative_git_dir_counts_from_where_we_are_told_to_be(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    reserve_at(repo.path, "a.py")


def test_a_separate_git_directory_is_followed(tmp_path: Path) -> None:
    Repo.make(tmp_path / "tree", f"--separate-git-dir={tmp_path / 'elsewhere'}")

    reserve_at(tmp_path / "tree", "a.py")

    assert (tmp_path / "elsewhere/muse-coord").is_dir()


def test_a_submodule_is_a_repository_of_its_own(repo: Repo, tmp_path: Path) -> None:
    other = Repo.make(tmp_path / "other")
    other.write("lib.py", "")
    other.commit("A library")
    repo.git("submodule", "add", "-q", str(other.path), "vendor/other")

    _, answer = reserve_at(repo.path / "vendor/other", "./lib.py")

    assert answer["addresses"] == ["lib.py"]
    assert repo.held() == []
    assert repo.json("reserve", "vendor/other")["addresses"] == ["vendor/other/"]


def test_inside_the_git_directory_there_is_no_worktree_but_a_repository(repo: Repo) -> None:
    _, answer = reserve_at(repo.git_dir, "src/billing.py")
    assert answer["unresolved"] == []


def test_a_shallow_clone_will_do(repo: Repo, tmp_path: Path) -> None:
    git_in(tmp_path, "clone", "-q", "--depth=1", f"file://{repo.path}", "shallow")
    reserve_at(tmp_path / "shallow", "a.py")


def test_a_clone_that_borrows_objects_will_do(repo: Repo, tmp_path: Path) -> None:
    git_in(tmp_path, "clone", "-q", "--shared", str(repo.path), "borrowing")
    reserve_at(tmp_path / "borrowing", "src/billing.py")


def test_a_repository_of_sha256_objects_will_do(tmp_path: Path) -> None:
    made = Repo.make(tmp_path / "r", "--object-format=sha256")
    made.write("a.py", "")
    made.commit("One")

    _, answer = reserve_at(made.path, "a.py")

    assert len(str(answer["commit"])) == 64
    made.coordinator().reserve(
        ["b.py"]
    )  # a process that stays would use libgit2, which cannot open it
    assert len(made.held()) == 2
    made.sound()


@pytest.mark.parametrize("extension", ["partialClone", "worktreeConfig", "preciousObjects"])
def test_an_extension_that_libgit2_may_not_know_is_no_hindrance(repo: Repo, extension: str) -> None:
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git(
        "config", f"extensions.{extension}", "origin" if extension == "partialClone" else "true"
    )

    repo.coordinator().reserve(["a.py"], run_id="a")
    repo.reserve("b.py", "--run-id", "a")

    assert len(repo.held()) == 2


def test_a_real_partial_clone_will_do(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    git_in(
        tmp_path,
        "clone",
        "-q",
        "--filter=blob:none",
        "--no-checkout",
        f"file://{repo.path}",
        "partial",
    )

    reserve_at(tmp_path / "partial", "a.py")


def test_refs_in_a_table_will_do_where_git_has_them(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    git_in(tmp_path / "r", "init", "-q", "--ref-format=reftable", check=False)
    if not (tmp_path / "r/.git").is_dir():
        pytest.skip("this git has no reftable")

    reserve_at(tmp_path / "r", "a.py")
    Repo(tmp_path / "r").coordinator().reserve(["b.py"])
    Repo(tmp_path / "r").sound()


def test_outside_of_any_repository_it_says_so(tmp_path: Path) -> None:
    refused(Repo(tmp_path).muse("list"), "not a git repository", str(tmp_path))


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    refused(Repo(tmp_path / "nowhere").muse("list"), "no such directory", "nowhere")


def test_a_file_is_no_directory(repo: Repo) -> None:
    refused(Repo(repo.path / "README.md").muse("list"), "not a directory")


def test_a_repository_of_another_owner_gets_the_remedy(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    refused(repo.muse("list"), "somebody else owns it", "safe.directory")


def test_a_broken_configuration_is_reported_in_the_words_of_git(repo: Repo) -> None:
    (repo.git_dir / "config").write_text("[core\n")
    refused(repo.muse("list"), "bad config line 1")


def test_an_extension_that_git_does_not_know_is_reported_in_its_words(repo: Repo) -> None:
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.ofTheFuture", "true")
    refused(repo.muse("list"), "unknown repository extension")


def test_without_git_it_says_what_to_install(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.path))
    refused(repo.muse("list"), "git is not on the PATH", "install git")


def test_a_path_with_a_line_break_is_refused_by_name(tmp_path: Path) -> None:
    refused(Repo(Repo.make(tmp_path / "a\nb").path).muse("reserve", "a.py"), "line break")


def test_a_current_directory_that_is_gone_is_no_repository(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"import os; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); from git_muse_coord.boundary import run; "
    ran = _python(script + "raise SystemExit(run(['list']))", tmp_path)
    refused(ran, "the current directory is gone")


def _python(script: str, cwd: Path) -> Ran:
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=cwd, capture_output=True, check=False, text=True
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_the_program_runs_where_it_is_started(repo: Repo) -> None:
    ran = program("reserve", "./billing.py", "--json", cwd=repo.path / "src")
    assert ran.json["addresses"] == ["src/billing.py"]


def test_git_finds_the_program_as_its_own_verb(repo: Repo) -> None:
    repo.reserve("a.py", "--run-id", "somebody")
    assert "somebody" in repo.git("muse-coord", "list")


def test_the_library_opens_the_current_directory_by_default(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo.path / "src")
    opened = Repository(".", stays=True)
    assert (opened.prefix, os.path.realpath(opened.top or "")) == (
        "src/",
        os.path.realpath(repo.path),
    )


def test_the_library_raises_where_there_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(NoRepository):
        Repository(str(tmp_path), stays=True)


def test_a_failure_names_what_git_was_asked_to_do_not_its_options(repo: Repo) -> None:
    options = ("-c", "core.fsmonitor=false", "-C", str(repo.path))
    with pytest.raises(StoreFailed, match="git write-tree failed"):
        Git(str(repo.path)).run(*options, "write-tree", "--no-such-option")
