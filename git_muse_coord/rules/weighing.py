"""From a meeting of two touches to the chance that git conflicts there, by all projects and by what one has learnt."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.evidence import unrelated
from git_muse_coord.rules.merge_chance import Grounds, grounds
from git_muse_coord.rules.merge_record import counted_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_muse_coord.rules.evidence import Meeting
    from git_muse_coord.rules.merge_record import MergeRecord

    Weigh = Callable[[Meeting | None], Grounds]


def by_table(related: Meeting | None) -> Grounds:
    """The chance as the table of all projects has it; of what is known not to meet in any way, that of anything."""
    if related is None:
        table = unrelated()
    else:
        table = related.measured.probability
    return Grounds(table, table)


def by_record(record: MergeRecord | None) -> Weigh:
    """What weighs by the record of a project, too; without one, by the table alone."""

    def weigh(related: Meeting | None) -> Grounds:
        known = by_table(related)
        # What meets nowhere is counted at no place.
        if related is None:
            return known
        key = counted_at(related)
        return grounds(known.table, key, record)

    return weigh
