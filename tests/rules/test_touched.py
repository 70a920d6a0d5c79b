"""Which reservations a change meets, without any tree."""

from __future__ import annotations

import pytest

from git_muse_coord.model.address import parse
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.touched import Touched, met
from tests.tools import a_reservation


def meets(held: list[str], *touched: Touched, run_id: str = "b") -> list[tuple[str, str]]:
    holdings = Holdings(
        {RecordId(f"sha256:{number:064x}"): a_reservation(one) for number, one in enumerate(held)}
    )
    return [
        (str(one.asked), str(one.held.address)) for one in met(touched, holdings, RunId(run_id))
    ]


def own(text: str) -> Touched:
    return Touched(parse(text), inside=False)


def whole(text: str) -> Touched:
    return Touched(parse(text), inside=True)


@pytest.mark.parametrize("held", ["a.py::C.f", "a.py::C", "a.py", "./"])
def test_what_is_held_or_lies_in_it(held: str) -> None:
    assert meets([held], own("a.py::C.f")) == [("a.py::C.f", held)]


def test_the_own_text_of_a_container_is_not_what_lies_in_it() -> None:
    assert meets(["a.py::C.f"], own("a.py::C")) == []
    assert meets(["a.py::C.f"], whole("a.py::C")) == [("a.py::C", "a.py::C.f")]


def test_a_whole_counts_only_where_no_part_is_known() -> None:
    assert meets(["a.py::C.f", "a.py::C.g"], whole("a.py::C"), own("a.py::C.f")) == [
        ("a.py::C.f", "a.py::C.f"),
        ("a.py::C", "a.py::C.g"),
    ]
    everything = Touched(parse("a.py"), inside=True, fallback=True)
    assert meets(["a.py", "a.py::new"], own("a.py::f"), everything) == [
        ("a.py::f", "a.py"),
        ("a.py", "a.py::new"),
    ]


def test_a_block_told_apart_by_its_signature_holds_what_lies_in_it() -> None:
    assert meets(["a.rs::T.f"], whole("a.rs::T~1f0c3a")) == [("a.rs::T~1f0c3a", "a.rs::T.f")]
    assert meets(["a.rs::T.f"], own("a.rs::T~1f0c3a")) == []
    assert meets(["a.rs::T~1f0c3a"], own("a.rs::T.f")) == [("a.rs::T.f", "a.rs::T~1f0c3a")]
    assert meets(["a.rs::f~1f0c3a"], own("a.rs::f"), own("a.rs::f~012345")) == [
        ("a.rs::f", "a.rs::f~1f0c3a")
    ]


def test_each_pair_once_and_never_the_holder() -> None:
    assert meets(["a.py"], own("a.py::f"), own("a.py::f")) == [("a.py::f", "a.py")]
    assert meets(["a.py"], own("a.py::f"), run_id="a") == []
