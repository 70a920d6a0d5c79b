"""Temporary directories go, also those of processes that were killed."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.store.git import temporary


def test_what_was_left_behind_goes_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, new, other, link = (
        tmp_path / f"muse-coord-{name}" for name in ("merge-a", "merge-b", "demo-c", "merge-d")
    )
    for one in (old, new, other):
        one.mkdir()
        (one / "file").touch()
    link.symlink_to(other)
    for one in (old, other):
        os.utime(one, (time.time() - 100_000,) * 2)

    made = temporary.make_folder("merge")

    assert set(tmp_path.iterdir()) == {new, other, link, Path(made)}
    assert (other / "file").exists()


def test_a_place_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(StoreFailed, match="cannot make a temporary directory"):
        temporary.make_folder("merge")
