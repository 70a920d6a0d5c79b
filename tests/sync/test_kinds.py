"""Every kind that there is travels, ages and goes: a kind is said once, and nothing may forget one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from git_muse_coord.model.names import ARCHIVE, is_of_known_kind, is_of_unknown_kind, is_well_formed
from git_muse_coord.model.records import KINDS, ref_name
from git_muse_coord.model.text_types import RecordId
from tests.examples import id_of, one_of_each
from tests.sync.hubs import Hub, plant_records
from tests.sync.test_gc import START, at
from tests.tools import Repo

LONG_AFTER = timedelta(days=9)


def test_there_is_an_example_of_each_kind() -> None:
    assert set(one_of_each(START)) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_names_of_its_own(kind: str) -> None:
    record = one_of_each(START)[kind]
    ref = ref_name(record, RecordId(id_of(record)))

    assert is_well_formed(ref)
    assert is_of_known_kind(ref)
    assert not is_of_unknown_kind(ref)
    assert not is_of_known_kind(ref + "x")
    assert is_of_unknown_kind(ref.replace(f"/{record.folder}/", "/widgets/"))


def test_one_record_of_each_kind_reaches_another_clone_and_is_cleared_everywhere(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    made = one_of_each(START)
    ids = plant_records(one.path, made.values())
    folders = dict.fromkeys(sorted(record.folder for record in made.values()), 1)

    assert at(one, timedelta()).sync().pushed == folders
    assert at(two, timedelta()).sync().fetched == folders
    assert one.refs() == two.refs() == hub.refs()
    assert len(hub.refs()) == len(KINDS)

    assert at(one, LONG_AFTER).gc(execute=True, remote=True).deleted_remotely == len(KINDS)
    at(two, LONG_AFTER).sync()
    assert one.refs() == two.refs() == hub.refs() == {}
    assert hub.refs(ARCHIVE)
    for clone in (one, two):
        archived = clone.coordinator().store.look().archived()
        assert set(archived) == set(ids)


def test_one_record_of_each_kind_travels_on_a_branch(hub: Hub) -> None:
    hub.hook(
        "pre-receive", 'while read old new ref; do case "$ref" in refs/muse*) exit 1;; esac; done'
    )
    one, two = hub.clone("one"), hub.clone("two")
    plant_records(one.path, one_of_each(START).values())

    at(one, timedelta()).sync()
    at(two, timedelta()).sync()

    assert one.refs() == two.refs()
    assert len(two.refs()) == len(KINDS)
