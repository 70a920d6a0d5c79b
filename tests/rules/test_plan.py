"""What a merge will ask for, from what each side did."""

from __future__ import annotations

import pytest

from git_muse_coord.model import address
from git_muse_coord.model.address import Address
from git_muse_coord.rules.merge_plan import Clash, Item, plan_merge_items
from git_muse_coord.rules.merged_symbol import Break, ConflictType, SideEdit, Site

PATH = "a.py"


def at(name: str) -> Address:
    return address.read_stored(f"{PATH}::{name}")


def edit(change: str, name: str | None = "f") -> SideEdit:
    return SideEdit(change, at(name) if name else None)


def only(
    ours: SideEdit | None, theirs: SideEdit | None, *clashes: Clash, sites: tuple[Site, ...] = ()
) -> Item:
    key = at("f").key
    (item,) = plan_merge_items(
        {key: ours} if ours else {},
        {key: theirs} if theirs else {},
        clashes=clashes,
        sites={key: sites} if sites else {},
    )
    return item


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (edit("modified"), None, ConflictType.NONE),
        (edit("modified"), edit("formatting"), ConflictType.NONE),
        (edit("modified"), edit("modified"), ConflictType.SYMBOL_EDIT),
        (edit("signature"), edit("decoration"), ConflictType.SYMBOL_EDIT),
        (edit("deleted", None), edit("modified"), ConflictType.SYMBOL_EDIT),
        (edit("added"), edit("added"), ConflictType.SYMBOL_EDIT),
        (edit("renamed", "g"), edit("modified"), ConflictType.RENAME_EDIT),
        (edit("renamed", "g"), edit("renamed", "h"), ConflictType.RENAME_EDIT),
        (edit("renamed", "g"), edit("renamed", "g"), ConflictType.SYMBOL_EDIT),
        (edit("renamed", "g"), edit("renamed", "g")._replace(is_bare=True), ConflictType.NONE),
        (edit("moved", "C.f"), edit("moved", "C.f")._replace(is_bare=True), ConflictType.NONE),
        (edit("renamed", "g"), edit("deleted", None), ConflictType.RENAME_EDIT),
        (edit("moved", "C.f"), edit("modified"), ConflictType.MOVE_EDIT),
    ],
)
def test_types(ours: SideEdit, theirs: SideEdit | None, expected: ConflictType) -> None:
    assert only(ours, theirs).conflict_type == expected
    assert only(theirs, ours).conflict_type == expected


def test_a_use_that_breaks() -> None:
    site = (Site(address.read_stored("b.py::g"), 3, "theirs"),)

    gone = only(edit("deleted", None), None, sites=site)
    assert (gone.conflict_type, gone.silent, gone.rank) == (ConflictType.DELETE_USE, True, 0)
    assert only(edit("signature"), None, sites=site).conflict_type is ConflictType.DEPENDENCY
    loud = only(
        edit("signature"), None, Clash("b.py", (address.read_stored("b.py::g"),)), sites=site
    )
    assert (loud.git_conflict, loud.silent, loud.rank) == (True, False, 1)


def test_what_breaks_besides_uses() -> None:
    key = at("f").key
    finding = Break(
        ConflictType.DOUBLE, (Site(at("f"), 1, "ours"), Site(at("f"), 9, "theirs")), "keep one"
    )
    arrived = {at("g").key: edit("renamed", "f")}

    (item, other) = plan_merge_items(
        arrived, {key: edit("added")}, sites={}, findings={key: finding}
    )
    assert (item.conflict_type, item.ours, item.theirs, item.silent, item.rank) == (
        ConflictType.DOUBLE,
        "renamed",
        "added",
        True,
        0,
    )
    assert (item.recommendation, item.sites) == ("keep one", finding.sites)
    assert other.conflict_type is ConflictType.NONE


def test_what_git_conflicts_about() -> None:
    struck = only(edit("modified"), None, Clash(PATH, (at("f"),)))
    assert (struck.disjoint, struck.recommendation) == (True, "take both changes")
    assert not only(edit("modified"), None, Clash(PATH, (at("g"),))).git_conflict
    renamed = only(edit("renamed", "g"), edit("modified"), Clash(PATH, (at("g"),)))
    assert renamed.git_conflict
    reformatted = only(edit("modified"), edit("formatting"), Clash(PATH, (at("f"),)))
    assert reformatted.conflict_type is ConflictType.SYMBOL_EDIT


def test_a_file_that_conflicts_as_a_whole() -> None:
    ours = {at("f").key: edit("deleted", None), at("g").key: edit("deleted", None)}
    theirs = {at("g").key: edit("modified", "g")}

    found = {
        str(one.address): one
        for one in plan_merge_items(ours, theirs, clashes=[Clash(PATH, ())], sites={})
    }
    assert found[f"{PATH}::g"].git_conflict
    assert not found[f"{PATH}::f"].git_conflict
    (alone,) = plan_merge_items(
        {}, {at("g").key: edit("added", "g")}, clashes=[Clash(PATH, ())], sites={}
    )
    assert (alone.git_conflict, alone.conflict_type) == (True, ConflictType.SYMBOL_EDIT)


def test_lines_are_disjoint_only_where_nothing_else_is_in_the_lines() -> None:
    ours = {at("f").key: edit("modified"), at("g").key: edit("added", "g")}
    theirs = {at("f").key: edit("modified")}

    items = plan_merge_items(ours, theirs, clashes=[Clash(PATH, (at("f"), at("g")))], sites={})
    assert [(str(one.address), one.rank) for one in items] == [(f"{PATH}::f", 1), (f"{PATH}::g", 4)]
    assert "overlap" in items[1].recommendation


def test_what_happens_to_the_container_counts_for_what_is_inside() -> None:
    ours = {at("C").key: edit("renamed", "D")}
    theirs = {at("C.m").key: edit("modified", "C.m")}

    found = {
        str(one.address): one.conflict_type for one in plan_merge_items(ours, theirs, sites={})
    }
    assert found == {f"{PATH}::C": ConflictType.NONE, f"{PATH}::C.m": ConflictType.RENAME_EDIT}


def test_what_both_did_alike() -> None:
    key = at("f").key
    (item,) = plan_merge_items(
        {key: edit("modified")}, {key: edit("modified")}, alike={key}, sites={}
    )
    assert (item.conflict_type, item.ours, item.theirs) == (
        ConflictType.NONE,
        "modified",
        "modified",
    )
