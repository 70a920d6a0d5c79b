"""How the radar looks: a matrix of the sides, and what each pair meets in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import and_more, few
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import (
    Cell,
    Line,
    Span,
    count,
    head,
    table,
)

if TYPE_CHECKING:
    from git_muse_coord.coordinator.radar import RadarPair, RadarSide

HIGH = 0.5
_MATRIX_MOST = 12
"""Of more sides a matrix would not fit on a screen."""
_PAIRS_SHOWN = 15
_ADDRESSES = 3
_ON_THE_LINE = "·"
_NAME_MOST = 32
"""A name in the matrix has at most so many characters; below it stands in full."""


def radar_lines(
    sides: Sequence[RadarSide],
    pairs: Sequence[RadarPair],
    hidden: int = 0,
) -> Iterator[Line]:
    """The sides with a column for each; below it the pairs, and how many less likely ones are ``hidden``."""
    if not sides:
        yield ["Nothing is under way: no branch and no worktree holds what is not merged."]
        return
    yield from _matrix(sides, pairs)
    yield []
    for pair in pairs[:_PAIRS_SHOWN]:
        yield from _pair(pair)
    left = len(pairs) - _PAIRS_SHOWN
    if left > 0:
        yield more_to_see(left)
    if pairs:
        yield []
    conflicts = sum(pair.conflict_now for pair in pairs)
    yield [f"{count(len(sides), 'side')} at work, ", *_how_many_meet(len(pairs), hidden)]
    if conflicts:
        yield [f"{count(conflicts, 'pair')} could not be merged as they are now (!)"]


def _how_many_meet(told: int, hidden: int) -> Iterator[Cell]:
    if not told and not hidden:
        yield Span("no two", "green")
        yield " meet"
        return
    yield Span(count(told + hidden, "pair"), "yellow")
    yield " of them meet"
    if hidden:
        yield f", {hidden:,} less likely than asked for and hidden"


def _matrix(sides: Sequence[RadarSide], pairs: Sequence[RadarPair]) -> Iterator[Line]:
    chances: dict[frozenset[str], Span] = {}
    for pair in pairs:
        chances[frozenset((pair.a, pair.b))] = _chance(pair)
    # What stands before the last side; its own column would be empty.
    columns = sides[:-1] if len(sides) <= _MATRIX_MOST else []
    numbers = [str(number) for number, _ in enumerate(columns, 1)]
    rows: list[Sequence[Cell]] = [head("", "SIDE", "RUN-ID", *numbers, "")]
    for number, side in enumerate(sides):
        row: list[Cell] = [str(number + 1), Span(_shortened(side), "bold"), _who(side)]
        for place, other in enumerate(columns):
            if place < number:
                row.append(chances.get(frozenset((side.name, other.name)), Span("-", "dim")))
            else:
                row.append(Span(_ON_THE_LINE if place == number else "", "dim"))
        row.append("uncommitted" if side.uncommitted else "")
        rows.append(row)
    yield from table(rows)


def _shortened(side: RadarSide) -> str:
    """The name of a side for a column: of a worktree without a branch its folder alone."""
    name = side.name if side.branch else os.path.basename(side.name)
    return name if len(name) <= _NAME_MOST else f"{name[: _NAME_MOST - 1]}…"


def _who(side: RadarSide) -> str:
    return short_run_id(side.run_id) if side.run_id else ""


def _pair(pair: RadarPair) -> Iterator[Line]:
    yield [_chance(pair), f"  {pair.a} and {pair.b}: ", few(pair.addresses, _ADDRESSES)]


def _chance(pair: RadarPair) -> Span:
    mark = "!" if pair.conflict_now else " "
    return Span(f"{pair.confidence:.0%}{mark}".rjust(5), _style(pair))


def _style(pair: RadarPair) -> str:
    if pair.conflict_now:
        return "red"
    return "yellow" if pair.confidence >= HIGH else "dim"


def more_to_see(left: int) -> Line:
    """How many are not listed, and how to see them, or fewer."""
    return [f"      {and_more(left)}; --json lists all, --min-confidence fewer"]
