"""All work under way in a clone, announced or not: what each side holds now, and where each two of them meet.

Every side is one commit, which is made for the answer alone where something is not committed yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import combinations

from git_muse_coord.coordinator.learning import record_of
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.sides_at_work import SidesAtWork
from git_muse_coord.model.address import Key
from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.wording import few
from git_muse_coord.rules.evidence import Meeting
from git_muse_coord.rules.merge_record import MergeRecord
from git_muse_coord.rules.radar import (
    SidePair,
    WorkSide,
    pair_of,
    places_met,
    under_way,
    worst_pairs_first,
)
from git_muse_coord.rules.stakes import Stake
from git_muse_coord.rules.unannounced import unannounced
from git_muse_coord.rules.weighing import by_record
from git_muse_coord.source.merging.conflicting_symbols import symbols_in_conflict
from git_muse_coord.source.side_touches import SideTouches, made_alike, side_touches
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.branches import Branch, Branches
from git_muse_coord.store.git.head import read_head
from git_muse_coord.store.git.merge_answers import Merged
from git_muse_coord.store.git.merges import Merges, merging_in_memory
from git_muse_coord.store.git.refs import Refs


class WorkUnderWay:
    """The sides, the newest first, and what each two meet in; a context manager, as ``Merges`` is.

    ``announced`` tells whose work is where. ``gaps`` are sentences about what could not be looked at.
    With ``is_on`` false there are no sides.
    """

    def __init__(
        self,
        session: Session,
        announced: Sequence[Stake],
        *,
        is_on: bool = True,
    ) -> None:
        self._is_on = is_on
        self._session = session
        self._announced = announced
        self.merges = Merges(session.repository)
        self.gaps: list[str] = []
        # Pairs that share no commit have their bases in common with the others.
        self._base = cache(self._find_base)
        self._touches = cache(self._read_touches)

    def __enter__(self) -> WorkUnderWay:
        return self

    def __exit__(self, *error: object) -> None:
        self.merges.__exit__(*error)

    @cached_property
    def sides(self) -> list[WorkSide]:
        """The sides that hold anything that is not merged yet."""
        target = self._target if self._is_on else None
        if target is None:
            return []
        at_work = SidesAtWork(
            self._session,
            self._announced,
            self.merges,
            target,
            self.gaps,
        )
        now = self._session.now()
        sides, left = under_way(at_work.sides(), now.timestamp())
        if left:
            self.gaps.append(
                f"too many sides to compare each with each; the {left:,} oldest are left out"
            )
        return self._without_landed(sides, target)

    def pairs(self) -> list[SidePair]:
        """Each two sides that meet, the worst first."""
        together = list(combinations(self.sides, 2))
        merged = self._merge(together)
        in_conflict = self._in_conflict(merged)
        places: list[list[Meeting]] = []
        for ours, theirs in together:
            places.append(self._places(ours, theirs))
        record = self._record(places)
        weigh = by_record(record)
        pairs: list[SidePair] = []
        for number, (ours, theirs) in enumerate(together):
            pair = pair_of(
                ours,
                theirs,
                places[number],
                in_conflict.get(number),
                weigh,
            )
            if pair is not None:
                pairs.append(pair)
        return worst_pairs_first(pairs)

    def unannounced(self) -> Iterator[tuple[WorkSide, list[Stake]]]:
        """What each side does beyond what its runs announced."""
        before: list[SideTouches] = []
        # Of what several have alike, the oldest is told.
        for side in reversed(self.sides):
            base = self._own_base(side)
            done = self._touches(base, side.commit)
            known: set[Key] = set()
            for earlier in before:
                known |= made_alike(done, earlier)
            before.append(done)
            yield side, unannounced(side, done.touches, self._announced, known)

    @cached_property
    def sources(self) -> Sources:
        """The files of the repository, and those of the sides that are in no commit."""
        return Sources(self.merges.repository, self._session.progress)

    @cached_property
    def _target(self) -> Branch | None:
        """The branch in which work is when it is merged; None before the first commit."""
        session = self._session
        remote = session.remote_name(None)
        known = Branches(session.repository.git, remote)
        shared = known.shared_default()
        if shared is not None:
            return shared
        # The same from each worktree: what the main one has checked out, or a bare repository names.
        common_dir = session.repository.common_dir
        head = read_head(common_dir, common_dir) or session.repository.head()
        default = known.default(head.branch)
        if default is None and Refs(session.repository.git).list("refs/heads/"):
            self.gaps.append(
                "without the work under way: there is no main or master, and HEAD is no branch"
                " that is here; git symbolic-ref HEAD names the one into which work is merged"
            )
        return default

    def _without_landed(self, sides: Sequence[WorkSide], target: Branch) -> list[WorkSide]:
        """The sides but for those whose work came into the target in another way, such as by a squash."""
        if not sides:
            return []
        # The first of them tells what comes of a side that brings nothing.
        pairs = [(target.commit, target.commit)]
        for side in sides:
            pairs.append((target.commit, side.commit))
        try:
            nothing_new, *merged = self.merges.pairs(pairs)
        except StoreFailed:
            # An old git does not merge in memory; what it sees of the work is still worth telling.
            return list(sides)
        left: list[WorkSide] = []
        for side, outcome in zip(sides, merged, strict=True):
            has_landed = outcome.is_clean and outcome.tree == nothing_new.tree
            if not has_landed:
                left.append(side)
        return left

    def _merge(self, pairs: Sequence[tuple[WorkSide, WorkSide]]) -> list[Merged]:
        if not pairs:
            return []
        self._session.progress(merging_in_memory(len(pairs)))
        commits: list[tuple[str, str]] = []
        for ours, theirs in pairs:
            commits.append((ours.commit, theirs.commit))
        merged = self.merges.pairs(commits)
        refused: list[str] = []
        for (ours, theirs), outcome in zip(pairs, merged, strict=True):
            if outcome.problem:
                refused.append(f"{ours.name} with {theirs.name}")
        if refused:
            gap = not_merged(refused)
            self.gaps.append(gap)
        return merged

    def _in_conflict(self, merged: Sequence[Merged]) -> dict[int, list[str]]:
        """The addresses that conflict, by the numbers of the merges that do."""
        numbers: list[int] = []
        for number, outcome in enumerate(merged):
            if outcome.conflicts:
                numbers.append(number)
        conflicts = [merged[number].conflicts for number in numbers]
        places = symbols_in_conflict(self.sources, self.merges, conflicts)
        in_conflict: dict[int, list[str]] = {}
        for number, addresses in zip(numbers, places, strict=True):
            texts = map(str, addresses)
            in_conflict[number] = sorted(texts)
        return in_conflict

    def _places(self, ours: WorkSide, theirs: WorkSide) -> list[Meeting]:
        """Where two sides meet, symbol by symbol."""
        our_base = self._parted(ours)
        their_base = self._parted(theirs)
        # What both have from one of them, or from a third, is no meeting.
        if ours.unmerged & theirs.unmerged:
            our_base = self._base(ours.commit, theirs.commit)
            their_base = our_base
        our_work = self._touches(our_base, ours.commit)
        their_work = self._touches(their_base, theirs.commit)
        alike = made_alike(our_work, their_work)
        return places_met(our_work.touches, their_work.touches, alike)

    def _record(self, places: Iterable[Iterable[Meeting]]) -> MergeRecord | None:
        """What the past merges of this repository say of the files in which sides meet."""
        paths: set[str] = set()
        for places_of_pair in places:
            for place in places_of_pair:
                paths.add(place.ours.path)
        return record_of(self._session, paths)

    def _parted(self, side: WorkSide) -> str:
        """Where a side parted from the target; empty where the two have nothing in common."""
        target = self._target
        if target is None:
            return ""
        return self._base(target.commit, side.commit)

    def _own_base(self, side: WorkSide) -> str:
        """Where the work of a side begins: at the tip of the nearest that it stands upon, if it does."""
        base = self._parted(side)
        greatest_height = 0
        for below in self.sides:
            if below.commit == side.commit or below.commit not in side.unmerged:
                continue
            height = len(below.unmerged)
            if height > greatest_height:
                base = below.commit
                greatest_height = height
        return base

    def _find_base(self, commit: str, other_commit: str) -> str:
        bases = self.merges.bases(commit, other_commit)
        if not bases:
            return ""
        return bases[0]

    def _read_touches(self, base: str, tip: str) -> SideTouches:
        if not base:
            return SideTouches([], {})
        return side_touches(self.sources, base, tip)


def not_merged(pairs: Sequence[str]) -> str:
    """What is said of pairs of branches that git gives up on."""
    names = few(pairs)
    return f"git will not merge them, so nobody knows whether they conflict: {names}"
