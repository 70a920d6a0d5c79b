"""Processes that reserve on command, so that many of them can start at the same moment, round after round."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_WORKER = """
import json, sys
from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.errors import MuseCoordError

coordinator = Coordinator(sys.argv[1])
coordinator.list()
print("ready", flush=True)
for line in sys.stdin:
    options = json.loads(line)
    try:
        result = coordinator.reserve(options.pop("addresses"), **options)
        told = [result.reservation_id, 0, [one.reservation_id for one in result.conflict_details]]
    except MuseCoordError as error:
        told = [None, error.exit_code, []]
    print(json.dumps(told), flush=True)
"""


@dataclass(frozen=True)
class Told:
    """What a process heard: its reservation, its exit code, and whom it was warned of."""

    reservation_id: str | None
    code: int
    conflicts: list[str]


class Crowd:
    """Some processes in one repository, each a run of its own."""

    def __init__(self, path: Path, size: int) -> None:
        self.members = [
            subprocess.Popen(
                [sys.executable, "-c", _WORKER, str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(size)
        ]
        for member in self.members:
            assert self._hear(member) == "ready\n"

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_: object) -> None:
        for member in self.members:
            member.kill()
            member.communicate()

    def race(
        self,
        addresses: Sequence[str],
        strict: Sequence[bool],
        *,
        apart: bool = False,
        run_id: str | None = None,
    ) -> list[Told]:
        """Let all of them reserve at once, or each ``apart`` a file of its own; return what each heard.

        With ``run_id`` all of them are that run.
        """
        for number, (member, is_strict) in enumerate(zip(self.members, strict, strict=True)):
            assert member.stdin
            order = {
                "addresses": [f"{one}{number}" if apart else one for one in addresses],
                "run_id": run_id or f"run-{number}",
                "strict": is_strict,
            }
            member.stdin.write(json.dumps(order) + "\n")
        for member in self.members:
            assert member.stdin
            member.stdin.flush()
        return [Told(*json.loads(self._hear(member))) for member in self.members]

    def _hear(self, member: subprocess.Popen[str]) -> str:
        assert member.stdout
        return member.stdout.readline()


def nobody_was_left_in_the_dark(told: Sequence[Told]) -> bool:
    """Of any two that hold a reservation, at least one heard of the other."""
    holders = [one for one in told if one.reservation_id]
    return all(
        one.reservation_id in other.conflicts or other.reservation_id in one.conflicts
        for place, one in enumerate(holders)
        for other in holders[:place]
    )
