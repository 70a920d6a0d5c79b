from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import ids
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.text_types import RecordId
from tests import strategies


@given(strategies.ids, st.integers(7, 64), st.booleans(), st.booleans())
def test_every_start_of_an_id_names_it_in_any_writing(
    one: str, length: int, prefixed: bool, upper: bool
) -> None:
    digits = one.removeprefix("sha256:")[:length]
    written = ("sha256:" if prefixed else "") + (digits.upper() if upper else digits)

    assert ids.match_id(ids.parse_id(written), [RecordId(one)]) == one


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abcdef",
        "sha256:",
        "sha256:abcdef",
        "g" * 64,
        "a" * 65,
        "sha1:" + "a" * 40,
        "a" * 7 + "\n",
        "\u0660" * 8,
        "-1" * 8,
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        ids.parse_id(text)


def test_a_start_that_two_ids_share_is_refused_and_more_digits_are_shown() -> None:
    one, other = "sha256:" + "a" * 63 + "1", "sha256:" + "a" * 63 + "2"

    with pytest.raises(BadInput, match="ambiguous: 2"):
        ids.match_id(ids.parse_id("a" * 10), [RecordId(one), RecordId(other)])
    assert ids.match_id(ids.parse_id("a" * 63 + "2"), [RecordId(one), RecordId(other)]) == other


def test_an_id_that_nobody_knows_matches_nothing() -> None:
    assert ids.match_id(ids.parse_id("b" * 10), [RecordId("sha256:" + "a" * 64)]) is None
