"""What the forecast makes of the past merges of a repository, and how it says so."""

from __future__ import annotations

import pytest

from tests.learning.histories import learn_all, merge, replacing, shop, two_pays
from tests.tools import Repo

PAY = "src/shop.py::pay"


@pytest.fixture
def quarrelsome(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository in which ``pay`` conflicts whenever both sides touch it; nothing is learnt yet."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1700000000 +0000")
    shop(repo)
    for number in range(4):
        merge(repo, *two_pays(number + 1))
        merge(
            repo,
            replacing("src/shop.py", f"value + {number}", f"value + 9{number}")
            if number in (1, 2, 3)
            else replacing("README.md", "Shop", "A shop"),
            replacing("CHANGELOG.md", "## Next\n", f"## Next {number}\n")
            if number == 0
            else replacing("src/shop.py", "def order", f"# {number}\ndef order"),
        )
    repo.reserve(PAY, "--run-id", "ann")
    repo.reserve(PAY, "--run-id", "bob")
    return repo


def test_a_project_without_merges_goes_by_the_table_and_says_so(repo: Repo) -> None:
    shop(repo)
    repo.reserve(PAY, "--run-id", "ann")
    repo.reserve(PAY, "--run-id", "bob")
    repo.git("config", "muse-coord.learn", "true")
    learn_all(repo).file.close()

    plain = repo.json("forecast")
    answer = repo.json("forecast", "--explain")

    assert plain["conflicts"][0]["reasons"] is None
    assert plain["warnings"] == []
    (conflict,) = answer["conflicts"]
    assert conflict["reasons"] == {
        "sentence": f"the table {conflict['confidence']:.2f}",
        "table": conflict["confidence"],
        "project": None,
        "merges": None,
        "file": None,
        "symbol": None,
    }
    said = repo.muse("forecast", "--explain").out
    assert "the numbers are those of all projects together" in said
    assert "all projects together" not in repo.muse("forecast").out


def test_what_was_learnt_changes_the_number_and_is_named(quarrelsome: Repo) -> None:
    (before,) = quarrelsome.json("forecast", "--min-confidence", "0")["conflicts"]
    learn_all(quarrelsome).file.close()

    answer = quarrelsome.json("forecast", "--explain")

    (after,) = answer["conflicts"]
    assert answer["learnt"]["merges"] == 8
    assert answer["learnt"]["conflicted"] == 4
    assert after["confidence"] > before["confidence"]
    reasons = after["reasons"]
    assert reasons["table"] == before["confidence"]
    assert reasons["merges"]["conflicted"] == 4
    assert reasons["symbol"] == {"merges": 4, "conflicted": 4}
    said = quarrelsome.muse("forecast", "--explain").out
    assert f"why {after['confidence']:.2f}: the table {reasons['table']:.2f};" in said
    assert f"this project's merges {reasons['project']:.2f}" in said
    assert "this symbol in 4 of 4" in said
    assert "Learnt from 8 merges of this repository, 4 in conflict." in said


def test_whoever_turned_it_off_gets_the_table(quarrelsome: Repo) -> None:
    (before,) = quarrelsome.json("forecast", "--min-confidence", "0")["conflicts"]
    learn_all(quarrelsome).file.close()
    quarrelsome.git("config", "muse-coord.learn", "false")

    answer = quarrelsome.json("forecast", "--explain", "--min-confidence", "0")

    assert answer["learnt"] is None
    assert answer["conflicts"][0]["confidence"] == before["confidence"]


def test_what_is_no_chance_is_explained_too(quarrelsome: Repo) -> None:
    first = quarrelsome.reserve("README.md", "--run-id", "ann")
    quarrelsome.reserve("docs/x.md", "--run-id", "cy", "--depends-on", first)

    (conflict,) = [
        conflict
        for conflict in quarrelsome.json("forecast", "--explain")["conflicts"]
        if conflict["conflict_type"] == "dependency_violation"
    ]

    assert conflict["reasons"]["sentence"] == "no chance: an order that is to be kept"


def test_a_changelog_that_conflicts_again_and_again_is_told_apart(quarrelsome: Repo) -> None:
    for number in range(3):
        merge(
            quarrelsome,
            *(
                replacing("CHANGELOG.md", "- first\n", f"- {side} {number}\n- first\n")
                for side in ("ours", "theirs")
            ),
        )
    learn_all(quarrelsome).file.close()

    answer = quarrelsome.json("forecast", "--explain")

    (told,) = [one for one in answer["conflicts"] if one["conflict_type"] == "hot_file"]
    assert told["addresses"] == ["CHANGELOG.md"]
    assert told["agents"] == ["ann", "bob"]
    assert told["basis"] == "habit"
    assert told["reasons"]["table"] is None
    said = quarrelsome.muse("forecast").out
    assert said.index("address_overlap") < said.index("Announced or not")
    assert "CHANGELOG.md merge=union" in said
    assert "1 to look at" in said

    quarrelsome.write(".gitattributes", "CHANGELOG.md merge=union\n")
    quarrelsome.commit("let git unite them")
    learn_all(quarrelsome).file.close()
    assert "CHANGELOG" not in quarrelsome.muse("forecast").out


def test_reconcile_tells_where_past_merges_went_wrong(quarrelsome: Repo) -> None:
    learn_all(quarrelsome).file.close()
    for name in ("ann", "bob"):
        quarrelsome.git("switch", "-qc", name, "main")
        quarrelsome.write(f"{name}.txt", name)
        quarrelsome.commit(name)
        quarrelsome.reserve(PAY, "README.md", "--run-id", f"agent of {name}")

    spots = quarrelsome.json("reconcile", "--onto", "main")["hotspots"]

    past = {spot["address"]: spot["past"] for spot in spots}
    assert past[PAY] == {"merges": 4, "conflicted": 4}
    assert past["README.md"] is None
    assert "4 of 4 conflicted" in quarrelsome.muse("reconcile", "--onto", "main").out
