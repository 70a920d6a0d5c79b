from __future__ import annotations

import hashlib
import subprocess

from tests.tools import Repo


def test_a_reservation_is_a_blob_whose_hash_is_its_id(repo: Repo) -> None:
    answer = repo.json(
        "reserve", "src/billing.py::compute_total", "--run-id", "a", "--op", "modify"
    )

    hexadecimal = answer["reservation_id"].removeprefix("sha256:")
    shown = subprocess.run(
        ["git", "cat-file", "-p", f"refs/muse/reservations/{hexadecimal}"],
        cwd=repo.path,
        capture_output=True,
        check=True,
    )
    assert hashlib.sha256(shown.stdout).hexdigest() == hexadecimal


def test_a_second_holder_is_warned_and_still_gets_its_reservation(repo: Repo) -> None:
    first = repo.reserve("src/billing.py::compute_total", "--run-id", "a", "--reason", "rounding")

    ran = repo.muse("reserve", "src/billing.py", "--run-id", "b")

    assert ran.code == 0
    assert (
        "⚠ src/billing.py (as src/billing.py::compute_total) is reserved by run-id 'a', " in ran.out
    )
    assert f'UTC ({first[7:19]}): "rounding"' in ran.out
    assert len(repo.refs()) == 2
    assert first


def test_strict_stops_at_a_conflict_and_leaves_nothing(repo: Repo) -> None:
    first = repo.reserve("src/billing.py::compute_total", "--run-id", "a")

    answer = repo.json("reserve", "src/", "--run-id", "b", "--strict", code=2)

    assert answer["reservation_id"] is None
    assert [one["reservation_id"] for one in answer["conflict_details"]] == [first]
    assert answer["error"]["code"] == "conflict"
    assert len(repo.refs("refs/")) == 2  # the branch and the first reservation
