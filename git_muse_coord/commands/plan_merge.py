"""The verb ``plan-merge``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from git_muse_coord.commands.common import App, verb
from git_muse_coord.coordinator.plan_merge import PlanMergeResult, PlannedSymbol, plan_merge
from git_muse_coord.ui.text import Line, Span, count

_MOST = 10
_SITES = 5


def render(result: PlanMergeResult) -> Iterator[Line]:
    """What git says, then the findings by how bad they are, a few of each, and what is left."""
    paths = result.git_conflicts
    yield [
        f"Merging {result.theirs[:12]} into {result.ours[:12]}, base {result.base[:12]}: ",
        Span(f"git conflicts in {count(len(paths), 'file')}", "yellow")
        if paths
        else Span("git merges cleanly", "green"),
    ]
    yield from ([f"  {path}"] for path in paths[:_MOST])
    if len(paths) > _MOST:
        yield [f"  and {len(paths) - _MOST:,} more"]
    groups = _groups(result.items)
    for (title, style), group in groups.items():
        yield []
        yield [Span(f"{title} ({len(group):,})", style)]
        for item in group[:_MOST]:
            yield from _finding(item)
        if len(group) > _MOST:
            yield [f"  and {len(group) - _MOST:,} more; --json tells all"]
    if groups:
        yield []
    yield [
        f"{count(result.total_symbols, 'symbol')} changed, ",
        Span(count(result.conflicts, "conflict"), "yellow")
        if result.conflicts
        else Span("no conflict", "green"),
    ]


def _groups(items: tuple[PlannedSymbol, ...]) -> dict[tuple[str, str], list[PlannedSymbol]]:
    groups: dict[tuple[str, str], list[PlannedSymbol]] = {}
    for item in items:
        if (title := _title(item)) is not None:
            groups.setdefault(title, []).append(item)
    return groups


def _title(item: PlannedSymbol) -> tuple[str, str] | None:
    if item.silent:
        return "⚠ git merges cleanly, but the result breaks", "red"
    if item.disjoint:
        return "git conflicts, but the symbols are disjoint", "cyan"
    if item.conflict_type == "no_conflict":
        return None
    if item.git_conflict:
        return "git conflicts, and both sides are concerned", "yellow"
    return "both sides changed it, and git merges the lines", "bold"


def _finding(item: PlannedSymbol) -> Iterator[Line]:
    how = [
        f"{side} {change}"
        for side, change in (("ours", item.ours_change), ("theirs", item.theirs_change))
        if change
    ]
    kind = "" if item.conflict_type == "no_conflict" else f"{item.conflict_type} "
    yield [f"  {kind}", Span(item.address, "bold"), f" ({', '.join(how)}): {item.recommendation}"]
    for site in item.sites[:_SITES]:
        yield [f"      {site.file}:{site.line} in {site.side}, ", Span(site.address, "cyan")]
    if len(item.sites) > _SITES:
        yield [f"      and {len(item.sites) - _SITES:,} more uses"]


@verb("plan-merge", render)
@click.argument("ours")
@click.argument("theirs")
@click.option(
    "--base", metavar="REVISION", help="Compare with this commit instead of the merge base."
)
@click.option("--strict", is_flag=True, help="Exit 2 if there is a conflict.")
def plan_merge_command(app: App, **options: Any) -> PlanMergeResult:
    """Say what a merge would ask for, without making it.

    OURS and THEIRS are any revisions that git understands. Each symbol that a side changed since
    the two parted is classified, beside git's own verdict; what git merges cleanly although the
    result breaks comes first.
    """
    return plan_merge(app.open(), **options)
