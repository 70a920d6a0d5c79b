"""What the benchmarks share: repositories with reservations, cases with budgets, and the table of results."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from git_muse_coord.model import codec, records
from git_muse_coord.model.records import Reservation

PROGRAM = str(Path(sys.executable).parent / "git-muse-coord")
FILES = [f"src/part{part:02}/module{module}.py" for part in range(20) for module in range(10)]


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
        limit = self.milliseconds if self.milliseconds is not None else self.times_f and self.times_f * f
        return {
            "case": self.name,
            "median_ms": round(median, 2),
            "min_ms": round(min(self.took), 2),
            "max_ms": round(max(self.took), 2),
            "ratio": round(median / f, 2),
            "budget": f"{self.milliseconds:g} ms" if self.milliseconds else f"{self.times_f} F" if limit else None,
            "met": median <= limit if limit else None,
        }


def run(description: str, prepare: Callable[[Path, int, int], list[Case]]) -> int:
    """Measure some cases, the first of which is F, as the command line says."""
    if shutil.which(PROGRAM) is None:
        sys.exit(f"error: {PROGRAM} is not installed; run scripts/setup, then .venv/bin/python {sys.argv[0]}")
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="how often each case runs (15)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--quick", action="store_true", help="one round on a hundredth of the data: only a trial")
    options = parser.parse_args()
    some, many = (10, 100) if options.quick else (1000, 10_000)
    os.environ.update(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1")
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
        print(json.dumps({"rounds": len(cases[0].took), "f_ms": round(f, 2), "cases": rows}, indent=2))
    else:
        print_table(rows)
    return 0


class Place:
    """A repository with a number of active reservations."""

    def __init__(self, path: Path, reservations: int) -> None:
        self.path = path
        path.mkdir()
        self.git("init", "-q", "-b", "main")
        for name in FILES:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).touch()
        self.git("add", ".")
        self.git("-c", "user.name=bench", "-c", "user.email=bench@example.invalid", "commit", "-q", "-m", "Files")
        fill(self, reservations)

    def git(self, *arguments: str, given: bytes = b"") -> str:
        done = subprocess.run(["git", *arguments], cwd=self.path, input=given, capture_output=True, check=True)
        return done.stdout.decode()

    def process(self, *line: str) -> float:
        """The time that a process takes, in seconds."""
        start = time.perf_counter()
        subprocess.run(line, cwd=self.path, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - start


def fill(place: Place, count: int) -> None:
    """Make reservations of 40 runs in 200 files, quickly."""
    now = datetime.now(UTC)
    script: list[bytes] = []
    names: list[str] = []
    for number in range(count):
        path = FILES[number % len(FILES)]
        record = Reservation(
            run_id=f"run-{number % 40}",
            nonce=f"{number:032x}",
            branch="main",
            commit=None,
            addresses=tuple(sorted(f"{path}::Class{number}.method{one}" for one in range(1 + number % 3))),
            operation="modify",
            reason=None,
            depends_on=(),
            created_at=now - timedelta(seconds=count - number),
            expires_at=now + timedelta(days=1),
        )
        blob = records.encode(record)
        names.append(records.ref_name(record, codec.content_id(blob)))
        script.append(b"blob\nmark :%d\ndata %d\n%s\n" % (number + 1, len(blob), blob))
    marks = place.path / ".git" / "marks"
    place.git("fast-import", "--quiet", f"--export-marks={marks}", given=b"".join(script))
    oids = dict(line.split() for line in marks.read_text().splitlines())
    creations = "".join(f"create {name} {oids[f':{number + 1}']}\n" for number, name in enumerate(names))
    place.git("update-ref", "--stdin", given=creations.encode())


def print_table(rows: list[dict[str, object]]) -> None:
    width = max(len(str(row["case"])) for row in rows)
    print(f"{'':{width}}  {'median':>8}  {'min':>8}  {'max':>8}  {'/ F':>5}  {'budget':>6}")
    for row in rows:
        times = "  ".join(f"{row[name]:>8}" for name in ("median_ms", "min_ms", "max_ms"))
        verdict = "" if row["met"] is None else "met" if row["met"] else "MISSED"
        print(f"{row['case']:{width}}  {times}  {row['ratio']:>5}  {row['budget'] or '':>6}  {verdict}".rstrip())
    print("Times in milliseconds.")
