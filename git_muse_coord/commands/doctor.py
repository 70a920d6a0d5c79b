"""The verb ``doctor``."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.commands.common import App, run_id_option, verb
from git_muse_coord.coordinator.doctor import DoctorResult, doctor
from git_muse_coord.ui.text import Line, Span

_MARKS = {"ok": ("ok  ", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")}


def render(result: DoctorResult) -> Iterator[Line]:
    """A line a finding, and what to do about it."""
    width = max(len(finding.name) for finding in result.findings) + 2
    for finding in result.findings:
        text, style = _MARKS[finding.state]
        yield [Span(text, style), f"  {finding.name:<{width}}{finding.detail}"]
        if finding.remedy:
            yield [f"{'':{width + 6}}→ {finding.remedy}"]


@verb("doctor", render)
@run_id_option()
def doctor_command(app: App, run_id: str | None) -> DoctorResult:
    """Look whether everything works: versions, hooks, records, caches, the remote.

    That git reaches the hooks is proved by having git run them; they only answer then. No remote is
    asked. Exit 1 if something is broken; every finding says what to do about it.
    """
    return doctor(app.open(), run_id=run_id)
