"""Use case: which pieces of announced work will collide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from git_muse_coord.coordinator.answers.conflict import first_of
from git_muse_coord.coordinator.branches_at_work import few
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model.address import Address, revive_stored
from git_muse_coord.model.errors import BadInput, MuseCoordError, Stopped
from git_muse_coord.model.results import Result
from git_muse_coord.rules import forecast as rules
from git_muse_coord.rules.forecast import BranchClash, Ground, Prediction
from git_muse_coord.rules.state import World
from git_muse_coord.rules.uses import UseGraph
from git_muse_coord.source.graphs import Graphs
from git_muse_coord.source.merging.conflicting_symbols import branch_clashes
from git_muse_coord.source.standing import Terrain
from git_muse_coord.store.git.branches import Branch, Branches

HIGH = 0.9
MEDIUM = 0.5
_MERGED = 50
"""So many branches are merged with each other, oldest work first."""


@dataclass(kw_only=True, eq=False)
class Predicted:
    """A conflict that is predicted.

    ``conflict_type`` is one of address_overlap, blast_radius_overlap, operation_conflict,
    branch_conflict, dependency_violation; ``confidence``, from 0 to 1, is how often in measured
    history the like became a conflict (1 for what is so already); ``records`` are the ids of the
    reservations and intents on which it rests.
    """

    conflict_type: str
    addresses: tuple[str, ...]
    agents: tuple[str, ...]
    records: tuple[str, ...]
    confidence: float
    description: str


@dataclass(kw_only=True, eq=False)
class ForecastResult(Result):
    """What will collide, the worst first; ``left_out`` counts what was not asked for.

    ``high_risk`` counts the conflicts of a confidence of 0.9 and more, ``medium_risk`` those of 0.5
    and more, ``low_risk`` the rest. ``partial_forecast`` says that something could not be looked
    at; ``warnings`` say what.
    """

    active_reservations: int
    intents: int
    branch_filter: str | None
    conflicts: tuple[Predicted, ...]
    left_out: int
    high_risk: int
    medium_risk: int
    low_risk: int
    partial_forecast: bool


def forecast(
    session: Session,
    *,
    branch: str | None = None,
    run_id: str | None = None,
    min_confidence: float = 0.0,
    strict: bool = False,
) -> ForecastResult:
    """Predict the conflicts among all that is announced.

    ``branch`` and ``run_id`` keep the conflicts that involve them. Raises BadInput; Stopped
    when ``strict`` and there is a conflict, with the answer in its ``result``.
    """
    if not 0 <= min_confidence <= 1:
        raise BadInput(f"the confidence {min_confidence} is not between 0 and 1")
    snapshot = session.store.look()
    world, now = snapshot.world(), session.now()
    outlook = _Outlook(session, world, now)
    branches = {one.id: one.branch for one in outlook.announced}
    found = rules.worst_first(outlook.findings())
    chosen = [
        one
        for one in found
        if one.confidence >= min_confidence
        and (run_id is None or run_id in one.agents)
        and (branch is None or any(branches[record] == branch for record in one.stakes))
    ]
    result = ForecastResult(
        active_reservations=len(world.active(now)),
        intents=len(world.active_intents(now)),
        branch_filter=branch,
        conflicts=tuple(map(_answer, chosen)),
        left_out=len(found) - len(chosen),
        high_risk=sum(one.confidence >= HIGH for one in chosen),
        medium_risk=sum(MEDIUM <= one.confidence < HIGH for one in chosen),
        low_risk=sum(one.confidence < MEDIUM for one in chosen),
        partial_forecast=bool(outlook.gaps),
        warnings=[*ignored(snapshot), *outlook.gaps],
    )
    if strict and chosen:
        raise _stopped(result)
    return result


def _answer(one: Prediction) -> Predicted:
    return Predicted(
        conflict_type=one.conflict_type,
        addresses=one.addresses,
        agents=one.agents,
        records=one.stakes,
        confidence=round(one.confidence, 3),
        description=one.description,
    )


def _stopped(result: ForecastResult) -> Stopped:
    descriptions = [conflict.description for conflict in result.conflicts]
    return Stopped(
        first_of(descriptions),
        "talk to them, or see git muse-coord reconcile",
        result,
    )


class _Outlook:
    """What there is to look at, and what could not be looked at."""

    def __init__(self, session: Session, world: World, now: datetime) -> None:
        self._session = session
        self._world = world
        self._now = now
        self.announced = rules.stakes(world, now)
        self._paths = {place.path for one in self.announced for place in one.addresses}
        self._terrain = Terrain(session.sources(), self._paths, self._elsewhere)
        self._changed: dict[tuple[str | None, str | None], list[Address]] = {}
        self.gaps: list[str] = []
        """Sentences about what is missing in the forecast."""

    def findings(self) -> Iterator[Prediction]:
        """What all passes find. With one holder there is nothing to compare."""
        if len({one.party for one in self.announced}) < 2:
            return
        ground = Ground(self.announced)
        yield from rules.overlapping(ground, self._terrain.look)
        yield from rules.additions(ground, self._terrain.look)
        yield from rules.adjoining(ground, self._terrain.look)
        if (graph := self._graph()) is not None:
            yield from rules.blast_radius(ground, graph)
        yield from rules.dependencies(self._world, self._now, self._has_begun)
        yield from rules.branches(self._clashes(), self.announced)

    def _elsewhere(self, missing: set[str]) -> Iterator[tuple[str, str]]:
        """Paths that are not here, with the tips of the branches on which they were announced."""
        for one in self.announced:
            paths = (
                missing.intersection(place.path for place in one.addresses) if one.branch else ()
            )
            if paths and one.branch and (tip := self._branches.find(one.branch)):
                yield from ((tip.commit, path) for path in sorted(paths))

    def _graph(self) -> UseGraph | None:
        """Who uses whom in the files here, and in those that only branches have; None where that cannot be told."""
        try:
            graph = Graphs(self._session.sources()).of(self._terrain.tracked)
        except MuseCoordError as error:
            self.gaps.append(f"without the graph of calls: {error.message}")
            return None
        if dark := sorted(self._terrain.dark.union(self._paths.intersection(graph.unread))):
            self.gaps.append(f"who calls what is not known, or not all of it, in {few(dark)}")
        return graph

    def _has_begun(self, reservation_id: str) -> bool:
        """Whether something that a reservation names has changed since, on its branch or, on that, here."""
        record = self._world.reservations[reservation_id]
        asked = record.branch, record.commit
        if asked not in self._changed:
            tip = self._branches.find(record.branch) if record.branch else None
            here = record.branch == self._session.repository.head().branch
            self._changed[asked] = self._terrain.changes(
                record.commit, tip.commit if tip else None, here=here
            )
        places = [revive_stored(text) for text in record.addresses]
        return any(place.overlaps(other) for place in places for other in self._changed[asked])

    @cached_property
    def _branches(self) -> Branches:
        return Branches(self._session.repository.git, self._session.remote_name(None))

    def _clashes(self) -> list[BranchClash]:
        """Which branches conflict; none where that cannot be told."""
        tips = self._tips()
        if left := [one.name for one in tips[_MERGED:]]:
            self.gaps.append(f"too many branches to merge each with each, so without {few(left)}")
        try:
            found, refused = branch_clashes(self._session.sources(), tips[:_MERGED])
        except MuseCoordError as error:
            self.gaps.append(f"without the merges of branches: {error.message}")
            return []
        if refused:
            pairs = few([f"{one.name} with {other.name}" for one, other in refused])
            self.gaps.append(
                f"git will not merge them, so nobody knows whether they conflict: {pairs}"
            )
        return found

    def _tips(self) -> list[Branch]:
        """The branches that are named, under these names."""
        names = list(dict.fromkeys(one.branch for one in self.announced if one.branch is not None))
        if len(names) < 2:
            return []
        found = {name: self._branches.find(name) for name in names}
        if gone := [name for name, one in found.items() if one is None]:
            self.gaps.append(
                f"not here, so nobody knows whether it merges: {few(gone)}; git fetch may bring it"
            )
        return [one._replace(name=name) for name, one in found.items() if one is not None]
