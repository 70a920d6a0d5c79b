"""Files that everybody touches and nobody announces."""

from __future__ import annotations

import pytest

from git_muse_coord.model.address import parse
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.hot_files import HotFile, hot_spots
from git_muse_coord.rules.merge_record import Tally
from git_muse_coord.rules.prediction import Prediction, is_likely
from git_muse_coord.rules.stakes import Ground, Stake


def stake(run_id: str, *addresses: str) -> Stake:
    places = tuple(map(parse, addresses))
    return Stake(RecordId(f"of {run_id}"), RunId(run_id), f"run {run_id}", None, None, places)


def hot(path: str, conflicted: int, met: int = 30) -> HotFile:
    return HotFile(path, Tally(met, 1.0, conflicted), 100)


def told(*files: HotFile, holders: tuple[Stake, ...] = ()) -> list[Prediction]:
    both = holders or (stake("ann", "a.py"), stake("bob", "b.py", "c.py"))
    return list(hot_spots(Ground(both), files))


def test_all_who_are_at_work_are_named_once() -> None:
    (spot,) = told(hot("CHANGELOG.md", 20, met=60))

    assert spot.conflict_type == "hot_file"
    assert spot.addresses == ("CHANGELOG.md",)
    assert spot.agents == ("ann", "bob")
    assert spot.stakes == ("of ann", "of bob")
    assert spot.confidence == pytest.approx(20 / 105)
    assert spot.description.startswith(
        "'ann' and 'bob' will probably all touch CHANGELOG.md: 20 of 100 merges"
    )
    assert not spot.can_stop
    assert is_likely(spot, 0.9), "it is told apart, however likely"


def test_the_worst_few_are_told() -> None:
    files = [hot(f"{number}.toml", number) for number in (1, 2, 4, 5, 6, 7)]

    spots = told(*files)

    assert [spot.addresses for spot in spots] == [("7.toml",), ("6.toml",), ("5.toml",)]
    assert told(hot("rare.toml", 3)) == []


def test_what_all_announced_is_told_elsewhere() -> None:
    ann = stake("ann", "CHANGELOG.md::Next", "docs/")
    bob = stake("bob", "CHANGELOG.md")
    assert told(hot("CHANGELOG.md", 20), holders=(ann, bob)) == []
    assert told(hot("CHANGELOG.md", 20), holders=(ann, bob, stake("cy", "x.py")))


@pytest.mark.parametrize(
    ("path", "helps"),
    [
        ("docs/CHANGES.rst", "'docs/CHANGES.rst merge=union' in .gitattributes"),
        ("uv.lock", "has the tool write it anew"),
        ("web/package-lock.json", "has the tool write it anew"),
        ("tests/__snapshots__/a.test.ts.snap", "has the tests write it anew"),
        ("data/words.txt", "where order does not matter"),
    ],
)
def test_what_helps_is_said(path: str, helps: str) -> None:
    (spot,) = told(hot(path, 20))
    assert helps in spot.description


def test_where_nothing_helps_nothing_is_said() -> None:
    (spot,) = told(hot("pyproject.toml", 20))
    assert spot.description.endswith("conflicted there")
