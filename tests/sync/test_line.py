"""Many wait in line for one symbol: each has it once, by the tickets, and nobody stays behind a dead one."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.sync.clones import clone_many
from tests.sync.hubs import Hub
from tests.sync.line_race import LineRace
from tests.tools import Repo

pytestmark = pytest.mark.slow

SYMBOL = "src/billing.py::compute_total"


def run_through(waiting: LineRace, killed: int, let_go: Callable[[], object]) -> None:
    """Kill some, let the others have it, and see that all had it in order and one after the other."""
    dead = waiting.kill_some(killed, random.Random(1))
    turns = waiting.turns(let_go)
    assert [turn.ticket for turn in turns] == sorted(set(waiting.tickets) - dead)
    assert all(before.left <= after.entered for before, after in pairwise(turns))


def test_processes_of_one_clone(repo: Repo) -> None:
    repo.git("config", "muse-coord.waitBeat", "1")
    held = repo.json("reserve", SYMBOL, "--run-id", "first", "--strict")["reservation_id"]
    with LineRace([repo.path] * 8, SYMBOL, is_shared=False) as waiting:
        assert sorted(waiting.tickets) == list(range(1, 9))
        run_through(waiting, 1, lambda: repo.json("release", held, "--run-id", "first"))
    repo.sound()


def test_clones_and_processes_of_them(hub: Hub) -> None:
    here = clone_many(hub, 4)
    for clone in here:
        clone.git("config", "muse-coord.waitBeat", "1")
    first = here[0]
    held = first.json("reserve", SYMBOL, "--run-id", "first", "--strict")["reservation_id"]

    def let_go() -> None:
        first.json("release", held, "--run-id", "first")
        first.json("sync")

    places = [clone.path for clone in (*here, first)]
    with LineRace(places, SYMBOL, is_shared=True) as waiting:
        assert sorted(waiting.tickets) == list(range(1, 6))
        run_through(waiting, 1, let_go)
