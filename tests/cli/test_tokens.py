"""What a model has to read for one task, which it pays for: 4 characters are about a token."""

from __future__ import annotations

from tests.tools import Repo

MOST_TOKENS = 250
CHARACTERS_OF_TOKEN = 4


def test_one_task_by_hand_is_read_in_250_tokens(repo: Repo) -> None:
    read: list[str] = []

    def say(*line: str) -> None:
        ran = repo.muse(*line)
        assert ran.code == 0, ran.err
        read.append(ran.out + ran.err)

    say("symbols", "src/billing.py")
    say("reserve", "src/billing.py::compute_total", "--op", "modify", "--reason", "round per line")
    (held,) = repo.json("list", "--mine")["reservations"]
    repo.write("src/billing.py", "def compute_total(items):\n    return round(sum(items), 2)\n")
    repo.git("add", ".")
    say("check")
    say("heartbeat", held["reservation_id"][7:19])
    say("release", held["reservation_id"][7:19])

    text = "".join(read)
    assert len(text) <= MOST_TOKENS * CHARACTERS_OF_TOKEN, text
    # the full id once, by which it can be named for ever
    assert text.count(held["reservation_id"]) == 1
