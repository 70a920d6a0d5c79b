"""What a run held until a short while ago: a commit that changes it says so, and how to go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.tools import Repo, a_reservation, program

PLACE = "src/billing.py::compute_total"
AGAIN = f"git muse-coord reserve {PLACE}"


@pytest.fixture
def working(repo: Repo) -> Repo:
    """A repository of ann's in which the function has changed, and is staged."""
    repo.git("config", "muse-coord.runId", "ann")
    repo.write("src/billing.py", "def compute_total(items):\n    return 2 * sum(items)\n")
    repo.git("add", "-A")
    return repo


def lost(repo: Repo, *places: str, ago: timedelta = timedelta(minutes=5), **facts: Any) -> str:
    """A reservation of ann's that ended some time ago."""
    ended = datetime.now(UTC) - ago
    begun = ended - timedelta(hours=1)
    times = {"created_at": begun, "expires_at": ended}
    return repo.plant_record(a_reservation(*places, **{"run_id": "ann", **times, **facts}))


def told(repo: Repo) -> list[str]:
    warnings: list[str] = repo.json("check")["warnings"]
    return [warning for warning in warnings if "git muse-coord reserve" in warning]


def test_what_has_expired_lately_is_told_with_the_command_to_go_on(working: Repo) -> None:
    lost(working, PLACE)

    (warning,) = told(working)

    assert warning.startswith(f"your reservation of {PLACE} ended at ")
    assert warning.endswith(AGAIN)


def test_the_hook_tells_it_and_stops_nothing(working: Repo) -> None:
    working.git("config", "muse-coord.hookMode", "block")
    lost(working, PLACE)

    (warning,) = working.json("hook", "pre-commit")["warnings"]

    assert warning.endswith(AGAIN)


@pytest.mark.parametrize(
    ("places", "facts"),
    [
        ((PLACE,), {"ago": timedelta(hours=5)}),
        ((PLACE,), {"run_id": "bob"}),
        (("src/billing.py::another",), {}),
        (("README.md",), {}),
    ],
    ids=["long ago", "another's", "another symbol", "another file"],
)
def test_what_is_no_news_to_the_run_is_passed_in_silence(
    working: Repo, places: tuple[str, ...], facts: dict[str, Any]
) -> None:
    lost(working, *places, **facts)

    assert told(working) == []


@pytest.mark.parametrize("place", [PLACE, "src/", "src/billing.py"])
def test_what_is_held_again_is_not_told(working: Repo, place: str) -> None:
    lost(working, PLACE)
    working.reserve(place)

    assert told(working) == []


def test_what_the_run_released_itself_is_not_told(working: Repo) -> None:
    held = working.reserve(PLACE)
    working.json("release", held)

    assert told(working) == []


def test_what_another_run_released_is_told_with_its_name(working: Repo) -> None:
    held = working.reserve(PLACE)
    working.json("release", held, "--force", "--run-id", "bob")

    (warning,) = told(working)

    assert warning.startswith(f"run-id 'bob' ended your reservation of {PLACE} at ")
    assert warning.endswith(AGAIN)


def test_a_path_with_a_blank_is_quoted_for_a_shell(repo: Repo) -> None:
    repo.git("config", "muse-coord.runId", "ann")
    repo.write("ä b.md", "# x\n")
    repo.git("add", "-A")
    lost(repo, "ä b.md")

    (warning,) = told(repo)

    assert warning.endswith("git muse-coord reserve 'ä b.md'")


def test_nobody_in_particular_has_lost_nothing(working: Repo) -> None:
    working.git("config", "muse-coord.runId", "unknown")
    lost(working, PLACE, run_id="unknown")

    assert told(working) == []


def test_a_push_says_nothing_of_it(working: Repo) -> None:
    lost(working, PLACE)
    working.git("commit", "-q", "-m", "Twice")
    line = f"refs/heads/main {working.git('rev-parse', 'HEAD')} refs/heads/main {'0' * 40}\n"

    ran = program(
        "hook", "pre-push", "origin", "there", "--json", cwd=working.path, given=line.encode()
    )

    assert "your reservation" not in ran.out
