"""Use case: which pieces of announced work will collide."""

from __future__ import annotations

from itertools import combinations

from git_muse_coord.coordinator.answers.conflict import first_of
from git_muse_coord.coordinator.answers.reasons import Reasons, reasons
from git_muse_coord.coordinator.forecast_view import ForecastView
from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.kin import Kin
from git_muse_coord.coordinator.learning import Learnt, begin_learning_if_due, learnt
from git_muse_coord.coordinator.radar import RadarView, radar_of
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput, Stopped
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Dated
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.kin import are_kin
from git_muse_coord.rules.prediction import (
    Prediction,
    is_likely,
    once_for_each_company,
    worst_first,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from git_muse_coord.rules.state import World

HIGH = 0.9
MEDIUM = 0.5
TOLD_FROM = 0.16
"""What is less likely is not told unasked: from here on 95 % of the conflicts of real merges were foretold."""
STOPS_FROM = 0.7
"""What is less likely stops nobody unasked."""


class Predicted(Declared):
    """A conflict that is predicted.

    ``conflict_type`` is one of address_overlap, blast_radius_overlap, operation_conflict,
    branch_conflict, dependency_violation, hot_file; ``confidence`` is from 0 to 1, and ``basis``
    says what it is: ``measured``, how often in measured history the like became a conflict;
    ``present``, 1, for what is so already; ``unfinished``, how often what was so half-way still was
    at the end; ``waiting``, 0, for an order that is to be kept and is
    kept so far; ``habit``, how often merges of this project conflicted there, whatever anybody had
    announced.
    Chances of one type among the same runs are one conflict with all their addresses, those of the
    likeliest first. ``records`` are the ids of the reservations and intents on which it rests. With ``kin`` all who
    are involved are kin, such as an agent and those that it started. ``reasons`` are what the
    confidence rests on, null where nobody asked for them.
    """

    conflict_type: str
    addresses: tuple[str, ...]
    agents: tuple[str, ...]
    records: tuple[str, ...]
    confidence: float
    basis: str
    kin: bool
    description: str
    reasons: Reasons | None


class ForecastResult(Dated):
    """What will collide, the worst first.

    ``min_confidence`` is how likely a chance must be to be told; ``hidden`` counts what is less
    likely, and ``left_out`` that and what is of other branches and runs than was asked for.
    ``high_risk`` counts the conflicts of a confidence of 0.9 and more, ``medium_risk`` those of 0.5
    and more, ``low_risk`` the rest. ``partial_forecast`` says that something could not be looked
    at; ``warnings`` say what. ``radar`` is where branches and worktrees meet now, null where nobody
    asked for it. ``learnt`` is what the past merges of this repository have taught; null
    where nothing was looked at, so that all chances are those of all projects together.
    """

    active_reservations: int
    intents: int
    branch_filter: str | None
    min_confidence: float
    conflicts: tuple[Predicted, ...]
    hidden: int
    left_out: int
    high_risk: int
    medium_risk: int
    low_risk: int
    partial_forecast: bool
    radar: RadarView | None
    learnt: Learnt | None


def forecast(
    session: Session,
    *,
    branch: str | None = None,
    run_id: str | None = None,
    min_confidence: float | None = None,
    strict: bool = False,
    radar: bool = False,
    explain: bool = False,
) -> ForecastResult:
    """Predict the conflicts among all that is announced, or seen to be done.

    ``branch`` and ``run_id`` keep the conflicts that involve them, ``min_confidence`` what is at
    least so likely; without it, what is likely enough to be told. ``radar`` adds where branches and
    worktrees meet now. Raises BadInput; Stopped when
    ``strict`` and there is a conflict that is likely enough to stop for, or as likely as was asked
    for, with the answer in its ``result``. ``explain`` adds what each number rests on.
    """
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise BadInput(f"the confidence {min_confidence} is not between 0 and 1")
    snapshot = session.store.look()
    world = snapshot.world()
    now = session.now()
    sees_work = radar or session.settings.radar
    with ForecastView(session, world, now, sees_work=sees_work) as view:
        predictions = worst_first(view.predictions())
        pairs = view.work.pairs() if radar else []
    branches = {stake.id: stake.branch for stake in view.announced}
    concerned: list[Prediction] = []
    for prediction in predictions:
        if run_id is not None and run_id not in prediction.agents:
            continue
        if branch is not None:
            involved = {branches[stake_id] for stake_id in prediction.stakes}
            if branch not in involved:
                continue
        concerned.append(prediction)
    likely = _likely_enough(concerned, min_confidence)
    chosen = once_for_each_company(likely)
    high = sum(prediction.confidence >= HIGH for prediction in chosen)
    low = sum(prediction.confidence < MEDIUM for prediction in chosen)
    result = ForecastResult(
        active_reservations=len(world.active(now)),
        intents=len(world.active_intents(now)),
        branch_filter=branch,
        min_confidence=TOLD_FROM if min_confidence is None else min_confidence,
        conflicts=tuple(_predicted(chosen, session, world, explain=explain)),
        hidden=len(concerned) - len(likely),
        left_out=len(predictions) - len(likely),
        high_risk=high,
        medium_risk=len(chosen) - high - low,
        low_risk=low,
        partial_forecast=bool(view.gaps),
        radar=radar_of(view.work.sides, pairs) if radar else None,
        learnt=learnt(session),
        warnings=[*ignored(snapshot), *view.gaps],
    )
    stay_informed(session, result)
    begin_learning_if_due(session)
    if strict:
        _stop(chosen, min_confidence, result)
    return result


def _likely_enough(
    predictions: Iterable[Prediction], min_confidence: float | None
) -> list[Prediction]:
    """What is to be told: with a number that somebody asked for, nothing below it, whatever it is."""
    if min_confidence is None:
        return [prediction for prediction in predictions if is_likely(prediction, TOLD_FROM)]
    return [prediction for prediction in predictions if prediction.confidence >= min_confidence]


def _stop(
    predictions: Iterable[Prediction],
    min_confidence: float | None,
    result: ForecastResult,
) -> None:
    """Raise Stopped if one of some predictions is likely enough for it."""
    least = STOPS_FROM if min_confidence is None else min_confidence
    descriptions: list[str] = []
    for prediction in predictions:
        if prediction.can_stop and prediction.confidence >= least:
            descriptions.append(prediction.description)
    if descriptions:
        raise Stopped(
            first_of(descriptions), "talk to them, or see git muse-coord reconcile", result
        )


def _predicted(
    predictions: Iterable[Prediction],
    session: Session,
    world: World,
    *,
    explain: bool,
) -> Iterable[Predicted]:
    own_run = session.who_reads(None)
    kin = Kin(session, own_run)
    for prediction in predictions:
        yield Predicted(
            conflict_type=prediction.conflict_type,
            addresses=prediction.addresses,
            agents=prediction.agents,
            records=_records_of(prediction, world),
            confidence=round(prediction.confidence, 3),
            basis=prediction.basis,
            kin=_are_all_kin(prediction.agents, own_run, kin),
            description=prediction.description,
            reasons=reasons(prediction) if explain else None,
        )


def _records_of(prediction: Prediction, world: World) -> tuple[RecordId, ...]:
    """The records on which a prediction rests; what is only seen to be done has none."""
    records: list[RecordId] = []
    for stake_id in prediction.stakes:
        if stake_id in world.reservations or stake_id in world.intents:
            records.append(stake_id)
    return tuple(records)


def _are_all_kin(
    agents: Sequence[str],
    own_run: RunId,
    kin: Kin,
) -> bool:
    """Whether each of some runs is kin of each other; what was at work here is kin of us alone."""
    # Two runs without a name are one agent here, and nobody's kin.
    if len(agents) < 2:
        return False
    for first, second in combinations(agents, 2):
        if are_kin(first, second):
            continue
        if own_run not in (first, second):
            return False
        stranger = second if first == own_run else first
        if not kin.includes(RunId(stranger)):
            return False
    return True
