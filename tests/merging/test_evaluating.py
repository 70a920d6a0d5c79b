"""That the evaluation of forecasts reckons right, on numbers small enough to reckon by hand."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.docs.places import TOP, run

SAID = "[Said(.9, True), Said(.8, False), Said(.8, True), Said(.1, False)]"


def reckoned(expression: str) -> Any:
    """What an expression gives in a program that knows the modules of the scripts."""
    code = (
        "import json; from evaluating.scores import *; from evaluating.fitting import *; "
        "from evaluating.tables import *; from git_muse_coord.rules.merge_record import logit; "
        f"print(json.dumps({expression}))"
    )
    ran = run(sys.executable, "-c", code, PYTHONPATH=f"{TOP / 'scripts'}:{TOP}")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("auc(S)", 3.5 / 4),
        ("average_precision(S)", (1 + 2 / 3) / 2),
        ("brier(S)", (0.01 + 0.64 + 0.04 + 0.01) / 4),
        ("calibration_error(S)", (0.1 + abs(1.6 - 1) + 0.1) / 4),
        ("recall(S, .9)", 0.5),
        ("precision(S, .8)", 2 / 3),
        ("stopped(S)", 0.5),
        ("recall_at(S, .6)", 1.0),
        ("recall_at(S, .7)", 0.5),
    ],
)
def test_the_scores(score: str, expected: float) -> None:
    assert reckoned(score.replace("S", SAID, 1)) == pytest.approx(expected)


def test_a_regression_finds_the_odds() -> None:
    # Of 100 merges without a sign 20 conflict, of 100 with one 80; the place without it never counts beside it.
    merges = "[[[1, 0]]] * 100 + [[[1, 1], [1, 0]]] * 100"
    outcomes = "[True] * 20 + [False] * 80 + [True] * 80 + [False] * 20"
    constant, sign = reckoned(f"fitted({merges}, {outcomes}, [0, 1])")

    assert constant == pytest.approx(reckoned("logit(.2)"), abs=0.02)
    assert constant + sign == pytest.approx(reckoned("logit(.8)"), abs=0.02)


def test_a_table_draws_a_rare_kind_towards_the_coarser_one() -> None:
    lessons = "[{'symbol': [True], 'symbol/a-b': [True]}] * 8 + [{'symbol': [False, True]}] * 8"
    learned = reckoned(
        f"{{kind: row.probability for kind, row in table([summed({lessons})]).items()}}"
    )

    assert learned == {
        "any": 0.75,
        "symbol": pytest.approx((12 + 5 * 0.75) / 21),
        "symbol/a-b": pytest.approx((8 + 5 * 0.75) / 13, abs=0.001),
    }
