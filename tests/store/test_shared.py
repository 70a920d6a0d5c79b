"""Where several users share a repository, all that we make in it can be used by all of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from git_muse_coord.store.git.shared import rights
from git_muse_coord.store.records import notes
from tests.tools import Repo


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("value", "mode"),
    [
        (None, None), ("umask", None), ("false", None), ("0", None), ("nonsense", None), ("0066", None),
        ("group", 0o660), ("true", 0o660), ("1", 0o660), ("Yes", 0o660),
        ("all", 0o664), ("world", 0o664), ("everybody", 0o664), ("2", 0o664),
        ("0640", 0o640), ("0777", 0o666), ("0660", 0o660),
    ],
)  # fmt: skip
def test_the_words_and_numbers_of_git_are_understood(value: str | None, mode: int | None) -> None:
    assert rights(value) == mode


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.usefixtures("strict_umask")
def test_what_we_make_has_the_rights_that_git_gives(repo: Repo, stays: bool) -> None:
    repo.git("config", "core.sharedRepository", "group")
    made = repo.coordinator(stays=stays)
    made.reserve(["src/billing.py::compute_total"], run_id="a")
    made.symbols(["src/billing.py"])
    notes.add(made.repository, "HEAD", {"run_id": "a"})

    ours = repo.git_dir / "muse-coord"
    assert stat.S_IMODE(ours.stat().st_mode) == 0o2770
    found = modes(ours)
    assert {"notes.lock", "symbols-2.sqlite3"} < found.keys()
    assert set(found.values()) == {0o660}


@pytest.mark.usefixtures("strict_umask")
def test_otherwise_the_umask_decides(repo: Repo) -> None:
    repo.reserve("a.py")

    assert stat.S_IMODE((repo.git_dir / "muse-coord").stat().st_mode) == 0o700
    assert set(modes(repo.git_dir / "muse-coord").values()) == {0o600}


@pytest.mark.usefixtures("strict_umask")
def test_objects_that_are_written_by_a_library_are_shared_too(repo: Repo) -> None:
    repo.git("config", "core.sharedRepository", "group")
    before = set((repo.git_dir / "objects").iterdir())
    made = repo.coordinator(stays=True)
    for number in range(8):
        made.reserve([f"{number}.py"], run_id="a")

    new = set((repo.git_dir / "objects").iterdir()) - before
    assert new
    assert {stat.S_IMODE(path.stat().st_mode) & 0o070 for path in new} == {0o070}
