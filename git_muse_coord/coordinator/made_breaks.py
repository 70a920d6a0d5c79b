"""What breaks where lines of work have come together, or are about to, as hooks tell it."""

from __future__ import annotations

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.wording import shell_line, short_id
from git_muse_coord.source.merging.made_merge import MadeMerge, OutOfTime
from git_muse_coord.source.merging.merge_outcome import MergeOutcome, OutcomeInMemory
from git_muse_coord.store.git.tree_files import TreeFiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.coordinator.answers.silent_break import SilentBreak
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.source.merging.join import Join
    from git_muse_coord.source.sources import Sources
    from git_muse_coord.store.git.merges import Merges

_SHARE = 0.7
"""Of the time: once it is spent, no further one is begun."""


class MadeBreaks(NamedTuple):
    """What breaks, and what was not looked at."""

    breaks: list[SilentBreak]
    gaps: list[str]


def made_breaks(
    session: Session,
    joins: Iterable[Join],
    *,
    worktree: bool = False,
) -> MadeBreaks:
    """Look at each, for as long as there is time; with ``worktree`` at the files there instead of the index."""
    made = MadeBreaks([], [])
    looking = _Looking(session, worktree=worktree)
    try:
        for join in joins:
            try:
                looking.look_at(join, made)
            except OutOfTime:
                command = ask(join)
                made.gaps.append(
                    f"there was no time to look for callers that break: {command} does"
                )
    finally:
        looking.close()
    return made


class _Looking:
    """What looks at one join after the other, with the files that they have in common read once."""

    def __init__(
        self,
        session: Session,
        *,
        worktree: bool,
    ) -> None:
        self._session = session
        self._allowance = session.allowance
        self._sources: Sources = session.sources()
        self._files = TreeFiles(session.repository)
        self._worktree = worktree

    @cached_property
    def _merges(self) -> Merges:
        """What merges in memory, which is asked for at a push alone."""
        from git_muse_coord.store.git.merges import Merges

        return Merges(self._session.repository)

    def close(self) -> None:
        """Forget what was merged."""
        if "_merges" in vars(self):
            self._merges.__exit__()

    def look_at(self, join: Join, made: MadeBreaks) -> None:
        """Add what there is to tell of two lines of work. Raises OutOfTime."""
        if self._allowance is not None and self._allowance.spent > _SHARE:
            raise OutOfTime
        # Git would fetch what it lacks, from a network that nobody asked for.
        if self._session.settings.is_partial:
            command = ask(join)
            made.gaps.append(
                f"in a partial clone callers that break are not looked for: {command} does"
            )
            return
        outcome = self._outcome(join)
        # Unrelated, say: nothing comes together then.
        if outcome is None:
            return
        merge = MadeMerge(self._sources, join, outcome, self._allowance)
        names = (join.ours.name, join.theirs.name)
        tips = (join.ours.tip, join.theirs.tip)
        for item in merge.silent():
            from git_muse_coord.coordinator.answers.silent_break import silent_break

            made.breaks.append(silent_break(names, tips, item))
        if not merge.is_whole:
            command = ask(join)
            made.gaps.append(
                f"callers that break were looked for near what was changed alone: {command} looks everywhere"
            )

    def _outcome(self, join: Join) -> MergeOutcome | None:
        """Where the two ended; None where git does not merge them."""
        if not join.is_made:
            return self._in_memory(join)
        commit = join.commit
        if commit is not None:
            return MergeOutcome(lambda: self._files.at(commit))
        if self._worktree:
            # What lies there has no ids of git's yet.
            hashed = self._sources.contents.hashed
            return MergeOutcome(lambda: hashed(self._files.tracked()))
        return MergeOutcome(self._files.index)

    def _in_memory(self, join: Join) -> MergeOutcome | None:
        tips = (join.ours.tip, join.theirs.tip)
        try:
            (merged,) = self._merges.pairs([tips])
        except StoreFailed:
            # An old git does not merge in memory, which is no news for who pushes.
            return None
        if merged.problem:
            return None
        return OutcomeInMemory(self._merges, merged)


def ask(join: Join) -> str:
    """The command that looks without a limit, by what does not move on."""
    tips = [short_id(join.ours.tip), short_id(join.theirs.tip)]
    return shell_line(["git", "muse-coord", "plan-merge", *tips])
