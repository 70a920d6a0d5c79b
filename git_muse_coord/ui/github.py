"""Conflicts as GitHub shows them: annotations beside the code, and the summary of a job.

Annotations are lines on stdout that the runner reads as commands. Nothing that others wrote may end
such a line, or end a field in it; in the summary nothing of it may be taken for Markdown.
"""

from __future__ import annotations

import re

from git_muse_coord.coordinator.answers.checked import CheckResult
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.finding_places import finding_places, valid_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.ui.finding_places import FindingPlace

ROWS_MOST = 200
"""GitHub takes a summary of 1 MiB, and nobody reads half of that."""

_CELL_MOST = 300
_MARKDOWN = re.compile(r"[^\w \u0080-\U0010ffff]")
"""What could mean something in Markdown, HTML, a mention or a link: all signs of ASCII."""


def annotation_lines(result: CheckResult, advice: str) -> Iterator[str]:
    """A line for each conflict, those with kin last: GitHub shows the first ten of a step."""
    places = sorted(finding_places(result), key=_is_with_kin)
    for place in places:
        conflict = place.conflict
        level = "notice" if conflict.kin else "warning"
        path = _field(place.path)
        holder = short_run_id(conflict.run_id)
        title = _field(f"Reserved by run-id '{holder}'")
        where = f"file={path},line={place.line},title={title}"
        message = _message(f"{conflict.sentence}. {advice}")
        yield f"::{level} {where}::{message}"


def summary(result: CheckResult, advice: str) -> str:
    """What the job's page shows, in Markdown."""
    lines = ["## git muse-coord check", ""]
    places = list(finding_places(result))
    if places:
        lines += _table(places)
        lines.append("")
        lines.append(advice)
    else:
        lines.append("No conflict.")
    if result.noted_runs:
        names = map(_cell, result.noted_runs)
        listed = ", ".join(names)
        lines.append("")
        lines.append(f"By the notes on their commits, these runs were at work here: {listed}.")
    return "\n".join([*lines, ""])


def _table(places: list[FindingPlace]) -> Iterator[str]:
    yield "| what was changed | reserved by | until | reason, in their words |"
    yield "|---|---|---|---|"
    for place in places[:ROWS_MOST]:
        conflict = place.conflict
        where = f"{conflict.address} (line {place.line})"
        until = f"{conflict.expires_at:%Y-%m-%d %H:%M} UTC"
        texts = (
            where,
            short_run_id(conflict.run_id),
            until,
            conflict.reason or "",
        )
        cells = map(_cell, texts)
        row = " | ".join(cells)
        yield f"| {row} |"
    left = len(places) - ROWS_MOST
    if left > 0:
        yield ""
        yield f"and {left:,} more: git muse-coord check --all-findings"


def _is_with_kin(place: FindingPlace) -> bool:
    return place.conflict.kin


def _message(text: str) -> str:
    """A text as the runner takes it behind the last colons of a command."""
    escaped = valid_text(text).replace("%", "%25")
    return escaped.replace("\r", "%0D").replace("\n", "%0A")


def _field(text: str) -> str:
    """A text as the runner takes it for the value of a field."""
    escaped = _message(text)
    without_colons = escaped.replace(":", "%3A")
    return without_colons.replace(",", "%2C")


def _cell(text: str) -> str:
    """A text of somebody else's as it stands in a table, each sign of it as itself."""
    shown = valid_text(text[:_CELL_MOST])
    words = shown.split()
    line = " ".join(words)
    return _MARKDOWN.sub(_entity, line)


def _entity(sign: re.Match[str]) -> str:
    return f"&#{ord(sign.group())};"
