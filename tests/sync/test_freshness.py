"""What is known of other clones has an age, and it is told where it matters."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from git_muse_coord.coordinator.freshness import freshness
from git_muse_coord.rules.freshness import OLD, staleness
from tests.sync.hubs import Hub
from tests.tools import NOON, Repo, program

VERBS = {
    "reserve": ["reserve", "a.py"],
    "dry run": ["reserve", "a.py", "--dry-run"],
    "list": ["list"],
    "status": ["status"],
    "check": ["check"],
    "forecast": ["forecast"],
}
NEVER = "note: never synced with 'origin', so other clones are not seen: git muse-coord sync\n"


def kept(clone: Repo) -> Path:
    """The file that holds the moment of the last exchange."""
    [path] = (clone.git_dir / "muse-coord").glob("exchanged-*.json")
    return path


def shift(clone: Repo, by: timedelta) -> None:
    """Let the last exchange be at another time."""
    at, *rest = json.loads(kept(clone).read_text())
    kept(clone).write_text(json.dumps([at + by.total_seconds(), *rest]))


@pytest.mark.parametrize("line", VERBS.values(), ids=VERBS)
def test_a_clone_that_never_synced_is_told_in_one_line_and_quietly_in_none(
    clones: tuple[Repo, Repo], line: list[str]
) -> None:
    one, _ = clones
    assert one.muse(*line).err == NEVER
    assert one.muse(*line, "-q").err == ""
    told = one.json(*line)
    assert (told["remote"], told["synced_at"]) == ("origin", None)


@pytest.mark.parametrize("line", VERBS.values(), ids=VERBS)
def test_without_a_remote_nothing_is_said(repo: Repo, line: list[str]) -> None:
    assert repo.muse(*line).err == ""
    told = repo.json(*line)
    assert (told["remote"], told["synced_at"]) == (None, None)


def test_a_setting_for_remotes_that_are_not_here_makes_none(repo: Repo) -> None:
    repo.git("config", "--global", "remote.origin.prune", "true")
    assert repo.muse("list").err == ""
    assert "no remote is configured" in repo.muse("sync").err


@pytest.mark.parametrize("line", VERBS.values(), ids=VERBS)
def test_what_is_fresh_is_not_remarked_on_and_what_is_old_is(
    clones: tuple[Repo, Repo], line: list[str]
) -> None:
    one, _ = clones
    before = datetime.now(UTC)
    one.json("sync")

    assert one.muse(*line).err == ""
    synced_at = datetime.fromisoformat(one.json(*line)["synced_at"])
    assert before <= synced_at <= datetime.now(UTC)

    shift(one, -timedelta(hours=3))
    assert one.muse(*line).err == "note: last synced with 'origin' 3 h ago\n"
    shift(one, timedelta(days=30))
    assert "by a clock that was ahead" in one.muse(*line).err
    one.json("sync")
    assert one.muse(*line).err == ""


def test_all_that_brings_news_counts_and_nothing_else(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    for line in (["sync", "--fetch-only"], ["reserve", "a.py", "--strict"]):
        one.json(*line)
        assert one.muse("list").err == "", line
        shift(one, -timedelta(hours=3))
    one.reserve("b.py")
    one.json("sync", "--push-only")
    assert "3 h ago" in one.muse("list").err
    one.git("config", "muse-coord.autoSync", "true")
    assert one.muse("reserve", "c.py").err == ""


def test_a_strict_reservation_says_how_fresh_it_is(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    assert one.json("reserve", "a.py", "--strict")["synced_at"]
    assert one.muse("reserve", "b.py", "--strict").err == ""


def test_a_sync_that_fails_changes_nothing(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.json("sync")
    shift(one, -timedelta(hours=3))
    hub.path.rename(hub.path.with_name("gone"))
    one.json("sync", code=5)
    assert "3 h ago" in one.muse("list").err


def test_another_address_was_never_synced_with_and_the_old_one_is_remembered(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    one.json("sync")
    address = one.git("remote", "get-url", "origin")
    one.git("remote", "set-url", "origin", str(hub.path.with_name("other.git")))
    assert one.muse("list").err == NEVER
    one.git("remote", "set-url", "origin", address)
    assert one.muse("list").err == ""


def test_worktrees_share_it_and_the_remote_of_the_upstream_is_meant(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    one.git("worktree", "add", "-qb", "three", "../three ü")
    three = Repo(one.path.parent / "three ü")
    three.json("sync")
    assert one.muse("list").err == ""
    one.git("remote", "add", "other", str(hub.path.with_name("other.git")))
    one.git("config", "branch.main.remote", "other")
    assert "'other'" in one.muse("list").err
    assert three.muse("list").err == ""


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'["x",0,null,0,""]', b"[1e300,0,0,0,0]", b"\xff"]
)
def test_a_damaged_note_is_as_none(clones: tuple[Repo, Repo], content: bytes) -> None:
    one, _ = clones
    one.json("sync")
    kept(one).write_bytes(content)
    assert one.muse("list").err == NEVER


def test_it_costs_no_process_of_git(clones: tuple[Repo, Repo], tmp_path: Path) -> None:
    one, _ = clones
    trace = tmp_path / "trace"

    def processes() -> int:
        for line in list(VERBS.values())[:-1]:  # what a forecast asks for depends on its caches
            program(*line, cwd=one.path, GIT_TRACE2_EVENT=str(trace))
        count = trace.read_text().count('"event":"start"')
        trace.unlink()
        return count

    processes()  # reserves what all the others then find
    with_remote = processes()
    one.git("remote", "remove", "origin")
    assert processes() == with_remote


SAID = "warning: never synced with 'origin', so other clones are not seen"


def said(clone: Repo, *line: str) -> int:
    """How often a command of git has its hooks say that the clone is blind."""
    done = subprocess.run(["git", *line], cwd=clone.path, capture_output=True, check=True)
    return done.stderr.decode().count(SAID)


@pytest.fixture(params=["main worktree", "linked worktree", "sub-directory"])
def place(request: pytest.FixtureRequest, clones: tuple[Repo, Repo]) -> Repo:
    """Somewhere in a clone with our hooks."""
    one, _ = clones
    one.muse("install", "--hooks")
    if request.param == "linked worktree":
        one.git("worktree", "add", "-qb", "three", "../three ü")
        return Repo(one.path.parent / "three ü")
    return Repo(one.path / "src") if request.param == "sub-directory" else one


def test_each_hook_of_a_blind_clone_says_so_once(place: Repo) -> None:
    empty = ("commit", "--allow-empty", "-m", "x")
    assert [said(place, *empty) for _ in range(3)] == [1, 0, 0]
    assert [said(place, "push", "origin", f"HEAD:b{n}") for n in range(3)] == [1, 0, 0]
    place.git("checkout", "-qb", "side", "HEAD~1")
    place.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "y")
    assert said(place, "merge", "-m", "m", "@{-1}") == 1
    # from then on none of them starts our program for it
    common = Path(place.git("rev-parse", "--path-format=absolute", "--git-common-dir"))
    assert list((common / "muse-coord").glob("blind-*")) == []
    place.muse("install", "--hooks")
    assert said(place, *empty) == 0


def test_a_clone_that_has_synced_meanwhile_is_told_nothing(place: Repo) -> None:
    place.json("sync")
    assert said(place, "commit", "--allow-empty", "-m", "x") == 0
    place.muse("install", "--hooks")
    assert said(place, "push", "origin", "HEAD:b") == 0


def test_without_a_remote_hooks_start_nothing_for_it(repo: Repo) -> None:
    repo.muse("install", "--hooks")
    assert list((repo.git_dir / "muse-coord").glob("blind-*")) == []
    assert said(repo, "commit", "--allow-empty", "-m", "x") == 0


def test_the_words() -> None:
    assert staleness("o", NOON, NOON) == ""
    assert staleness("o", NOON, NOON + OLD) == ""
    assert staleness("o", NOON, NOON + OLD * 2) == "last synced with 'o' 20 min ago"
    assert staleness("o", NOON, NOON - timedelta(minutes=1)) == ""
    assert "ahead" in staleness("o", NOON, NOON - timedelta(minutes=3))


def test_the_library_tells_it_too(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    library = one.coordinator()
    known = freshness(library)
    assert known is not None
    assert known.sentence in NEVER
    library.sync()
    known = freshness(library)
    assert known is not None
    assert known.synced_at
    assert known.sentence == ""
    one.git("config", "muse-coord.remote", "nowhere")
    assert freshness(library) is None
