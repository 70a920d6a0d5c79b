"""Many who wait in line for one symbol, in processes of one clone and in clones, some of whom are killed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WORKER = """
import json, sys, time
from git_muse_coord.coordinator import Coordinator

path, run_id, address, shared = sys.argv[1:]
coordinator = Coordinator(path, stays=False)

def tell(**facts):
    print(json.dumps(facts), flush=True)

def hear(event):
    if event.event == "waiting" and not told:
        told.append(event.ticket)
        tell(ticket=event.ticket)

told = []
result = coordinator.reserve([address], run_id=run_id, wait=600, on_wait=hear)
entered = time.monotonic()
time.sleep(0.05)
left = time.monotonic()
coordinator.release([result.reservation_id], run_id=run_id)
if shared == "shared":
    coordinator.sync()
gone = time.monotonic()
tell(ticket=result.ticket, entered=entered, left=left, gone=gone)
"""


@dataclass(frozen=True)
class Turn:
    """When somebody with a ticket had it, by the clock that all processes share; ``gone`` is when all could know it."""

    ticket: int
    entered: float
    left: float
    gone: float


class LineRace:
    """Those who wait, each a run of its own, with a ticket."""

    def __init__(self, places: Sequence[Path], address: str, *, is_shared: bool) -> None:
        self.members: list[subprocess.Popen[str]] = []
        for number, path in enumerate(places):
            arguments = [str(path), f"waiter-{number}", address, "shared" if is_shared else "alone"]
            member = subprocess.Popen(
                [sys.executable, "-c", _WORKER, *arguments],
                stdout=subprocess.PIPE,
                text=True,
            )
            self.members.append(member)
        try:
            self.tickets = [_hear(member)["ticket"] for member in self.members]
        except AssertionError:
            # nobody would end those who wait
            self.__exit__()
            raise

    def __enter__(self) -> LineRace:
        return self

    def __exit__(self, *_: object) -> None:
        for member in self.members:
            member.kill()
            member.communicate()

    def kill_some(self, number: int, chance: random.Random) -> set[int]:
        """Kill so many, and return their tickets."""
        chosen = chance.sample(range(len(self.members)), number)
        for place in chosen:
            self.members[place].kill()
            self.members[place].wait()
        return {self.tickets[place] for place in chosen}

    def turns(self, let_go: Callable[[], object]) -> list[Turn]:
        """Let the first one have it, and return the turns of all who live, in their order in time."""
        living = [member for member in self.members if member.poll() is None]
        with ThreadPoolExecutor(len(living)) as pool:
            answers = pool.map(_hear, living)
            let_go()
            turns = [Turn(**told) for told in answers]
        return sorted(turns, key=lambda turn: turn.entered)


def _hear(member: subprocess.Popen[str]) -> dict[str, Any]:
    assert member.stdout
    line = member.stdout.readline()
    assert line, f"one who waited ended with {member.wait()}"
    told: dict[str, Any] = json.loads(line)
    return told
