"""What breaks where git merges without a word, as lines: a symbol and the uses of it, for several verbs."""

from __future__ import annotations

from git_muse_coord.commands.findings import LINES
from git_muse_coord.coordinator.answers.silent_break import sentences
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import and_more, shell_line, short_id
from git_muse_coord.ui.text import Span, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_muse_coord.coordinator.answers.silent_break import CallSite, SilentBreak
    from git_muse_coord.ui.text import Line

_BREAKS = 5
"""Symbols of one pair of branches that are shown, at most."""
_PAIRS = 10
"""Pairs of branches that are shown, at most."""
_SITES = 5
"""Uses of one symbol that are shown, at most."""


def lines_of_breaks(breaks: Sequence[SilentBreak]) -> Iterator[Line]:
    """What breaks between branches, pair by pair, and where to read more of each."""
    by_pair: dict[tuple[str, str], list[SilentBreak]] = {}
    for told in breaks:
        by_pair.setdefault(told.branches, []).append(told)
    pairs = list(by_pair.items())
    for (first, second), of_pair in pairs[:_PAIRS]:
        title = clean_but_broken(f"{first} and {second} ")
        yield [Span(f"{title} ({len(of_pair):,})", "red")]
        for told in of_pair[:_BREAKS]:
            yield from _break(told)
        left = len(of_pair) - _BREAKS
        more = f"{and_more(left)}: " if left > 0 else ""
        # Git lets a branch be called $(this): what can be pasted must not run.
        line = shell_line(["git", "muse-coord", "plan-merge", first, second])
        yield [f"  {more}{line}"]
    rest = len(pairs) - _PAIRS
    if rest > 0:
        yield [f"{and_more(rest)} pairs of branches that break; --json tells all"]


def clean_but_broken(sides: str = "") -> str:
    """What git itself does not tell of a merge."""
    return f"⚠ git merges {sides}cleanly, but the result breaks"


def few_lines_of_breaks(breaks: Sequence[SilentBreak]) -> Iterator[Line]:
    """The same in short, a line for each place that breaks, for who is about to do something else."""
    room = LINES
    for of_pair in _by_commits(breaks):
        first, second = of_pair[0].branches
        places = _places(of_pair)
        shown = places[: min(_BREAKS, room)]
        room -= len(shown)
        sign = Span("⚠ ", "yellow")
        yield [sign, f"git joins {first} and {second} without a word, but callers break:"]
        for place in shown:
            yield [f"  {place}"]
        left = len(places) - len(shown)
        more = f"{and_more(left)}: " if left else ""
        yield [f"  {more}{_plan(of_pair)}"]


def line_a_pair(breaks: Sequence[SilentBreak]) -> Iterator[Line]:
    """The same in a line for each two: most of it was told where they were joined."""
    pairs = _by_commits(breaks)
    for of_pair in pairs[:_BREAKS]:
        place, *others = _places(of_pair)
        more = f" {and_more(len(others))}" if others else ""
        yield [Span("⚠ ", "yellow"), f"{place}{more} ({_plan(of_pair)})"]
    left = len(pairs) - _BREAKS
    if left > 0:
        yield [f"  {and_more(left)} merges in which callers break"]


def _by_commits(breaks: Sequence[SilentBreak]) -> list[list[SilentBreak]]:
    by_commits: dict[tuple[str, str], list[SilentBreak]] = {}
    for told in breaks:
        by_commits.setdefault(told.commits, []).append(told)
    return list(by_commits.values())


def _places(of_pair: Sequence[SilentBreak]) -> list[str]:
    places: dict[str, None] = {}
    for told in of_pair:
        places.update(dict.fromkeys(sentences(told)))
    return list(places)


def _plan(of_pair: Sequence[SilentBreak]) -> str:
    """What tells more: by commits, for when it is read one branch may hold the other."""
    ends = map(short_id, of_pair[0].commits)
    return shell_line(["git", "muse-coord", "plan-merge", *ends])


def lines_of_sites(sites: Sequence[CallSite]) -> Iterator[Line]:
    """The uses that break, each with its file and line and the side that brings it."""
    return at_most(
        _SITES,
        list(map(_site, sites)),
        indent="      ",
        remark=" uses",
    )


def _break(told: SilentBreak) -> Iterator[Line]:
    how = [f"{branch} {change}" for branch, change in told.changes.items()]
    done = f" ({', '.join(how)})" if how else ""
    yield [
        f"  {told.conflict_type} ",
        Span(told.address, "bold"),
        f"{done}: {told.recommendation}",
    ]
    yield from lines_of_sites(told.sites)


def _site(site: CallSite) -> Line:
    return [f"      {site.file}:{site.line} in {site.side}, ", Span(site.address, "cyan")]
