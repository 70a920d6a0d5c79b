"""plan-merge of more than two revisions: the pairs that need a look."""

from __future__ import annotations

from tests.docs.test_schemas import answer
from tests.merging.three_branches import CALLER, INNOCENT, PYTHON, RENAMER, three_branches
from tests.tools import Repo

THREE = (RENAMER, CALLER, INNOCENT)


def test_the_pairs_that_need_a_look(repo: Repo) -> None:
    three_branches(repo, PYTHON)
    repo.git("switch", "-qc", "rival", "main")
    repo.write("innocent.py", "def innocent():\n    return 2\n")
    repo.commit("rival")

    told = answer(repo, "plan-merge", *THREE, "rival", "main")

    assert told["revisions"] == [*THREE, "rival", "main"]
    assert told["commits"][0] == repo.git("rev-parse", RENAMER)
    broken, conflict = told["pairs"]
    assert (broken["ours"], broken["theirs"]) == (RENAMER, CALLER)
    (item,) = broken["items"]
    assert (item["silent"], item["address"]) == (True, f"{PYTHON.defined}::total")
    sites = {(site["file"], site["line"], site["side"]) for site in item["sites"]}
    assert (PYTHON.calling, PYTHON.line, "theirs") in sites
    assert (conflict["ours"], conflict["theirs"]) == (INNOCENT, "rival")
    assert conflict["git_conflicts"] == ["innocent.py"]
    assert told["quiet"] == 8


def test_the_text_names_the_caller_and_leads_to_the_pair(repo: Repo) -> None:
    three_branches(repo, PYTHON)

    ran = repo.muse("plan-merge", *THREE)

    assert f"{PYTHON.calling}:{PYTHON.line} in {CALLER}, " in ran.out
    assert f"git muse-coord plan-merge {RENAMER} {CALLER}" in ran.out
    assert INNOCENT not in ran.out
    assert "3 pairs of 3 revisions, 1 to look at" in ran.out
    assert repo.muse("plan-merge", RENAMER, INNOCENT, "main").out == (
        "3 pairs of 3 revisions, none needs a look\n"
    )


def test_strict_and_bad_input(repo: Repo) -> None:
    three_branches(repo, PYTHON)

    assert repo.json("plan-merge", *THREE, "--strict", code=2)["pairs"]
    assert repo.muse("plan-merge", RENAMER, INNOCENT, "main", "--strict").code == 0
    for line in ([*THREE, "nowhere"], [*THREE, "--base", "main"]):
        ran = repo.muse("plan-merge", *line)
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)


def test_revisions_without_a_common_history(repo: Repo) -> None:
    three_branches(repo, PYTHON)
    repo.git("switch", "-q", "--orphan", "apart")
    repo.write("apart.py", "x = 1\n")
    repo.commit("apart")

    told = answer(repo, "plan-merge", "apart", RENAMER, CALLER)

    assert [(pair["ours"], pair["theirs"]) for pair in told["pairs"]] == [(RENAMER, CALLER)]
    (warning,) = told["warnings"]
    assert f"apart with {RENAMER}" in warning
