"""One question about a place: who holds it, who waits, who was there, and how to get it."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.past.test_log import a_history
from tests.tools import Repo, program

PLACE = "src/billing.py::compute_total"


def test_what_is_held_by_another(repo: Repo) -> None:
    held = repo.reserve(PLACE, "--run-id", "ann")
    waiting = repo.reserve("README.md", "--run-id", "ben", "--depends-on", held)
    given = repo.json("who", "src/billing.py", "--run-id", "cy")
    assert [holder["reservation_id"] for holder in given["holders"]] == [held]
    assert [(waiter["run_id"], waiter["ticket"]) for waiter in given["waiting"]] == [("ben", None)]
    assert given["last"] is None
    asks, waits = (shlex.split(line)[2:] for line in given["next"])
    assert repo.muse(*asks, "--run-id", "cy").code == 0
    assert repo.muse(*waits[:-1], "--wait=1", "--run-id", "cy").code == 4
    assert repo.json("inbox", "--run-id", "ann")["messages"][0]["about"] == held
    assert waiting != held


def test_what_is_held_by_oneself_or_by_nobody(repo: Repo) -> None:
    held = repo.reserve(PLACE, "--run-id", "ann")
    given = repo.json("who", PLACE, "--run-id", "ann")
    assert given["next"] == [f"git muse-coord release {held[7:19]}"]
    repo.json("release", held, "--run-id", "ann")
    given = repo.json("who", PLACE)
    assert (given["holders"], given["next"]) == ([], [f"git muse-coord reserve {PLACE}"])
    assert (given["last"]["run_id"], given["last"]["how"]) == ("ann", "done")
    assert repo.muse("who", PLACE).out.startswith(
        f"Nobody holds {PLACE}.\nHeld last by run-id 'ann'"
    )


def test_in_which_commit_it_ended_and_who_knows(repo: Repo) -> None:
    a_history(repo)
    given = repo.json("who", "shop/a.py::total")
    commit = repo.git("rev-parse", "HEAD~1")
    assert (given["last"]["run_id"], given["last"]["commit"]) == ("ben", commit)
    assert given["last"]["text"] == "Rename"
    assert [knows["run_id"] for knows in given["knows"]][:2] == ["ben", "ann"]
    assert len(given["knows"]) == 3
    assert given["knows"][2]["author"]


def test_from_a_sub_directory_and_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.write("ein Ordner/größe.py", "def f(x):\n    return x\n")
    repo.commit("Odd")
    place = tmp_path / "anderer Baum"
    repo.git("worktree", "add", "-q", "-b", "side", str(place))
    held = repo.reserve("ein Ordner/größe.py::f", "--run-id", "ann")
    for top in (repo.path, place):
        given = program("who", "./größe.py", "--json", cwd=top / "ein Ordner").json
        assert given["address"] == "ein Ordner/größe.py"
        assert [holder["reservation_id"] for holder in given["holders"]] == [held]


def test_a_place_that_is_none_is_refused(repo: Repo) -> None:
    assert repo.muse("who", "../out").code == 1
    assert repo.muse("who").code == 1
    repo.write("src/other.py", "def f():\n    pass\n")
    repo.git("add", "-A")
    assert "means 3 places" in repo.muse("who", "src/*.py").err
