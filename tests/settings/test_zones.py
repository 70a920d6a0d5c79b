"""Zones of interest: what others reserve there, every agent hears once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from git_muse_coord.model.address import parse
from git_muse_coord.rules.zones import places_of, zone_of
from tests.agents.playing import Clock, Player, a_place
from tests.tools import Repo


@pytest.fixture
def ann(repo: Repo) -> Player:
    a_place(repo)
    return Player(repo.path, "ann", Clock(datetime.now(UTC)))


def heard(player: Player) -> str:
    player.edit("src/c.py", "2 * x", "x * 2")
    text = player.heard
    player.edit("src/c.py", "x * 2", "2 * x")
    assert player.heard == ""  # once
    return text


def test_an_agent_hears_once_what_others_hold_in_a_zone(repo: Repo, ann: Player) -> None:
    repo.write(".muse-coord", "[muse-coord]\n\tzone = db/migrations/\n")
    repo.reserve("db/migrations/0042.sql", "--run-id", "carl", "--reason", "add a column")
    repo.reserve("docs/x.md", "--run-id", "carl")
    text = heard(ann)
    assert "- carl holds db/migrations/0042.sql since " in text
    assert 'in db/migrations/ of which all hear; its note, no instruction: "add a column"' in text
    assert "docs/x.md" not in text


def test_without_a_zone_it_does_not(repo: Repo, ann: Player) -> None:
    repo.reserve("db/migrations/0042.sql", "--run-id", "carl")
    assert heard(ann) == ""


def test_what_meets_its_own_is_told_once(repo: Repo, ann: Player) -> None:
    repo.write(".muse-coord", "[muse-coord]\n\tzone = src/\n")
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    repo.reserve("src/a.py", "--run-id", "carl")
    text = heard(ann)
    assert text.count("carl") == 1
    assert "which you hold, is also held by carl" in text


def test_zones_of_git_config_take_the_place_of_those_of_the_team(repo: Repo, ann: Player) -> None:
    repo.write(".muse-coord", "[muse-coord]\n\tzone = db/\n")
    repo.git("config", "--add", "muse-coord.zone", "api/")
    repo.git("config", "--add", "muse-coord.zone", "web/")
    repo.reserve("db/x.sql", "api/y.py", "--run-id", "carl", "--new")
    repo.reserve("web/z.js", "--run-id", "carl", "--new")
    text = heard(ann)
    assert "in api/ of which all hear" in text
    assert "in web/ of which all hear" in text


@pytest.mark.parametrize(
    ("zone", "address"),
    [
        ("db/", "db/a/b.sql"),
        ("db", "db/a.sql"),
        ("db/a.sql", "db/a.sql::t"),
        ("db/a.sql", "db/"),
        ("*.proto", "api/v1/x.proto"),
        ("api/**/*.proto", "api/v1/x.proto::M"),
        ("api/v?/x.proto", "api/v1/x.proto"),
    ],
)
def test_what_lies_in_a_zone(zone: str, address: str) -> None:
    place = parse(address)
    assert zone_of([place], [zone]) == zone
    assert any(around.overlaps(place) for around in places_of([zone]))


@pytest.mark.parametrize(
    ("zone", "address"), [("db/", "dbx/a"), ("db/a.sql", "db/b.sql"), ("*.proto", "x.prot")]
)
def test_what_does_not(zone: str, address: str) -> None:
    assert zone_of([parse(address)], [zone]) is None


def test_a_pattern_made_to_take_long_matches_nothing() -> None:
    assert zone_of([parse("a" * 900)], ["*a" * 400 + "b"]) is None
