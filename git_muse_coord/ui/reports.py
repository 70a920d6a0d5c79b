"""What a check answers other programs than a terminal: code hosts and editors, each in its own form."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.checked import CheckResult
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.ui.github import annotation_lines, summary
from git_muse_coord.ui.gitlab import code_quality
from git_muse_coord.ui.sarif import sarif
from git_muse_coord.ui.text import Line, count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""Names the file in which a step of a job of GitHub's says what the page of the job is to show."""


def report_renderer(
    name: str,
    advice: str,
    environment: Mapping[str, str],
) -> Callable[[CheckResult], Iterator[Line]]:
    """What renders an answer in the form of that name: sarif, gitlab or github."""

    def render(result: CheckResult) -> Iterator[Line]:
        if name == "sarif":
            yield [sarif(result, advice)]
        elif name == "gitlab":
            yield [code_quality(result, advice)]
        else:
            yield from _for_github(result, advice, environment.get(SUMMARY_VARIABLE))

    return render


def _for_github(
    result: CheckResult,
    advice: str,
    summary_path: str | None,
) -> Iterator[Line]:
    """Annotations, and the summary of the job where there is a file for it."""
    for annotation in annotation_lines(result, advice):
        yield [annotation]
    if summary_path:
        text = summary(result, advice)
        _append(summary_path, text)
    changes = count(len(result.changes), "change")
    conflicts = count(len(result.conflict_details), "conflict")
    yield [f"{changes}, {conflicts}"]


def _append(path: str, text: str) -> None:
    """Write behind what other steps of the job have written; a page that cannot be written stops nothing."""
    with suppress(OSError), open(path, "a", encoding="utf-8") as file:
        file.write(text)
