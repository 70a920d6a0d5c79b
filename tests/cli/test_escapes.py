"""What others wrote never reaches a terminal as a command, in answers and in errors."""

from __future__ import annotations

import re
import unicodedata

import pytest

from git_muse_coord.model import codec, records
from git_muse_coord.model.records import Intent
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.ui.text import escape
from tests.tools import FAR, Ran, Repo, a_reservation

pytestmark = pytest.mark.slow

EVIL = "\u202eevil\u200b\u2028\u2066\ufeff"
"""Signs that a run id or an address may hold, and a terminal must not see."""

ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\n\t" + EVIL


def harmless(ran: Ran) -> None:
    for line in (*ran.out.split("\n"), *ran.err.split("\n")):
        assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")], (
            repr(line)
        )


@pytest.fixture
def hostile(repo: Repo) -> tuple[Repo, str]:
    """A repository with a foreign record that is sound and full of escapes wherever the format lets them in."""
    evil = a_reservation(
        f"src/{EVIL}.py::`{EVIL} x`",
        f"{EVIL}/",
        run_id=EVIL,
        branch=ESCAPES,
        reason=ESCAPES + "\ud800",
        **FAR,
        extra={ESCAPES: [ESCAPES, {ESCAPES: None}]},
    )
    content_id = repo.plant_record(evil)
    repo.plant_record(
        Intent(
            run_id=RunId(EVIL),
            nonce="n",
            branch=ESCAPES,
            addresses=(f"{EVIL}/",),
            operation="modify",
            detail=ESCAPES,
            reservation_id=RecordId(content_id),
            **FAR,
        )
    )
    repo.plant(f"refs/muse/reservations/{EVIL[0]}", b"junk")
    damaged = codec.canonical({**records.to_json(evil), "addresses": [f"a.py::{EVIL} `{EVIL}"]})
    repo.plant("refs/muse/reservations/" + codec.content_id(damaged)[7:], damaged)
    return repo, content_id


@pytest.mark.parametrize("colour", ["never", "auto"])
def test_no_verb_prints_what_a_foreign_record_would_do_to_the_terminal(
    hostile: tuple[Repo, str], colour: str
) -> None:
    repo, evil = hostile
    commands = [
        ["list"],
        ["list", "--all"],
        ["list", "--conflicts"],
        ["show", evil],
        ["status"],
        ["status", "--run-id", EVIL],
        ["dag"],
        ["dag", "--for", evil],
        ["dag", "--format", "dot"],
        ["dag", "--format", "mermaid"],
        ["fsck"],
        ["reserve", "src/", "--run-id", "b"],
        ["reserve", "src/", "--run-id", "b", "--strict"],
        ["reserve", f"{EVIL}/x.py", f"{EVIL}.py", "--run-id", EVIL, "--reason", ESCAPES],
        ["reserve", "./", "--dry-run", "--depends-on", evil],
        ["release", evil, "--run-id", "b"],
        ["heartbeat", evil, "--run-id", "b"],
        ["heartbeat", evil, "--run-id", EVIL],
        ["heartbeat", "--all", "--run-id", EVIL + "x"],
        ["release", evil, "--run-id", EVIL],
        ["release", evil, "--run-id", EVIL],
        ["reserve", ESCAPES],
        ["reserve", "a.py", "--run-id", ESCAPES],
        ["reserve", "a.py", "--op", ESCAPES],
        ["show", ESCAPES],
        [ESCAPES],
        ["list", "--" + ESCAPES],
    ]
    for command in commands:
        ran = repo.muse(*command, "--color", colour)
        assert ran.code in (0, 1, 2, 4), ran
        assert ran.out or ran.err
        harmless(ran)
        as_json = repo.muse(*command, "--json")
        harmless(as_json)
        assert as_json.out.isascii()


def test_a_path_with_escapes_is_shown_harmless(repo: Repo) -> None:
    ran = Repo(repo.path / "no\x1b[2Jwhere\u202e").muse("list")
    assert ran.code == 3
    harmless(ran)


def test_settings_with_escapes_are_shown_harmless(repo: Repo) -> None:
    repo.git("config", "muse-coord.ttl", ESCAPES)
    ran = repo.muse("reserve", "a.py")
    assert ran.code == 1
    harmless(ran)
    assert len(ran.err.splitlines()) == 1


def test_with_colour_only_our_own_colours_are_escapes(hostile: tuple[Repo, str]) -> None:
    repo, evil = hostile
    for command in (["list"], ["show", evil], ["dag"], ["status", "--run-id", EVIL], ["fsck"]):
        ran = repo.muse(*command, "--color", "always")
        assert "\x1b[" in ran.out
        harmless(
            Ran(ran.code, re.sub(r"\x1b\[\d*m", "", ran.out), re.sub(r"\x1b\[\d*m", "", ran.err))
        )


def test_letters_of_all_languages_are_left_as_they_are() -> None:
    assert escape("größe 日本 e\u0301 👍") == "größe 日本 e\u0301 👍"
    assert escape("a\x1b\u202e\n") == "a\\x1b\\u202e\\n"
