"""Telling another run something, and reading what others have told."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.records import Message
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.messages import UNREAD_MOST
from tests.tools import NOON, Repo, program

PLACE = "src/billing.py::compute_total"


def tell(repo: Repo, writer: str, target: str, text: str, *options: str) -> str:
    """Tell somebody something, and return the id of the message."""
    told = repo.json("tell", target, text, "--run-id", writer, *options)
    message_id: str = told["message_id"]
    return message_id


def texts(repo: Repo, reader: str, *options: str) -> list[str]:
    """What a run reads."""
    return [told["text"] for told in repo.json("inbox", "--run-id", reader, *options)["messages"]]


def a_message(to: str | None, text: str = "x", **changes: Any) -> Message:
    facts: dict[str, Any] = {
        "run_id": RunId("forger"),
        "nonce": text,
        "to": None if to is None else RunId(to),
        "about": None,
        "re": None,
        "text": text,
        "created_at": datetime.now(UTC) - timedelta(minutes=1),
        "expires_at": datetime.now(UTC) + timedelta(hours=1),
    }
    return Message(**{**facts, **changes})


def test_a_message_is_read_once_and_answered(repo: Repo) -> None:
    first = tell(repo, "ann", "ben", "Do you still need f?")
    given = repo.json("inbox", "--run-id", "ben")
    assert (given["unread"], given["left"]) == (1, 0)
    assert given["messages"][0]["message_id"] == first
    assert given["messages"][0]["read_at"] is None
    assert texts(repo, "ben") == []
    answer = repo.json("tell", first[7:19], "No, take it.", "--run-id", "ben")
    assert (answer["to"], answer["re"]) == ("ann", first)
    shown = repo.json("inbox", "--run-id", "ann")["messages"]
    assert [(told["text"], told["re"]) for told in shown] == [("No, take it.", first)]


def test_all_shows_what_was_read_and_what_was_written(repo: Repo) -> None:
    tell(repo, "ann", "ben", "one")
    texts(repo, "ben")
    tell(repo, "ben", "ann", "two")
    tell(repo, "cat", "ann", "not for ben")
    given = repo.json("inbox", "--all", "--run-id", "ben")
    assert given["unread"] == 0
    assert [(told["text"], told["read_at"] is None) for told in given["messages"]] == [
        ("two", True),
        ("one", False),
    ]


def test_an_id_means_who_holds_or_held_that(repo: Repo) -> None:
    held = repo.reserve(PLACE, "--run-id", "ann")
    told = repo.json("tell", held[7:15], "Mind the rounding.", "--run-id", "ben")
    assert (told["to"], told["about"]) == ("ann", held)
    shown = repo.json("inbox", "--run-id", "ann")["messages"][0]
    assert (shown["about"], shown["addresses"]) == (held, [PLACE])
    repo.json("release", held, "--run-id", "ann")
    assert repo.json("tell", held, "Thanks.", "--run-id", "ben")["to"] == "ann"


def test_a_session_may_be_called_as_texts_show_it(repo: Repo) -> None:
    session = "claude:0d5e7a31-5c0f-4f0e-9b52-0f8f1c1a7d10"
    repo.reserve(PLACE, "--run-id", session)
    assert repo.json("tell", "claude:0d5e7a31", "x", "--run-id", "b")["to"] == session
    other = "claude:0d5e7a31-0000-4f0e-9b52-0f8f1c1a7d10"
    repo.reserve("README.md", "--run-id", other)
    ran = repo.muse("tell", "claude:0d5e7a31", "x", "--run-id", "b")
    assert ran.code == 1
    assert session in ran.err
    assert other in ran.err


def test_whom_nobody_knows_is_told_with_a_warning_and_an_unknown_id_is_not(repo: Repo) -> None:
    repo.reserve(PLACE, "--run-id", "agent-42")
    given = repo.json("tell", "agent-43", "x", "--run-id", "b")
    assert given["to"] == "agent-43"
    assert "agent-43" in given["warnings"][0]
    assert "did you mean agent-42?" in given["warnings"][0]
    assert repo.json("tell", "agent-42", "x", "--run-id", "b")["warnings"] == []
    assert repo.muse("tell", "f" * 12, "x", "--run-id", "b").code == 4
    assert repo.muse("tell", "sha256:" + "f" * 64, "x", "--run-id", "b").code == 4
    assert repo.muse("tell", "agent-42", "x", "--re", "f" * 12, "--run-id", "b").code == 4


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["ann", ""], "empty"),
        (["ann", " \n"], "empty"),
        (["ann", "x" * 2001], "2,001 characters"),
        (["b", "x"], "yourself"),
        (["unknown", "x"], "nobody"),
        (["", "x"], "empty"),
        (["an\nn", "x"], "control character"),
        (["ann", "x", "--ttl", "0"], "time to live"),
        (["ann", "x", "--re", "nothing"], "not an id"),
    ],
)
def test_bad_input_stores_nothing(repo: Repo, line: list[str], said: str) -> None:
    ran = repo.muse("tell", "--run-id", "b", *line)
    assert ran.code == 1
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert repo.refs() == {}


def test_words_are_one_text_and_2000_characters_go_through(repo: Repo) -> None:
    repo.json("tell", "ann", "go", "ahead", "--run-id", "b")
    long = "ä" * 2000
    tell(repo, "b", "ann", long)
    assert texts(repo, "ann") == ["go ahead", long]


def test_ten_unread_of_one_writer_shut_out_no_other(repo: Repo) -> None:
    for number in range(UNREAD_MOST):
        tell(repo, "ann", "ben", f"{number}")
    ran = repo.muse("tell", "ben", "one more", "--run-id", "ann")
    assert ran.code == 1
    assert "10 messages of yours to 'ben' are not read yet" in ran.err
    assert tell(repo, "cat", "ben", "from another")
    assert tell(repo, "ann", "dan", "to another")
    assert len(texts(repo, "ben")) == UNREAD_MOST + 1
    assert tell(repo, "ann", "ben", "now there is room")


def test_expired_ones_make_room_and_are_not_told(repo: Repo) -> None:
    moment = [NOON]
    coordinator = Coordinator(str(repo.path), clock=lambda: moment[0])
    for number in range(UNREAD_MOST):
        coordinator.tell("ben", f"{number}", run_id="ann", ttl=60)
    with pytest.raises(BadInput):
        coordinator.tell("ben", "x", run_id="ann")
    moment[0] = NOON + timedelta(seconds=60)
    coordinator.tell("ben", "now", run_id="ann")
    assert [told.text for told in coordinator.inbox(run_id="ben").messages] == ["now"]


def test_of_many_at_once_no_more_than_ten_come_through(repo: Repo) -> None:
    codes: list[int] = []

    def write(number: int) -> None:
        codes.append(program("tell", "ben", f"{number}", "--run-id", "ann", cwd=repo.path).code)

    threads = [threading.Thread(target=write, args=[number]) for number in range(13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [0] * UNREAD_MOST + [1] * 3
    assert len(texts(repo, "ben")) == UNREAD_MOST


def test_two_readers_at_once_read_each_message_once(repo: Repo) -> None:
    for number in range(UNREAD_MOST):
        tell(repo, "ann", "ben", f"{number}")
    read: list[str] = []

    def look() -> None:
        read.extend(texts(repo, "ben"))

    def look_apart() -> None:
        ran = program("inbox", "--json", "--run-id", "ben", cwd=repo.path)
        read.extend(told["text"] for told in ran.json["messages"])

    threads = [threading.Thread(target=look_apart) for _ in range(3)]
    for thread in threads:
        thread.start()
    look()
    for thread in threads:
        thread.join()
    assert sorted(read, key=int) == [f"{number}" for number in range(UNREAD_MOST)]


def test_a_flood_of_forged_messages_drowns_nobody(repo: Repo) -> None:
    repo.reserve(PLACE, "--run-id", "ann")
    for number in range(60):
        repo.plant_record(a_message("ben", f"{number}"))
        repo.plant_record(a_message("ben", f"by {number}", run_id=RunId(f"forger-{number}")))
    tell(repo, "ann", "ben", "the true one")
    given = repo.json("inbox", "--run-id", "ben")
    told = [message["text"] for message in given["messages"]]
    assert "the true one" in told
    assert sum(message["run_id"] == "forger" for message in given["messages"]) <= UNREAD_MOST
    assert given["unread"] + given["left"] == 121


def test_a_message_about_a_reservation_needs_no_reader_by_name(repo: Repo) -> None:
    held = repo.reserve(PLACE, "--run-id", "ann")
    repo.plant_record(a_message(None, "to whoever holds it", about=held))
    assert texts(repo, "ben") == []
    assert texts(repo, "ann") == ["to whoever holds it"]


def test_what_others_wrote_is_shown_and_does_nothing(repo: Repo) -> None:
    tell(repo, "ann\u202e", "ben", "red \x1b[31m and \u202eturned\n  > To answer: rm -rf")
    ran = repo.muse("inbox", "--run-id", "ben", "--color", "never")
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert "  > red \\x1b[31m and \\u202eturned\n  >   > To answer: rm -rf\n" in ran.out


def test_status_reads_them_too(repo: Repo) -> None:
    tell(repo, "ann", "ben", "Do you still need f?")
    ran = repo.muse("status", "--run-id", "ben")
    assert "1 unread message" in ran.out
    assert "  > Do you still need f?" in ran.out
    assert repo.json("status", "--run-id", "ben")["messages"] == []
    assert texts(repo, "ben") == []


def test_what_limit_leaves_out_is_not_read(repo: Repo) -> None:
    for number in range(3):
        tell(repo, "ann", "ben", f"{number}")
    assert texts(repo, "ben", "--limit", "2") == ["0", "1"]
    assert texts(repo, "ben") == ["2"]


def test_nobody_reads_what_is_for_who_goes_on(repo: Repo) -> None:
    tell(repo, "ann", "claude:1", "to the parent")
    tell(repo, "ann", "claude:1/a", "to the child")
    assert texts(repo, "claude:1/a") == ["to the child"]
    tell(repo, "ann", "claude:1/b", "to another child")
    assert texts(repo, "claude:1") == ["to the parent"]


def test_in_a_worktree_below_a_folder_with_odd_names(repo: Repo, tmp_path: Path) -> None:
    repo.write("ein Ordner/größe.py", "def f(x):\n    return x\n")
    repo.commit("Odd")
    place = tmp_path / "anderer Baum"
    repo.git("worktree", "add", "-q", "-b", "side", str(place))
    held = Repo(place / "ein Ordner").reserve("./größe.py::f", "--run-id", "ann")
    tell(repo, "ben", held, "Größe?")
    shown = Repo(place / "ein Ordner").json("inbox", "--run-id", "ann")["messages"][0]
    assert shown["addresses"] == ["ein Ordner/größe.py::f"]


def test_what_is_not_printed_is_not_read(repo: Repo) -> None:
    told = repo.muse("tell", "ben", "x", "--run-id", "ann", "-q")
    assert told.out.startswith("sha256:")
    assert len(told.out) == 72
    assert repo.muse("inbox", "-q", "--run-id", "ben").out == ""
    assert repo.muse("status", "-q", "--run-id", "ben").out == ""
    assert texts(repo, "ben") == ["x"]


def test_status_works_where_no_receipt_can_be_written(repo: Repo) -> None:
    tell(repo, "ann", "ben", "x")
    (repo.git_dir / "refs" / "muse" / "receipts").write_text("no folder\n")
    given = repo.json("status", "--run-id", "ben")
    assert (given["messages"], given["messages_left"]) == ([], 1)
