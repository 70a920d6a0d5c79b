"""Who runs where nobody says it: one run a worktree, kept there with the first record."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.tools import Repo, git_in, program

FORM = r"A-U-Thor:naïve-répo-[0-9a-f]{6}"


@pytest.fixture
def shop(repo: Repo) -> Repo:
    repo.git("config", "user.name", "A U Thor")
    return repo


def who(repo: Repo) -> str:
    run_id: str = repo.json("whoami")["run_id"]
    return run_id


def wrote(repo: Repo) -> str:
    """Who runs, once something was written."""
    repo.reserve("written.py")
    return who(repo)


def kept(folder: Path) -> list[Path]:
    """The files that keep a run id, of the worktree with that git directory."""
    return sorted((folder / "muse-coord").glob("identity-*"))


def test_it_is_made_with_the_first_record_and_stays(shop: Repo) -> None:
    before = shop.json("whoami")
    reserved = shop.json("reserve", "a.py")

    assert (before["source"], before["lasting"]) == ("derived", False)
    after = shop.json("whoami")
    assert (after["run_id"], after["lasting"]) == (reserved["run_id"], True)
    assert reserved["run_id"].startswith("A-U-Thor:naïve-répo-")
    shop.git("config", "user.name", "Somebody Else")
    assert who(shop) == reserved["run_id"]
    assert shop.json("release", "--all")["released"] == [reserved["reservation_id"]]


@pytest.mark.parametrize(
    "command",
    [
        ["whoami"],
        ["status"],
        ["list", "--mine"],
        ["check"],
        ["forecast"],
        ["doctor"],
        ["dag"],
        ["reserve", "a.py", "--dry-run"],
        ["release", "--all"],
        ["hook", "pre-commit"],
        ["hook", "post-commit"],
    ],
    ids=" ".join,
)
def test_what_only_reads_makes_none_and_holds_nothing(shop: Repo, command: list[str]) -> None:
    shop.reserve("a.py", "--run-id", "ann")
    shop.muse(*command)

    assert kept(shop.git_dir) == []
    assert shop.held("--mine") == []


@pytest.mark.parametrize(
    "command",
    [
        ["reserve", "a.py", "--ttl", "0"],
        ["reserve", "a.py", "--reason", "x" * 5000],
        ["reserve", "a.py", "--depends-on", "0123456789"],
        ["reserve", "../outside.py"],
        ["intent", "a.py", "--op", "fly"],
        ["release", "0123456789"],
        ["heartbeat", "0123456789"],
    ],
    ids=" ".join,
)
def test_what_fails_leaves_nothing_behind(shop: Repo, command: list[str]) -> None:
    assert shop.muse(*command).code != 0
    assert shop.refs() == {}
    if "--reason" not in command:  # its limits are those of the record, which names who runs
        assert kept(shop.git_dir) == []


def test_every_verb_that_writes_is_the_same_run(shop: Repo) -> None:
    shop.json("intent", "a.py", "--op", "modify")
    run_id = who(shop)
    one = shop.json("reserve", "a.py")
    assert one["run_id"] == run_id
    shop.json("heartbeat", "--all")
    shop.json("release", one["reservation_id"])

    records = [json.loads(shop.git("cat-file", "blob", oid)) for oid in shop.refs().values()]
    assert {record["kind"] for record in records} == {
        "intent",
        "reservation",
        "heartbeat",
        "release",
    }
    assert {record["run_id"] for record in records} == {run_id}


def test_worktrees_are_two_and_neither_lets_go_of_what_the_other_holds(
    shop: Repo, tmp_path: Path
) -> None:
    shop.git("worktree", "add", "-q", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    mine, theirs = shop.reserve("a.py"), side.reserve("a.py")

    assert who(shop) != who(side)
    assert who(side).startswith("A-U-Thor:side-")
    assert (shop.held("--mine"), side.held("--mine")) == ([mine], [theirs])
    assert [held["reservation_id"] for held in side.json("status")["mine"]] == [theirs]
    assert side.json("release", "--all")["released"] == [theirs]
    assert side.muse("release", mine).code == 1
    assert shop.held() == [mine]
    assert shop.json("heartbeat", "--all")["heartbeats"][0]["reservation_id"] == mine


def test_a_worktree_of_the_same_name_made_anew_is_another_run(shop: Repo, tmp_path: Path) -> None:
    side = Repo(tmp_path / "side")
    runs = set()
    for _ in range(2):
        shop.git("worktree", "add", "-q", "--detach", str(side.path))
        runs.add(wrote(side))
        shop.git("worktree", "remove", "--force", str(side.path))

    assert len(runs) == 2


def test_a_copied_directory_notices_and_a_moved_one_stays(shop: Repo, tmp_path: Path) -> None:
    shop.git("worktree", "add", "-q", str(tmp_path / "side"))
    first, of_side = wrote(shop), wrote(Repo(tmp_path / "side"))
    copy, moved = tmp_path / "copy", tmp_path / "moved"
    shutil.copytree(shop.path, copy, symlinks=True)
    shop.path.rename(moved)

    assert who(Repo(moved)) == first
    assert not Repo(copy).json("whoami")["lasting"]
    assert wrote(Repo(copy)) not in (first, of_side)
    assert who(Repo(copy)).startswith("A-U-Thor:copy-")
    # The copy can take the place of what it was made from.
    shutil.rmtree(moved)
    copy.rename(shop.path)
    assert who(Repo(shop.path)) != first


def test_two_clones_are_two(shop: Repo, tmp_path: Path) -> None:
    runs = set()
    for place in ("one", "two"):
        git_in(tmp_path, "clone", "-q", str(shop.path), f"{place}/shop")
        clone = Repo(tmp_path / place / "shop")
        clone.git("config", "user.name", "A U Thor")
        runs.add(wrote(clone))

    assert len(runs) == 2
    assert {run_id.rpartition("-")[0] for run_id in runs} == {"A-U-Thor:shop"}


@pytest.mark.slow
def test_of_many_who_begin_at_once_all_are_one(shop: Repo) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda number: program("reserve", f"{number}.py", "--json", cwd=shop.path).json,
                range(8),
            )
        )

    assert {answer["run_id"] for answer in answers} == {who(shop)}
    assert len(shop.held("--mine")) == 8
    assert len(list((shop.git_dir / "muse-coord").glob("identity-*"))) == 1


@pytest.mark.parametrize("content", ["", "no colon\n", "a:\x00b\n", "x" * 1000, "a:b\nc:d\n"])
def test_what_was_damaged_is_made_anew(shop: Repo, content: str) -> None:
    first = wrote(shop)
    [file] = kept(shop.git_dir)
    file.write_text(content)

    assert not shop.json("whoami")["lasting"]
    assert wrote(shop) != first
    assert kept(shop.git_dir) == [file]


def test_where_it_cannot_be_kept_nothing_is_written_and_one_line_says_so(shop: Repo) -> None:
    (shop.git_dir / "muse-coord").write_text("a file in the way")

    ran = shop.muse("reserve", "a.py")

    assert (ran.code, ran.out) == (1, "") or ran.code == 3
    assert len(ran.err.splitlines()) == 1
    assert "run id" in ran.err
    assert shop.refs() == {}
    assert shop.muse("reserve", "a.py", "--run-id", "ann").code == 0


def test_a_bare_repository_and_a_path_with_odd_names(tmp_path: Path) -> None:
    bare = Repo.make(tmp_path / "store.git", "--bare")
    odd = Repo.make(tmp_path / "a: b\u202e" / "wörk/..dir")

    assert wrote(bare).startswith("somebody:store-")
    assert wrote(odd).startswith("somebody:dir-")


# settings


def test_nobody_is_derived_where_the_setting_says_none(shop: Repo) -> None:
    shop.git("config", "muse-coord.identity", "none")

    assert shop.json("reserve", "a.py")["run_id"] == "unknown"
    assert shop.json("whoami")["source"] == "muse-coord.identity none"
    assert len(shop.json("reserve", "a.py")["conflicts"]) == 1
    assert kept(shop.git_dir) == []
    shop.git("config", "muse-coord.identity", "some")
    ran = shop.muse("reserve", "a.py")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert shop.muse("reserve", "a.py", "--run-id", "ann").code == 0


def test_the_name_of_a_clone_is_that_of_its_main_worktree_alone(shop: Repo, tmp_path: Path) -> None:
    shop.git("worktree", "add", "-q", str(tmp_path / "side"))
    shop.git("worktree", "add", "-q", str(tmp_path / "other"))
    side, other = Repo(tmp_path / "side"), Repo(tmp_path / "other")
    shop.git("config", "muse-coord.runId", "ann")
    told = [wrote(each) for each in (shop, side, other)]

    assert told[0] == "ann"
    assert told[1].startswith("ann:side-")
    assert told[2].startswith("ann:other-")
    assert side.json("whoami")["source"] == "muse-coord.runId of the clone"
    assert len(side.json("reserve", "written.py")["conflicts"]) == 2
    shop.git("config", "muse-coord.identity", "none")
    assert who(side) == "ann"


def test_the_name_of_a_user_makes_no_two_clones_one(
    shop: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[muse-coord]\nrunId = ann\n[user]\nname = Ann\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))

    assert wrote(shop).startswith("ann:naïve-répo-")
    assert shop.json("whoami")["source"] == "muse-coord.runId of the user"
    assert shop.json("whoami")["lasting"]


def test_the_name_of_a_worktree_goes_before_that_of_the_clone(shop: Repo, tmp_path: Path) -> None:
    shop.git("config", "extensions.worktreeConfig", "true")
    shop.git("worktree", "add", "-q", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    shop.git("config", "muse-coord.runId", "ann")
    side.git("config", "--worktree", "muse-coord.runId", "bob")

    assert (who(shop), who(side)) == ("ann", "bob")
    assert side.json("whoami")["source"] == "muse-coord.runId of the worktree"
    told = git_in(side.path, "-c", "muse-coord.runId=eve", "muse-coord", "whoami")
    assert told.splitlines() == ["eve", "  from git -c muse-coord.runId"]


def test_a_caller_that_stays_hears_of_a_new_name(shop: Repo) -> None:
    library = shop.coordinator()
    first = library.reserve(["a.py"]).run_id
    assert library.whoami().run_id == first == who(shop)
    shop.git("config", "muse-coord.runId", "ann")
    assert library.reserve(["a.py"]).run_id == "ann"


# two at once


AGENT = """
import subprocess, sys, time
subprocess.run(["git", "muse-coord", "-q", "reserve", sys.argv[1]], check=True)
time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system does not tell of processes")
@pytest.mark.parametrize("is_linked", [False, True])
def test_two_processes_under_one_run_id_are_told_of(
    shop: Repo, tmp_path: Path, daemons: list[subprocess.Popen[bytes]], is_linked: bool
) -> None:
    if is_linked:
        shop.git("config", "extensions.worktreeConfig", "true")
        shop.git("worktree", "add", "-q", str(tmp_path / "side"))
        shop = Repo(tmp_path / "side")
        shop.git("config", "--worktree", "muse-coord.runId", "bob")

    def begin(address: str) -> None:
        daemons.append(subprocess.Popen([sys.executable, "-c", AGENT, address], cwd=shop.path))
        while not shop.held("--address", address):
            assert daemons[-1].poll() is None

    begin("a.py")
    assert program("whoami", "--json", cwd=shop.path).json["shared_by"] == []
    begin("b.py")
    told = program("whoami", "--json", cwd=shop.path).json
    assert {one["pid"] for one in told["shared_by"]} == {agent.pid for agent in daemons}
    sentence = "2 processes in this worktree have written under one run id"
    assert sentence in told["warnings"][0]
    assert any(
        sentence in each for each in program("status", "--json", cwd=shop.path).json["warnings"]
    )
    doctor = program("doctor", cwd=shop.path).out
    assert sentence in doctor
    assert "MUSE_RUN_ID" in doctor
    # With a name of its own each is somebody, and one that has ended claims nothing.
    assert program("whoami", "--json", cwd=shop.path, MUSE_RUN_ID="ann").json["warnings"] == []
    daemons[0].kill()
    daemons[0].wait()
    assert program("whoami", "--json", cwd=shop.path).json["shared_by"] == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system does not tell of processes")
def test_a_shell_and_the_script_that_it_runs_are_one(shop: Repo, tmp_path: Path) -> None:
    reserving = "git muse-coord -q reserve"
    (tmp_path / "script.sh").write_text(f"{reserving} b.py\ngit muse-coord whoami --json\n")
    shell = f"{reserving} a.py >&2\nsh {tmp_path}/script.sh\n"
    (tmp_path / "shell.sh").write_text(shell)

    done = subprocess.run(
        ["sh", str(tmp_path / "shell.sh")], cwd=shop.path, capture_output=True, check=True
    )

    assert b'"shared_by":[]' in done.stdout
    assert len(shop.held("--mine")) == 2
