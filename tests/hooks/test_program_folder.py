"""Where the hooks find the program that is not on the PATH: ``muse-coord.path``, kept by install."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from git_muse_coord.integrations import program_folder
from tests.tools import Repo


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH with a link to the program, as pipx and uv make one."""
    folder = tmp_path / "my bin"
    folder.mkdir()
    program = tmp_path / "there" / "git-muse-coord"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (folder / "git-muse-coord").symlink_to(program)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def kept(repo: Repo) -> str:
    return repo.git("config", "--get", "muse-coord.path", check=False)


def test_install_keeps_the_folder_and_uninstall_forgets_it(repo: Repo, shell: Path) -> None:
    before = (repo.git_dir / "config").read_bytes()
    assert repo.muse("install", "--hooks").code == 0
    assert kept(repo) == str(shell)
    assert repo.muse("uninstall", "--hooks").code == 0
    assert (repo.git_dir / "config").read_bytes() == before


def test_a_newer_place_takes_the_place_of_the_old_one(repo: Repo, shell: Path) -> None:
    repo.git("config", "muse-coord.path", "/gone")
    assert repo.muse("install", "--hooks").code == 0
    assert kept(repo) == str(shell)


def test_a_team_cannot_set_it(repo: Repo) -> None:
    repo.write(".muse-coord", "[muse-coord]\n\tpath = /tmp\n")
    assert ".muse-coord: 'muse-coord.path' counts only in git config" in repo.muse("check").err


def test_without_a_program_nothing_is_kept(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_folder, "_PROGRAM", "git-no-such-program")
    assert repo.muse("install", "--hooks").code == 0
    assert kept(repo) == ""
