"""``check --range``: each commit counts as its own run's, by the note on it, whoever runs the check."""

from __future__ import annotations

import json

import pytest

from tests.tools import Repo

SHOP = "def total(items):\n    return sum(items)\n\n\ndef tax(amount):\n    return amount * 0.2\n"


@pytest.fixture
def shop(repo: Repo) -> Repo:
    """A branch ``work``, of ``main``, in which ``ann`` holds ``total``."""
    repo.write("src/shop.py", SHOP)
    repo.commit("Sums")
    repo.git("checkout", "-q", "-b", "work")
    repo.reserve("src/shop.py::total", "--run-id", "ann")
    return repo


def edit(repo: Repo, old: str, new: str, run_id: str | None, path: str = "src/shop.py") -> str:
    """Commit an edit, noted as the run's where there is one."""
    text = (repo.path / path).read_text()
    assert old in text
    repo.write(path, text.replace(old, new))
    commit = repo.commit(f"{old} becomes {new}")
    if run_id:
        assert repo.muse("hook", "post-commit", "--run-id", run_id).code == 0
    return commit


def met(repo: Repo, caller: str = "ci", revisions: str = "main") -> list[tuple[str, str]]:
    told = repo.json("check", "--range", revisions, "--run-id", caller)
    return [(each["address"], each["run_id"]) for each in told["conflict_details"]]


def test_the_holders_own_commit_meets_nobody_whoever_checks(shop: Repo) -> None:
    edit(shop, "sum(items)", "sum(items) + 1", "ann")
    assert met(shop, "ci") == []
    assert met(shop, "ann") == []
    told = shop.json("check", "--range", "main", "--run-id", "ci")
    assert told["noted_runs"] == ["ann"]


def test_a_commit_of_somebody_else_meets_the_holder(shop: Repo) -> None:
    edit(shop, "sum(items)", "sum(items) + 1", "carl")
    assert met(shop) == [("src/shop.py::total", "ann")]
    # even where the holder itself runs the check
    assert met(shop, "ann") == [("src/shop.py::total", "ann")]


def test_a_commit_without_a_note_counts_as_the_callers(shop: Repo) -> None:
    edit(shop, "sum(items)", "sum(items) + 1", None)
    assert met(shop, "ci") == [("src/shop.py::total", "ann")]
    assert met(shop, "ann") == []


def test_of_a_file_that_several_changed_each_meets_by_its_own_symbols(shop: Repo) -> None:
    shop.reserve("src/shop.py::tax", "--run-id", "ben")
    edit(shop, "sum(items)", "sum(items) + 1", "ann")
    edit(shop, "0.2", "0.3", "ben")
    assert met(shop) == []
    edit(shop, "0.3", "0.4", "ann")
    assert met(shop) == [("src/shop.py::tax", "ben")]


def test_a_whole_file_held_by_one_and_changed_by_two(shop: Repo) -> None:
    shop.json("release", "--all", "--run-id", "ann")
    shop.reserve("src/shop.py", "--run-id", "ann")
    edit(shop, "sum(items)", "sum(items) + 1", "ann")
    edit(shop, "0.2", "0.3", "carl")
    assert met(shop) == [("src/shop.py::tax", "ann")]


def test_a_symbol_that_was_renamed_on_the_way(shop: Repo) -> None:
    edit(shop, "sum(items)", "sum(items) + 1", "ann")
    edit(shop, "def total", "def whole", "ann")
    assert met(shop) == []
    edit(shop, "0.2", "0.3", "carl")
    assert met(shop) == []
    edit(shop, "sum(items) + 1", "sum(items) + 2", "carl")
    assert met(shop) == [("src/shop.py::total", "ann")]


def test_a_single_commit_as_a_range(shop: Repo) -> None:
    mine = edit(shop, "sum(items)", "sum(items) + 1", "ann")
    other = edit(shop, "items) + 1", "items) + 2", "carl")
    assert met(shop, revisions=f"{mine}^!") == []
    assert met(shop, revisions=f"{other}^!") == [("src/shop.py::total", "ann")]
    assert met(shop, revisions=f"{mine}..{other}") == [("src/shop.py::total", "ann")]
    assert met(shop, revisions=f"{mine}~..{mine}") == []


def test_what_a_merge_itself_changes_counts_as_the_callers(shop: Repo) -> None:
    edit(shop, "sum(items)", "sum(items) + 1", "ann")
    shop.git("checkout", "-q", "-b", "other", "main")
    shop.write("README.md", "# Other\n")
    shop.commit("Other")
    shop.git("checkout", "-q", "work")
    shop.git("merge", "-q", "--no-ff", "--no-commit", "other")
    text = (shop.path / "src/shop.py").read_text()
    shop.write("src/shop.py", text.replace("sum(items) + 1", "sum(items) + 3"))
    shop.commit("An evil merge")
    assert met(shop) == [("src/shop.py::total", "ann")]


def test_facts_that_contradict_each_other_count_for_nothing(shop: Repo) -> None:
    commit = edit(shop, "sum(items)", "sum(items) + 1", "carl")
    forged = json.dumps({"run_id": "ann"}, separators=(",", ":"))
    shop.git("notes", "--ref=muse-coord", "append", "-m", forged, commit)
    assert met(shop) == [("src/shop.py::total", "ann")]


@pytest.mark.parametrize(
    "note",
    [
        '{"run_id":7}',
        '{"run_id":"unknown"}',
        '{"run_id":"ann\\u001b[2J"}',
        "no json",
        '{ "run_id": "ann" }',
        '{"run_id":"ann","x":"' + "y" * 270_000 + '"}',
    ],
    ids=["number", "unknown", "control", "text", "not canonical", "long"],
)
def test_a_note_that_is_no_fact_says_nothing(shop: Repo, note: str) -> None:
    commit = edit(shop, "sum(items)", "sum(items) + 1", None)
    shop.git("notes", "--ref=muse-coord", "add", "-F", "-", commit, given=note.encode())
    assert met(shop) == [("src/shop.py::total", "ann")]


def test_notes_are_found_when_git_spreads_them_over_folders(shop: Repo) -> None:
    commit = edit(shop, "sum(items)", "sum(items) + 1", "ann")
    commits = "".join(
        f"commit refs/heads/many\nmark :{number}\ncommitter x <x@x> {number} +0000\ndata 1\nx\n"
        for number in range(1, 1500)
    )
    notes = "commit refs/notes/muse-coord\ncommitter x <x@x> 1 +0000\ndata 1\nx\n"
    notes += "from refs/notes/muse-coord^0\n"
    notes += "".join(f"N inline :{number}\ndata 1\nx\n" for number in range(1, 1500))
    shop.git("fast-import", "--quiet", given=(commits + notes).encode())
    listed = shop.git("ls-tree", "-r", "--name-only", "refs/notes/muse-coord").splitlines()
    assert f"{commit[:2]}/{commit[2:]}" in listed
    assert met(shop) == []
