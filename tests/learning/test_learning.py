"""What is learnt from past merges, and what is not."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from git_muse_coord.coordinator.learning import learnt
from git_muse_coord.rules.merge_record import MergeRecord
from git_muse_coord.source.merging.merge_lessons import MergeLessons
from git_muse_coord.source.merging.merge_memory import NAME, MergeMemory
from git_muse_coord.source.merging.project_record import files_in_conflict, project_record
from git_muse_coord.store.git.past_merges import ways_to_merge
from tests.learning.histories import (
    Edit,
    learn_all,
    learning_session,
    merge,
    renaming,
    replacing,
    shop,
    tick,
    two_pays,
)
from tests.tools import Repo, git_in


@pytest.fixture(autouse=True)
def own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1700000000 +0000")


def record(memory: MergeMemory, *paths: str) -> MergeRecord:
    found = project_record(memory, paths)
    assert found is not None
    return found


def note(text: str) -> Edit:
    return replacing("CHANGELOG.md", "## Next\n\n", f"## Next\n\n- {text}\n")


def test_conflicts_are_counted_by_project_path_and_symbol(repo: Repo) -> None:
    shop(repo)
    for number in (1, 2):
        merge(repo, *two_pays(number))
    merge(
        repo,
        replacing("src/shop.py", "return list(items)", "return sorted(items)"),
        replacing("src/shop.py", "value + 3", "value + 33"),
    )
    merge(repo, note("ours"), replacing("README.md", "Shop", "A shop"))

    memory = learn_all(repo)

    assert memory.learnt() == (4, 2, 0)
    known = record(memory, "src/shop.py")
    assert known.fed == 4
    assert (known.merges.met, known.merges.conflicted) == (3, 2)
    path = known.at(("src/shop.py",))
    assert (path.met, path.conflicted) == (3, 2)
    pay = known.at(("src/shop.py", "pay"))
    assert (pay.met, pay.conflicted) == (2, 2)
    assert known.at(("src/shop.py", "order")).met == 0, "only one side touched it"


def test_names_are_followed_through_renames(repo: Repo) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    merge(
        repo,
        renaming("src/shop.py", "lib/stop.py"),
        replacing("README.md", "# ", "## "),
    )
    merge(repo, *two_pays(2))

    known = record(learn_all(repo), "src/shop.py", "lib/stop.py")

    assert known.at(("lib/stop.py", "pay")).met == 2
    assert known.at(("src/shop.py", "pay")).met == 0


def test_a_rename_that_comes_later_moves_what_is_known_already(repo: Repo) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    memory = learn_all(repo)
    assert record(memory, "src/shop.py").at(("src/shop.py", "pay")).met == 1
    merge(
        repo,
        renaming("src/shop.py", "lib/stop.py"),
        replacing("README.md", "# ", "## "),
    )
    memory.file.close()

    known = record(learn_all(repo), "src/shop.py", "lib/stop.py")

    assert known.at(("lib/stop.py", "pay")).met == 1
    assert known.at(("src/shop.py", "pay")).met == 0


def test_only_new_merges_are_made_again(repo: Repo) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    learn_all(repo)
    batches = []

    def rest() -> bool:
        batches.append(1)
        return True

    learn_all(repo, rest)
    assert batches == []
    merge(repo, *two_pays(2))
    memory = learn_all(repo, rest)
    assert batches == [1]
    assert memory.learnt().merges == 2


def test_one_that_is_stopped_goes_on_with_the_next(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("git_muse_coord.coordinator.learning._AT_ONCE", 1)
    shop(repo)
    for number in range(3):
        merge(repo, *two_pays(number + 1))

    memory = learn_all(repo, lambda: False)
    assert memory.learnt() == (1, 1, 2), "the newest is learnt, the others wait"
    memory.file.close()
    assert learn_all(repo).learnt() == (3, 3, 0)


def test_a_merge_at_which_the_process_dies_is_left_alone_in_the_end(repo: Repo) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    memory = learn_all(repo)
    assert memory.learnt().merges == 1
    memory.file.run(lambda file: file.execute("UPDATE merges SET waits = 1, tries = 0"), None)

    lessons = MergeLessons(memory)

    assert [len(lessons.take(9)) for _ in range(4)] == [1, 1, 0, 0]
    assert memory.learnt() == (1, 1, 0), "what it taught before stays"


def test_what_is_no_merge_of_two_that_parted_teaches_nothing(repo: Repo) -> None:
    shop(repo)
    for name in ("one", "two"):
        repo.git("switch", "-qc", name, "main")
        repo.write(f"{name}.txt", name)
        repo.commit(name)
    repo.git("switch", "-q", "main")
    repo.write("main.txt", "main")
    repo.commit("main")
    tick(repo)
    repo.git("merge", "-q", "--no-edit", "one", "two")
    repo.git("switch", "-qc", "three")
    repo.write("three.txt", "3")
    repo.commit("three")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "--no-edit", "three")

    memory = learn_all(repo)

    assert memory.learnt() == (0, 0, 0)
    assert project_record(memory, ["src/shop.py"]) is None


def test_branches_that_crossed(repo: Repo) -> None:
    shop(repo)
    repo.git("branch", "-q", "other")
    replacing("src/shop.py", "value + 1", "value + 11")(repo)
    ours = repo.commit("ours")
    repo.git("switch", "-q", "other")
    replacing("src/shop.py", "value + 3", "value + 33")(repo)
    theirs = repo.commit("theirs")
    repo.git("merge", "-q", "--no-edit", ours)
    replacing("src/shop.py", "return total", "return total * 2")(repo)
    repo.commit("theirs goes on")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-edit", theirs)
    replacing("src/shop.py", "return total", "return total * 3")(repo)
    repo.commit("ours goes on")
    repo.git("merge", "-q", "-s", "ours", "--no-edit", "other")
    assert len(repo.git("merge-base", "--all", "HEAD^1", "HEAD^2").split()) == 2

    learned = learn_all(repo).learnt()

    assert (learned.merges, learned.conflicted) == (3, 1)


def test_what_git_unites_today_did_not_conflict(repo: Repo) -> None:
    shop(repo)
    merge(repo, note("ours"), note("theirs"))
    memory = learn_all(repo)
    assert files_in_conflict(memory, 1).keys() == {"changelog.md"}
    assert ways_to_merge(learning_session(repo).repository) == ""
    memory.file.close()

    repo.write(".gitattributes", "*.md merge=union\n*.txt text\n")
    repo.commit("let git unite them")

    memory = learn_all(repo)
    assert files_in_conflict(memory, 1) == {}
    assert memory.learnt() == (1, 0, 0)


def test_no_driver_runs(repo: Repo, tmp_path: Path) -> None:
    shop(repo)
    repo.write(".gitattributes", "*.py merge=tool\n")
    repo.commit("attributes")
    repo.git("config", "merge.tool.driver", f"touch '{tmp_path}/ran'; false")
    merge(repo, *two_pays(1))

    assert learn_all(repo).learnt().conflicted == 1
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("by", ["info/attributes", "core.attributesFile", "merge.default"])
def test_no_driver_runs_that_is_chosen_outside_of_the_tree(
    repo: Repo, tmp_path: Path, by: str
) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    repo.git("config", "merge.a=tool.driver", f"touch '{tmp_path}/ran'; true")
    attributes = repo.git_dir / "info" / "attributes"
    if by == "core.attributesFile":
        attributes = tmp_path / "attributes"
        repo.git("config", by, str(attributes))
    if by == "merge.default":
        repo.git("config", by, "a=tool")
    else:
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text("*.py merge=a=tool\n")

    assert learn_all(repo).learnt().conflicted == 1
    assert not (tmp_path / "ran").exists()


def test_a_merge_of_no_possible_moment_stops_nothing(repo: Repo) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    raw = repo.git("cat-file", "commit", "HEAD") + "\n"
    head, _, rest = raw.partition("committer ")
    committer, _, message = rest.partition("\n")
    name, _, _ = committer.rpartition("> ")
    forged = f"{head}committer {name}> {2**64 - 1000} +0000\n{message}"
    path = repo.path.parent / "forged"
    path.write_text(forged)
    command = ("hash-object", "-t", "commit", "-w", "--literally", str(path))
    repo.git("update-ref", "HEAD", repo.git(*command))

    assert learn_all(repo).learnt() == (1, 1, 0)


def test_nothing_of_it_stays_in_the_repository(repo: Repo) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    objects = {path for path in (repo.git_dir / "objects").rglob("*") if path.is_file()}

    learn_all(repo)

    assert {path for path in (repo.git_dir / "objects").rglob("*") if path.is_file()} == objects
    assert {path.name for path in (repo.git_dir / "muse-coord").iterdir()} == {NAME}


def test_two_at_once_do_no_harm(repo: Repo) -> None:
    shop(repo)
    for number in range(3):
        merge(repo, *two_pays(number + 1))

    def another() -> bool:
        learn_all(repo)
        return True

    memory = learn_all(repo, another)
    assert memory.learnt() == (3, 3, 0)
    assert record(memory, "src/shop.py").at(("src/shop.py", "pay")).met == 3


@pytest.mark.parametrize("left", [0, 100, 5000])
def test_a_file_that_was_cut_off_is_made_anew(repo: Repo, left: int) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    memory = learn_all(repo)
    memory.file.close()
    os.truncate(repo.git_dir / "muse-coord" / NAME, left)

    assert repo.muse("status").code == 0
    learn_all(repo).file.close()
    memory = learn_all(repo)

    assert memory.learnt() == (1, 1, 0)


def test_damaged_numbers_stay_within_what_can_be(repo: Repo) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    learn_all(repo).file.close()
    file = sqlite3.connect(repo.git_dir / "muse-coord" / NAME)
    file.execute("UPDATE sums SET conflicted = 7000, foretold = -5")
    file.commit()
    file.close()

    pay = record(learn_all(repo), "src/shop.py").at(("src/shop.py", "pay"))

    assert (pay.met, pay.foretold, pay.conflicted) == (1, 0.0, 1)


def test_a_partial_clone_is_left_alone(repo: Repo, tmp_path: Path) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    repo.git("config", "uploadpack.allowFilter", "true")
    there = tmp_path / "partial"
    source = f"file://{repo.path}"
    git_in(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", source, str(there))
    clone = Repo(there)
    before = clone.git("count-objects", "-v")

    learn_all(clone)

    known = learnt(learning_session(clone))
    assert known is not None
    assert known.merges == 0
    assert "partial clone" in str(known.obstacle)
    assert clone.git("count-objects", "-v") == before
    assert "partial clone" in clone.muse("doctor").out


def test_a_shallow_clone_learns_from_what_is_there(repo: Repo, tmp_path: Path) -> None:
    shop(repo)
    for number in range(3):
        merge(repo, *two_pays(number + 1))
    git_in(tmp_path, "clone", "-q", "--depth=3", f"file://{repo.path}", "shallow")

    memory = learn_all(Repo(tmp_path / "shallow"))

    assert memory.learnt() == (1, 1, 0)


def test_an_older_git_is_told_once_and_quietly(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    tools = tmp_path / "tools"
    tools.mkdir()
    real = shutil.which("git")
    git = tools / "git"
    git.write_text(
        f'#!/bin/sh\nfor word; do [ "$word" = merge-tree ] && exit 129; done\nexec {real} "$@"\n'
    )
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")

    learn_all(repo)

    status = repo.json("status")
    assert status["learnt"]["obstacle"] == "this git is too old to merge in memory"
    assert status["warnings"] == []
    assert "Learnt" not in repo.muse("status").out


def test_what_git_could_not_make_again_waits(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(repo)
    for number in range(2):
        merge(repo, *two_pays(number + 1))
    side = repo.git("rev-parse", "HEAD^2:src/shop.py")
    lost = repo.loose(side)
    lost.rename(repo.git_dir / "lost")

    memory = learn_all(repo, lambda: False)
    assert memory.learnt() == (1, 1, 1), "the older one was made again"
    memory.file.close()
    (repo.git_dir / "lost").rename(lost)
    assert learn_all(repo).learnt() == (2, 2, 0)


def test_without_a_commit_nothing_is_learnt(tmp_path: Path) -> None:
    assert learn_all(Repo.make(tmp_path / "new")).learnt() == (0, 0, 0)


@pytest.mark.parametrize("options", [["--object-format=sha256"], ["--bare"]])
def test_other_repositories(repo: Repo, tmp_path: Path, options: list[str]) -> None:
    other = Repo.make(tmp_path / "other", *options)
    if "--bare" in options:
        shop(repo)
        merge(repo, *two_pays(1))
        repo.git("push", "-q", str(other.path), "main")
    else:
        shop(other)
        merge(other, *two_pays(1))

    assert learn_all(other).learnt() == (1, 1, 0)


def test_whoever_wants_none_of_it_has_none(repo: Repo) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    learn_all(repo).file.close()
    repo.git("config", "muse-coord.learn", "false")

    assert repo.json("status")["learnt"] is None
    assert repo.muse("gc", "--execute").code == 0
    assert not (repo.git_dir / "muse-coord" / NAME).exists()


def test_purge_forgets_it(repo: Repo) -> None:
    shop(repo)
    merge(repo, *two_pays(1))
    learn_all(repo).file.close()

    assert repo.muse("uninstall", "--purge").code == 0

    assert not (repo.git_dir / "muse-coord").exists()


def test_purge_while_it_learns_is_not_undone(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("git_muse_coord.coordinator.learning._AT_ONCE", 1)
    shop(repo)
    for number in range(3):
        merge(repo, *two_pays(number + 1))
    rests = []

    def purge() -> bool:
        rests.append(repo.muse("uninstall", "--purge").code)
        return True

    learn_all(repo, purge)

    assert rests == [0]
    assert not (repo.git_dir / "muse-coord").exists()


def test_the_oldest_are_forgotten(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("git_muse_coord.coordinator.learning._AT_ONCE", 1)
    monkeypatch.setattr("git_muse_coord.source.merging.merge_lessons.LEARNT_MOST", 2)
    shop(repo)
    for number in range(4):
        merge(repo, *two_pays(number + 1))

    memory = learn_all(repo)
    assert memory.learnt() == (2, 2, 0)
    assert record(memory, "src/shop.py").at(("src/shop.py", "pay")).met == 2
    memory.file.close()

    merge(repo, note("ours"), replacing("README.md", "Shop", "A shop"))
    memory = learn_all(repo)
    assert memory.learnt() == (2, 1, 0), "a newer one takes the place of the oldest"
    assert record(memory, "src/shop.py").at(("src/shop.py", "pay")).met == 1


def test_a_file_that_somebody_else_is_at_is_no_end(repo: Repo) -> None:
    shop(repo)
    for number in range(2):
        merge(repo, *two_pays(number + 1))
    memory = learn_all(repo, lambda: False)
    memory.file.run(lambda file: file.execute("UPDATE merges SET waits = 1, tries = 0"), None)
    memory.file.close()
    other = sqlite3.connect(repo.git_dir / "muse-coord" / NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    learn_all(repo).file.close()
    other.execute("ROLLBACK")
    other.close()

    assert learn_all(repo).learnt() == (2, 2, 0)
