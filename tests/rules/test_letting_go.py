from __future__ import annotations

from hypothesis import given, strategies as st

from git_muse_coord.model.address import Address, parse
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.letting_go import around_missed, part_with
from tests import strategies
from tests.tools import a_reservation

ONE = RecordId("sha256:" + "1" * 64)
OTHER = RecordId("sha256:" + "2" * 64)


def places(*texts: str) -> list[Address]:
    return [parse(text) for text in texts]


def test_what_lies_at_a_place_and_inside_of_it_goes_and_the_rest_is_left() -> None:
    mine = {ONE: a_reservation("a.py::f", "a.py::F.m", "b.py"), OTHER: a_reservation("c.py")}

    assert part_with(places("a.py"), mine).left == {ONE: ("b.py",)}
    assert part_with(places("a.py::F"), mine).left == {ONE: ("a.py::f", "b.py")}
    assert part_with(places("a.py", "b.py"), mine).left == {ONE: ()}


def test_what_is_around_a_place_does_not_go_and_is_named() -> None:
    mine = {ONE: a_reservation("d/")}
    asked = places("d/a.py::f", "e.py")

    assert part_with(asked, mine) == ({}, asked)
    assert [around_missed(place, mine) for place in asked] == ["d/", None]


@given(
    held=st.lists(strategies.close_addresses, min_size=1, max_size=6),
    asked=st.lists(strategies.close_addresses, min_size=1, max_size=3),
)
def test_nothing_of_what_was_asked_for_is_held_any_more_and_nothing_else_is_lost(
    held: list[Address], asked: list[Address]
) -> None:
    mine = {ONE: a_reservation(*{str(place) for place in held})}

    going = part_with(asked, mine)

    left = going.left.get(ONE, mine[ONE].addresses)
    for text in mine[ONE].addresses:
        is_asked_for = any(place.covers(parse(text)) for place in asked)
        assert is_asked_for != (text in left)
    missed = [
        place
        for place in asked
        if not any(place.covers(parse(text)) for text in mine[ONE].addresses)
    ]
    assert going.missed == missed
