"""What is mistyped is answered with what is near to it."""

from __future__ import annotations

import json

import pytest

from tests.tools import Repo


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["lsit"], "no such verb 'lsit'; did you mean list?"),
        (["Reserve"], "no such verb 'Reserve'; did you mean reserve?"),
        (["plan"], "no such verb 'plan'; did you mean plan-merge?"),
        (["xyzzy"], "no such verb 'xyzzy'"),
        (["list", "--runid", "a"], "no such option '--runid'; did you mean --run-id?"),
        (["forecast", "--min", "1"], "no such option '--min'; did you mean --min-confidence"),
        (["--jsn", "list"], "no such option '--jsn'; did you mean --json?"),
        (["schema", "forcast"], "no such verb 'forcast'; did you mean forecast?"),
        (["list", "--fields", "runid"], "no such field 'runid'; did you mean run_id?"),
    ],
)
def test_near_words_are_told(repo: Repo, line: list[str], message: str) -> None:
    ran = repo.muse(*line)

    assert ran.code == 1
    assert message in ran.err
    assert len(ran.err.splitlines()) == 1


def test_an_unknown_field_stops_before_anything_is_done(repo: Repo) -> None:
    ran = repo.muse("reserve", "a.py", "--fields", "reservation_id,adresses")

    assert ran.code == 1
    assert "no such field 'adresses'; did you mean addresses" in ran.err
    assert repo.held() == []


def test_the_schema_of_a_verb_is_printed(repo: Repo) -> None:
    ran = repo.muse("schema", "list")

    schema = json.loads(ran.out)
    assert ran.code == 0
    assert schema["properties"]["command"] == {"const": "list"}
    assert repo.json("schema", "list")["schema"] == schema
