"""What is said of callers that break when two branches are merged as they are now."""

from __future__ import annotations

from collections.abc import Sequence

from git_muse_coord.model.address import IMPORTS, Address
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.wording import and_more
from git_muse_coord.rules.forecast import CERTAIN, STILL_AT_THE_END
from git_muse_coord.rules.merged_symbol import Site
from git_muse_coord.rules.prediction import (
    BLAST_RADIUS,
    PRESENT,
    UNFINISHED,
    Prediction,
    all_of,
    predicted,
)
from git_muse_coord.rules.stakes import Stake

_DONE = {
    "deleted": "deletes",
    "renamed": "renames",
    "moved": "moves",
    "signature": "gives new parameters to",
}


class BranchBreak(NamedTuple):
    """A symbol that one branch, the taker, took away or changed, and where the other uses it as it was."""

    taken: Address
    change: str
    taker: str
    sites: tuple[Site, ...]


def _is_import(site: Site) -> bool:
    *_, last_name = site.caller.key
    return last_name == IMPORTS


def broken_callers(
    branches: tuple[str, str],
    breaks: Sequence[BranchBreak],
    involved: Sequence[Stake],
    *,
    is_final: bool,
) -> Prediction:
    """One finding for two branches: the first break, and how many more there are.

    ``is_final`` says that both are finished: what breaks half-way may still be mended, for which
    no count of its own is there, so that of conflicts stands for it.
    """
    # All of them are certain, so that none is worse than another.
    worst = breaks[0]
    # Where it is called says more than where it is imported.
    site = min(worst.sites, key=_is_import)
    site_count = 0
    for broken in breaks:
        site_count += len(broken.sites)
    # The one that is told is no more to be told.
    more = site_count - 1
    done = _DONE.get(worst.change, "changes")
    now = "" if is_final else " as they are now"
    description = (
        f"merging {branches[0]} and {branches[1]}{now}, where {all_of(involved)} are at work, breaks"
        f" {site.caller} ({site.caller.path}:{site.line}): {worst.taker} {done} {worst.taken}"
    )
    if more:
        description += f"; {and_more(more)} such"
    return predicted(
        BLAST_RADIUS,
        (worst.taken, site.caller),
        involved,
        CERTAIN if is_final else STILL_AT_THE_END,
        description,
        PRESENT if is_final else UNFINISHED,
    )
