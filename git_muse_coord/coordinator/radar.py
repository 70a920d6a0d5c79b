"""Use case: where branches and worktrees meet in what they hold now, whoever announced it, committed or not."""

from __future__ import annotations

from collections.abc import Iterable

from git_muse_coord.coordinator.answers.conflict import first_of
from git_muse_coord.coordinator.learning import begin_learning_if_due
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.coordinator.work_under_way import WorkUnderWay
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput, Stopped
from git_muse_coord.model.results import Result
from git_muse_coord.rules.radar import SidePair, WorkSide
from git_muse_coord.rules.stakes import stakes


class RadarSide(Declared):
    """One piece of work under way, under a ``name`` of its own.

    ``worktree`` is the path of the worktree that has ``branch`` checked out, null for a branch that
    none has; ``branch`` is null in a worktree on a detached HEAD. ``run_id`` is who is at work
    there, null where nobody knows. ``uncommitted`` says that files there differ from the commit.
    """

    name: str
    branch: str | None
    worktree: str | None
    run_id: str | None
    uncommitted: bool


class RadarPair(Declared):
    """Two sides, by their names, that meet at some addresses.

    ``conflict_now`` says that git could not merge them as they are at this moment; ``confidence``,
    from 0 to 1, how probable it is that they conflict when they are finished.
    """

    a: str
    b: str
    addresses: tuple[str, ...]
    conflict_now: bool
    confidence: float


class RadarView(Declared):
    """The answer of ``radar`` as a part of another one."""

    sides: tuple[RadarSide, ...]
    pairs: tuple[RadarPair, ...]


class RadarResult(Result):
    """The sides, the newest first, and the pairs of them that meet in anything, the worst first.

    ``hidden`` counts the pairs that are less likely to conflict than was asked for.
    """

    sides: tuple[RadarSide, ...]
    pairs: tuple[RadarPair, ...]
    hidden: int


def radar(
    session: Session,
    *,
    min_confidence: float = 0.0,
    strict: bool = False,
) -> RadarResult:
    """Merge all work under way, each with each, in memory and as it is now.

    Raises BadInput; Stopped when ``strict`` and two sides conflict, with the answer in its ``result``.
    """
    if not 0 <= min_confidence <= 1:
        raise BadInput(f"the confidence {min_confidence} is not between 0 and 1")
    snapshot = session.store.look()
    announced = stakes(snapshot.world(), session.now())
    with WorkUnderWay(session, announced) as work:
        meeting = work.pairs()
        pairs = [pair for pair in meeting if pair.confidence >= min_confidence]
        view = radar_of(work.sides, pairs)
        result = RadarResult(
            sides=view.sides,
            pairs=view.pairs,
            hidden=len(meeting) - len(pairs),
            warnings=[*ignored(snapshot), *work.gaps],
        )
    begin_learning_if_due(session)
    if strict:
        _stop(result)
    return result


def _stop(result: RadarResult) -> None:
    """Raise Stopped if any two sides conflict."""
    sentences: list[str] = []
    for pair in result.pairs:
        if pair.conflict_now:
            where = pair.addresses[0]
            sentences.append(f"{pair.a} and {pair.b} conflict in {where}")
    if sentences:
        raise Stopped(
            first_of(sentences),
            "talk to them before both go on",
            result,
        )


def radar_of(sides: Iterable[WorkSide], pairs: Iterable[SidePair]) -> RadarView:
    """Sides and pairs as they are told."""
    return RadarView(
        sides=tuple(map(_side, sides)),
        pairs=tuple(map(_pair, pairs)),
    )


def _side(side: WorkSide) -> RadarSide:
    return RadarSide(
        name=side.name,
        branch=side.branch,
        worktree=side.worktree,
        run_id=side.run_id,
        uncommitted=side.has_uncommitted,
    )


def _pair(pair: SidePair) -> RadarPair:
    return RadarPair(
        a=pair.one.name,
        b=pair.other.name,
        addresses=pair.addresses,
        conflict_now=pair.conflict_now,
        confidence=round(pair.confidence, 3),
    )
