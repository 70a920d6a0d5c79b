"""Plain git push and fetch carry reservations from clone to clone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow

EVERYTHING = "refs/muse/*:refs/muse/*"


@pytest.fixture
def clones(repo: Repo, tmp_path: Path) -> tuple[Repo, Repo]:
    git_in(tmp_path, "clone", "-q", "--bare", str(repo.path), "hub.git")
    for name in ("one", "two"):
        git_in(tmp_path, "clone", "-q", "hub.git", name)
    return Repo(tmp_path / "one"), Repo(tmp_path / "two")


def test_reservations_heartbeats_and_releases_show_in_the_other_clone(
    clones: tuple[Repo, Repo],
) -> None:
    one, two = clones
    first = one.reserve("src/billing.py::f", "--run-id", "a", "--reason", "größer")
    second = one.reserve("src/shop.py", "--run-id", "a", "--depends-on", first)
    one.git("push", "-q", "origin", EVERYTHING)
    two.git("fetch", "-q", "origin", EVERYTHING)

    assert two.held() == one.held() == [first, second]
    warned = two.json("reserve", "src/", "--run-id", "b", "--depends-on", second[:20])
    assert {row["reservation_id"] for row in warned["conflict_details"]} == {first, second}

    one.json("heartbeat", second, "--run-id", "a", "--extension", "9000")
    one.json("release", first, "--run-id", "a")
    one.git("push", "-q", "origin", EVERYTHING)
    two.git("fetch", "-q", "origin", EVERYTHING)

    assert two.held() == [second, warned["reservation_id"]]
    assert two.json("list", "--run-id", "a")["reservations"][0]["seconds_left"] > 8000
    two.git("push", "-q", "origin", EVERYTHING)
    one.git("fetch", "-q", "origin", EVERYTHING)
    assert one.refs() == two.refs()
    assert one.json("dag")["order"] == two.json("dag")["order"]
    for clone in clones:
        clone.sound()


def test_a_mirror_brings_everything_and_is_a_repository_like_any_other(
    clones: tuple[Repo, Repo], tmp_path: Path
) -> None:
    one, _ = clones
    held = one.reserve("a.py", "--run-id", "a")
    one.git("push", "-q", "origin", EVERYTHING)

    git_in(tmp_path, "clone", "-q", "--mirror", "hub.git", "mirror.git")

    mirror = Repo(tmp_path / "mirror.git")
    assert mirror.held() == [held]
    mirror.sound()


def test_the_epochs_of_two_clones_stay_apart(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    held = one.reserve("a.py", "--run-id", "a", "--strict")
    one.git("push", "-q", "origin", EVERYTHING)
    two.git("fetch", "-q", "origin", EVERYTHING)

    assert two.refs("refs/muse-epoch/head") == {}
    assert two.muse("reserve", "a.py", "--run-id", "b", "--strict").code == 2
    assert two.held() == [held]


def test_a_tampered_record_that_a_fetch_brings_is_ignored(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    held = one.reserve("a.py", "--run-id", "a")
    ref = next(iter(one.refs()))
    one.git("push", "-q", "origin", EVERYTHING)
    two.git("fetch", "-q", "origin", EVERYTHING)
    assert two.held() == [held]

    forged = one.git("cat-file", "blob", ref).replace('"run_id":"a"', '"run_id":"z"')
    one.git("update-ref", ref, one.git("hash-object", "-w", "--stdin", given=forged.encode()))
    one.git("push", "-q", "--force", "origin", EVERYTHING)
    two.git("fetch", "-q", "origin", EVERYTHING)

    assert two.held() == []
    assert two.bad() == {ref: "its name does not match its record"}
