"""Whatever three clones do in whatever order, with clocks that differ: in the end they agree, and nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.errors import NotThere
from tests.sync.hubs import EVERYTHING, Hub
from tests.tools import NOON, Repo, git_in

GRACE = 60
SKEW = 60
"""The skew allowed is as large as the grace where that is under 120 seconds."""

STEPS = 60


@dataclass
class Life:
    """What was acknowledged about a reservation."""

    expires_at: datetime
    released: bool = False


@dataclass
class World:
    """Three clones of one hub, whose clocks differ, and what their users were told."""

    chance: random.Random
    clones: list[Repo]
    now: datetime = NOON
    skews: list[timedelta] = field(default_factory=list)
    lives: dict[str, Life] = field(default_factory=dict)
    holders: dict[str, int] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.skews = [timedelta(seconds=self.chance.randint(-SKEW // 2, SKEW // 2)) for _ in self.clones]
        self.libraries = [self._library(place) for place in range(len(self.clones))]

    def _library(self, place: int) -> Coordinator:
        return self.clones[place].coordinator(clock=lambda: self.now + self.skews[place])

    def reserve(self, place: int) -> None:
        made = self.libraries[place].reserve(
            [f"{self.chance.randint(0, 9)}.py"], run_id=f"run-{place}", ttl=self.chance.choice([30, 120, 600, 3600])
        )
        assert made.reservation_id
        self.lives[made.reservation_id] = Life(made.expires_at)
        self.holders[made.reservation_id] = place

    def _own(self, place: int) -> str | None:
        own = [one for one, holder in self.holders.items() if holder == place]
        return self.chance.choice(own) if own else None

    def release(self, place: int) -> None:
        if one := self._own(place):
            try:
                self.libraries[place].release([one], run_id=f"run-{place}")
                self.lives[one].released = True
            except NotThere:
                assert self.lives[one].released

    def heartbeat(self, place: int) -> None:
        if one := self._own(place):
            try:
                beat = self.libraries[place].heartbeat(
                    [one], run_id=f"run-{place}", extension=self.chance.choice([60, 900])
                )
                until = beat.heartbeats[0].expires_at
                assert until
                assert not self.lives[one].released, "a released reservation was extended"
                assert until >= self.lives[one].expires_at, "an acknowledged extension was lost"
                self.lives[one].expires_at = until
            except NotThere:
                known = self.now + self.skews[place]
                assert self.lives[one].released or known >= self.lives[one].expires_at, "a live one was refused"

    def sync(self, place: int) -> None:
        self.libraries[place].sync()

    def gc_here(self, place: int) -> None:
        self.libraries[place].gc(execute=True)

    def gc_there(self, place: int) -> None:
        self.libraries[place].gc(execute=True, remote=True)

    def plain_push(self, place: int) -> None:
        self.clones[place].git("push", "-q", "origin", EVERYTHING, check=False)

    def plain_fetch(self, place: int) -> None:
        self.clones[place].git("fetch", "-q", "origin", EVERYTHING)

    def wait(self, _: int) -> None:
        self.now += timedelta(seconds=self.chance.choice([1, 20, 60, 200, 1000]))

    def restart(self, place: int) -> None:
        self.libraries[place] = self._library(place)

    def step(self) -> None:
        acts: dict[Callable[[int], None], int] = {
            self.reserve: 6, self.release: 3, self.heartbeat: 5, self.sync: 6, self.gc_here: 2, self.gc_there: 2,
            self.plain_push: 1, self.plain_fetch: 1, self.wait: 6, self.restart: 1,
        }  # fmt: skip
        act = self.chance.choices(list(acts), list(acts.values()))[0]
        place = self.chance.randrange(len(self.clones))
        self.log.append(f"{self.now:%H:%M:%S} {act.__name__} {place}")
        act(place)
        self.check_seen()

    def active(self, place: int, now: datetime) -> set[str]:
        found = Coordinator(str(self.clones[place].path), clock=lambda: now).list()
        return {one.reservation_id for one in found.reservations}

    def living(self, now: datetime) -> set[str]:
        return {one for one, life in self.lives.items() if not life.released and now < life.expires_at}

    def check_seen(self) -> None:
        """At any time: the holder's own clone knows what it was told."""
        for place in range(len(self.clones)):
            own = {one for one, holder in self.holders.items() if holder == place}
            assert self.active(place, self.now) & own == self.living(self.now) & own

    def check_end(self, hub: Hub) -> None:
        """After everybody has synced twice all agree, at one given now."""
        for _ in range(2):
            for place in range(len(self.clones)):
                self.sync(place)
        for place in range(len(self.clones)):
            assert self.active(place, self.now) == self.living(self.now)
        late = self.now + timedelta(hours=3)
        self.now = late
        for place in range(len(self.clones)):
            self.gc_there(place)
        for place in range(len(self.clones)):
            self.sync(place)
            assert self.active(place, late) == set()
            assert len(self.clones[place].coordinator(clock=lambda: late).list(all=True).reservations) == len(
                self.lives
            )
        assert hub.refs() == {}


@pytest.mark.parametrize("seed", range(4))
def test_all_clones_agree_in_the_end_nothing_is_lost_and_nothing_comes_back(tmp_path: Path, seed: int) -> None:
    git_in(tmp_path, "init", "-q", "--bare", "hub.git")
    hub = Hub(tmp_path / "hub.git", str(tmp_path / "hub.git"))
    clones = [hub.clone(f"clone-{number}") for number in range(3)]
    for clone in clones:
        clone.git("config", "muse-coord.gcGrace", str(GRACE))
    world = World(random.Random(seed), clones)
    try:
        for _ in range(STEPS):
            world.step()
        world.check_end(hub)
    except AssertionError as error:
        error.add_note("\n".join(world.log))
        raise
