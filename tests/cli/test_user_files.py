"""Completion and man page in the user's own folders: put there beside what is there, and taken out byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.integrations import user_files
from git_muse_coord.store.hooks import NAMES
from tests.docs.places import SHARE
from tests.docs.test_schemas import answer
from tests.hooks.test_install import state
from tests.tools import Repo, program

PLACES = {
    "bash": "bash-completion/completions/git-muse-coord",
    "zsh": "zsh/site-functions/_git-muse-coord",
    "fish": "fish/vendor_completions.d/git-muse-coord.fish",
}
PAGE = "man/man1/git-muse-coord.1"


@pytest.fixture(autouse=True)
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """No installation of the page that this machine may have is found."""
    monkeypatch.setattr(user_files, "found_by_man", lambda: None)


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's share folder, in a home where there is none yet."""
    home = tmp_path / "hôme"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home / ".local/share"


FILES = ("--completion", "--man")


def done(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["action"], one["path"]) for one in told["files"]]


@pytest.mark.parametrize("shell", PLACES)
def test_a_completion_comes_and_goes_with_its_folders(repo: Repo, share: Path, shell: str) -> None:
    before = state(share.parents[1])
    path = share / PLACES[shell]

    assert done(answer(repo, "install", "--completion", shell)) == [("made", str(path))]
    text = (SHARE / f"completions/git-muse-coord.{shell}").read_bytes()
    assert path.read_bytes().startswith(text)
    assert path.read_bytes().count(b"\n") == text.count(b"\n") + 1
    assert done(answer(repo, "install", "--completion", shell)) == [("present", str(path))]
    assert done(answer(repo, "uninstall", *FILES)) == [("removed", str(path))]
    assert state(share.parents[1]) == before
    assert done(answer(repo, "uninstall", *FILES)) == []


def test_what_belongs_to_a_file_comes_and_goes_with_it(repo: Repo, share: Path) -> None:
    before = state(share.parents[1])

    answer(repo, "install", "--completion", "fish", "--man")

    assert (share / "fish/vendor_conf.d/git-muse-coord.fish").exists()
    for page in (SHARE / "man").iterdir():
        assert (share / "man/man1" / page.name).read_bytes().startswith(page.read_bytes())
    own = share / "man/man1/git-muse-coord-list.1"
    own.write_text("mine")
    assert done(answer(repo, "install", "--man", code=1)) == [
        ("present", str(share / PAGE)),
        ("kept", str(own)),
    ]
    own.unlink()
    answer(repo, "uninstall", *FILES)
    assert state(share.parents[1]) == before


def test_all_come_and_go_in_any_order(repo: Repo, share: Path) -> None:
    before = state(share.parents[1])
    for line in (["fish"], ["bash"], ["zsh", "--man", "--hooks"]):
        answer(repo, "install", "--completion", *line)
    everything = state(share)

    assert [one["file"] for one in answer(repo, "uninstall", "--man")["files"]] == ["man page"]
    answer(repo, "install", "--man")
    assert state(share) == everything
    told = answer(repo, "uninstall", "--hooks", *FILES)
    assert len(told["files"]) == 4
    assert len(told["hooks"]) == len(NAMES)
    assert state(share.parents[1]) == before


def test_what_was_asked_for_alone_is_undone(repo: Repo, share: Path) -> None:
    answer(repo, "install", "--completion", "bash", "--man", "--hooks")

    told = answer(repo, "uninstall")
    assert told["files"] == [], "they are for all repositories"
    assert len(told["hooks"]) == len(NAMES)
    assert answer(repo, "uninstall", "--completion")["hooks"] == []
    left = {path.parent.name for path in share.rglob("*") if path.is_file()}
    assert left == {"man1"}


def test_without_a_name_it_is_the_shell_of_the_user(
    repo: Repo, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/usr/local/bin/fish")
    assert done(answer(repo, "install", "--completion", "--print")) == [
        ("made", str(share / PLACES["fish"]))
    ]
    monkeypatch.setenv("SHELL", "/bin/dash")
    assert "bash, zsh, fish" in answer(repo, "install", "--completion", code=1)["error"]["hint"]


def test_xdg_data_home_is_the_share_folder(
    repo: Repo, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = share.parents[1] / "other"
    monkeypatch.setenv("XDG_DATA_HOME", str(other))
    assert done(answer(repo, "install", "--man")) == [("made", str(other / PAGE))]
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    assert done(answer(repo, "install", "--man")) == [("made", str(share / PAGE))]


def test_print_changes_nothing(repo: Repo, share: Path) -> None:
    before = state(share.parents[1])

    ran = repo.muse("install", "--completion", "bash", "--man", "--print")

    assert ran.code == 0
    assert "Nothing was changed" in ran.out
    assert "man page" in ran.out
    assert state(share.parents[1]) == before


def test_what_somebody_else_put_there_stays(repo: Repo, share: Path) -> None:
    path = share / PLACES["bash"]
    path.parent.mkdir(parents=True)
    path.write_text("# somebody's\n")

    told = answer(repo, "install", "--completion", "bash", "--man", code=1)

    assert done(told) == [("kept", str(path)), ("made", str(share / PAGE))]
    assert done(answer(repo, "uninstall", *FILES)) == [("removed", str(share / PAGE))]
    assert path.read_text() == "# somebody's\n"


def test_what_an_installation_put_there_is_present_and_stays(repo: Repo, share: Path) -> None:
    path = share / PLACES["bash"]
    path.parent.mkdir(parents=True)
    path.write_bytes((SHARE / "completions/git-muse-coord.bash").read_bytes())

    assert done(answer(repo, "install", "--completion", "bash")) == [("present", str(path))]
    assert done(answer(repo, "uninstall", *FILES)) == []
    assert path.exists()


def test_what_was_changed_since_stays_and_a_link_is_not_followed(repo: Repo, share: Path) -> None:
    answer(repo, "install", "--completion", "bash", "--man")
    path, page = share / PLACES["bash"], share / PAGE
    path.write_bytes(b"# mine\n" + path.read_bytes())
    elsewhere = page.rename(share / "elsewhere")
    page.symlink_to(elsewhere)
    before = path.read_bytes(), elsewhere.read_bytes()

    assert done(answer(repo, "install", "--completion", "bash", "--man", code=1)) == [
        ("kept", str(path)),
        ("kept", str(page)),
    ]
    assert done(answer(repo, "uninstall", *FILES)) == [("kept", str(path))]
    assert (path.read_bytes(), page.read_bytes()) == before
    assert page.is_symlink()


def test_an_older_one_of_ours_is_renewed_and_still_goes_with_its_folders(
    repo: Repo, share: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = state(share.parents[1])
    old = tmp_path / "old"
    (old / "man").mkdir(parents=True)
    (old / "man/git-muse-coord.1").write_text("the page of an older version\n")
    with monkeypatch.context() as patch:
        patch.setattr(user_files, "_SHARE", old)
        answer(repo, "install", "--man")
    assert (share / PAGE).read_text().startswith("the page")

    assert done(answer(repo, "install", "--man")) == [("renewed", str(share / PAGE))]
    assert (share / PAGE).read_bytes().startswith((SHARE / "man/git-muse-coord.1").read_bytes())
    answer(repo, "uninstall", *FILES)
    assert state(share.parents[1]) == before


def test_a_page_that_man_finds_is_enough(
    repo: Repo, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        user_files, "found_by_man", lambda: "/usr/share/man/man1/git-muse-coord.1.gz"
    )

    assert done(answer(repo, "install", "--man")) == [
        ("present", "/usr/share/man/man1/git-muse-coord.1.gz")
    ]
    assert not share.exists()


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(repo: Repo, share: Path) -> None:
    share.parent.write_text("no folder")

    assert ".local" in answer(repo, "install", "--man", code=3)["error"]["message"]


def test_no_repository_is_needed(share: Path, tmp_path: Path) -> None:
    for verb in ("install", "uninstall"):
        line = ["--completion", *(["zsh"] if verb == "install" else [])]
        ran = program(verb, *line, cwd=tmp_path)
        assert ran.code == 0, ran.err
    assert not share.exists()
