"""How often a change of a symbol breaks a caller that somebody else changes, in the merges of real projects.

Whoever deletes or renames a symbol mends its callers in the same branch, so that it seldom does.
"""

from __future__ import annotations

from git_muse_coord.rules.calibration import TABLE
from git_muse_coord.rules.evidence import verb_of

_LEAST = 0.001
"""What was never met is not impossible."""


def breakage(
    steps: int,
    operation: str | None,
    at_the_file: bool,
) -> float:
    """How probable it is that a caller breaks, which uses the symbol directly (1 step) or over others.

    ``at_the_file``: who changes the symbol works in the file of the caller, too.
    """
    verb = verb_of(operation)
    keys = blast_keys(steps, verb, at_the_file)
    # Finer kinds that were met too seldom have no row in the table.
    for key in reversed(keys):
        if key in TABLE:
            return max(_LEAST, TABLE[key].probability)
    return TABLE["blast"].probability


def blast_keys(
    steps: int,
    verb: str,
    at_the_file: bool,
) -> tuple[str, ...]:
    """Under what its like are counted, from the coarsest to the finest."""
    # Two steps break nothing by a name alone, so that steps tell the most.
    by_steps = f"blast/{steps}"
    by_verb = f"{by_steps}/{verb}"
    where = "there" if at_the_file else "elsewhere"
    return "blast", by_steps, by_verb, f"{by_verb}/{where}"
