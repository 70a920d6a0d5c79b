"""Strict reservations across clones: of those who race, exactly one gets in, and the others leave nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.docs.test_schemas import answer
from tests.sync.clones import Scattered, clone_many, traces
from tests.sync.hubs import EVERYTHING, Hub, at_upload
from tests.tools import Repo, a_reservation

pytestmark = pytest.mark.slow

CLONES = 8
REFUSING = 'while read old new ref; do case "$ref" in refs/muse*) exit 1;; esac; done'


def race(hub: Hub, rounds: int, clones: int = CLONES) -> list[str]:
    """Let clones race for one address, round after round; return the winners."""
    here = clone_many(hub, clones)
    winners: list[str] = []
    with Scattered(clone.path for clone in here) as crowd:
        for number in range(rounds):
            told = crowd.race([f"f{number}.py::g"], [True] * clones)
            assert sorted(one.code for one in told) == [0, *[2] * (clones - 1)]
            winners += [one.reservation_id for one in told if one.reservation_id]
    assert len(traces(here, hub)) == len(winners) == rounds
    return winners


def test_exactly_one_of_the_clones_that_race_gets_in_over_every_transport(any_hub: Hub) -> None:
    winners = race(any_hub, 2)

    fresh = any_hub.clone("fresh")
    fresh.json("sync")
    assert sorted(fresh.held()) == sorted(winners)
    assert all(
        any(winner.endswith(ref.rsplit("/", 1)[1]) for winner in winners) for ref in any_hub.refs()
    )


def test_exactly_one_gets_in_through_the_branch(hub: Hub) -> None:
    hub.hook("pre-receive", REFUSING)
    first = hub.clone("first")
    first.reserve("other.py", "--run-id", "first")
    first.json("sync")

    here = clone_many(hub, 5)
    with Scattered(clone.path for clone in here) as crowd:
        for number in range(2):
            told = crowd.race([f"f{number}.py::g"], [True] * 5)
            assert sorted(one.code for one in told) == [0, *[2] * 4]


@pytest.mark.parametrize("refuses", [False, True], ids=["refs", "branch"])
def test_strict_ones_on_addresses_of_their_own_all_get_in(hub: Hub, refuses: bool) -> None:
    if refuses:
        hub.hook("pre-receive", REFUSING)
    here = clone_many(hub, CLONES)
    with Scattered(clone.path for clone in here) as crowd:
        told = crowd.race(["own"], [True] * CLONES, apart=True)

    assert [one.code for one in told] == [0] * CLONES
    here[0].json("sync")
    assert sorted(here[0].held()) == sorted(one.reservation_id or "" for one in told)


def test_the_loser_is_told_who_won_and_keeps_nothing(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    won = one.json("reserve", "src/", "--run-id", "a", "--strict", "--reason", "a rewrite")[
        "reservation_id"
    ]

    lost = answer(two, "reserve", "src/shop.py::f", "--run-id", "b", "--strict", code=2)
    assert lost["reservation_id"] is None
    assert [(one["reservation_id"], one["run_id"]) for one in lost["conflict_details"]] == [
        (won, "a")
    ]
    assert 'reason: "a rewrite"' in lost["conflicts"][0]
    assert one.refs() == two.refs() == hub.refs()
    assert two.held() == [won]


def test_a_strict_one_sees_what_was_reserved_plainly_and_pushed(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.json("sync")

    assert two.muse("reserve", "a.py", "--run-id", "b", "--strict").code == 2
    assert two.held() == [held]
    one.json("release", held, "--run-id", "a")
    one.json("sync")
    assert two.muse("reserve", "a.py", "--run-id", "b", "--strict").code == 0


def plain_in_between(hub: Hub) -> str:
    """Let a plain reservation arrive at the hub at the moment when a strict one has got in."""
    hub.hook("pre-receive", "cat >/dev/null")
    other = Repo(hub.path).plant_record(a_reservation("a.py", run_id="z", **_now()))
    ref = f"refs/muse/reservations/{other.removeprefix('sha256:')}"
    oid = hub.refs()[ref]
    hub.git("update-ref", "-d", ref)
    hub.hook("post-receive", f"grep -q muse-epoch && git update-ref {ref} {oid}; exit 0")
    return other


def _now() -> dict[str, object]:
    now = datetime.now(UTC)
    return {"created_at": now, "expires_at": now + timedelta(hours=1)}


def test_a_strict_one_withdraws_when_a_plain_one_came_in_between(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    other = plain_in_between(hub)

    lost = answer(one, "reserve", "a.py", "--run-id", "a", "--strict", code=2)
    assert [detail["reservation_id"] for detail in lost["conflict_details"]] == [other]
    left = set(hub.refs())
    [release] = hub.refs("refs/muse/releases/")
    assert (
        left
        == set(one.refs())
        == {f"refs/muse/reservations/{other.removeprefix('sha256:')}", release}
    )
    assert two.json("reserve", "b.py", "--run-id", "b", "--strict")["conflicts"] == []


def test_what_was_withdrawn_stays_so_when_another_clone_that_had_fetched_it_brings_it_back(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    other = plain_in_between(hub)
    fetch = f"env -u GIT_DIR git -C '{two.path}' fetch -q '{hub.path}' '{EVERYTHING}'"
    file = hub.path / "hooks/post-receive"
    file.write_text(
        file.read_text().replace("; exit 0", f"\n[ -e once ] || {{ touch once; {fetch}; }}")
    )
    assert one.muse("reserve", "a.py", "--run-id", "a", "--strict").code == 2
    file.unlink()
    assert len(two.held()) == 2

    for clone in (two, one, two):
        clone.json("sync")
    fresh = hub.clone("fresh")
    fresh.json("sync")
    for clone in (one, two, fresh):
        assert clone.held() == [other]


def test_the_release_of_what_was_withdrawn_is_kept_as_long_as_a_clone_may_bring_it_back(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    plain_in_between(hub)
    assert one.muse("reserve", "a.py", "--run-id", "a", "--strict", "--ttl", "3600").code == 2
    (hub.path / "hooks/post-receive").unlink()

    for minutes, kept in ((89, 1), (95, 0)):  # an hour, two graces of 15 minutes, and the skew of 2
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        one.coordinator(clock=lambda: moment).gc(execute=True, remote=True)  # noqa: B023 - called at once
        assert len(hub.refs("refs/muse/releases/")) == kept


def test_what_was_admitted_is_answered_so_when_the_remote_goes_away_before_the_second_look(
    clones: tuple[Repo, Repo], hub: Hub, tmp_path: Path
) -> None:
    one, _ = clones
    at_upload(one, tmp_path, 1, "true")
    (tmp_path / "upload-pack").write_text(
        f"#!/bin/sh\necho >>'{tmp_path}/asked'\n{_ONCE.format(tmp_path)}"
    )

    told = one.json("reserve", "a.py", "--run-id", "a", "--strict")

    held = told["reservation_id"]
    assert [f"refs/muse/reservations/{held.removeprefix('sha256:')}"] == list(hub.refs())
    assert one.held() == [held]
    assert len(told["warnings"]) == 1
    assert "whether a plain reservation came in between is not known" in told["warnings"][0]


_ONCE = "[ $(wc -l <'{0}/asked') = 1 ] || exit 1\nexec git-upload-pack \"$@\"\n"


def test_a_push_that_arrived_though_its_answer_was_lost_is_answered_as_admitted(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    hub.hook("post-receive", "cat >/dev/null; [ -e once ] || { touch once; kill -9 $PPID; }")

    told = one.json("reserve", "a.py", "--run-id", "a", "--strict")

    assert [f"refs/muse/reservations/{told['reservation_id'].removeprefix('sha256:')}"] == list(
        hub.refs()
    )
    assert one.held() == [told["reservation_id"]]


def test_where_it_is_not_known_whether_a_push_arrived_exit_5_is_made_true(
    hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path
) -> None:
    one, two = clones
    hub.hook("post-receive", f"cat >/dev/null; mv '{hub.path}' '{tmp_path}/away'; kill -9 $PPID")

    failed = answer(one, "reserve", "a.py", "--run-id", "a", "--strict", code=5)

    (tmp_path / "away").rename(hub.path)
    [ref] = hub.refs("refs/muse/reservations/")
    assert ref.rsplit("/", 1)[1][:12] in failed["error"]["message"]
    (hub.path / "hooks/post-receive").unlink()
    one.json("sync")
    two.json("sync")
    assert one.held() == two.held() == []


def test_an_interruption_takes_back_what_may_be_stored_and_names_it(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    hub.hook("post-receive", "cat >/dev/null; touch reached; sleep 3")
    process = subprocess.Popen(
        [sys.executable, "-m", "git_muse_coord", "reserve", "a.py", "--run-id", "a", "--strict"],
        cwd=one.path,
        stderr=subprocess.PIPE,
    )
    while not (hub.path / "reached").exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()

    assert process.returncode == 130
    [ref] = hub.refs("refs/muse/reservations/")
    assert ref.rsplit("/", 1)[1][:12] in err.decode()
    (hub.path / "hooks/post-receive").unlink()
    one.json("sync")
    two.json("sync")
    assert one.held() == two.held() == []


def test_where_nothing_can_be_deleted_a_strict_one_that_withdraws_is_released(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    other = plain_in_between(hub)
    hub.hook("update", f'[ "$3" != {"0" * 40} ]')

    assert one.muse("reserve", "a.py", "--run-id", "a", "--strict").code == 2
    for clone in (one, two):
        clone.json("sync")
        assert clone.held() == [other]
    (hub.path / "hooks/post-receive").unlink()
    assert two.json("reserve", "b.py", "--run-id", "b", "--strict")["conflicts"] == []


def test_with_the_remote_out_of_reach_nothing_is_stored_unless_local_is_enough(
    hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path
) -> None:
    one, _ = clones
    hub.path.rename(tmp_path / "away.git")

    failed = answer(one, "reserve", "a.py", "--run-id", "a", "--strict", code=5)
    assert failed["error"]["code"] == "remote_failed"
    ran = one.muse("reserve", "a.py", "--run-id", "a", "--strict")
    assert (ran.code, len(ran.err.splitlines())) == (5, 1)
    assert "origin" in ran.err
    assert "; nothing was stored; to decide it in this clone alone: --local" in ran.err
    assert one.refs() == one.refs("refs/muse-epoch/") == {}
    held = one.json("reserve", "a.py", "--run-id", "a", "--strict", "--local")["reservation_id"]
    assert one.held() == [held]


def test_a_dry_run_asks_no_remote(hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path) -> None:
    one, _ = clones
    hub.path.rename(tmp_path / "away.git")

    assert one.json("reserve", "a.py", "--strict", "--dry-run")["reservation_id"] is None


def test_the_epochs_of_clone_and_remote_are_never_fetched_into_each_other(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    one.json("reserve", "a.py", "--run-id", "a", "--strict")
    two.json("reserve", "b.py", "--run-id", "b", "--strict", "--local")
    mine = two.refs("refs/muse-epoch/")

    two.json("sync")
    two.git("fetch", "-q", "origin", EVERYTHING)
    assert two.refs("refs/muse-epoch/") == mine != {}
    assert one.refs("refs/muse-epoch/") == {}
    assert hub.refs("refs/muse-epoch/") not in ({}, mine)


def test_an_epoch_that_admits_what_is_archived_is_not_waited_for(
    clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = clones
    for options in ([], ["--local"]):
        one.json("reserve", "a.py", "--run-id", "a", "--ttl", "60", "--strict", *options)
    later = two.coordinator(clock=lambda: datetime.now(UTC) + timedelta(days=1))
    later.sync()
    assert later.gc(execute=True, remote=True).deleted_remotely >= 1
    one.coordinator(clock=lambda: datetime.now(UTC) + timedelta(days=1)).gc(execute=True)

    def no_pause(_: int) -> None:
        raise AssertionError("waited")

    for gate in ("local_gate", "remote_gate"):
        monkeypatch.setattr(f"git_muse_coord.store.sync.{gate}.pause", no_pause)
    for options in ([], ["--local"]):
        assert one.json("reserve", "b.py", "--run-id", "a", "--strict", *options)["conflicts"] == []
