"""``.muse-coord``: what a team commits for all its clones, and what it can never do."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from git_muse_coord.coordinator.session import Session
from git_muse_coord.rules.team_settings import ZONES_MOST, team_settings
from tests.tools import Repo, git_in

TWO_HOURS = "[muse-coord]\n\tttl = 7200\n"


def life(repo: Repo) -> int:
    """How many seconds a new reservation lasts."""
    made = repo.json("reserve", "README.md", "--run-id", "ann", "--new")
    begins = datetime.fromisoformat(made["created_at"])
    ends = datetime.fromisoformat(made["expires_at"])
    return round((ends - begins).total_seconds())


def remarks(repo: Repo) -> list[str]:
    told: list[str] = repo.json("check", "--run-id", "ann")["warnings"]
    return [text for text in told if "muse-coord" in text and "sync" not in text]


def test_the_file_of_a_team_says_how_long_reservations_last(repo: Repo) -> None:
    repo.write(".muse-coord", TWO_HOURS)
    assert life(repo) == 7200


def test_it_counts_before_it_is_committed_as_gitattributes_does(repo: Repo) -> None:
    repo.write(".muse-coord", TWO_HOURS)
    repo.commit("team settings")
    repo.write(".muse-coord", "[muse-coord]\n\tttl = 600\n")
    assert life(repo) == 600


def test_git_config_wins(repo: Repo) -> None:
    repo.write(".muse-coord", TWO_HOURS)
    repo.git("config", "muse-coord.ttl", "900")
    assert life(repo) == 900
    assert remarks(repo) == []


def test_it_is_found_from_a_folder_below_and_each_worktree_has_its_own(
    repo: Repo, tmp_path: Path
) -> None:
    repo.write(".muse-coord", TWO_HOURS)
    repo.write("söme dir/f.txt", "1\n")
    repo.commit("team settings")
    below = Repo(repo.path / "söme dir")
    other = Repo(tmp_path / "other tree")
    repo.git("worktree", "add", "-q", "-b", "other", str(other.path))
    other.write(".muse-coord", "[muse-coord]\n\tttl = 300\n")
    assert Session(str(below.path)).settings.ttl == 7200
    assert Session(str(other.path)).settings.ttl == 300


def test_a_bare_repository_has_none(repo: Repo, tmp_path: Path) -> None:
    repo.write(".muse-coord", TWO_HOURS)
    repo.commit("team settings")
    bare = tmp_path / "bare.git"
    git_in(repo.path, "clone", "-q", "--bare", str(repo.path), str(bare))
    assert Session(str(bare)).settings.ttl == 3600


def test_a_process_that_stays_sees_what_was_changed(repo: Repo) -> None:
    session = Session(str(repo.path))
    assert session.settings.ttl == 3600
    repo.write(".muse-coord", TWO_HOURS)
    assert session.settings.ttl == 7200
    (repo.path / ".muse-coord").unlink()
    assert session.settings.ttl == 3600


def test_a_branch_cannot_silence_the_check(repo: Repo) -> None:
    repo.write(
        ".muse-coord",
        "[muse-coord]\n\thookMode = off\n\tautoReserve = false\n\tttl = 1\n"
        "\tpausedUntil = forever\n\tradar = false\n",
    )
    repo.git("config", "muse-coord.autoReserve", "true")
    settings = Session(str(repo.path)).settings
    assert (settings.hook_mode, settings.auto_reserve, settings.ttl) == ("warn", True, 3600)
    assert settings.paused_until is None
    assert settings.radar
    told = remarks(repo)
    assert ".muse-coord: hookMode 'off' counts only in git config" in told
    assert ".muse-coord: 2 more lines do not count" in told


def test_it_names_no_remote_no_program_and_no_identity(repo: Repo) -> None:
    repo.write(
        ".muse-coord",
        "[muse-coord]\n\tremote = evil\n\trunId = you\n\tautoSync = true\n"
        '[muse-coord "origin"]\n\trefs = false\n'
        "[core]\n\thooksPath = /tmp/evil\n\tfsmonitor = /tmp/evil\n",
    )
    session = Session(str(repo.path))
    assert session.settings.remote is None
    assert session.settings.run_id is None
    assert session.settings.auto_sync == "false"
    assert session.settings.hooks_path is None
    assert "muse-coord.origin.refs" not in session.settings.values


def test_nothing_is_included(repo: Repo, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text(TWO_HOURS)
    repo.write(".muse-coord", f"[include]\n\tpath = {other}\n")
    assert Session(str(repo.path)).settings.ttl == 3600
    assert remarks(repo) == [
        ".muse-coord: 'include.path' does not count; only the section [muse-coord] is read"
    ]


@pytest.mark.parametrize(
    "text",
    [
        b"<<<<<<< HEAD\n[muse-coord]\n\tttl = 7200\n=======\n",
        b"[muse-coord\n",
        b"[muse-coord]\n\tttl = 7200\n" + b"#" * (1 << 16),
        b"\xff\xfe[\x00m\x00",
        b"[muse-coord]\n\tttl = 99999999999999999999\n",
        b"[muse-coord]\n\tttl = \xd9\xa3\xd9\xa6\xd9\xa0\xd9\xa0\n",
        b"[muse-coord]\n\tttl\n",
    ],
    ids=["conflict", "syntax", "long", "utf16", "huge", "digits", "no value"],
)
def test_what_cannot_be_read_is_told_and_stops_nothing(repo: Repo, text: bytes) -> None:
    (repo.path / ".muse-coord").write_bytes(text)
    assert life(repo) == 3600
    assert len(remarks(repo)) == 1


def test_a_link_a_pipe_and_a_folder_do_not_count(repo: Repo, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(TWO_HOURS)
    place = repo.path / ".muse-coord"
    place.symlink_to(elsewhere)
    assert remarks(repo) == [
        ".muse-coord is a link, which could lead elsewhere, and does not count"
    ]
    place.unlink()
    os.mkfifo(place)
    assert remarks(repo) == [".muse-coord is no file, and does not count"]
    place.unlink()
    place.mkdir()
    assert remarks(repo) == [".muse-coord is no file, and does not count"]
    assert life(repo) == 3600


def test_a_name_that_is_no_setting_is_told_with_near_ones(repo: Repo) -> None:
    repo.write(".muse-coord", "[muse-coord]\n\thokMode = block\n")
    repo.git("config", "muse-coord.agentmod", "block")
    repo.git("config", "muse-coord.qqqqq", "1")
    repo.git("config", "muse-coord.origin.refs", "true")
    assert remarks(repo) == [
        "muse-coord.agentmod is no setting; did you mean agentMode?",
        "muse-coord.qqqqq is no setting; git config --unset muse-coord.qqqqq",
        ".muse-coord: 'muse-coord.hokmode' is no setting; did you mean hookMode?",
    ]
    ran = repo.muse("check", "--run-id", "ann")
    assert "warning: muse-coord.agentmod is no setting; did you mean agentMode?" in ran.err
    assert "agentmod" not in repo.muse("-q", "check", "--run-id", "ann").err


def test_hooks_say_it_where_they_look_for_conflicts(repo: Repo) -> None:
    repo.git("config", "muse-coord.hookMod", "block")
    said = repo.muse("hook", "pre-commit", "--run-id", "ann").err
    assert said.count("muse-coord.hookmod is no setting; did you mean hookMode?") == 1
    assert "hookmod" not in repo.muse("hook", "post-commit", "--run-id", "ann").err


def test_doctor_names_what_the_file_sets_and_what_was_set_in_vain(repo: Repo) -> None:
    repo.write(".muse-coord", "[muse-coord]\n\tttl = 7200\n\thookMode = block\n")
    assert finding(repo)["detail"] == ".muse-coord sets muse-coord.hookmode, muse-coord.ttl"
    repo.git("config", "muse-coord.tll", "1")
    assert finding(repo)["state"] == "warn"


def finding(repo: Repo) -> dict[str, str]:
    told = repo.muse("doctor", "--json").json
    return next(each for each in told["findings"] if each["name"] == "settings")


def test_zones_are_paths_inside_and_not_endlessly_many() -> None:
    rows = [
        ("muse-coord.zone", path) for path in ("/etc/", "../x", "a/../../b", "c:/x", "", "a\\b")
    ]
    assert team_settings(rows).zones == ()
    many = [("muse-coord.zone", f"d{number}/") for number in range(5 * ZONES_MOST)]
    assert len(team_settings(many).zones) == ZONES_MOST
    assert team_settings([("muse-coord.zone", "db/migrations/")]).zones == ("db/migrations/",)


def test_no_number_of_wrong_lines_makes_many_remarks() -> None:
    told = team_settings([(f"muse-coord.x{number}", "y" * 9999) for number in range(5000)])
    assert sum(map(len, told.remarks)) < 1000
