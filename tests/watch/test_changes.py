"""Being woken by a change of the refs, with the package for that and without."""

from __future__ import annotations

import sys
import threading

import pytest

from git_muse_coord.store.git.ref_changes import RefChanges
from tests.tools import Repo

LONG = 100.0
"""So long nobody would wait for an answer: who is not woken is ended from outside."""


def test_a_change_wakes_at_once(repo: Repo) -> None:
    pytest.importorskip("watchfiles")
    changes = RefChanges(repo.coordinator().repository, threading.Event(), LONG)
    writing = threading.Timer(0.5, repo.git, ["update-ref", "refs/heads/other", "HEAD"])
    writing.start()
    changes.wait(LONG)
    writing.join()
    assert repo.git("rev-parse", "other") == repo.git("rev-parse", "HEAD")


@pytest.mark.parametrize("has_package", [True, False])
def test_to_close_wakes_for_good(
    repo: Repo, has_package: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if has_package:
        pytest.importorskip("watchfiles")
    else:
        monkeypatch.setitem(sys.modules, "watchfiles", None)
    closed = threading.Event()
    changes = RefChanges(repo.coordinator().repository, closed, LONG)
    closing = threading.Timer(0.3, closed.set)
    closing.start()
    changes.wait(LONG)
    changes.wait(LONG)
    assert closed.is_set()
    closing.join()
