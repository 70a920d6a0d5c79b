"""Two agents in two worktrees of one clone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.agents.playing import Clock, Player, a_place, a_worktree
from tests.tools import Repo


@pytest.fixture
def clock() -> Clock:
    # Verbs of the tests go by the real time, so the plays begin now.
    return Clock(datetime.now(UTC))


@pytest.fixture
def ann(repo: Repo, clock: Clock) -> Player:
    a_place(repo)
    return Player(repo.path, "ann", clock)


@pytest.fixture
def ben(repo: Repo, ann: Player, clock: Clock) -> Player:
    return Player(a_worktree(repo, "ben"), "ben", clock)
