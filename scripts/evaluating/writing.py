"""What was learned, put into the modules of the package that hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from evaluating.judging import Table, Weights
from evaluating.projects import Project
from git_muse_coord.rules import calibration, merge_weights


def write_table(projects: Iterable[Project], table: Table, reach: Table) -> None:
    """Put a table in the place of the one in the package. Callers that were not read keep what it says of them."""
    rows = {kind: row for kind, row in calibration.TABLE.items() if kind.startswith("blast")}
    rows |= {**table, **reach}
    lines = [_row("kind", *calibration.Frequency._fields)]
    for kind, row in sorted(rows.items()):
        conflicts = f"{row.conflicts:.1f}"
        probability = f"{row.probability:.3f}"
        lines.append(_row(kind, str(row.trials), conflicts, probability))
    inside = "\n".join(lines)
    text = f'_TABLE = """\\\n{inside}"""\nTABLE = _read(_TABLE)\n'
    _write(Path(calibration.__file__), projects, text)


def _row(
    kind: str,
    trials: str,
    conflicts: str,
    probability: str,
) -> str:
    return f"{kind:<28}  {trials:>6}  {conflicts:>9}  {probability:>11}"


def write_weights(projects: Iterable[Project], weights: Weights) -> None:
    """Put weights in the place of those in the package."""
    lines: list[str] = []
    for situation, numbers in weights.items():
        inside = "".join(f'        "{name}": {value:.3f},\n' for name, value in numbers.items())
        lines.append(f'    "{situation}": {{\n{inside}    }},\n')
    _write(Path(merge_weights.__file__), projects, f"WEIGHTS = {{\n{''.join(lines)}}}\n")


def _write(place: Path, projects: Iterable[Project], rows: str) -> None:
    head = place.read_text().partition("\nMEASURED = ")[0]
    counts = _counts({one.title: len(one.merges) for one in projects})
    place.write_text(f'{head}\nMEASURED = "{datetime.now(UTC):%Y-%m-%d}"\n{counts}{rows}')


def _counts(merges: Mapping[str, int]) -> str:
    rows = "".join(
        f'    "{title.replace("+", "/")}": {count},\n' for title, count in merges.items()
    )
    return f"MERGES = {{\n{rows}}}\n"
