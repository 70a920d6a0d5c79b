"""An operation for each address: a reservation for each operation, and all of them or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.docs.test_schemas import answer
from tests.tools import Ran, Repo

RENAME = ("--op", "rename=src/billing.py::compute_total")
MODIFY = ("--op", "modify=a.py::g")
BOTH = ("reserve", *RENAME, *MODIFY, "--run-id", "ann")


def held(repo: Repo) -> dict[str | None, list[str]]:
    """What is reserved, by what is to be done to it."""
    return {row["operation"]: row["addresses"] for row in repo.json("list")["reservations"]}


def test_there_is_a_reservation_for_each_operation(repo: Repo) -> None:
    made = answer(repo, *BOTH)

    assert made["reservation_id"] == made["reservation_ids"][0]
    assert made["addresses"] == ["a.py::g", "src/billing.py::compute_total"]
    assert made["operation"] is None
    assert [(row["operation"], row["addresses"]) for row in made["reservations"]] == [
        ("rename", ["src/billing.py::compute_total"]),
        ("modify", ["a.py::g"]),
    ]
    assert sorted(made["reservation_ids"]) == sorted(repo.held())
    assert held(repo) == {"rename": ["src/billing.py::compute_total"], "modify": ["a.py::g"]}


def test_a_single_operation_makes_a_single_reservation(repo: Repo) -> None:
    made = answer(repo, "reserve", "a.py", "--op", "modify", "--op", "modify=b.py")

    assert made["operation"] == "modify"
    assert made["reservation_ids"] == [made["reservation_id"]]
    assert made["reservations"] == []
    assert held(repo) == {"modify": ["a.py", "b.py"]}


def test_addresses_without_an_operation_of_their_own_have_that_of_all_or_none(repo: Repo) -> None:
    repo.json("reserve", "b.py", "a.py::g", *MODIFY, "--run-id", "ann")
    repo.json("reserve", "c.py", "--op", "move", "--op", "delete=d.py", "--run-id", "bob")

    assert held(repo) == {
        "modify": ["a.py::g"],
        None: ["b.py"],
        "delete": ["d.py"],
        "move": ["c.py"],
    }


def test_a_difference_is_reserved_beside_what_is_named(repo: Repo) -> None:
    repo.write(
        "src/billing.py", "def compute_total(items):\n    return 1\ndef g():\n    return 2\n"
    )
    repo.git("add", ".")

    repo.json("reserve", *RENAME, "--run-id", "ann", "--from-diff")

    assert held(repo) == {
        "rename": ["src/billing.py::compute_total"],
        None: ["src/billing.py::g"],
    }


def test_the_same_asked_again_is_kept_part_by_part(repo: Repo) -> None:
    first = repo.json(*BOTH)["reservation_ids"]

    again = repo.json(*BOTH)
    more = repo.json(*BOTH, "--op", "delete=c.py")

    assert (again["reservation_ids"], again["reused"]) == (first, True)
    assert more["reservation_ids"][:2] == first
    assert [row["reused"] for row in more["reservations"]] == [True, True, False]
    assert len(repo.held()) == 3


def test_a_second_one_is_made_where_that_is_wanted(repo: Repo) -> None:
    repo.json(*BOTH)

    assert repo.json(*BOTH, "--new")["reused"] is False
    assert len(repo.held()) == 4


def test_what_stands_is_extended(repo: Repo) -> None:
    repo.json(*BOTH, "--ttl", "60")

    longer = repo.json(*BOTH, "--ttl", "7200")

    rows = repo.json("list")["reservations"]
    assert longer["expires_at"] in [row["effective_expires_at"] for row in rows]
    assert all(row["effective_expires_at"] > row["expires_at"] for row in rows)


def test_a_dry_run_stores_nothing(repo: Repo) -> None:
    told = answer(repo, *BOTH, "--dry-run")

    assert (told["reservation_id"], told["reservation_ids"]) == (None, [])
    assert [row["reservation_id"] for row in told["reservations"]] == [None, None]
    assert repo.refs() == {}


@pytest.mark.parametrize("strict", [[], ["--strict"]])
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["--op", "paint=a.py"], "operation 'paint' is not one of"),
        (["--op", "move", "--op", "delete"], "both --op move and --op delete are for all"),
        (["--op", "move="], "an address is empty"),
        (["--op", "move=../outside"], "outside"),
    ],
)
def test_one_that_is_wrong_stops_all(
    repo: Repo, strict: list[str], wrong: list[str], message: str
) -> None:
    ran = repo.muse(*BOTH, *wrong, *strict)

    assert ran.code == 1
    assert message in ran.err
    assert repo.refs() == {}


def test_strict_ones_get_in_together_or_not_at_all(repo: Repo) -> None:
    other = repo.reserve("a.py", "--run-id", "bob")

    lost = answer(repo, *BOTH, "--strict", code=2)
    assert lost["reservation_ids"] == []
    assert repo.held() == [other]
    repo.muse("release", other, "--run-id", "bob")
    won = answer(repo, *BOTH, "--strict")

    assert sorted(won["reservation_ids"]) == sorted(repo.held())
    assert answer(repo, *BOTH, "--strict")["reservation_ids"] == won["reservation_ids"]
    for address in ("a.py::g", "src/billing.py"):
        assert repo.muse("reserve", address, "--run-id", "bob", "--strict").code == 2


@pytest.fixture
def clones(repo: Repo, tmp_path: Path) -> tuple[Repo, Repo]:
    """Two clones of one remote."""
    repo.write("a.py", "def g():\n    return 1\n")
    repo.commit("a")
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "hub"))
    for name in ("one", "two"):
        repo.git("clone", "-q", str(tmp_path / "hub"), str(tmp_path / name))
    return Repo(tmp_path / "one"), Repo(tmp_path / "two")


def test_strict_ones_get_in_together_at_a_remote(clones: tuple[Repo, Repo]) -> None:
    first, second = clones

    won = first.json(*BOTH, "--strict")
    lost = second.muse("reserve", *MODIFY, "--op", "move=b.py", "--run-id", "bob", "--strict")

    assert lost.code == 2
    assert sorted(second.held()) == sorted(won["reservation_ids"])
    assert len(second.held()) == 2


def test_strict_ones_are_withdrawn_together(clones: tuple[Repo, Repo], monkeypatch: Any) -> None:
    first, second = clones
    from git_muse_coord.coordinator import strict

    look_again = strict.Contest.look_again

    def after_a_plain_one(contest: strict.Contest) -> Any:
        # A plain reservation does not move the epoch, so it can come in between.
        second.reserve("a.py::g", "--run-id", "bob")
        second.json("sync")
        return look_again(contest)

    monkeypatch.setattr(strict.Contest, "look_again", after_a_plain_one)
    lost: Ran = first.muse(*BOTH, "--strict")
    monkeypatch.undo()

    assert lost.code == 2
    for clone in clones:
        clone.json("sync")
        assert [row["run_id"] for row in clone.json("list")["reservations"]] == ["bob"]


def test_several_are_named_in_text(repo: Repo) -> None:
    ran = repo.muse(*BOTH)

    lines = [line.split(":", 1)[0].strip() for line in ran.out.splitlines()]
    assert lines.count("Reservation ID") == lines.count("Operation") == 2
    assert all(reservation_id in ran.out for reservation_id in repo.held())


def test_the_library_takes_operations(repo: Repo) -> None:
    made = repo.coordinator().reserve(["b.py"], op=["rename=a.py::f", "modify"], run_id="ann")

    assert len(made.reservation_ids) == 2
    assert held(repo) == {"rename": ["a.py::f"], "modify": ["b.py"]}


def test_a_difference_of_the_working_tree_is_reserved(repo: Repo) -> None:
    repo.write("src/billing.py", "def compute_total(items):\n    return 1\n")

    made = answer(repo, "reserve", "--from-diff", "--worktree", "--run-id", "ann")

    assert made["addresses"] == ["src/billing.py::compute_total"]


@pytest.mark.parametrize("line", [["a.py", "--worktree"], ["--from-diff=HEAD", "--worktree"]])
def test_the_working_tree_goes_with_a_difference_alone(repo: Repo, line: list[str]) -> None:
    ran = repo.muse("reserve", *line)

    assert ran.code == 1
    assert "--worktree goes with --from-diff without a RANGE" in ran.err
    assert repo.refs() == {}
