"""The verb ``plan-merge``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from git_muse_coord.commands.app import App
from git_muse_coord.commands.break_lines import clean_but_broken, lines_of_sites
from git_muse_coord.commands.options import argument, flag, option, verb
from git_muse_coord.coordinator.plan_merge import (
    PlanMergeResult,
    PlannedSymbol,
    plan_merge,
)
from git_muse_coord.model.wording import and_more
from git_muse_coord.ui.text import Line, Span, at_most, count

_MOST = 10
"""Findings of one kind that are shown, and files in which git conflicts, at most."""


def render(result: PlanMergeResult) -> Iterator[Line]:
    """What git says, then the findings by how bad they are, a few of each, and what is left."""
    paths = result.git_conflicts
    verdict = Span("git merges cleanly", "green")
    if paths:
        verdict = Span(f"git conflicts in {count(len(paths), 'file')}", "yellow")
    yield [
        f"Merging {result.theirs[:12]} into {result.ours[:12]}, base {result.base[:12]}: ",
        verdict,
    ]
    yield from at_most(_MOST, [[f"  {path}"] for path in paths], indent="  ")
    groups = _groups(result.items)
    for (title, style), group in groups.items():
        yield []
        yield [Span(f"{title} ({len(group):,})", style)]
        for item in group[:_MOST]:
            yield from _finding(item)
        left = len(group) - _MOST
        if left > 0:
            yield [f"  {and_more(left)}; --json tells all"]
    if groups:
        yield []
    conflicts = Span("no conflict", "green")
    if result.conflicts:
        conflicts = Span(count(result.conflicts, "conflict"), "yellow")
    yield [f"{count(result.total_symbols, 'symbol')} changed, ", conflicts]


def _groups(items: tuple[PlannedSymbol, ...]) -> dict[tuple[str, str], list[PlannedSymbol]]:
    groups: dict[tuple[str, str], list[PlannedSymbol]] = {}
    for item in items:
        title = _title(item)
        if title is not None:
            groups.setdefault(title, []).append(item)
    return groups


def _title(item: PlannedSymbol) -> tuple[str, str] | None:
    # Worst first: what nobody else would tell.
    if item.silent:
        return clean_but_broken(), "red"
    if item.disjoint:
        return "git conflicts, but the symbols are disjoint", "cyan"
    if item.conflict_type == "no_conflict":
        return None
    if item.git_conflict:
        return "git conflicts, and both sides are concerned", "yellow"
    return "both sides changed it, and git merges the lines", "bold"


def _finding(item: PlannedSymbol) -> Iterator[Line]:
    how: list[str] = []
    if item.ours_change:
        how.append(f"ours {item.ours_change}")
    if item.theirs_change:
        how.append(f"theirs {item.theirs_change}")
    kind = "" if item.conflict_type == "no_conflict" else f"{item.conflict_type} "
    yield [f"  {kind}", Span(item.address, "bold"), f" ({', '.join(how)}): {item.recommendation}"]
    yield from lines_of_sites(item.sites)


@verb(
    "plan-merge",
    render,
    argument("ours"),
    argument("theirs"),
    option(
        "--base", metavar="REVISION", help="Compare with this commit instead of the merge base."
    ),
    flag("--strict", help="Exit 2 if there is a conflict."),
)
def plan_merge_command(app: App, **options: Any) -> PlanMergeResult:
    """Say what a merge would ask for, without making it.

    OURS and THEIRS are any revisions that git understands. Each symbol that a side changed since
    the two parted is classified, beside git's own verdict; what git merges cleanly although the
    result breaks comes first.
    """
    return plan_merge(app.open(), **options)
