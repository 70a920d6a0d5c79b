"""Strict reservations that are late: whatever the interleaving, no two that overlap are admitted.

The world here is as the real one is at its worst: a compare-and-swap shows the epoch first and what it admits a while
later, versions without a window take part, epochs overflow, and plain reservations move no epoch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings, strategies as st

from git_muse_coord.model import address, codec, epoch
from git_muse_coord.model.address import Address
from git_muse_coord.model.epoch import Admission, decode_epoch, encode_epoch, told_addresses
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.overtaking import entered_since, leave_room, taken_back, to_be_seen
from tests.tools import tries

PLACES = ["a.py", "a.py::f", "A.py::g", "c.py"]


@dataclass
class World:
    """A repository: the bytes of its epoch, what is to be seen in it, and what is there but not to be seen yet."""

    blob: bytes = b""
    seen: dict[RecordId, Address] = field(default_factory=dict)
    hidden: dict[RecordId, Address] = field(default_factory=dict)
    admitted: dict[RecordId, Address] = field(default_factory=dict)
    nonces: int = 0

    def nonce(self) -> str:
        self.nonces += 1
        return str(self.nonces)

    def swap(self, old: bytes, new: bytes) -> bool:
        assert old != new
        if self.blob != old:
            return False
        self.blob = new
        return True

    def admit(self, own_id: RecordId, place: Address) -> None:
        for other, held in self.admitted.items():
            assert not held.overlaps(place), f"{own_id} and {other} are both in"
        self.admitted[own_id] = place
        self.hidden[own_id] = place

    def shows(self, ids: list[RecordId]) -> bool:
        return not any(one in self.hidden for one in ids)


Run = Iterator[None]
"""Somebody at work: each step is one action that nothing can come between."""


def strict(world: World, own_id: RecordId, place: Address, is_told: bool) -> Run:
    """As this version does it."""
    while True:
        blob = world.blob
        while not world.shows(to_be_seen(decode_epoch(blob), [place])):
            yield
            blob = world.blob
        # The listing has the records as they are later than the epoch, or at the same moment.
        yield
        if any(held.overlaps(place) for held in world.seen.values()):
            return
        while True:
            yield
            seen = decode_epoch(blob)
            addresses = told_addresses([place]) if is_told else None
            admission = Admission(world.nonce(), (own_id,), addresses)
            if world.swap(blob, encode_epoch(admission, seen)):
                world.admit(own_id, place)
                yield
                yield from withdraw_if_met(world, own_id, place)
                return
            yield
            blob = world.blob
            since = entered_since(seen, decode_epoch(blob))
            if since is None or not leave_room(since, [place]):
                break


def withdraw_if_met(world: World, own_id: RecordId, place: Address) -> Run:
    """Withdraw where a plain one came in between."""
    others = {one: held for one, held in world.seen.items() if one != own_id}
    while any(held.overlaps(place) for held in others.values()):
        blob = world.blob
        left = taken_back(decode_epoch(blob), own_id, world.nonce())
        yield
        if left is None or world.swap(blob, encode_epoch(*left)):
            for known in (world.admitted, world.seen, world.hidden):
                known.pop(own_id, None)
            return


def strict_before_there_was_a_window(world: World, own_id: RecordId, place: Address) -> Run:
    """As versions without a window do it: who is late looks at everything."""
    while True:
        blob = world.blob
        while not world.shows(_admitted_by_old(blob)):
            yield
            blob = world.blob
        yield
        if any(held.overlaps(place) for held in world.seen.values()):
            return
        yield
        value = {
            "kind": "epoch",
            "format": 1,
            "nonce": world.nonce(),
            "reservations": [own_id],
        }
        if world.swap(blob, codec.canonical(value)):
            world.admit(own_id, place)
            return
        yield


def _admitted_by_old(blob: bytes) -> list[RecordId]:
    return list(codec.load_canonical(blob or b"{}").get("reservations", []))


def plain(world: World, own_id: RecordId, place: Address) -> Run:
    """Write, and never mind the others."""
    yield
    world.seen[own_id] = place


def show(world: World, *, newest: bool) -> Run:
    """What was admitted becomes visible, in any order."""
    while True:
        yield
        if world.hidden:
            own_id = list(world.hidden)[-1 if newest else 0]
            world.seen[own_id] = world.hidden.pop(own_id)


runs = st.lists(
    st.tuples(
        st.sampled_from(["strict", "strict", "strict", "untold", "old", "plain"]),
        st.sampled_from(PLACES),
    ),
    min_size=2,
    max_size=8,
)

# Who is to be late must be passed by several others, each of whom needs some steps.
turns = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([1, 2, 3, 9])), max_size=30)


@pytest.mark.parametrize("window", [1, 2, 3, 64])
@given(asking=runs, turns=turns)
@settings(max_examples=tries(200, thorough=600), deadline=None)
def test_no_two_that_overlap_are_admitted(
    window: int, asking: list[tuple[str, str]], turns: list[tuple[int, int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(epoch, "WINDOW", window)
        world = World(encode_epoch(Admission("0"), ()))
        at_work: list[Run] = [show(world, newest=True), show(world, newest=False)]
        for number, (kind, text) in enumerate(asking):
            own_id = RecordId(f"{kind}-{number}")
            place = address.parse(text)
            at_work.append(
                {
                    "strict": lambda i=own_id, p=place: strict(world, i, p, True),
                    "untold": lambda i=own_id, p=place: strict(world, i, p, False),
                    "old": lambda i=own_id, p=place: strict_before_there_was_a_window(world, i, p),
                    "plain": lambda i=own_id, p=place: plain(world, i, p),
                }[kind]()
            )
        for who, steps in turns:
            for _ in range(steps):
                next(at_work[who % len(at_work)], None)
        # And then to the end, one after the other, with all that is admitted shown in between.
        for run in at_work[2:]:
            for _ in range(200):
                next(at_work[0])
                if next(run, at_work) is at_work:
                    break
            else:
                raise AssertionError("somebody never comes to an end")


def test_what_one_passed_without_seeing_it_is_seen_by_the_next() -> None:
    world = World(encode_epoch(Admission("0"), ()))
    passed = strict(world, RecordId("a"), address.parse("a.py"), True)
    passing = strict(world, RecordId("b"), address.parse("b.py"), True)
    late = strict(world, RecordId("c"), address.parse("a.py::f"), True)

    for run, steps in ((passing, 2), (passed, 3), (passing, 3)):
        for _ in range(steps):
            next(run)
    assert list(world.hidden) == ["a", "b"]
    world.seen[RecordId("b")] = world.hidden.pop(RecordId("b"))
    for _ in range(9):
        next(late)
    world.seen[RecordId("a")] = world.hidden.pop(RecordId("a"))

    assert next(late, "has given up") is None
    assert next(late, "has given up") == "has given up"
    assert list(world.admitted) == ["a", "b"]


def _admission(nonce: str, *texts: str) -> Admission:
    return Admission(nonce, (RecordId(nonce),), tuple(map(address.parse, texts)))


def test_who_lost_to_one_before_the_newest_hears_of_it() -> None:
    seen = (_admission("0"),)
    now = (_admission("c", "c.py"), _admission("b", "a.py"), *seen)

    since = entered_since(seen, now)

    assert since is not None
    assert [admission.nonce for admission in since] == ["c", "b"]
    assert not leave_room(since, [address.parse("a.py::f")])
    assert leave_room(since, [address.parse("d.py")])


def test_nothing_is_known_of_what_came_between_epochs_that_are_far_apart() -> None:
    assert entered_since((_admission("0"),), (_admission("c"), _admission("b"))) is None
    assert entered_since((), (_admission("c"),)) is None
    assert entered_since((_admission("0"),), ()) is None


def test_whose_addresses_are_not_told_leaves_no_room() -> None:
    assert not leave_room([_admission("a")._replace(addresses=None)], [address.parse("d.py")])


def test_of_what_was_admitted_before_only_what_meets_is_waited_for() -> None:
    now = (_admission("c", "c.py"), _admission("b", "b.py"), _admission("a", "a.py"))

    assert to_be_seen(now, [address.parse("a.py::f")]) == ["c", "a"]
    assert to_be_seen((), [address.parse("a.py")]) == []


def test_an_epoch_tells_no_more_of_what_was_taken_back() -> None:
    both = _admission("b", "b.py")._replace(reservations=(RecordId("x"), RecordId("y")))
    epoch_now = (both, _admission("a", "a.py"))

    left = taken_back(epoch_now, RecordId("x"), "n")

    assert left is not None
    newest, before = left
    assert newest == Admission("n", (RecordId("y"),))
    assert [admission.reservations for admission in before] == [("y",), ("a",)]
    assert taken_back(epoch_now, RecordId("z"), "n") is None
