"""When the next sync in the background is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from git_muse_coord.model.last_exchange import LastExchange
from git_muse_coord.rules.background_sync import time_until_due
from tests.tools import NOON

MINUTE = timedelta(minutes=1)
NOW = timedelta()


def test_the_first_is_due_at_once() -> None:
    assert time_until_due(LastExchange(), None, MINUTE, NOON) == NOW


@pytest.mark.parametrize(("seconds", "left"), [(0, 60), (59, 1), (60, 0), (600, 0)])
def test_the_next_is_due_when_the_last_is_old_enough(seconds: int, left: int) -> None:
    moment = NOON - timedelta(seconds=seconds)
    due = timedelta(seconds=left)
    assert time_until_due(LastExchange(moment), None, MINUTE, NOON) == due
    assert time_until_due(LastExchange(), moment, MINUTE, NOON) == due


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (99, 60)]
)
def test_after_each_failure_it_rests_longer(failures: int, minutes: int) -> None:
    last = LastExchange(None, failures, NOON)
    end = NOON + timedelta(minutes=minutes)
    assert time_until_due(last, None, MINUTE, end - MINUTE / 60) == MINUTE / 60
    assert time_until_due(last, None, MINUTE, end) == NOW


def test_who_was_not_let_in_waits_for_a_person() -> None:
    last = LastExchange(None, 1, NOON, needs_login=True)
    assert time_until_due(last, None, MINUTE, NOON + timedelta(days=300)) is None


def test_by_a_clock_that_was_set_back_it_is_due() -> None:
    tomorrow = NOON + timedelta(days=1)
    assert time_until_due(LastExchange(tomorrow), tomorrow, MINUTE, NOON) == NOW
    assert time_until_due(LastExchange(None, 4, tomorrow), None, MINUTE, NOON) == NOW
