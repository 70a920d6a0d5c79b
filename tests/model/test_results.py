"""Answers in JSON."""

from __future__ import annotations

import json

import pytest

from git_muse_coord.model import results
from git_muse_coord.model.results import json_object, json_text


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5, 9])
def test_an_object_in_pieces_is_the_object(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "_PIECE", 2)
    fields = {"ü": 1, "some": tuple({"n": n, "list": [n, n]} for n in range(length)), "none": None}

    pieces = list(json_object(fields))

    assert "".join(pieces) == json_text(fields)
    assert json.loads("".join(pieces)) == json.loads(json.dumps(fields))
    assert max(map(len, pieces)) < 60
