"""When a clone is worth a sweep."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.lifetime import Fate, Limits, fate
from git_muse_coord.rules.state import World
from git_muse_coord.rules.upkeep import PAST, SPARE_BEATS, Outlook, foresee, is_due
from tests.tools import NOON, a_reservation

LIMITS = Limits()


@pytest.mark.parametrize(
    ("live", "beats", "last", "due"),
    [
        (99, 49, Outlook(), False),
        (100, 0, Outlook(), True),
        (50, 50, Outlook(), True),
        (199, 0, Outlook(live=100), False),
        (200, 0, Outlook(live=100), True),
        (80, 69, Outlook(live=20, spare_beats=20), False),
        (80, 70, Outlook(live=20, spare_beats=20), True),
        (100, 0, Outlook(live=100, due=NOON), True),
        (99, 0, Outlook(live=100, due=NOON), False),
        (100, 0, Outlook(live=100, due=NOON + timedelta(seconds=1)), False),
    ],
)
def test_a_sweep_is_due_when_enough_has_come_or_enough_is_past_its_time(
    live: int, beats: int, last: Outlook, due: bool
) -> None:
    assert (SPARE_BEATS, PAST) == (50, 100)
    assert is_due(live, beats, last, NOON) is due


@pytest.mark.slow
@given(st.lists(st.integers(1, 400_000), min_size=PAST - 2, max_size=PAST + 20))
def test_what_is_foreseen_is_when_so_many_are_past_their_time_and_not_before(
    lives: list[int],
) -> None:
    records = {
        RecordId(f"sha256:{number:064x}"): a_reservation(
            "a.py", expires_at=NOON + timedelta(seconds=life)
        )
        for number, life in enumerate(lives)
    }
    world = World.of(records)

    moment = foresee(records, world, NOON, LIMITS)

    if len(lives) < PAST:
        assert moment is None
        return
    assert moment is not None
    past = [
        sum(
            fate(one, record, world, when, LIMITS) >= Fate.ARCHIVE
            for one, record in records.items()
        )
        for when in (moment - timedelta(seconds=11), moment)
    ]
    assert past[0] < PAST <= past[1]
