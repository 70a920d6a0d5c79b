"""Where a host refuses refs/muse/ the same records travel on a branch, and no two clones miss each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.docs.test_schemas import answer
from tests.sync.hubs import Hub
from tests.tools import Repo

pytestmark = pytest.mark.slow

REFUSING = 'while read old new ref; do case "$ref" in refs/muse*) [ -n "$MAY_WRITE_REFS" ] || exit 1;; esac; done'
BRANCH = "refs/heads/muse-coord"


@pytest.fixture(params=["pre-receive", "update"])
def refusing(request: pytest.FixtureRequest, hub: Hub) -> Hub:
    """A remote that takes refs/muse/ only from those who have MAY_WRITE_REFS in their environment."""
    if request.param == "pre-receive":
        hub.hook("pre-receive", REFUSING)
    else:
        hub.hook("update", 'case "$1" in refs/muse*) [ -n "$MAY_WRITE_REFS" ];; esac')
    return hub


@pytest.fixture
def settled(hub: Hub) -> tuple[Repo, Repo]:
    """Two clones that know of the branch."""
    hub.hook("pre-receive", REFUSING)
    one, two = hub.clone("one"), hub.clone("two")
    for clone in (one, two):
        clone.reserve(f"{clone.path.name}.py", "--run-id", clone.path.name)
        clone.json("sync")
    return one, two


def test_sync_says_so_falls_back_and_two_clones_see_each_other(refusing: Hub) -> None:
    one, two = refusing.clone("one"), refusing.clone("two")
    first = one.reserve("a.py", "--run-id", "a")

    told = answer(one, "sync")
    assert told["via"] == "branch"
    assert told["pushed"] == {"reservations": 1}
    assert any(
        "refuses refs/muse/" in warning and "'muse-coord'" in warning
        for warning in told["warnings"]
    )
    second = two.reserve("a.py", "--run-id", "b")
    told = answer(two, "sync")
    assert told["fetched"] == told["pushed"] == {"reservations": 1}
    assert [one["reservation_id"] for one in told["conflict_details"]] == [first]
    one.json("release", first, "--run-id", "a")
    one.json("sync")
    two.json("sync")
    assert one.held() == two.held() == [second]
    assert refusing.refs() == {}


def test_the_branch_is_an_orphan_that_asks_for_no_build_and_is_no_local_branch(
    hub: Hub, settled: tuple[Repo, Repo]
) -> None:
    one, _ = settled

    ancestors = [set(hub.git("rev-list", name).split()) for name in (BRANCH, "main")]
    assert ancestors[0].isdisjoint(ancestors[1])
    assert "[skip ci]" in hub.git("log", "-1", "--format=%B", BRANCH)
    assert all(
        path.startswith("muse/") for path in hub.git("ls-tree", "-r", "--name-only", BRANCH).split()
    )
    assert one.refs("refs/heads/") == {"refs/heads/main": one.git("rev-parse", "main")}


def test_a_sync_with_nothing_new_makes_no_commit(hub: Hub, settled: tuple[Repo, Repo]) -> None:
    one, two = settled
    one.json("sync")
    tip = hub.refs(BRANCH)

    for clone in (one, two):
        assert clone.json("sync")["pushed"] == {}
    assert hub.refs(BRANCH) == tip


def test_what_a_host_refuses_is_asked_only_once(hub: Hub, settled: tuple[Repo, Repo]) -> None:
    one, _ = settled
    hub.hook("pre-receive", "tee -a asked | (" + REFUSING + ")")
    one.reserve("b.py", "--run-id", "a")
    one.json("sync")

    assert [line.split()[2] for line in (hub.path / "asked").read_text().splitlines()] == [BRANCH]


def test_a_clone_that_may_write_refs_carries_both_ways(
    hub: Hub, settled: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = settled
    three, four = hub.clone("three"), hub.clone("four")
    monkeypatch.setenv("MAY_WRITE_REFS", "1")
    by_ref = three.reserve("three.py", "--run-id", "three")
    assert three.json("sync")["via"] == "refs"
    assert len(three.held()) == 3
    assert len(hub.refs()) == 3
    late = four.reserve("four.py", "--run-id", "four")
    four.git("push", "-q", "origin", "refs/muse/*:refs/muse/*")
    monkeypatch.delenv("MAY_WRITE_REFS")

    one.json("sync")
    assert by_ref in one.held()
    assert late in one.held(), "a clone that may not write refs still reads them"
    one.json("sync")
    two.json("sync")
    assert two.held() == one.held()


def test_strict_works_through_the_branch(hub: Hub, settled: tuple[Repo, Repo]) -> None:
    one, two = settled

    won = one.json("reserve", "x.py", "--run-id", "a", "--strict")["reservation_id"]
    lost = answer(two, "reserve", "x.py", "--run-id", "b", "--strict", code=2)
    assert [detail["reservation_id"] for detail in lost["conflict_details"]] == [won]
    assert won in two.held()
    assert len(two.held()) == 3
    assert two.json("reserve", "y.py", "--run-id", "b", "--strict")["conflicts"] == []


def test_strict_finds_out_by_itself_that_refs_are_refused(refusing: Hub) -> None:
    one, two = refusing.clone("one"), refusing.clone("two")

    won = one.json("reserve", "x.py", "--run-id", "a", "--strict")["reservation_id"]
    assert two.muse("reserve", "x.py", "--run-id", "b", "--strict").code == 2
    assert one.held() == two.held() == [won]


def test_strict_of_a_clone_with_refs_meets_strict_of_one_without(
    hub: Hub, settled: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = settled
    three = hub.clone("three")
    monkeypatch.setenv("MAY_WRITE_REFS", "1")
    won = three.json("reserve", "x.py", "--run-id", "three", "--strict")["reservation_id"]
    monkeypatch.delenv("MAY_WRITE_REFS")
    assert one.muse("reserve", "x.py", "--run-id", "a", "--strict").code == 2
    other = one.json("reserve", "y.py", "--run-id", "a", "--strict")["reservation_id"]
    monkeypatch.setenv("MAY_WRITE_REFS", "1")

    lost = three.json("reserve", "y.py", "--run-id", "three", "--strict", code=2)
    assert [detail["reservation_id"] for detail in lost["conflict_details"]] == [other]
    assert won in one.held()


@pytest.mark.parametrize("refuses", [True, False])
def test_a_branch_of_that_name_that_is_not_ours_is_never_written_to(
    hub: Hub, refuses: bool
) -> None:
    hub.git("branch", "muse-coord", "main")
    tip = hub.refs(BRANCH)
    if refuses:
        hub.hook("pre-receive", REFUSING)
    one = hub.clone("one")
    held = one.reserve("a.py", "--run-id", "a")

    ran = one.muse("sync")
    if refuses:
        assert ran.code == 1
        assert "the branch 'muse-coord' of remote 'origin' is not ours" in ran.err
        assert "muse-coord.branch" in ran.err
        one.git("config", "muse-coord.branch", "coordination")
        assert one.json("sync")["via"] == "branch"
        assert "refs/heads/coordination" in hub.refs("refs/heads/")
    else:
        assert ran.code == 0
        assert len(hub.refs()) == 1
    assert hub.refs(BRANCH) == tip
    assert one.held() == [held]


def test_a_host_that_refuses_everything_is_an_error_and_not_remembered_as_one_for_branches(
    hub: Hub,
) -> None:
    one = hub.clone("one")
    hub.hook("pre-receive", "exit 1")
    held = one.reserve("a.py", "--run-id", "a")

    ran = one.muse("sync")
    assert ran.code == 5
    assert "origin" in ran.err
    assert one.muse("reserve", "b.py", "--run-id", "a", "--strict").code == 5
    assert one.held() == [held]
    (hub.path / "hooks/pre-receive").unlink()
    assert one.json("sync")["via"] == "refs"
    assert len(hub.refs()) == 1


def test_a_host_that_begins_to_refuse_refs_is_left_for_the_branch(hub: Hub) -> None:
    one, two = hub.clone("one"), hub.clone("two")
    first = one.reserve("a.py", "--run-id", "a")
    assert one.json("sync")["via"] == "refs"
    hub.hook("pre-receive", REFUSING)

    second = one.reserve("b.py", "--run-id", "a")
    assert one.json("sync")["via"] == "branch"
    two.json("sync")
    assert two.held() == [first, second]


def test_junk_on_the_branch_is_counted_and_breaks_nothing(
    hub: Hub, settled: tuple[Repo, Repo]
) -> None:
    one, two = settled
    junk = hub.git("hash-object", "-w", "--stdin", given=b"junk")
    tree = hub.git(
        "mktree",
        given=f"100644 blob {junk}\t{'f' * 64}\n100644 blob {junk}\todd 'n\"ame\n".encode(),
    )
    deep = hub.git(
        "mktree", given=f"040000 tree {tree}\tdeeper\n120000 blob {junk}\tlink\n".encode()
    )
    rows = (
        hub.git("ls-tree", f"{BRANCH}:muse")
        + f"\n040000 tree {tree}\tintents\n040000 tree {deep}\todd\n"
    )
    top = hub.git(
        "mktree", given=f"040000 tree {hub.git('mktree', given=rows.encode())}\tmuse\n".encode()
    )
    hub.git("update-ref", BRANCH, hub.git("commit-tree", "-p", BRANCH, "-m", "evil", top))
    held = one.reserve("b.py", "--run-id", "a")

    assert one.json("sync")["rejected"] == 4
    assert one.json("sync")["pushed"] == {}
    two.json("sync")
    assert held in two.held()
    assert two.refs("refs/muse-incoming/") == {}


def test_gc_takes_from_the_branch_what_nobody_needs(hub: Hub, settled: tuple[Repo, Repo]) -> None:
    one, two = settled
    tomorrow = one.coordinator(clock=lambda: datetime.now(UTC) + timedelta(days=1))
    assert tomorrow.gc(execute=True, remote=True).deleted_remotely == 2
    assert hub.git("ls-tree", "-r", "--name-only", BRANCH) == ""
    assert one.held() == []
    assert len(one.held("--all")) == 2
    two.coordinator(clock=lambda: datetime.now(UTC) + timedelta(days=1)).sync()
    assert len(two.held("--all")) == 2
    assert hub.git("ls-tree", "-r", "--name-only", BRANCH) == ""
