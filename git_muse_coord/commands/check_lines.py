"""What a check tells, in text: what is met, by holder, and how much has changed; for the verb and for git's hooks."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.ui.text import Span, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from git_muse_coord.coordinator.answers.checked import CheckResult
    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.source.changed import Changed
    from git_muse_coord.ui.text import Line

ADVICE = "Wait for the holder, or ask: git muse-coord tell ID TEXT. A reservation warns and locks nothing."
ALL = "--all-findings"


def report(
    result: CheckResult,
    more: str,
    *,
    lists_all: bool = False,
) -> Iterator[Line]:
    """What is met, by holder, and how much has changed; ``more`` is the command that lists everything."""
    changes = _changes(result.changes)
    if not result.conflict_details:
        yield [f"{changes}, ", Span("no conflict", "green")]
        return
    # Mostly nobody is met, and what would tell it is not loaded.
    from git_muse_coord.commands.findings import findings
    from git_muse_coord.coordinator.answers.conflict import in_short, number_of_conflicts

    kinds = _kinds_of_change(result.changes)

    def kind_of(conflict: ConflictDetail) -> str:
        return kinds.get(conflict.address, "changed")

    news: list[ConflictDetail] = []
    told: list[ConflictDetail] = []
    for conflict in result.conflict_details:
        side = told if conflict.told_before else news
        side.append(conflict)
    yield from findings(news, more, kind_of, lists_all=lists_all)
    if told:
        yield [Span("⚠ ", "yellow"), f"{in_short(told)}, told at the commit: {more}"]
    if news:
        yield []
        yield [f"{changes}, ", Span(count(number_of_conflicts(news), "conflict"), "yellow")]


def _changes(changes: Sequence[Changed]) -> str:
    """How much has changed; what is formatting only meets nobody, and is told apart."""
    formatting = sum(change.change == "formatting" for change in changes)
    others = len(changes) - formatting
    text = count(others, "change")
    if formatting:
        text += f" and {formatting:,} of formatting only"
    return text


def _kinds_of_change(changes: Iterable[Changed]) -> dict[str, str]:
    """What happened to each address; of one that something has left, where that is now."""
    kinds: dict[str, str] = {}
    for change in changes:
        if change.from_address:
            kinds[change.from_address] = f"now {change.address}"
    # An address that was left and taken again by something else has changed.
    for change in changes:
        kinds[change.address] = change.change
    return kinds
