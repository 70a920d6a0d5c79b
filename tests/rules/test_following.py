"""What came in the place of reservations is followed once, however many name it and however long it is."""

from __future__ import annotations

from itertools import pairwise

from git_muse_coord.model.continued import CONTINUED_BY
from git_muse_coord.model.records import Release
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.following import Following
from git_muse_coord.rules.state import World
from tests.tools import NOON

IDS = [RecordId(f"sha256:{number:064x}") for number in range(3000)]


def leading(steps: dict[RecordId, RecordId]) -> World:
    """A world in which each of some reservations goes on in another."""
    releases: dict[RecordId, Release] = {}
    for ended, successor in steps.items():
        releases[ended] = Release(
            run_id=RunId("hostile"),
            nonce="x",
            extra={CONTINUED_BY: successor},
            reservation_id=ended,
            outcome="done",
            released_at=NOON,
            expires_at=NOON,
        )
    return World(releases=releases)


def test_each_step_is_taken_once() -> None:
    asked: list[RecordId] = []

    def is_last(step: RecordId) -> bool:
        asked.append(step)
        return step == IDS[-1]

    place = Following(leading(dict(pairwise(IDS))), is_last)

    assert {place.of(named) for named in reversed(IDS)} == {IDS[-1]}
    assert {place.of(named) for named in IDS} == {IDS[-1]}
    assert len(asked) == len(IDS)


def test_ways_that_end_in_a_circle_lead_nowhere() -> None:
    a, b, c, d = IDS[:4]
    world = leading({a: b, b: c, c: b, d: a})

    nowhere = Following(world, lambda _: False)
    somewhere = Following(world, c.__eq__)

    assert [nowhere.of(named) for named in (a, d, c, b)] == [None] * 4
    assert [somewhere.of(named) for named in (d, b, c, a)] == [c] * 4
