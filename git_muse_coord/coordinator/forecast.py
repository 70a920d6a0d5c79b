"""Use case: which pieces of announced work will collide."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.conflict import first_of
from git_muse_coord.coordinator.forecast_view import ForecastView
from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput, Stopped
from git_muse_coord.model.results import Dated
from git_muse_coord.rules.prediction import Prediction, worst_first

HIGH = 0.9
MEDIUM = 0.5


class Predicted(Declared):
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


class ForecastResult(Dated):
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
    world = snapshot.world()
    now = session.now()
    view = ForecastView(session, world, now)
    predictions = worst_first(view.predictions())
    branches = {stake.id: stake.branch for stake in view.announced}
    chosen = []
    for prediction in predictions:
        involves_run = run_id is None or run_id in prediction.agents
        involves_branch = branch is None or any(
            branches[record] == branch for record in prediction.stakes
        )
        if involves_run and involves_branch and prediction.confidence >= min_confidence:
            chosen.append(prediction)
    high = sum(prediction.confidence >= HIGH for prediction in chosen)
    low = sum(prediction.confidence < MEDIUM for prediction in chosen)
    result = ForecastResult(
        active_reservations=len(world.active(now)),
        intents=len(world.active_intents(now)),
        branch_filter=branch,
        conflicts=tuple(map(_predicted, chosen)),
        left_out=len(predictions) - len(chosen),
        high_risk=high,
        medium_risk=len(chosen) - high - low,
        low_risk=low,
        partial_forecast=bool(view.gaps),
        warnings=[*ignored(snapshot), *view.gaps],
    )
    stay_informed(session, result)
    if strict and chosen:
        descriptions = [conflict.description for conflict in result.conflicts]
        raise Stopped(
            first_of(descriptions), "talk to them, or see git muse-coord reconcile", result
        )
    return result


def _predicted(prediction: Prediction) -> Predicted:
    return Predicted(
        conflict_type=prediction.conflict_type,
        addresses=prediction.addresses,
        agents=prediction.agents,
        records=prediction.stakes,
        confidence=round(prediction.confidence, 3),
        description=prediction.description,
    )
