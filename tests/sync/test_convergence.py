"""Whatever three clones do in whatever order, with clocks that differ: in the end they agree, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sync import model

pytestmark = pytest.mark.slow

STEPS = 40


@pytest.mark.parametrize("seed", range(4))
def test_all_clones_agree_in_the_end_nothing_is_lost_and_nothing_comes_back(
    tmp_path: Path, seed: int
) -> None:
    model.run(tmp_path, seed, STEPS)
