"""Which reservations may be met in a file that could not be read fully, without any file."""

from __future__ import annotations

import pytest

from git_muse_coord.model.address import Address, parse
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.touched import Touched, met
from git_muse_coord.rules.unclear import Near, Unclear
from tests.tools import a_reservation

KNOWN = frozenset({("C",), ("C", "f"), ("g",), ("TEST Suite Name",)})


def meets(
    held: str,
    *,
    unread: tuple[str, ...] = (),
    near: tuple[Near, ...] = (),
    sure: tuple[str, ...] = (),
) -> object:
    holdings = Holdings({RecordId(f"sha256:{1:064x}"): a_reservation(held)})
    unclear = Unclear("a.c", KNOWN, [parse(one) for one in unread], near)
    touched = [Touched(parse(one), inside=False) for one in sure]
    touched.append(Touched(Address("a.c"), inside=False, unclear=unclear))
    return [(str(one.asked), one.certain) for one in met(touched, holdings, RunId("b"))]


def changed(address: str, *below: str) -> tuple[Near, ...]:
    return (Near(parse(address), frozenset(below)),)


def test_a_name_that_was_not_found_may_be_met_by_unread_text() -> None:
    assert meets("a.c::lost", unread=("a.c::C.f",)) == [("a.c::C.f", False)]
    assert meets("a.c::lost") == []
    assert meets("b.c::lost", unread=("a.c::C.f",)) == []


@pytest.mark.parametrize(
    "held",
    ["a.c::C", "a.c::C.f", "a.c::C.f~1f0c3a", "a.c::<imports>", "a.c::<module>", "a.c", "./"],
)
def test_what_was_found_or_is_more_than_a_name_is_not_met_by_unread_text(held: str) -> None:
    assert meets(held, unread=("a.c::g",)) == []


def test_the_same_last_name_in_another_place_may_be_meant() -> None:
    assert meets("a.c::N.g", near=changed("a.c::g")) == [("a.c::g", False)]
    assert meets("a.c::N.h", near=changed("a.c::g")) == []


@pytest.mark.parametrize("held", ["Suite.Name", "Name", "`Suite Name`", "`TEST(Suite, Name)`"])
def test_a_word_of_a_title_may_be_meant(held: str) -> None:
    assert meets(f"a.c::{held}", near=changed("a.c::`TEST Suite Name`"))


def test_what_is_opened_above_goes_on_below() -> None:
    assert meets("a.c::D", near=changed("a.c::g", "D")) == [("a.c::g", False)]
    assert meets("a.c::D.h", near=changed("a.c::g", "D")) == [("a.c::g", False)]
    assert meets("a.c::E", near=changed("a.c::g", "D")) == []


def test_what_is_met_for_certain_is_not_told_as_perhaps() -> None:
    assert meets("a.c::lost", unread=("a.c::g",), sure=("a.c::lost.x",)) == [("a.c::lost.x", True)]
