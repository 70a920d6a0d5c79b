"""The same asked again with --strict: only what the remote admitted is an answer."""

from __future__ import annotations

from tests.sync.hubs import Hub
from tests.tools import Repo


def test_what_a_remote_admitted_is_answered_by_the_remote_alone(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, other = clones
    here = one.json("reserve", "README.md", "--run-id", "ann", "--strict", "--local")
    there = one.json("reserve", "README.md", "--run-id", "ann", "--strict")
    again = one.json("reserve", "README.md", "--run-id", "ann", "--strict")
    elsewhere = other.json("reserve", "README.md", "--run-id", "ann", "--strict")

    assert (there["reused"], again["reused"], elsewhere["reused"]) == (False, True, True)
    assert here["reservation_id"] != there["reservation_id"]
    assert again["reservation_id"] == elsewhere["reservation_id"] == there["reservation_id"]
    assert len(hub.refs("refs/muse/reservations/")) == 1


def test_a_release_at_the_remote_ends_what_was_admitted(clones: tuple[Repo, Repo]) -> None:
    one, other = clones
    first = one.json("reserve", "README.md", "--run-id", "ann", "--strict")["reservation_id"]
    other.json("sync")
    other.json("release", first, "--run-id", "ann")
    other.json("sync")

    again = one.json("reserve", "README.md", "--run-id", "ann", "--strict")

    assert not again["reused"]
    assert again["reservation_id"] != first
