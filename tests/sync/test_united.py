"""Reservations of agents that become one, in a fleet: nowhere free meanwhile, and nothing of them comes back."""

from __future__ import annotations

import pytest

from git_muse_coord.model.errors import NotThere, RemoteFailed
from git_muse_coord.model.wording import short_id
from tests.agents.playing import Clock, Player, a_place, held
from tests.sync.hubs import EVERYTHING, Hub
from tests.tools import Repo

F = "src/a.py::f"
G = {"src/a.py::g", "src/b.py::g", "src/c.py::g"}


@pytest.fixture
def clock() -> Clock:
    """A clock that a test sets."""
    return Clock()


@pytest.fixture
def ann(clones: tuple[Repo, Repo], clock: Clock) -> Player:
    """An agent in the first clone."""
    a_place(clones[0])
    return Player(clones[0].path, "ann", clock)


def _sync(repo: Repo, clock: Clock) -> None:
    repo.coordinator(clock=clock).sync()


def _held(repo: Repo, clock: Clock) -> set[str]:
    """What the agent holds, as a clone shows it whole, file by file, and run by run."""
    coordinator = repo.coordinator(clock=clock)
    whole = {place for held in coordinator.list().reservations for place in held.addresses}
    by_run = coordinator.list(run_id="claude:ann").reservations
    assert {place for held in by_run for place in held.addresses} == whole
    for name in ("src/a.py", "src/b.py", "src/c.py"):
        there = coordinator.list(address=[name]).reservations
        places = {place for held in there for place in held.addresses}
        assert {place for place in places if place.startswith(name)} == {
            place for place in whole if place.startswith(name)
        }
    return whole


def _grow(ann: Player, clock: Clock) -> None:
    """Three more edits, which make it four, and one of them."""
    for name in "abc":
        clock.pass_by(seconds=25)
        ann.edit(f"src/{name}.py", "f(x) + 1", "f(x) + 11")


def _reservations(refs: dict[str, str]) -> set[str]:
    return {ref for ref in refs if ref.startswith("refs/muse/reservations/")}


def test_others_see_it_held_all_the_time_and_the_hub_is_cleared(
    hub: Hub, clones: tuple[Repo, Repo], ann: Player, clock: Clock
) -> None:
    one, two = clones
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    _sync(one, clock)
    _sync(two, clock)
    _grow(ann, clock)
    for _ in range(3):
        assert F in _held(two, clock)
        _sync(one, clock)
        _sync(two, clock)
    assert _held(one, clock) == _held(two, clock) == {F, *G}
    (union,) = _reservations(hub.refs())
    assert not hub.refs("refs/muse/releases/")
    two.coordinator(clock=clock).gc(execute=True)
    assert _reservations(two.refs()) == {union} == _reservations(one.refs())


def test_what_somebody_pushes_back_stays_ended_also_when_the_union_is_released(
    hub: Hub, clones: tuple[Repo, Repo], ann: Player, clock: Clock
) -> None:
    one, two = clones
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    _sync(one, clock)
    # as a version does that knows of no unions
    two.git("fetch", "-q", "origin", EVERYTHING)
    (old,) = _reservations(two.refs())
    _grow(ann, clock)
    for _ in range(2):
        _sync(one, clock)
    assert old not in hub.refs()
    two.git("push", "-q", "origin", EVERYTHING)
    assert old in hub.refs()
    one.git("fetch", "-q", "origin", EVERYTHING)
    assert _held(one, clock) == {F, *G}
    with pytest.raises(NotThere, match=r"goes on as [0-9a-f]{12}"):
        one.coordinator(clock=clock).release([old[-64:]], run_id="claude:ann")
    one.coordinator(clock=clock).release(all=True, run_id="claude:ann")
    assert _held(one, clock) == set()
    # long after the release a union still is there, and what it ended over
    clock.pass_by(minutes=40)
    two.git("push", "-q", "origin", EVERYTHING)
    _sync(one, clock)
    _sync(two, clock)
    for clone in clones:
        clone.coordinator(clock=clock).gc(execute=True)
        assert _held(clone, clock) == set()
    _sync(two, clock)
    assert old not in hub.refs()


def test_a_hub_that_refuses_the_union_keeps_what_it_would_end(
    hub: Hub, clones: tuple[Repo, Repo], ann: Player, clock: Clock
) -> None:
    one, two = clones
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    _sync(one, clock)
    (old,) = _reservations(hub.refs())
    hub.hook(
        "update", 'case "$1" in refs/muse/reservations/*) [ "$3" = "' + "0" * 40 + '" ] ;; esac'
    )
    _grow(ann, clock)
    for _ in range(2):
        with pytest.raises(RemoteFailed, match="hook declined"):
            _sync(one, clock)
    assert _reservations(hub.refs()) == {old}
    _sync(two, clock)
    assert _held(two, clock) == {F}


def test_what_another_released_at_that_moment_is_not_taken_up_again(
    clones: tuple[Repo, Repo], ann: Player, clock: Clock
) -> None:
    one, two = clones
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    _sync(one, clock)
    _sync(two, clock)
    (taken,) = two.coordinator(clock=clock).list().reservations
    clock.pass_by(minutes=11)
    two.coordinator(clock=clock).release([taken.reservation_id], run_id="ben", force=True)
    _sync(two, clock)
    _sync(one, clock)
    _grow(ann, clock)
    assert F not in held(one).get("claude:ann", set())


def test_who_waits_for_what_was_united_elsewhere_waits_for_the_union(
    hub: Hub, clones: tuple[Repo, Repo], ann: Player, clock: Clock
) -> None:
    one, two = clones
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    _sync(one, clock)
    _sync(two, clock)
    there = two.coordinator(clock=clock)
    (old,) = there.list().reservations
    other = there.reserve(["z.md"], run_id="carl")
    assert other.reservation_id is not None
    awaited = [str(old.reservation_id), other.reservation_id]
    waiting = there.reserve(["x.md"], run_id="ben", depends_on=awaited)
    # in the clone of the holder nobody knows by now that it is waited for
    _grow(ann, clock)
    for _ in range(2):
        _sync(one, clock)
        _sync(two, clock)
    assert old.reservation_id[-64:] not in str(two.refs())
    assert there.release([other.reservation_id], run_id="carl").became_ready == ()
    _sync(two, clock)
    _sync(one, clock)
    here = one.coordinator(clock=clock)
    assert here.release(all=True, run_id="claude:ann").became_ready == (waiting.reservation_id,)


def test_the_id_of_what_was_united_still_leads_to_the_union(
    clones: tuple[Repo, Repo], ann: Player, clock: Clock
) -> None:
    """Somebody may have been told it, and its record is gone soon after."""
    one, two = clones
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    _sync(one, clock)
    _sync(two, clock)
    there = two.coordinator(clock=clock)
    (old,) = (held.reservation_id for held in there.list().reservations)
    _grow(ann, clock)
    for _ in range(2):
        _sync(one, clock)
        _sync(two, clock)
    (union,) = (held.reservation_id for held in there.list().reservations)
    assert old[-64:] not in str(two.refs())
    start = old[:20]
    for act in (
        lambda: there.show(start),
        lambda: there.release([start], run_id="claude:ann"),
        lambda: there.heartbeat([start], run_id="claude:ann"),
        lambda: there.take(start, reason="it is dead", run_id="ben"),
    ):
        with pytest.raises(NotThere, match=f"goes on as {short_id(union)}"):
            act()
    with pytest.raises(NotThere, match="is released"):
        there.intent(["src/a.py"], op="modify", reservation_id=start, run_id="claude:ann")
    waiting = there.reserve(["y.md"], run_id="ben", depends_on=[start])
    assert waiting.depends_on == (old,)
    assert waiting.blocked_by in ((old,), (union,))
    shown = {node.reservation_id for node in there.dag(for_=start).nodes}
    assert {union, waiting.reservation_id} == shown
