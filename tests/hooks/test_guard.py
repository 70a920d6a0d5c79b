"""A hook ends in time and with code 0, whatever happens in it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest

from git_muse_coord.integrations.guard import SECONDS, AnswerSoFar, limit
from git_muse_coord.integrations.guarded import guarded

if TYPE_CHECKING:
    from git_muse_coord.integrations.guard import Work

HandOut = Callable[[AnswerSoFar], None]


def stop(_: HandOut, sign: int) -> int:
    os.kill(os.getpid(), sign)
    time.sleep(1000)
    return 0


def hang(_: HandOut) -> int:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(1000)
    return 0


def fail(_: HandOut) -> int:
    raise RuntimeError("a bug")


@pytest.mark.parametrize(
    ("code", "passed_on"), [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (86, 86), (130, 130)]
)
def test_only_a_conflict_and_an_interruption_are_passed_on(code: int, passed_on: int) -> None:
    said: list[str] = []

    assert guarded(lambda _: code, said.append, 60) == passed_on
    assert said == []


@pytest.mark.parametrize(
    ("work", "seconds", "word"),
    [
        (partial(stop, sign=signal.SIGUSR1), 60, "crashed"),
        (partial(stop, sign=signal.SIGKILL), 60, "crashed"),
        (partial(stop, sign=signal.SIGSTOP), 0.05, "stopped after"),
        (hang, 0.05, "stopped after"),
    ],
)
def test_a_crash_and_a_hang_are_one_line(work: Work, seconds: float, word: str) -> None:
    said: list[str] = []

    assert guarded(work, said.append, seconds) == 0
    assert len(said) == 1
    assert word in said[0]


def test_a_bug_does_not_get_out(capfd: pytest.CaptureFixture[str]) -> None:
    assert guarded(fail, print, 60) == 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *((text, SECONDS) for text in (None, "", "x", "-1", "nan", "inf", "2 s", "0x10", "1e999")),
        *(("10", 10), ("08", 8), ("1.5", 1.5), ("0", 0.001), (".5", 0.5), ("9" * 40, 86_400)),
    ],
)
def test_the_limit_can_be_set(text: str | None, seconds: float) -> None:
    assert limit(text) == seconds


def test_the_limit_is_of_work_and_not_of_waiting() -> None:
    said: list[str] = []

    def wait(_: HandOut) -> int:
        time.sleep(0.3)
        return 86

    def work(_: HandOut) -> int:
        while True:
            pass

    assert guarded(wait, said.append, 0.1, waiting=1000) == 86
    assert said == []
    assert guarded(work, said.append, 0.1, waiting=1000) == 0
    assert said == ["was stopped after 0.1 s of processor time, before it had looked at everything"]


@pytest.mark.parametrize("way", ["crash", "work", "hang"])
def test_what_is_known_before_the_end_is_not_lost(
    capfd: pytest.CaptureFixture[str], way: str
) -> None:
    said: list[str] = []

    def find(hand_out: HandOut) -> int:
        hand_out(AnswerSoFar(0, "one\n", ""))
        hand_out(AnswerSoFar(86, "one\ntwo\n" + "x" * 200_000, "stopped\n"))
        while way == "work":
            pass
        return stop(hand_out, signal.SIGKILL) if way == "crash" else hang(hand_out)

    assert guarded(find, said.append, 0.05) == 86
    out, err = capfd.readouterr()
    assert out == "one\ntwo\n" + "x" * 200_000
    assert err == "stopped\n"
    assert len(said) == 1
    assert said[0].endswith("before it had looked at everything")


def test_a_draft_is_not_printed_where_all_goes_well(capfd: pytest.CaptureFixture[str]) -> None:
    def find(hand_out: HandOut) -> int:
        hand_out(AnswerSoFar(86, "a draft\n", ""))
        print("the answer")
        return 0

    assert guarded(find, print, 60) == 0
    assert capfd.readouterr().out == "the answer\n"
