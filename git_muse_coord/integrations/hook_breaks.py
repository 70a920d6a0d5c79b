"""What hooks tell of callers that break: in a merge, a squash, a pick, a rebase, or in what is pushed."""

from __future__ import annotations

from git_muse_coord.coordinator.joins import (
    join_with_default,
    joins_in_index,
    joins_of_pick,
    joins_of_push,
    joins_of_rebase,
)
from git_muse_coord.coordinator.made_breaks import made_breaks
from git_muse_coord.coordinator.merge_check import merge_warnings
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from git_muse_coord.coordinator.answers.silent_break import SilentBreak
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.source.merging.join import Join


def breaks_for(
    session: Session,
    name: str,
    arguments: Sequence[str],
    given: bytes,
    merging: Mapping[str, str],
) -> tuple[list[SilentBreak], list[str]]:
    """What breaks, and warnings: of what else is wrong with a merge, and of what was not looked at."""
    warnings: list[str] = []
    repository = session.repository
    joins: Iterator[Join]
    if name == "post-commit":
        joins = joins_of_pick(repository)
    elif name == "post-rewrite":
        joins = joins_of_rebase(repository, given)
    elif name == "pre-push":
        joins = _pushed(session, arguments, given)
    else:
        warnings += merge_warnings(session, merging=list(merging))
        joins = joins_in_index(repository, merging)
    made = made_breaks(session, joins)
    warnings += made.gaps
    return made.breaks, warnings


def _pushed(
    session: Session,
    arguments: Sequence[str],
    given: bytes,
) -> Iterator[Join]:
    from git_muse_coord.store.hooks.pushed_ranges import ranges

    git = session.repository.git
    remote = arguments[0] if arguments else ""
    for pushed in ranges(git, arguments, given):
        yield from joins_of_push(git, pushed)
        yield from join_with_default(git, remote, pushed)
