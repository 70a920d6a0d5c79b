"""A hook ends in time and with code 0, whatever happens in it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest

from git_muse_coord.integrations.guard import SECONDS, guarded, limit


def stop(sign: int) -> int:
    os.kill(os.getpid(), sign)
    time.sleep(1000)
    return 0


def hang() -> int:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(1000)
    return 0


def fail() -> int:
    raise RuntimeError("a bug")


@pytest.mark.parametrize(("code", "passed_on"), [(0, 0), (1, 0), (2, 2), (3, 0), (4, 0), (5, 0), (130, 130)])
def test_only_a_conflict_and_an_interruption_are_passed_on(code: int, passed_on: int) -> None:
    said: list[str] = []

    assert guarded(lambda: code, said.append, 60) == passed_on
    assert said == []


@pytest.mark.parametrize(
    ("work", "seconds", "word"),
    [
        (lambda: stop(signal.SIGUSR1), 60, "crashed"),
        (lambda: stop(signal.SIGKILL), 60, "crashed"),
        (lambda: stop(signal.SIGSTOP), 0.05, "stopped after"),
        (hang, 0.05, "stopped after"),
    ],
)
def test_a_crash_and_a_hang_are_one_line(work: Callable[[], int], seconds: float, word: str) -> None:
    said: list[str] = []

    assert guarded(work, said.append, seconds) == 0
    assert len(said) == 1
    assert word in said[0]


def test_a_bug_does_not_get_out(capfd: pytest.CaptureFixture[str]) -> None:
    assert guarded(fail, print, 60) == 0


@pytest.mark.parametrize(
    ("text", "seconds"), [(None, SECONDS), ("", SECONDS), ("10", 10), ("-1", SECONDS), ("2.5", SECONDS), ("x", SECONDS)]
)
def test_the_limit_can_be_set(text: str | None, seconds: float) -> None:
    assert limit(text) == seconds
