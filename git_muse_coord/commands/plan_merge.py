"""The verb ``plan-merge``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from git_muse_coord.commands.app import App
from git_muse_coord.commands.break_lines import clean_but_broken, lines_of_sites
from git_muse_coord.commands.options import (
    argument,
    flag,
    option,
    verb,
)
from git_muse_coord.coordinator.answers.planned_symbol import PlannedSymbol
from git_muse_coord.coordinator.answers.silent_break import CallSite
from git_muse_coord.coordinator.plan_merge import PlanMergeResult, plan_merge
from git_muse_coord.coordinator.plan_merges import PlanMergesResult, PlannedPair
from git_muse_coord.model.wording import and_more, few, shell_line
from git_muse_coord.ui.text import (
    Line,
    Span,
    at_most,
    count,
)

_MOST = 10
"""Findings of one kind that are shown, files in which git conflicts, and pairs of several, at most."""
_FINDINGS = 5
_FILES = 3
"""Findings of one of several pairs that are shown, and files in which git conflicts, at most."""


def render(result: PlanMergeResult | PlanMergesResult) -> Iterator[Line]:
    """What was found of two revisions, or of each two of several."""
    if isinstance(result, PlanMergesResult):
        return _several(result)
    return _two(result)


def _several(result: PlanMergesResult) -> Iterator[Line]:
    """The pairs that need a look, each with a few findings and what tells more."""
    for pair in result.pairs[:_MOST]:
        verdict = Span("git merges them cleanly", "green")
        if pair.git_conflicts:
            verdict = Span(f"git conflicts in {few(pair.git_conflicts, _FILES)}", "yellow")
        yield [Span(f"{pair.ours} and {pair.theirs}", "bold"), ": ", verdict]
        for item in pair.items[:_FINDINGS]:
            mark = "⚠ the result breaks: " if item.silent else ""
            yield [Span(f"  {mark}", "red"), *_headline(item, pair.ours, pair.theirs)]
            yield from lines_of_sites(_by_name(item.sites, pair))
        left = len(pair.items) - _FINDINGS
        more = f"{and_more(left)}: " if left > 0 else ""
        line = shell_line(["git", "muse-coord", "plan-merge", pair.ours, pair.theirs])
        yield [f"  {more}{line}"]
    left = len(result.pairs) - _MOST
    if left > 0:
        yield [f"{and_more(left)} pairs that need a look; --json tells all"]
    if result.pairs:
        yield []
    looked_at = len(result.pairs) + result.quiet
    needing = Span("none needs a look", "green")
    if result.pairs:
        needing = Span(f"{len(result.pairs):,} to look at", "yellow")
    yield [f"{count(looked_at, 'pair')} of {len(result.revisions):,} revisions, ", needing]


def _by_name(sites: tuple[CallSite, ...], pair: PlannedPair) -> list[CallSite]:
    """Uses, with the names of the two instead of ours and theirs."""
    names = {"ours": pair.ours, "theirs": pair.theirs}
    return [site._replace(side=names[site.side]) for site in sites]


def _two(result: PlanMergeResult) -> Iterator[Line]:
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
    yield ["  ", *_headline(item, "ours", "theirs")]
    yield from lines_of_sites(item.sites)


def _headline(
    item: PlannedSymbol,
    ours: str,
    theirs: str,
) -> Line:
    how: list[str] = []
    if item.ours_change:
        how.append(f"{ours} {item.ours_change}")
    if item.theirs_change:
        how.append(f"{theirs} {item.theirs_change}")
    kind = "" if item.conflict_type == "no_conflict" else f"{item.conflict_type} "
    return [kind, Span(item.address, "bold"), f" ({', '.join(how)}): {item.recommendation}"]


@verb(
    "plan-merge",
    render,
    argument("ours"),
    argument("theirs"),
    argument("more", multiple=True, metavar="[MORE]..."),
    option(
        "--base", metavar="REVISION", help="Compare with this commit instead of the merge base."
    ),
    flag("--strict", help="Exit 2 if there is a conflict."),
)
def plan_merge_command(
    app: App,
    ours: str,
    theirs: str,
    more: Sequence[str],
    base: str | None,
    strict: bool,
) -> PlanMergeResult | PlanMergesResult:
    """Say what a merge would ask for, without making it.

    OURS and THEIRS are any revisions that git understands. Each symbol that a side changed since
    the two parted is classified, beside git's own verdict; what git merges cleanly although the
    result breaks comes first.

    With more than two, each two of them are looked at, and those that need it are told.
    """
    return plan_merge(
        app.open(),
        ours,
        theirs,
        *more,
        base=base,
        strict=strict,
    )
