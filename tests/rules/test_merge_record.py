"""What is counted of past merges, and what chance follows from it."""

from __future__ import annotations

import pytest

from git_muse_coord.model import address
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.rules.merge_chance import Grounds, grounds
from git_muse_coord.rules.merge_record import FileMerge, MergeRecord, PastMerge, Tally, counted


def touch(text: str, operation: str | None = None) -> Touch:
    return Touch(address.read_stored(text), "function", operation, lines=8)


def past(*, conflicted: bool, name: str = "f") -> PastMerge:
    """A merge in which both sides changed one function of a file."""
    both = (touch(f"src/a.py::{name}"),)
    hit = frozenset({("src/a.py", name)} if conflicted else ())
    file = FileMerge("src/a.py", both, both, conflicts=conflicted, hit=hit)
    return counted([file], conflicted=conflicted)


def recorded(*outcomes: bool) -> MergeRecord:
    record = MergeRecord()
    for conflicted in outcomes:
        record.add(past(conflicted=conflicted))
    return record


def chance(record: MergeRecord | None) -> float:
    return grounds(0.3, ("src/a.py", "f"), record).chance


def test_sums_of_project_path_and_symbol() -> None:
    record = recorded(True, False, True)
    record.add(counted([], conflicted=False))

    assert record.fed == 4
    assert (record.merges.met, record.merges.conflicted) == (3, 2)
    for key in (("src/a.py",), ("src/a.py", "f")):
        assert (record.at(key).met, record.at(key).conflicted) == (3, 2)
    assert record.at(("src/a.py", "g")) == Tally()
    assert record.at(("src/b.py",)) == Tally()


def test_what_both_changed_alike_tells_nothing() -> None:
    both = (touch("src/a.py::f"),)
    file = FileMerge("src/a.py", both, both, False, frozenset(), frozenset({("src/a.py", "f")}))

    record = MergeRecord()
    record.add(counted([file], conflicted=False))

    assert record.at(("src/a.py", "f")) == Tally()


def test_two_who_add_to_one_class_meet_in_the_class() -> None:
    ours, theirs = (touch("src/a.py::C.f", "add"),), (touch("src/a.py::C.g", "add"),)
    file = FileMerge("src/a.py", ours, theirs, True, frozenset({("src/a.py", "C", "g")}))

    record = MergeRecord()
    record.add(counted([file], conflicted=True))

    assert record.at(("src/a.py", "C")).conflicted == 1


def test_the_record_goes_with_a_renamed_symbol_and_a_renamed_file() -> None:
    record = recorded(True)

    record.rename(("src/a.py", "f"), ("src/a.py", "g"))
    record.rename(("src/a.py",), ("lib/a.py",))

    assert record.at(("lib/a.py", "g")).conflicted == 1
    assert dict(record.places()).keys() == {("lib/a.py",), ("lib/a.py", "g")}


def test_a_kept_record_is_put_together_again() -> None:
    record = recorded(True, False)

    again = MergeRecord()
    for key, tally in record.places():
        again.put(key, tally)

    assert dict(again.places()) == dict(record.places())


def test_without_a_record_the_table_speaks() -> None:
    told = grounds(0.3, ("src/a.py", "f"), None)

    assert told.chance == pytest.approx(0.3)
    assert told == Grounds(told.chance, table=0.3)


def test_conflicts_raise_the_chance_and_clean_merges_lower_it() -> None:
    for conflicted, clean in zip(
        [chance(recorded(*[True] * n)) for n in range(1, 5)],
        [chance(recorded(*[False] * n)) for n in range(1, 5)],
        strict=True,
    ):
        assert clean < chance(None) < conflicted


def test_the_grounds_tell_what_was_counted() -> None:
    told = grounds(0.3, ("src/a.py", "f"), recorded(True, True, False), committed=True, share=0.5)

    assert (told.place.conflicted, told.place.met) == (2, 3)
    assert (told.project.conflicted, told.project.met) == (2, 3)
    assert told.table == 0.3
    assert told.share == 0.5
    assert 0 < told.chance < 1
