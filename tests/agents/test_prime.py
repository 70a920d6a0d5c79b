"""What an agent without hooks is told when it begins."""

from __future__ import annotations

import re

from git_muse_coord.commands import VERBS
from tests.tools import Repo

CONTROL = "\u202e"


def test_who_it_is_what_others_hold_and_how_to_work(repo: Repo) -> None:
    repo.reserve("src/billing.py", "--run-id", "ann", "--reason", "round per line")

    ran = repo.muse("prime", "--run-id", "bob")

    assert ran.code == 0
    for said in ("bob", "ann", "round per line", "src/billing.py", "release --all"):
        assert said in ran.out


def test_it_is_short_whatever_is_held(repo: Repo) -> None:
    for number in range(70):
        repo.reserve(
            f"src/{'x' * 100}{number}.py", "--run-id", f"ann{number}", "--reason", "y" * 300
        )

    out = repo.muse("prime", "--run-id", "bob").out

    assert len(out.splitlines()) <= 60


def test_words_of_others_are_escaped(repo: Repo) -> None:
    repo.reserve("src/billing.py", "--run-id", "ann", "--reason", f"a{CONTROL}b")

    assert CONTROL not in repo.muse("prime", "--run-id", "bob").out


def test_the_verbs_that_it_names_are_there(repo: Repo) -> None:
    loop = repo.json("prime")["loop"]

    named = re.findall(r"git muse-coord ([a-z-]+)", loop)
    assert len(named) >= 6
    assert set(named) <= set(VERBS)


def test_it_writes_nothing(repo: Repo) -> None:
    repo.muse("prime")

    assert repo.refs() == {}
