"""What one clone reserves, extends and releases, the others see, and only what is new travels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from git_muse_coord.model.names import NOTES
from tests.docs.test_schemas import answer
from tests.sync.hubs import EVERYTHING, Hub, plant_records
from tests.tools import Repo, a_reservation, git_in

pytestmark = pytest.mark.slow

NOTHING = {
    "fetched": {},
    "pushed": {},
    "rejected": 0,
    "not_understood": 0,
    "archived": 0,
    "deleted": 0,
}


def changed(result: dict[str, object]) -> dict[str, object]:
    """The counts of a sync."""
    return {name: result[name] for name in NOTHING}


def test_what_one_clone_does_the_other_sees_after_sync_over_every_transport(any_hub: Hub) -> None:
    one, two = any_hub.clone("one"), any_hub.clone("two")
    first = one.reserve("src/billing.py::f", "--run-id", "a", "--reason", "größer")
    second = one.reserve("src/shop.py", "--run-id", "a", "--depends-on", first)

    assert answer(one, "sync")["pushed"] == {"reservations": 2}
    assert answer(two, "sync")["fetched"] == {"reservations": 2}
    assert two.held() == one.held() == [first, second]

    one.json("heartbeat", second, "--run-id", "a", "--extension", "9000")
    one.json("release", first, "--run-id", "a")
    assert answer(one, "sync")["pushed"] == {"heartbeats": 1, "releases": 1}
    assert answer(two, "sync")["fetched"] == {"heartbeats": 1, "releases": 1}

    assert two.held() == [second]
    assert two.json("list")["reservations"][0]["seconds_left"] > 8000
    assert one.refs() == two.refs() == any_hub.refs()
    for clone in (one, two):
        assert changed(answer(clone, "sync")) == NOTHING
        assert clone.refs("refs/muse-incoming/") == {}
        clone.sound()


def test_what_was_synced_a_plain_fetch_brings_and_what_was_plainly_pushed_a_sync_brings(
    any_hub: Hub,
) -> None:
    one, two = any_hub.clone("one"), any_hub.clone("two")
    first = one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    two.git("fetch", "-q", "origin", EVERYTHING)
    assert two.held() == [first]

    two.json("release", first, "--run-id", "a")
    second = two.reserve("b.py", "--run-id", "b")
    two.git("push", "-q", "origin", EVERYTHING)
    assert one.json("sync")["fetched"] == {"releases": 1, "reservations": 1}
    assert one.held() == [second]


def test_a_sync_with_nothing_new_changes_no_ref_anywhere(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    two.json("sync")
    before = one.refs("refs/"), two.refs("refs/"), hub.refs("refs/")

    for clone in (one, two, one):
        assert changed(clone.json("sync")) == NOTHING
    assert (one.refs("refs/"), two.refs("refs/"), hub.refs("refs/")) == before
    assert two.git("rev-parse", "--verify", "-q", "FETCH_HEAD", check=False) == ""


def test_only_what_is_new_travels(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    for number in range(20):
        one.reserve(f"f{number}.py", "--run-id", "a")
    assert one.json("sync")["pushed"] == {"reservations": 20}
    hub.hook("pre-receive", "cat >>pushed")
    hub.git("config", "receive.unpackLimit", "1")
    newest = one.reserve("new.py", "--run-id", "a")

    assert one.json("sync")["pushed"] == {"reservations": 1}
    assert len((hub.path / "pushed").read_text().splitlines()) == 1
    two.json("sync")
    packs = len(list((two.git_dir / "objects/pack").glob("*.pack")))
    one.json("release", newest, "--run-id", "a")
    one.json("sync")
    loose = two.git("count-objects").split()[0]
    assert two.json("sync")["fetched"] == {"releases": 1}
    assert int(two.git("count-objects").split()[0]) - int(loose) == 1
    assert len(list((two.git_dir / "objects/pack").glob("*.pack"))) == packs


def test_fetch_only_pushes_nothing_and_push_only_fetches_nothing(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    mine = one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    yours = two.reserve("b.py", "--run-id", "b")

    assert answer(two, "sync", "--fetch-only")["fetched"] == {"reservations": 1}
    assert len(hub.refs()) == 1
    assert two.held() == [mine, yours]
    third = one.reserve("c.py", "--run-id", "a")
    two.json("sync")
    assert answer(one, "sync", "--push-only")["pushed"] == {"reservations": 1}
    assert one.held() == [mine, third]
    assert len(hub.refs()) == 3
    ran = one.muse("sync", "--fetch-only", "--push-only")
    assert ran.code == 1
    assert "exclude" in ran.err


def test_a_conflict_across_clones_is_told_to_whoever_syncs_second(
    clones: tuple[Repo, Repo],
) -> None:
    one, two = clones
    first = one.reserve("src/", "--run-id", "a", "--reason", "a rewrite")
    second = two.reserve("src/shop.py", "--run-id", "b")

    assert one.json("sync")["conflict_details"] == []
    told = answer(two, "sync")["conflict_details"]
    assert [(one["reservation_id"], one["run_id"], one["reason"]) for one in told] == [
        (first, "a", "a rewrite")
    ]
    assert "src/" in two.muse("list").out
    assert two.held("--conflicts") == [first, second]
    assert two.json("sync")["conflict_details"] == []


def test_the_text_says_what_went_which_way(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.reserve("a.py", "--run-id", "a")

    assert one.muse("sync").out.splitlines() == [
        "Synced with origin",
        "  fetched   nothing new",
        "  pushed    1 reservation",
    ]


def test_only_the_records_of_a_sync_are_pushed_and_no_branch(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    one.reserve("a.py", "--run-id", "a")
    one.write("new.txt", "new\n")
    one.commit("Not for the hub")
    one.git("tag", "-m", "neither", "v1")
    before = hub.refs("refs/")

    one.json("sync")

    assert {ref for ref in hub.refs("refs/") if ref not in before} == set(one.refs())
    assert {ref: oid for ref, oid in hub.refs("refs/").items() if ref in before} == before


def test_more_records_than_one_push_takes_all_arrive(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    now = datetime.now(UTC)
    many = [
        a_reservation(f"f{n}.py", created_at=now, expires_at=now + timedelta(hours=1))
        for n in range(450)
    ]
    held = plant_records(one.path, many)

    assert one.json("sync")["pushed"] == {"reservations": 450}
    assert two.json("sync")["fetched"] == {"reservations": 450}
    assert sorted(two.held()) == sorted(held)
    assert hub.refs() == two.refs()


def test_notes_travel_and_unite(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    from git_muse_coord.store.records import notes

    one, two = clones
    commit = one.git("rev-parse", "HEAD")
    notes.add(one.coordinator().repository, commit, {"run_id": "a"})
    one.json("sync")
    notes.add(two.coordinator().repository, commit, {"run_id": "b"})
    two.json("sync")
    one.json("sync")

    lines = '{"run_id":"a"}', '{"run_id":"b"}'
    for clone in (one, two):
        assert set(clone.git("notes", "--ref=muse-coord", "show", commit).split()) == set(lines)
    assert one.refs(NOTES) == two.refs(NOTES) == hub.refs(NOTES)
    assert changed(two.json("sync")) == NOTHING
    assert one.git("log", "-1", "--format=%N", "--notes=muse-coord").split() == sorted(lines)


def test_a_bare_clone_and_a_linked_worktree_sync_too(
    hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path
) -> None:
    one, _ = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.git("worktree", "add", "-q", "--detach", str(tmp_path / "beside"))
    assert Repo(tmp_path / "beside").json("sync")["pushed"] == {"reservations": 1}

    git_in(tmp_path, "clone", "-q", "--bare", hub.url, "bare.git")
    bare = Repo(tmp_path / "bare.git")
    assert bare.json("sync")["fetched"] == {"reservations": 1}
    assert bare.held() == [held]


@pytest.mark.parametrize("option", ["--depth=1", "--filter=blob:none"])
def test_shallow_and_partial_clones_sync_too(hub: Hub, tmp_path: Path, option: str) -> None:
    hub.git("config", "uploadpack.allowFilter", "true")
    git_in(tmp_path, "clone", "-q", option, hub.path.as_uri(), "small")
    small = Repo(tmp_path / "small")
    one = hub.clone("one")
    held = one.reserve("a.py", "--run-id", "a")
    one.json("sync")

    assert small.json("sync")["fetched"] == {"reservations": 1}
    mine = small.reserve("b.py", "--run-id", "b")
    assert small.json("sync")["pushed"] == {"reservations": 1}
    assert small.held() == [held, mine]
