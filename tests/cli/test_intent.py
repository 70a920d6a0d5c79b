"""Announcing an operation: alone with its own end, or as part of a reservation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.errors import BadInput, NotThere
from tests.tools import NOON, Repo

TOTAL = "src/billing.py::compute_total"


def test_one_that_stands_alone_has_its_own_run_and_end(repo: Repo) -> None:
    library = repo.coordinator(clock=lambda: NOON)

    made = library.intent([TOTAL, "src/"], op="split", detail="into two", run_id="a", ttl=60)

    assert (made.run_id, made.operation, made.detail, made.reservation_id) == (
        "a",
        "split",
        "into two",
        None,
    )
    assert made.addresses == ("src/", TOTAL)
    assert made.expires_at == NOON + timedelta(seconds=60)
    assert f"refs/muse/intents/{made.intent_id.removeprefix('sha256:')}" in repo.refs()
    assert repo.bad() == {}


def test_one_with_a_reservation_takes_run_branch_end_and_addresses_from_it(repo: Repo) -> None:
    reserved = repo.json("reserve", TOTAL, "--run-id", "a", "--ttl", "90")
    repo.git("checkout", "-q", "-b", "elsewhere")

    made = repo.json(
        "intent", "--op", "inline", "--reservation-id", reserved["reservation_id"][:20]
    )

    assert made["reservation_id"] == reserved["reservation_id"]
    assert (made["run_id"], made["branch"], made["expires_at"]) == (
        "a",
        reserved["branch"],
        reserved["expires_at"],
    )
    assert made["addresses"] == [TOTAL]


def test_an_address_outside_of_the_reservation_is_mentioned(repo: Repo) -> None:
    one = repo.reserve("src/", "--run-id", "a")
    made = repo.json("intent", TOTAL, "README.md", "--op", "modify", "--reservation-id", one)
    assert made["warnings"] == ["README.md is not part of the reservation"]


@pytest.mark.parametrize(
    "line",
    [
        [TOTAL],
        [TOTAL, "--op", "paint"],
        ["--op", "modify"],
        [TOTAL, "--op", "modify", "--ttl", "0"],
        [TOTAL, "--op", "modify", "--reservation-id", "no"],
        ["../x", "--op", "modify"],
        [TOTAL, "--op", "modify", "--detail", "x" * 100_000],
    ],
)
def test_bad_input_stores_nothing(repo: Repo, line: list[str]) -> None:
    ran = repo.muse("intent", *line)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "\\n" not in ran.err
    assert repo.refs() == {}


def test_the_reservation_must_be_there_and_active_and_ours(repo: Repo) -> None:
    one = repo.reserve(TOTAL, "--run-id", "a")
    library = repo.coordinator()
    with pytest.raises(BadInput, match="held by run-id 'a'"):
        library.intent([TOTAL], op="modify", reservation_id=one, run_id="b")
    with pytest.raises(BadInput, match="ends when that does"):
        library.intent([TOTAL], op="modify", reservation_id=one, ttl=5)
    with pytest.raises(NotThere):
        library.intent([TOTAL], op="modify", reservation_id="f" * 64)
    repo.muse("release", one, "--run-id", "a")
    with pytest.raises(NotThere, match="released"):
        library.intent([TOTAL], op="modify", reservation_id=one)


def test_show_tells_whether_it_still_counts(repo: Repo) -> None:
    one = repo.reserve(TOTAL, "--run-id", "a")
    linked = repo.json("intent", "--op", "modify", "--reservation-id", one)["intent_id"]
    alone = repo.json("intent", TOTAL, "--op", "modify", "--run-id", "a")["intent_id"]
    assert repo.json("show", linked)["state"] == "active"
    repo.muse("release", one, "--run-id", "a")
    assert repo.json("show", linked)["state"] == "released"
    assert repo.json("show", alone)["state"] == "active"
    library: Coordinator = repo.coordinator(clock=lambda: NOON + timedelta(days=36500))
    assert library.show(alone).state == "expired"
