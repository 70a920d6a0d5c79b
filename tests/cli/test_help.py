"""``help``: what ``-h`` prints, under the word that somebody tries first."""

from __future__ import annotations

import pytest

from git_muse_coord.commands import VERBS
from tests.tools import Repo


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_is_what_its_option_prints(repo: Repo, verb: str) -> None:
    asked = repo.muse("help", verb)

    assert (asked.code, asked.err) == (0, "")
    assert asked.out == repo.muse(verb, "-h").out


@pytest.mark.parametrize("line", [["help"], ["help", "help"], ["help", "-q"]])
def test_help_alone_tells_all_verbs(repo: Repo, line: list[str]) -> None:
    asked = repo.muse(*line)

    assert (asked.code, asked.err) == (0, "")
    assert asked.out == repo.muse("-h").out


def test_help_of_no_verb_is_refused_with_near_ones(repo: Repo) -> None:
    asked = repo.muse("help", "forcast")

    assert asked.code == 1
    assert "did you mean forecast?" in asked.err
