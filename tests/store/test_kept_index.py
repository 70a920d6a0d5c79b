"""The index of a process that stays, carried on from listing to listing, answers as one that is made anew."""

from __future__ import annotations

import random
from pathlib import Path

from git_muse_coord.coordinator.session import Session
from git_muse_coord.store.records.kept_index import KeptIndex
from git_muse_coord.store.records.records import RecordStore
from tests.store.test_index import Places, all_answers, places, some_records, told_in
from tests.tools import NOON, Repo

__all__ = ["places"]


def a_stayer(repo: Repo) -> RecordStore:
    return Session(str(repo.path), stays=True, clock=lambda: NOON).store


def test_through_random_changes_it_answers_as_a_new_one(repo: Repo) -> None:
    numbers = random.Random(7)
    writer = Session(str(repo.path), stays=False, clock=lambda: NOON).store
    writer.write(some_records(numbers, 12))
    stayer = a_stayer(repo)
    hidden: list[tuple[Path, Path]] = []
    carried = 0
    for step in range(60):
        refs = repo.refs("refs/muse")
        match numbers.randrange(9):
            case 0 | 1 | 2:
                writer.write(some_records(numbers, 1))
            case 3 if len(refs) > 8:
                for ref in numbers.sample(sorted(refs), 3):
                    repo.git("update-ref", "-d", ref)
            case 4:
                repo.plant(f"refs/muse/reservations/{step:064x}", b"junk %d" % step)
            case 5:
                ref, other = numbers.sample(sorted(refs), 2)
                repo.git("update-ref", ref, refs[other])
            case 6:
                repo.git("pack-refs", "--all")
            case 7:
                # an object that nobody has seen, and that is not there
                oid = repo.plant(f"refs/muse/claims/{step:064x}-1", b"lost %d" % step)
                place = repo.loose(oid)
                hidden.append((place, place.rename(repo.git_dir / f"hidden{step}")))
            case 8 if hidden:
                place, at = hidden.pop()
                place.parent.mkdir(exist_ok=True)
                at.rename(place)
        before = stayer._kept
        snapshot = stayer.look()
        answers = all_answers(snapshot)
        assert answers == told_in(repo), step
        assert isinstance(snapshot.index, KeptIndex)
        assert dict(snapshot.listed) == repo.refs("refs/muse")
        carried += before is not None
        if before is not None:
            # what was handed out before is as it was
            assert before.listed == refs
            assert before.entries.keys() <= refs.keys()
    assert carried > 50


def test_between_states_that_differ_in_much(places: Places) -> None:
    stayer = a_stayer(places.repo)
    for now in (0, 1, 2, 3, 1, 0, 3, 2, 0, 2, 1, 3):
        places.lay_refs(now)
        assert all_answers(stayer.look()) == places.truths[now]
        assert all_answers(stayer.look()) == places.truths[now]


def test_where_git_has_to_list_for_a_while_nothing_is_missed(repo: Repo) -> None:
    numbers = random.Random(5)
    writer = Session(str(repo.path), stays=False, clock=lambda: NOON).store
    stayer = a_stayer(repo)
    odd = repo.git_dir / "refs/muse/reservations/odd~name"
    for step in range(12):
        writer.write(some_records(numbers, 2))
        if step % 4 == 1:
            odd.write_text("0")
        if step % 4 == 3:
            odd.unlink()
        snapshot = stayer.look()
        assert all_answers(snapshot) == told_in(repo)
        assert isinstance(snapshot.index, KeptIndex) != odd.exists()


def test_a_look_afresh_is_followed_by_looks_that_are_carried_on(repo: Repo) -> None:
    stayer = a_stayer(repo)
    stayer.write(some_records(random.Random(1), 5))
    first = stayer.look().index
    again = stayer.look().index
    afresh = stayer.look(afresh=True).index
    after = stayer.look().index

    assert again is first
    assert after is not first
    assert first.entries == afresh.entries == after.entries
