"""What of that which a push meets was told when it was committed: the notes on its commits know."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.ranges import commits_of_all
from git_muse_coord.store.records.noted_runs import noted_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from git_muse_coord.coordinator.answers.checked import CheckResult
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.codec import Json

    Key = tuple[str, ...]

_NAMES = ("address", "held_address", "reservation_id")
_COMMITS_MOST = 1000
"""Of the newest so many commits of a push the notes are read."""


def mark_told(
    session: Session,
    ranges: Sequence[str],
    met: CheckResult,
) -> None:
    """Mark in an answer what a note on a commit of some ranges says to have been told."""
    repository = session.repository
    told: set[Key] = set()
    commits = commits_of_all(repository.git, ranges, _COMMITS_MOST)
    for _, fact in noted_facts(repository, commits):
        told.update(_overridden(fact))
    for detail in met.conflict_details:
        # By address: what a later commit meets of the same reservation is news.
        key = tuple(getattr(detail, name) for name in _NAMES)
        detail.told_before = key in told


def _overridden(fact: Mapping[str, Json]) -> Iterator[Key]:
    """What a fact names as overridden; a note can come from anybody, and hold anything."""
    entries = fact.get("overridden")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield tuple(str(entry.get(name)) for name in _NAMES)
