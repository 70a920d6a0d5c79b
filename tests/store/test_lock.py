"""A lock of ours is had by one process at a time, and let go of by one that dies."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.store.git.lock import briefly_locked, locked

_HOLDER = (
    "import sys, time\n"
    "from git_muse_coord.store.git.lock import locked\n"
    "with locked(sys.argv[1], 10) as got:\n"
    "    print(got, flush=True)\n"
    "    time.sleep(1000)\n"
)


def test_a_lock_is_had_once_and_again_when_it_is_let_go_of(tmp_path: Path) -> None:
    path = str(tmp_path / "ördner" / "a lock")
    with locked(path, 0) as first, locked(path, 0.05) as second, briefly_locked(path) as third:
        assert (first, second, third) == (True, False, None)
    with locked(path, 0) as again:
        assert again


def test_what_is_raised_inside_lets_go_of_it(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with pytest.raises(RuntimeError), locked(path, 0):
        raise RuntimeError
    with locked(path, 0) as got:
        assert got


def test_one_waits_for_another_process_and_has_it_when_that_dies(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, path], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    with holder.stdout:
        assert holder.stdout.readline() == b"True\n"
        with locked(path, 0.05) as got:
            assert not got
        holder.kill()
        holder.wait()
    with locked(path, 10) as got:
        assert got


def test_where_no_lock_can_be_made_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = str(tmp_path / "file" / "lock")
    with pytest.raises(StoreFailed, match="cannot make"), locked(path, 0):
        pass


def test_a_file_system_without_such_locks_has_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    path = str(tmp_path / "lock")
    flock = fcntl.flock

    def lacking(descriptor: int, how: int) -> None:
        # the library asks with files of its own
        if os.readlink(f"/proc/self/fd/{descriptor}") == path:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", lacking)
    with locked(path, 0) as first, locked(path, 0.05) as second:
        assert (first, second) == (True, False)
