"""The hooks name callers that break where git brings work together without a word, with no reservation anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from git_muse_coord.coordinator.joins import joins_in_index
from git_muse_coord.coordinator.made_breaks import made_breaks
from git_muse_coord.coordinator.session import Session
from git_muse_coord.source.allowance import Allowance
from git_muse_coord.source.merging import nearby_trees
from tests.hooks.tools import run_git
from tests.merging.three_branches import (
    ALL,
    CALLER,
    INNOCENT,
    PYTHON,
    RENAMER,
    Code,
    three_branches,
)
from tests.tools import Ran, Repo

pytestmark = pytest.mark.slow

PLACE = f"{PYTHON.calling}:{PYTHON.line} {PYTHON.by} uses {PYTHON.defined}::total"
ADVICE = f"use {PYTHON.defined}::grand_total there"
JOINED = "without a word, but callers break"


@pytest.fixture
def three(repo: Repo) -> Repo:
    three_branches(repo, PYTHON)
    assert repo.muse("install", "--hooks").code == 0
    return repo


def on(repo: Repo, branch: str, *arguments: str) -> Ran:
    """Have git do something on a branch."""
    repo.git("switch", "-q", branch)
    return run_git(repo.path, *arguments)


def mend(repo: Repo) -> None:
    repo.write(PYTHON.calling, PYTHON.call.replace("total", "grand_total"))
    repo.git("add", "-A")


def findings(ran: Ran) -> list[str]:
    return [line for line in ran.err.splitlines() if " uses " in line]


@pytest.mark.parametrize("code", ALL.values(), ids=ALL)
def test_a_merge_names_the_caller_in_each_language(repo: Repo, code: Code) -> None:
    three_branches(repo, code)
    repo.muse("install", "--hooks")

    innocent = on(repo, RENAMER, "merge", "--no-edit", INNOCENT)
    ran = on(repo, RENAMER, "merge", "--no-edit", CALLER)

    assert (innocent.code, ran.code) == (0, 0)
    assert JOINED not in innocent.err
    assert findings(ran) == [
        f"  {code.calling}:{code.line} {code.by} uses {code.defined}::{code.old},"
        f" which {RENAMER} renamed: use {code.defined}::{code.new} there"
    ]
    assert INNOCENT not in ran.err
    assert "error" not in ran.err
    (hint,) = (line.strip() for line in ran.err.splitlines() if " plan-merge " in line)
    plan = repo.muse(*hint.removeprefix("git muse-coord ").split())
    assert f"{code.calling}:{code.line} in theirs" in plan.out


def test_from_a_linked_worktree_and_a_directory_in_it(three: Repo, tmp_path: Path) -> None:
    linked = tmp_path / "linked tree"
    three.git("worktree", "add", "-q", str(linked), CALLER)

    ran = run_git(linked / "src", "merge", "--no-edit", RENAMER)

    assert PLACE in ran.err


def test_a_pull_names_it_too(three: Repo, tmp_path: Path) -> None:
    three.git("clone", "-q", "--no-local", str(three.path), str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    clone.git("switch", "-q", CALLER)
    clone.muse("install", "--hooks")

    ran = run_git(clone.path, "pull", "-q", "--no-rebase", "--no-edit", "origin", RENAMER)

    assert PLACE in ran.err
    assert clone.git("log", "-1", "--format=%P").count(" ") == 1


def test_block_stops_the_merge_until_it_is_mended(three: Repo) -> None:
    three.git("config", "muse-coord.hookMode", "block")

    stopped = on(three, RENAMER, "merge", "--no-edit", CALLER)
    again = run_git(three.path, "commit", "--no-edit")
    mend(three)
    mended = run_git(three.path, "commit", "--no-edit")

    for ran in (stopped, again):
        assert ran.code == 1
        assert PLACE in ran.err
        assert "stopped, because callers break" in ran.err
        assert "git commit --no-verify" in ran.err
    assert (mended.code, findings(mended)) == (0, [])


def test_what_a_person_mends_on_the_way_is_not_told(three: Repo) -> None:
    on(three, RENAMER, "merge", "-q", "--no-commit", CALLER)
    (before,) = three.json("check")["warnings"]
    mend(three)

    assert PLACE in before
    assert three.json("check")["warnings"] == []
    assert three.json("check", "--worktree")["warnings"] == []
    assert findings(run_git(three.path, "commit", "--no-edit")) == []


def test_the_line_is_that_of_what_comes_out(repo: Repo) -> None:
    repo.write("a.py", "def total():\n    return 1\n\n\ndef other():\n    return 2\n")
    repo.write("b.py", "x = 1\n\n\n\n\n\n\n\ny = 2\n")
    repo.commit("A shop")
    repo.git("switch", "-qc", "one")
    repo.write("a.py", "def amount():\n    return 1\n\n\ndef other():\n    return 2\n")
    repo.write("b.py", "w = 0\nw = 0\nw = 0\nx = 1\n\n\n\n\n\n\n\ny = 2\n")
    repo.commit("one")
    repo.git("switch", "-qc", "two", "main")
    repo.write("b.py", "x = 1\n\n\n\n\n\n\n\ny = 2\nimport a\n\n\ndef f():\n    a.total()\n")
    repo.commit("two")
    repo.muse("install", "--hooks")

    ran = run_git(repo.path, "merge", "--no-edit", "one")

    assert "b.py:17 f uses a.py::total" in ran.err
    assert (repo.path / "b.py").read_text().splitlines()[16] == "    a.total()"


def test_a_signature_that_one_side_changes(repo: Repo) -> None:
    repo.write("a.py", "def total(items):\n    return sum(items)\n")
    repo.commit("A shop")
    repo.git("switch", "-qc", "one")
    repo.write("a.py", "def total(items, rate):\n    return sum(items) * rate\n")
    repo.commit("one")
    repo.git("switch", "-qc", "two", "main")
    repo.write("b.py", "import a\n\n\ndef f():\n    return a.total([])\n")
    repo.commit("two")
    repo.muse("install", "--hooks")
    repo.git("config", "muse-coord.hookMode", "block")

    ran = run_git(repo.path, "merge", "--no-edit", "one")
    repo.write("b.py", "import a\n\n\ndef f():\n    return a.total([], 2)\n")
    repo.git("add", "-A")
    mended = run_git(repo.path, "commit", "--no-edit")

    assert "b.py:5 f uses a.py::total, which one gave new parameters: fit these uses" in ran.err
    assert (mended.code, findings(mended)) == (0, [])


def test_a_squash_is_a_merge(three: Repo) -> None:
    on(three, RENAMER, "merge", "-q", "--squash", CALLER)
    ran = run_git(three.path, "commit", "-qm", "squashed")
    later = run_git(three.path, "commit", "-q", "--allow-empty", "-m", "later")

    assert PLACE in ran.err
    assert findings(later) == []


def test_a_pick_on_either_side(three: Repo) -> None:
    three.git("branch", "other", CALLER)
    ours = on(three, RENAMER, "cherry-pick", CALLER)
    theirs = on(three, "other", "cherry-pick", f"{RENAMER}~1")
    innocent = on(three, CALLER, "cherry-pick", INNOCENT)

    assert PLACE in ours.err
    assert PLACE in theirs.err
    assert (innocent.code, findings(innocent)) == (0, [])


def test_a_rebase_tells_it_once(three: Repo) -> None:
    three.git("switch", "-q", CALLER)
    for number in range(3):
        three.write(f"more{number}.py", "x = 1\n")
        three.commit(f"more {number}")

    ran = run_git(three.path, "rebase", "-q", RENAMER)
    innocent = on(three, INNOCENT, "rebase", "-q", RENAMER)
    amended = on(three, CALLER, "commit", "-q", "--amend", "--no-edit")

    assert [PLACE in line for line in findings(ran)] == [True]
    assert f"git joins {RENAMER} and {CALLER} " in ran.err
    assert (innocent.code, findings(innocent), findings(amended)) == (0, [], [])


def test_a_merge_of_several(three: Repo) -> None:
    ran = on(three, "main", "merge", "--no-edit", RENAMER, CALLER, INNOCENT)

    assert len(findings(ran)) == 1
    assert INNOCENT not in "".join(findings(ran))


def test_a_push_says_it_in_a_line_while_it_stands(three: Repo, tmp_path: Path) -> None:
    three.git("init", "-q", "--bare", str(tmp_path / "hub"))
    three.git("remote", "add", "origin", str(tmp_path / "hub"))
    three.git("push", "-q", "origin", "main")
    on(three, RENAMER, "merge", "-q", "--no-verify", "--no-edit", CALLER)

    broken = run_git(three.path, "push", "-q", "--dry-run", "origin", f"{RENAMER}:other")
    mend(three)
    three.commit("Mend it")
    mended = run_git(three.path, "push", "-q", "origin", f"{RENAMER}:other")

    (line,) = (line for line in broken.err.splitlines() if "⚠" in line)
    assert PLACE in line
    assert " plan-merge " in line
    assert (mended.code, findings(mended)) == (0, [])


def test_a_push_beside_the_branch_that_all_go_onto(three: Repo, tmp_path: Path) -> None:
    three.git("init", "-q", "--bare", str(tmp_path / "hub"))
    three.git("remote", "add", "origin", str(tmp_path / "hub"))
    three.git("push", "-q", "origin", f"{RENAMER}:main")
    three.git("fetch", "-q")

    ran = run_git(three.path, "push", "-q", "origin", CALLER, INNOCENT)

    assert [PLACE in line for line in findings(ran)] == [True]
    assert "which origin/main renamed" in ran.err


def test_without_time_it_says_who_has(three: Repo) -> None:
    on(three, RENAMER, "merge", "-q", "--no-commit", CALLER)
    session = Session(str(three.path))
    session.allowance = Allowance(1e-9, 1e-9)

    made = made_breaks(session, joins_in_index(session.repository, {}))

    ((), (gap,)) = tuple(made.breaks), made.gaps
    assert "there was no time to look for callers that break" in gap
    command = gap.partition(": ")[2].removesuffix(" does")
    assert PYTHON.calling in three.muse(*command.removeprefix("git muse-coord ").split()).out


def test_a_partial_clone_is_not_made_to_fetch(three: Repo) -> None:
    three.git("config", "remote.origin.url", "https://example.invalid/")
    three.git("config", "remote.origin.promisor", "true")

    ran = on(three, RENAMER, "merge", "--no-edit", CALLER)

    assert (ran.code, findings(ran)) == (0, [])
    assert "in a partial clone callers that break are not looked for" in ran.err


def test_a_large_tree_is_looked_at_near_the_changes(
    three: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearby_trees, "WHOLE_MOST", 0)
    on(three, RENAMER, "merge", "-q", "--no-commit", CALLER)

    (broken, gap) = three.json("check")["warnings"]

    assert PLACE in broken
    assert "looked for near what was changed alone" in gap
