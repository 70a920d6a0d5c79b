"""Temporary directories go, also those of processes that were killed."""

from __future__ import annotations

import os
import subprocess
import sys
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


def test_what_a_killed_process_left_goes_with_the_next_that_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    script = (
        "import sys; from git_muse_coord.store.git import temporary;"
        "print(temporary.make_folder('merge'), flush=True); sys.stdin.read()"
    )
    started = [sys.executable, "-c", script]
    with subprocess.Popen(started, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        theirs = Path(process.stdout.readline().decode().strip())
        assert theirs.stat().st_mode & 0o777 == 0o700
        an_hour_ago(theirs)
        ours = temporary.make_folder("merge")
        assert theirs.exists(), "somebody is at work there"
        process.kill()
        process.wait()
    kept = temporary.make_folder("merge")
    temporary.keep(kept)
    for home in (ours, kept):
        an_hour_ago(Path(home))

    last = temporary.make_folder("merge")

    assert set(tmp_path.iterdir()) == {Path(ours), Path(kept), Path(last)}
    for home in (ours, last):
        temporary.remove(home)
    assert list(tmp_path.iterdir()) == [Path(kept)]


def an_hour_ago(path: Path) -> None:
    os.utime(path, (time.time() - 3600,) * 2)
