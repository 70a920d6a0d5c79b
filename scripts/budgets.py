"""What the benchmarks against F share: cases with budgets, their command line, and the table of results."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import measuring
from measuring import FILES, PROGRAM

__all__ = ["FILES", "PROGRAM", "Case", "Place", "run"]


@dataclass
class Case:
    """Something to measure. A budget is a multiple of F, or a time in milliseconds."""

    name: str
    once: Callable[[], float]
    times_f: float | None = None
    milliseconds: float | None = None
    took: list[float] = field(default_factory=list)

    def row(self, f: float) -> dict[str, object]:
        """The figures of this case, times in milliseconds."""
        median = statistics.median(self.took)
        limit = (
            self.milliseconds
            if self.milliseconds is not None
            else self.times_f and self.times_f * f
        )
        return {
            "case": self.name,
            "median_ms": round(median, 2),
            "min_ms": round(min(self.took), 2),
            "max_ms": round(max(self.took), 2),
            "ratio": round(median / f, 2),
            "budget": f"{self.milliseconds:g} ms"
            if self.milliseconds
            else f"{self.times_f} F"
            if limit
            else None,
            "met": median <= limit if limit else None,
        }


def run(description: str, prepare: Callable[[Path, int, int], list[Case]]) -> int:
    """Measure some cases, the first of which is F, as the command line says."""
    if shutil.which(PROGRAM) is None:
        sys.exit(
            f"error: {PROGRAM} is not installed; run scripts/setup, then .venv/bin/python {sys.argv[0]}"
        )
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15, help="how often each case runs (15)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--quick", action="store_true", help="one round on a hundredth of the data: only a trial"
    )
    options = parser.parse_args()
    some, many = (10, 100) if options.quick else (1000, 10_000)
    measuring.seal()
    with tempfile.TemporaryDirectory(prefix="muse-coord-bench-") as home:
        cases = prepare(Path(home), some, many)
        for case in cases:  # warm-up: the files of the program, the cache of the records
            case.once()
        for _ in range(1 if options.quick else options.rounds):
            for case in random.sample(cases, len(cases)):
                case.took.append(case.once() * 1000)
    f = statistics.median(cases[0].took)
    rows = [case.row(f) for case in cases]
    if options.json:
        print(
            json.dumps({"rounds": len(cases[0].took), "f_ms": round(f, 2), "cases": rows}, indent=2)
        )
    else:
        print_table(rows)
    return 0


class Place:
    """A repository with a number of active reservations."""

    def __init__(self, path: Path, reservations: int) -> None:
        self.path = path
        measuring.new_repository(path)
        measuring.plant(path, measuring.reservations(reservations))

    def git(self, *arguments: str, given: bytes = b"") -> str:
        return measuring.git(self.path, *arguments, given=given)

    def process(self, *line: str) -> float:
        """The time that a process takes, in seconds."""
        return measuring.timed(self.path, *line)


def print_table(rows: list[dict[str, object]]) -> None:
    width = max(len(str(row["case"])) for row in rows)
    print(f"{'':{width}}  {'median':>8}  {'min':>8}  {'max':>8}  {'/ F':>5}  {'budget':>6}")
    for row in rows:
        times = "  ".join(f"{row[name]:>8}" for name in ("median_ms", "min_ms", "max_ms"))
        verdict = "" if row["met"] is None else "met" if row["met"] else "MISSED"
        print(
            f"{row['case']:{width}}  {times}  {row['ratio']:>5}  {row['budget'] or '':>6}  {verdict}".rstrip()
        )
    print("Times in milliseconds.")
