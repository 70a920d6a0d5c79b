"""Settings, races and damage that would make naive pushes and fetches lose records, or fail."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from git_muse_coord.model.names import NOTES
from git_muse_coord.model.records import Claim
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.store.records import notes
from tests.docs.test_schemas import answer
from tests.sync.hubs import EVERYTHING, LISTINGS, Hub, at_upload
from tests.tools import Repo

pytestmark = pytest.mark.slow

NOBODY = "f" * 64


def ref_of(content_id: str, folder: str = "reservations") -> str:
    return f"refs/muse/{folder}/" + content_id.removeprefix("sha256:")


def a_claim(task: str, run_id: str) -> Claim:
    now = datetime.now(UTC)
    return Claim(
        run_id=RunId(run_id),
        nonce=run_id,
        task_id=RecordId(f"sha256:{task}"),
        attempt=1,
        reservation_id=None,
        claimed_at=now,
        expires_at=now + timedelta(hours=1),
    )


def test_pruning_fetches_do_not_cost_what_was_not_pushed(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    one.git("config", "fetch.prune", "true")
    one.git("config", "remote.origin.prune", "true")
    one.git("config", "--add", "remote.origin.fetch", EVERYTHING)
    mine = one.reserve("a.py", "--run-id", "a")
    yours = two.reserve("b.py", "--run-id", "b")
    two.json("sync")

    one.json("sync", "--fetch-only")
    assert one.held() == [mine, yours]


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"0" * 40 + b"\n", b"torn"], ids=["empty", "line", "null", "text"]
)
def test_a_torn_ref_file_here_costs_nothing_there_and_is_mended(
    hub: Hub, clones: tuple[Repo, Repo], content: bytes
) -> None:
    one, _ = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    there = hub.refs()
    (one.git_dir / ref_of(held)).write_bytes(content)
    fresh = one.reserve("b.py", "--run-id", "a")

    told = answer(one, "sync")
    assert told["fetched"] == told["pushed"] == {"reservations": 1}
    assert one.held() == [held, fresh]
    assert hub.refs().items() >= there.items()
    one.sound()


def test_an_object_lost_here_comes_back_from_the_cache(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.loose(one.refs()[ref_of(held)]).unlink()

    assert one.json("sync")["pushed"] == {"reservations": 1}
    two.json("sync")
    assert two.held() == [held]
    one.sound()


def test_an_object_lost_here_and_in_the_cache_comes_back_from_the_remote(
    clones: tuple[Repo, Repo],
) -> None:
    one, _ = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    for file in (one.git_dir / "muse-coord").glob("records-*"):
        file.unlink()
    one.loose(one.refs()[ref_of(held)]).unlink()

    assert one.json("sync")["fetched"] == {"reservations": 1}
    assert one.held() == [held]
    one.sound()


def test_a_ref_that_vanishes_between_listing_and_fetching_keeps_no_other_back(
    hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path
) -> None:
    one, two = clones
    gone = two.reserve("gone.py", "--run-id", "b")
    held = two.reserve("held.py", "--run-id", "b")
    two.json("sync")
    asked = at_upload(
        one, tmp_path, LISTINGS + 1, f'git --git-dir="$1" update-ref -d {ref_of(gone)}'
    )

    assert one.json("sync")["fetched"] == {"reservations": 1}
    assert one.held() == [held]
    assert len(asked.read_text().splitlines()) >= LISTINGS + 3
    assert ref_of(gone) not in hub.refs()


HOSTILE = {
    "push.gpgSign": "true",
    "remote.origin.mirror": "true",
    "push.pushOption": "ci.skip",
    "push.followTags": "true",
    "push.recurseSubmodules": "check",
    "submodule.recurse": "true",
    "fetch.recurseSubmodules": "true",
    "push.default": "nothing",
    "push.useForceIfIncludes": "true",
    "push.negotiate": "true",
    "remote.origin.push": "refs/heads/*:refs/heads/*",
    "remote.origin.tagOpt": "--tags",
    "fetch.pruneTags": "true",
    "fetch.fsckObjects": "true",
    "commit.gpgSign": "true",
    "gpg.program": "false",
    "user.useConfigOnly": "true",
    "core.logAllRefUpdates": "always",
    "transfer.fsckObjects": "true",
    "color.ui": "always",
    "status.branch": "true",
}


def test_settings_of_the_user_bend_neither_sync_nor_strict_nor_gc(
    hub: Hub, clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = clones
    for variable in (
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
    ):
        monkeypatch.delenv(variable)
    one.git("tag", "v1")
    heads = hub.refs("refs/heads/")
    for name, value in HOSTILE.items():
        one.git("config", name, value)
    held = one.reserve("a.py", "--run-id", "a")
    old = one.coordinator(clock=lambda: datetime.now(UTC) - timedelta(days=1)).reserve(
        ["o.py"], run_id="a", ttl=60
    )
    notes.add(one.coordinator().repository, one.git("rev-parse", "HEAD"), {"run_id": "a"})

    assert one.json("sync")["pushed"] == {"reservations": 1}
    assert one.json("reserve", "b.py", "--run-id", "a", "--strict")["reservation_id"]
    assert one.json("gc", "--execute", "--remote")["kept"] == 2
    two.json("sync")
    assert held in two.held()
    assert old.reservation_id in two.held("--all")
    assert hub.refs("refs/heads/") == heads
    assert hub.refs("refs/tags/") == {}
    assert hub.refs(NOTES) == one.refs(NOTES) != {}


@pytest.mark.parametrize("hooks_path", [False, True])
def test_hooks_of_the_user_do_not_run_at_our_pushes(
    hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path, hooks_path: bool
) -> None:
    one, _ = clones
    place = tmp_path / "hooks" if hooks_path else one.git_dir / "hooks"
    place.mkdir(exist_ok=True)
    for name in (
        "pre-push",
        "post-commit",
        "post-merge",
        "pre-auto-gc",
        "prepare-commit-msg",
        "commit-msg",
    ):
        (place / name).write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\nexit 1\n")
        (place / name).chmod(0o755)
    if hooks_path:
        one.git("config", "core.hooksPath", str(place))
    one.reserve("a.py", "--run-id", "a")

    assert one.json("sync")["pushed"] == {"reservations": 1}
    assert one.json("reserve", "b.py", "--run-id", "a", "--strict")["reservation_id"]
    assert not (tmp_path / "ran").exists()


def test_of_two_claims_for_one_attempt_the_first_at_the_remote_stands_in_both_clones(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    first = one.plant_record(a_claim(NOBODY, "a"))
    second = two.plant_record(a_claim(NOBODY, "b"))
    one.json("sync")

    assert two.json("sync")["fetched"] == {"claims": 1}
    assert one.refs() == two.refs() == hub.refs()
    assert two.json("show", first)["record"]["run_id"] == "a"
    assert two.muse("show", second).code == 4


def test_a_clone_that_finds_its_release_taken_by_another_does_not_think_refs_are_refused(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.git("push", "-q", "origin", EVERYTHING)
    two.git("fetch", "-q", "origin", EVERYTHING)
    one.json("release", held, "--run-id", "a")
    two.json("release", held, "--run-id", "a")
    one.git("push", "-q", "origin", EVERYTHING)

    for options in (["--push-only"], []):
        told = two.json("sync", *options)
        assert told["via"] == "refs"
        assert told["pushed"] == {}
    assert two.refs() == hub.refs()


def test_of_many_notes_added_at_once_none_is_lost(repo: Repo) -> None:
    script = (
        "import sys; from git_muse_coord.store.records import notes\n"
        "from git_muse_coord.store.git.repository import Repository\n"
        "notes.add(Repository(sys.argv[1], True), 'HEAD', {'run_id': sys.argv[2]})"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(repo.path), str(n)], env=os.environ)
        for n in range(24)
    ]

    assert [one.wait() for one in writers] == [0] * 24
    assert set(repo.git("notes", "--ref=muse-coord", "show").split()) == {
        f'{{"run_id":"{n}"}}' for n in range(24)
    }


def test_notes_of_two_clones_that_sync_in_turn_are_all_kept(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    for number in range(4):
        for clone in clones:
            notes.add(
                clone.coordinator().repository, "HEAD", {"run_id": f"{clone.path.name}-{number}"}
            )
        for clone in clones:
            clone.json("sync")
    one.json("sync")

    wanted = {
        f'{{"run_id":"{clone.path.name}-{number}"}}' for clone in clones for number in range(4)
    }
    for clone in (one, two):
        assert set(clone.git("notes", "--ref=muse-coord", "show").split()) == wanted


def test_where_deletions_are_refused_everything_works_but_clearing(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    hub.hook("update", f'[ "$3" != {"0" * 40} ]')
    held = one.reserve("a.py", "--run-id", "a", "--strict")
    old = one.coordinator(clock=lambda: datetime.now(UTC) - timedelta(days=1)).reserve(
        ["o.py"], run_id="a", ttl=60
    )
    one.git("push", "-q", "origin", EVERYTHING)

    for extension in ("4000", "5000", "6000"):
        one.json("heartbeat", held, "--run-id", "a", "--extension", extension)
        assert one.json("sync")["pushed"] == {"heartbeats": 1}
    assert two.muse("reserve", "a.py", "--run-id", "b", "--strict").code == 2
    told = answer(one, "gc", "--execute", "--remote", code=5)
    assert told["error"]["message"] == "remote 'origin' lets no ref be deleted"
    assert told["deleted_remotely"] == 0
    assert one.json("gc", "--execute")["kept"] == 2
    assert ref_of(old.reservation_id or "") in hub.refs()
    assert hub.refs("refs/muse-archive/") == one.refs("refs/muse-archive/") != {}
    two.json("sync")
    assert two.held() == [held]
    assert two.json("list")["reservations"][0]["seconds_left"] > 5000

    (hub.path / "hooks/update").unlink()
    assert answer(one, "gc", "--execute", "--remote")["deleted_remotely"] == 3
    assert len(hub.refs()) == 2
    one.json("heartbeat", held, "--run-id", "a", "--extension", "7000")
    one.json("sync")
    assert len(hub.refs()) == 2


def test_another_clone_that_deletes_first_is_no_refusal_of_deletions(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.json("heartbeat", held, "--run-id", "a", "--extension", "4000")
    one.json("sync")
    beat = next(ref for ref in hub.refs() if "heartbeats" in ref)
    one.json("heartbeat", held, "--run-id", "a", "--extension", "5000")
    hub.hook("update", f'[ "$1" != {beat} ] || {{ git update-ref -d {beat}; exit 1; }}')

    one.json("sync")
    assert one.git("config", "muse-coord.origin.deletions", check=False) != "false"
    assert hub.refs() == one.refs()


def test_where_pushes_cannot_be_atomic_only_strict_and_clearing_fail(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    hub.git("config", "receive.advertiseAtomic", "false")
    held = one.reserve("a.py", "--run-id", "a")
    one.coordinator(clock=lambda: datetime.now(UTC) - timedelta(days=1)).reserve(
        ["o.py"], run_id="a", ttl=60
    )
    one.git("push", "-q", "origin", EVERYTHING)
    assert one.json("sync")["pushed"] == {}
    two.json("sync")
    assert two.held() == [held]

    for line in (["reserve", "b.py", "--run-id", "a", "--strict"], ["gc", "--execute", "--remote"]):
        ran = one.muse(*line)
        assert ran.code == 5
        assert "origin" in ran.err
        assert "atomic" in ran.err
    assert one.held() == [held]
    assert hub.refs("refs/muse-epoch/") == {}
    assert one.json("reserve", "b.py", "--run-id", "a", "--strict", "--local")["reservation_id"]


def test_with_hidden_refs_records_travel_on_the_branch(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    hub.git("config", "transfer.hideRefs", "refs/muse")
    held = one.reserve("a.py", "--run-id", "a")

    assert one.json("sync")["via"] == "branch"
    assert two.json("sync")["fetched"] == {"reservations": 1}
    assert two.held() == [held]
