"""Agents that come to the same symbols at the same time: one goes on, the others are stopped and leave nothing."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from git_muse_coord.model.agents import Decision, Edit, Moment
from tests.agents.playing import SOURCE, Clock, Player, a_place, a_worktree, held
from tests.tools import Repo, tries

SYMBOLS = "fgh"
ROUNDS = tries(25, thorough=50)


class RealClock(Clock):
    """The time as it is: agents at the same moment must not be told apart by the test."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.mark.parametrize("part", range(4))
def test_of_those_who_meet_exactly_one_goes_on(repo: Repo, part: int) -> None:
    a_place(repo, "agentMode=block")
    places = [repo.path, a_worktree(repo, "two"), a_worktree(repo, "three")]
    for number in range(ROUNDS):
        choice = random.Random(f"{part} {number}")
        players = [
            Player(place, f"session-{number}", RealClock(), f"agent-{at}")
            for at, place in enumerate(places[: choice.choice((2, 3))])
        ]
        wishes = [_wishes(choice) for _ in players]
        seeds = [choice.random() for _ in players]
        with ThreadPoolExecutor(3) as pool:
            let_through = list(pool.map(_play, players, wishes, seeds))
        story = f"{part} {number}: {wishes} {let_through}"
        for symbol in {symbol for wish in wishes for symbol in wish}:
            winners = [at for at, got in enumerate(let_through) if symbol in got]
            assert len(winners) == 1, (symbol, story)
        expected = {
            player.run_id: {f"src/a.py::{symbol}" for symbol in got}
            for player, got in zip(players, let_through, strict=True)
            if got
        }
        assert held(repo) == expected, story
        _begin_anew(repo, places)


def _wishes(choice: random.Random) -> list[str]:
    """Which symbols an agent edits, in which order; some of them twice."""
    return [choice.choice(SYMBOLS) for _ in range(choice.choice((1, 2, 3)))]


def _play(player: Player, wishes: list[str], seed: float) -> set[str]:
    """Edit some symbols, and return those that nothing stopped."""
    choice = random.Random(seed)
    place = player.path / "src/a.py"
    got: set[str] = set()
    for symbol in wishes:
        time.sleep(choice.random() * 0.05)
        before = place.read_text()
        head = f"def {symbol}(x):\n"
        after = before.replace(head, f"{head}    y = {choice.random()}\n")
        edit = Edit(str(place), before.encode(), after.encode())
        answer = player.tell(Moment.BEFORE_EDIT, edit)
        if answer.decision is not Decision.DENY:
            place.write_text(after)
            got.add(symbol)
        else:
            assert symbol not in got, "what one holds cannot be denied"
    return got


def _begin_anew(repo: Repo, places: list[Path]) -> None:
    deletions = "".join(f"delete {ref}\n" for ref in repo.refs())
    repo.git("update-ref", "--stdin", given=deletions.encode())
    for place in places:
        (place / "src/a.py").write_text(SOURCE)
