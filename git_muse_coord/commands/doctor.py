"""The verb ``doctor``."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import run_id_option
from git_muse_coord.commands.options import verb
from git_muse_coord.coordinator.doctor import DoctorResult, doctor
from git_muse_coord.ui.text import Line, Span

_MARKS = {
    "ok": Span("ok  ", "green"),
    "warn": Span("warn", "yellow"),
    "fail": Span("FAIL", "red"),
}


def render(result: DoctorResult) -> Iterator[Line]:
    """A line a finding, and what to do about it."""
    width = max(len(finding.name) for finding in result.findings) + 2
    # Below the detail, behind the mark and the two spaces that follow it.
    indent = " " * (width + 6)
    for finding in result.findings:
        name = finding.name.ljust(width)
        yield [_MARKS[finding.state], f"  {name}{finding.detail}"]
        if finding.remedy:
            yield [f"{indent}→ {finding.remedy}"]


@verb(
    "doctor",
    render,
    run_id_option(),
)
def doctor_command(app: App, run_id: str | None) -> DoctorResult:
    """Look whether everything works: versions, hooks, records, caches, the remote.

    That git reaches the hooks is proved by having git run them, and that agents' programs do by
    playing an edit through each of theirs; they only answer then. No remote is asked. Exit 1 if
    something is broken; every finding says what to do about it.
    """
    return doctor(app.open(), run_id=run_id, environment=app.environment)
