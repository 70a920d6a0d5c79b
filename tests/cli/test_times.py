"""Times: by the clock of who sits at a terminal, else in UTC, and always with the name of the zone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from tests.tools import Repo

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no terminals of that kind")

ZONES = {"Asia/Kolkata": ("IST", 5.5), "America/Sao_Paulo": ("-0300", -3), "UTC": ("UTC", 0)}


def on_terminal(repo: Repo, *arguments: str, zone: str) -> str:
    """What the program prints on a terminal in some zone."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "git_muse_coord", *arguments],
        cwd=repo.path,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TZ": zone, "TERM": "dumb", "GIT_PAGER": "cat"},
    ) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            said += piece
        assert process.wait() == 0, said
    os.close(ours)
    return said.decode()


def seconds(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


@pytest.mark.parametrize("zone", ZONES)
def test_a_terminal_has_local_time_with_its_zone(repo: Repo, zone: str) -> None:
    name, hours = ZONES[zone]
    said = on_terminal(repo, "reserve", "a.py", "--run-id", "a", zone=zone)

    (held,) = repo.json("list")["reservations"]
    until = datetime.fromisoformat(held["expires_at"]) + timedelta(hours=hours)
    assert re.search(r"Expires: +(.*?)\r", said)[1] == f"{seconds(until)} {name}"  # type: ignore[index]
    met = on_terminal(repo, "reserve", "a.py", "--run-id", "b", zone=zone)
    # before it stands the day, in the hour before midnight
    assert f"{until:%H:%M} {name} (" in met
    shown = on_terminal(repo, "show", held["reservation_id"], zone=zone)
    assert f"{seconds(until)} {name}" in shown


def test_json_and_pipes_have_utc(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    zone = "Asia/Kolkata"
    repo.reserve("a.py", "--run-id", "a")
    said = on_terminal(repo, "reserve", "a.py", "--run-id", "b", "--json", zone=zone)
    assert re.search(r'"expires_at":"[^"]+\+00:00"', said)
    assert re.search(r"since \S+ UTC until \S+ UTC", said)
    monkeypatch.setenv("TZ", zone)
    piped = repo.muse("reserve", "a.py", "--run-id", "c").out
    assert re.search(r"Expires: +\S+ UTC$", piped, re.MULTILINE)
    assert "IST" not in piped
