from __future__ import annotations

import pytest

from tests.hooks.tools import INVOICE
from tests.tools import Repo


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test is timed: on a busy machine a hook may take its time."""
    monkeypatch.setenv("MUSE_HOOK_SECONDS", "300")


@pytest.fixture
def shop(repo: Repo) -> Repo:
    """A repository with the hooks installed, in which the run ``bob`` commits."""
    repo.write("invoice.py", INVOICE)
    repo.write("other.py", "def other():\n    return 1\n")
    repo.commit("An invoice")
    repo.git("config", "muse-coord.runId", "bob")
    assert repo.muse("install", "--hooks").code == 0
    return repo
