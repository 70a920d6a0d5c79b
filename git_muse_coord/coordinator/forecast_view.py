"""What a forecast looks at: announced work, the files and branches that it is about, and what is missing there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from git_muse_coord.coordinator.answers.astray import about_imports
from git_muse_coord.coordinator.learning import record_of
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.shown_breaks import ShownBreaks
from git_muse_coord.coordinator.work_under_way import WorkUnderWay, not_merged
from git_muse_coord.model.address import Address, revive_stored
from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.spelling import fold
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.model.wording import few
from git_muse_coord.rules import forecast as passes
from git_muse_coord.rules.blast_radius import blast_radius
from git_muse_coord.rules.forecast import BranchClash
from git_muse_coord.rules.hot_files import HotFile, hot_spots
from git_muse_coord.rules.merge_record import MergeRecord
from git_muse_coord.rules.prediction import Prediction
from git_muse_coord.rules.radar import WorkSide
from git_muse_coord.rules.stakes import Ground, Stake, stakes
from git_muse_coord.rules.state import World
from git_muse_coord.rules.uses import UseGraph
from git_muse_coord.rules.weighing import by_record
from git_muse_coord.source.announced_files import AnnouncedFiles
from git_muse_coord.source.merging.frequent_conflicts import frequent_conflicts
from git_muse_coord.source.use_graphs import UseGraphs
from git_muse_coord.store.git.branches import Branch, Branches

_MERGED_MOST = 50
"""At most so many branches are merged with each other, oldest work first: that is 1,225 merges."""


class ForecastView:
    """What there is to look at; a context manager, which forgets what was made for looking.

    ``announced`` is what runs said, and, with ``sees_work``, what they are seen to do without having
    said so. ``gaps`` are sentences about what could not be looked at.
    """

    def __init__(
        self,
        session: Session,
        world: World,
        now: datetime,
        *,
        sees_work: bool,
    ) -> None:
        self._session = session
        self._world = world
        self._now = now
        self.announced = stakes(world, now)
        self.gaps: list[str] = []
        self.work = WorkUnderWay(session, self.announced, is_on=sees_work)
        self._sides: dict[str, WorkSide] = {}
        self._see_work()
        self._paths: set[str] = set()
        for stake in self.announced:
            self._paths.update(place.path for place in stake.addresses)
        self._announced = AnnouncedFiles(session.sources(), self._paths, self._elsewhere)
        self._changed: dict[tuple[str | None, str | None], list[Address]] = {}

    def __enter__(self) -> ForecastView:
        return self

    def __exit__(self, *error: object) -> None:
        self.work.__exit__(*error)

    def _see_work(self) -> None:
        """Take what nobody announced for announced, as far as it can be seen."""
        seen: list[Stake] = []
        try:
            for side, work in self.work.unannounced():
                self._sides[side.name] = side
                seen += work
        except (MuseCoordError, OSError) as error:
            self.gaps.append(f"without the work that nobody announced: {error}")
            return
        self.announced = [*self.announced, *seen]
        self.gaps += self.work.gaps

    def predictions(self) -> Iterator[Prediction]:
        """What all passes find."""
        parties = {stake.party for stake in self.announced}
        # With one holder there is nothing to compare, and no source need be read.
        if len(parties) < 2:
            return
        ground = Ground(self.announced)
        look = self._announced.look
        record = self._record()
        weigh = by_record(record)
        yield from passes.overlapping(ground, look, weigh)
        yield from passes.additions(ground, look, weigh)
        yield from passes.adjoining(ground, look, weigh)
        graph = self._graph()
        if graph is not None:
            shown = ShownBreaks(
                self.work.sources,
                self.work.merges,
                self.announced,
                self._tip_of,
                self._are_finished,
                self.gaps,
            )
            predicted = blast_radius(ground, graph)
            yield from shown.among(predicted)
        hot_files = self._hot_files()
        yield from hot_spots(ground, hot_files)
        yield from passes.dependencies(self._world, self._now, self._has_begun)
        clashes = self._clashes()
        yield from passes.branches(clashes, self.announced)

    def _record(self) -> MergeRecord | None:
        """What the past merges of this repository say of the files that are announced."""
        return record_of(self._session, {fold(path) for path in self._paths})

    def _hot_files(self) -> list[HotFile]:
        """The files that nobody announces, and in which merges of this repository conflict all the same."""
        if not self._session.settings.learns:
            return []
        return frequent_conflicts(self._session.merge_memory, self._announced.tracked)

    def _elsewhere(self, missing: set[str]) -> Iterator[tuple[str, str]]:
        """Paths that are not here, with the tips of the branches on which they were announced."""
        for stake in self.announced:
            if stake.branch is None:
                continue
            named = {place.path for place in stake.addresses}
            paths = missing & named
            # Finding a branch costs a git process; most of what is announced is here.
            if not paths:
                continue
            tip = self._branches.find(stake.branch)
            if tip is None:
                continue
            for path in sorted(paths):
                yield tip.commit, path

    def _graph(self) -> UseGraph | None:
        """Who uses whom in the files here, and in those that only branches have; None where that cannot be told."""
        try:
            graph = UseGraphs(self._session.sources()).of(self._announced.tracked)
        except MuseCoordError as error:
            self.gaps.append(f"without the graph of calls: {error.message}")
            return None
        unread = self._paths.intersection(graph.unread)
        dark = sorted(self._announced.dark.union(unread))
        if dark:
            self.gaps.append(f"who calls what is not known, or not all of it, in {few(dark)}")
        self.gaps += about_imports(graph.imports)
        return graph

    def _has_begun(self, reservation_id: RecordId) -> bool:
        """Whether something that a reservation names has changed since, on its branch or, on that, here."""
        reservation = self._world.reservations[reservation_id]
        changed = self._changed_since(reservation.branch, reservation.commit)
        for text in reservation.addresses:
            address = revive_stored(text)
            for place in changed:
                if address.overlaps(place):
                    return True
        return False

    def _changed_since(self, branch: str | None, commit: str | None) -> list[Address]:
        """What has changed on a branch since a commit. Many reservations are made at one commit: asked once."""
        key = (branch, commit)
        if key in self._changed:
            return self._changed[key]
        tip: str | None = None
        at_work = self._branches.find(branch) if branch else None
        if at_work is not None:
            tip = at_work.commit
        is_here = branch == self._session.repository.head().branch
        changed = self._announced.changes(commit, tip, here=is_here)
        self._changed[key] = changed
        return changed

    @cached_property
    def _branches(self) -> Branches:
        remote = self._session.remote_name(None)
        return Branches(self._session.repository.git, remote)

    def _clashes(self) -> list[BranchClash]:
        """Which branches conflict; none where that cannot be told."""
        tips = self._tips()
        merged = tips[:_MERGED_MOST]
        left = tips[_MERGED_MOST:]
        if left:
            names = few([branch.name for branch in left])
            self.gaps.append(f"too many branches to merge each with each, so without {names}")
        if len(merged) < 2:
            return []
        # which few forecasts need, and what merges takes a while to load
        from git_muse_coord.source.merging.conflicting_symbols import branch_clashes

        try:
            clashes, refused = branch_clashes(self.work.sources, self.work.merges, merged)
        except MuseCoordError as error:
            self.gaps.append(f"without the merges of branches: {error.message}")
            return []
        if refused:
            pairs: list[str] = []
            for first, second in refused:
                pairs.append(f"{first.name} with {second.name}")
            gap = not_merged(pairs)
            self.gaps.append(gap)
        judged: list[BranchClash] = []
        for clash in clashes:
            is_final = self._are_finished(clash.branches)
            judged.append(clash._replace(is_final=is_final))
        return judged

    def _are_finished(self, branches: tuple[str, str]) -> bool:
        """Whether neither branch is seen to be at work on; of one that is only at a remote nothing else is known."""
        for name in branches:
            side = self._sides.get(name)
            if side is not None and not side.is_finished:
                return False
        return True

    def _tip_of(self, name: str) -> Branch | None:
        """A branch as it is now, what is not committed included, under the name that the records give it."""
        side = self._sides.get(name)
        if side is not None:
            return Branch(name, side.commit)
        branch = self._branches.find(name)
        if branch is None:
            return None
        return branch._replace(name=name)

    def _tips(self) -> list[Branch]:
        """The branches on which work is announced, under the names that the records give them."""
        names = dict.fromkeys(stake.branch for stake in self.announced)
        names.pop(None, None)  # what was announced on a detached HEAD belongs to no branch
        # One branch has no other to conflict with, and finding it costs a git process.
        if len(names) < 2:
            return []
        here: list[Branch] = []
        gone: list[str] = []
        for name in names:
            if name is None:
                continue
            branch = self._tip_of(name)
            if branch is None:
                gone.append(name)
            else:
                here.append(branch)
        if gone:
            self.gaps.append(
                f"not here, so nobody knows whether it merges: {few(gone)}; git fetch may bring it"
            )
        return here
