"""A model of a small fleet, to check the program against: three clones of one hub that do anything in any order.

Their clocks differ, one of them is a day ahead for a while, programs are killed, git collects garbage at any time. What
each user was told is written down beside it, and at the end compared with what the clones say.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.coordinator.agents.agent_run import AgentRun
from git_muse_coord.coordinator.agents.reserving import reserve_and_look, unite
from git_muse_coord.coordinator.agents.touching import Touching
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.address import Address
from git_muse_coord.model.continued import replaced_by
from git_muse_coord.model.errors import MuseCoordError, NotThere, RemoteFailed, Stopped
from git_muse_coord.model.records import Reservation
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.touched import Touched
from git_muse_coord.store.records.snapshot import Snapshot
from tests.sync.hubs import EVERYTHING, Hub
from tests.tools import NOON, Repo

GRACE = 60
SKEW = 60
"""The skew allowed is as large as the grace where that is under 120 seconds."""

A_DAY = timedelta(days=1)
EXTENSIONS = [60, 900]
"""Seconds by which heartbeats extend."""

KILL_WITHIN_SECONDS = 0.5

_PROCESS = """
import json, sys
from datetime import datetime
from git_muse_coord.coordinator import Coordinator
path, now, verb, arguments, options = sys.argv[1:]
coordinator = Coordinator(path, clock=lambda: datetime.fromisoformat(now), stays=False)
told = getattr(coordinator, verb)(*json.loads(arguments), **json.loads(options))
print(json.dumps({"reservation_id": getattr(told, "reservation_id", None)}), flush=True)
"""


@dataclass
class Life:
    """What is known of a reservation: until when it was acknowledged, and until when it may have been extended."""

    place: int
    expires_at: datetime
    may_last_until: datetime
    length: timedelta
    run_id: str
    released: bool = False
    united: bool = False
    may_be_released: bool = False

    def must_be_active(self, now: datetime) -> bool:
        return not self.released and not self.may_be_released and now < self.expires_at

    def may_be_active(self, now: datetime) -> bool:
        return not self.released and now < self.may_last_until


@dataclass
class World:
    """The clones, and what their users were told; ``denied`` are reasons of reservations said not to be stored."""

    chance: random.Random
    hub: Hub
    clones: list[Repo]
    now: datetime = NOON
    skews: list[timedelta] = field(default_factory=list)
    lives: dict[str, Life] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    untold: set[str] = field(default_factory=set)
    log: list[str] = field(default_factory=list)
    wrong: int | None = None
    number: int = 0

    def __post_init__(self) -> None:
        self.skews = [
            timedelta(seconds=self.chance.randint(-SKEW // 2, SKEW // 2)) for _ in self.clones
        ]
        self.libraries = [self._library(place) for place in range(len(self.clones))]

    def clock(self, place: int) -> datetime:
        """What the clock of a clone shows."""
        ahead = A_DAY if place == self.wrong else timedelta()
        return self.now + self.skews[place] + ahead

    def _library(self, place: int) -> Coordinator:
        return self.clones[place].coordinator(clock=lambda: self.clock(place))

    # what clones do

    def reserve(self, place: int) -> None:
        self._reserve(place)

    def reserve_strictly(self, place: int) -> None:
        self._reserve(place, strict=True)

    def wait_in_line(self, place: int) -> None:
        """What is not free in a moment is not waited for any longer."""
        self._reserve(place, strict=True, wait=0.3)

    def reserve_where_the_remote_goes_away(self, place: int) -> None:
        """The remote answers until the reservation is there, and not when it is asked again."""
        away = self.hub.path.parent / "away"
        self.hub.hook("post-receive", f"touch '{away}'")
        program = self.hub.path.parent / "upload-pack"
        program.write_text(f"#!/bin/sh\n[ ! -e '{away}' ] || exit 1\nexec git-upload-pack \"$@\"\n")
        program.chmod(0o755)
        self.clones[place].git("config", "remote.origin.uploadpack", str(program))
        try:
            self._reserve(place, strict=True)
        finally:
            self.clones[place].git("config", "--unset", "remote.origin.uploadpack")
            (self.hub.path / "hooks/post-receive").unlink()
            away.unlink(missing_ok=True)

    def _acts(self, place: int) -> None:
        """Whoever writes keeps alive what it holds, by the way, where a third of its life is over."""
        now = self.clock(place)
        for life in self.lives.values():
            if life.place == place and life.may_be_active(now):
                life.may_last_until = max(life.may_last_until, now + life.length)

    def _reserve(self, place: int, *, strict: bool = False, wait: float | None = None) -> None:
        self._acts(place)
        wanted = self._want()
        try:
            made = self.libraries[place].reserve(
                [wanted.address],
                run_id=f"run-{place}",
                ttl=wanted.ttl,
                reason=wanted.reason,
                strict=strict,
                wait=wait,
                new=True,  # each has a life of its own here
            )
        except (Stopped, RemoteFailed, NotThere):
            assert strict
            self.denied.add(wanted.reason)
            return
        assert made.reservation_id
        self._note_life(made.reservation_id, place, made.expires_at, wanted.ttl)

    def _note_life(
        self,
        reservation_id: str,
        place: int,
        until: datetime,
        ttl: int,
        run: str = "run",
    ) -> None:
        length = timedelta(seconds=max(ttl, *EXTENSIONS))
        self.lives[reservation_id] = Life(place, until, until, length, f"{run}-{place}")

    def edit(self, place: int) -> None:
        """An agent's hook reserves what is edited, and makes one of what it has, where it is time for that."""
        session = Session(str(self.clones[place].path), clock=lambda: self.clock(place))
        run = AgentRun(session, RunId(f"agent-{place}"), self.clock(place))
        before = session.store.look()
        touched = Touched(Address(self._want().address), inside=False)
        touching = Touching([touched], {"modify": [touched.address]}, [], {}, {})
        reserve_and_look(run, touching, may_refuse=False)
        unite(run, session.store.look())
        self._note_agents(place, session.store.look(), before)

    def _note_agents(
        self,
        place: int,
        after: Snapshot,
        before: Snapshot,
    ) -> None:
        """Note what an agent's hook made, and what ended in that."""
        new = after.listed.keys() - before.listed.keys()
        for ref, (reservation_id, record) in after.live.items():
            if ref not in new:
                continue
            assert isinstance(record, Reservation)
            ttl = (record.expires_at - record.created_at).seconds
            self._note_life(reservation_id, place, record.expires_at, ttl, "agent")
            for ended in replaced_by(record):
                if ended in self.lives:
                    self.lives[ended].released = self.lives[ended].united = True

    def _want(self) -> Wanted:
        self.number += 1
        address = f"{self.chance.randint(0, 9)}.py"
        return Wanted(address, self.chance.choice([30, 120, 600, 3600]), f"number {self.number}")

    def _own(self, place: int) -> str | None:
        own = [content_id for content_id, life in self.lives.items() if life.place == place]
        return self.chance.choice(own) if own else None

    def release(self, place: int) -> None:
        content_id = self._own(place)
        if content_id is None:
            return
        self._acts(place)
        life = self.lives[content_id]
        try:
            self.libraries[place].release([content_id], run_id=life.run_id)
            life.released = True
        except NotThere:
            assert life.released or life.may_be_released

    def heartbeat(self, place: int) -> None:
        content_id = self._own(place)
        if content_id is None:
            return
        self._acts(place)
        life = self.lives[content_id]
        try:
            told = self.libraries[place].heartbeat(
                [content_id], run_id=life.run_id, extension=self.chance.choice(EXTENSIONS)
            )
        except NotThere:
            ended = life.released or life.may_be_released or self.clock(place) >= life.expires_at
            assert ended, "a live one was refused"
            return
        until = told.heartbeats[0].expires_at
        assert until
        assert not life.released, "a released reservation was extended"
        assert until >= life.expires_at, "an acknowledged extension was lost"
        life.expires_at = until
        life.may_last_until = max(until, life.may_last_until)

    def sync(self, place: int) -> None:
        self.libraries[place].sync()

    def gc_here(self, place: int) -> None:
        self.libraries[place].gc(execute=True)

    def gc_there(self, place: int) -> None:
        try:
            self.libraries[place].gc(execute=True, remote=True)
        except MuseCoordError:
            assert place == self.wrong, "only who has a wrong clock may be refused"

    def plain_push(self, place: int) -> None:
        self.clones[place].git("push", "-q", "origin", EVERYTHING, check=False)

    def plain_fetch(self, place: int) -> None:
        self.clones[place].git("fetch", "-q", "origin", EVERYTHING)

    def collect_garbage(self, place: int) -> None:
        """As the user's git would at its most eager, beside a program that writes."""
        writer = self._begin(place, "reserve")
        self.clones[place].git("gc", "-q", "--prune=now", check=False)
        self._end(writer)

    def kill(self, place: int) -> None:
        """Let a program begin, and kill it with all that it started."""
        verb = self.chance.choice(["reserve", "reserve", "release", "heartbeat", "sync", "gc"])
        writer = self._begin(place, verb)
        time.sleep(self.chance.uniform(0, KILL_WITHIN_SECONDS))
        if writer.process.poll() is None:
            os.killpg(writer.process.pid, signal.SIGKILL)
        self._end(writer)

    def wait(self, _: int) -> None:
        self.now += timedelta(seconds=self.chance.choice([1, 20, 60, 200, 1000]))

    def restart(self, place: int) -> None:
        self.libraries[place] = self._library(place)

    # programs of their own

    def _begin(self, place: int, verb: str) -> Writer:
        arguments: list[object] = []
        options: dict[str, object] = {"run_id": f"run-{place}"}
        wanted = subject = None
        if verb == "reserve":
            wanted = self._want()
            options |= {"ttl": wanted.ttl, "reason": wanted.reason, "new": True}
            arguments = [[wanted.address]]
        elif verb in ("release", "heartbeat"):
            subject = self._own(place)
            if subject is None:
                verb = "sync"
            else:
                arguments = [[subject]]
                options["run_id"] = self.lives[subject].run_id
        self._acts(place)
        if verb == "gc":
            options = {"execute": True}
        now = self.clock(place)
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", _PROCESS, str(self.clones[place].path), now.isoformat()),
                *(verb, json.dumps(arguments), json.dumps(options)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return Writer(place, verb, subject, wanted, now, process)

    def _end(self, writer: Writer) -> None:
        out, _ = writer.process.communicate()
        told = json.loads(out) if out.endswith(b"}\n") else None
        if writer.wanted is not None:
            self._note_reservation(writer, writer.wanted, told)
        elif writer.subject is not None:
            life = self.lives[writer.subject]
            if writer.verb == "release":
                life.released |= told is not None
                life.may_be_released = True
            else:
                life.may_last_until = max(life.may_last_until, writer.now + timedelta(hours=1))

    def _note_reservation(
        self, writer: Writer, wanted: Wanted, told: dict[str, str] | None
    ) -> None:
        if told is None:
            self.untold.add(wanted.reason)
            return
        until = writer.now + timedelta(seconds=wanted.ttl)
        self._note_life(told["reservation_id"], writer.place, until, wanted.ttl)

    # one step

    def step(self) -> None:
        """Let one clone do something."""
        acts: dict[Callable[[int], None], int] = {
            self.reserve: 6, self.edit: 6, self.reserve_strictly: 3, self.reserve_where_the_remote_goes_away: 1,
            self.wait_in_line: 2,
            self.release: 3, self.heartbeat: 5, self.sync: 6, self.gc_here: 2, self.gc_there: 2, self.plain_push: 1,
            self.plain_fetch: 1, self.collect_garbage: 1, self.kill: 3, self.wait: 6, self.restart: 1,
        }  # fmt: skip
        act = self.chance.choices(list(acts), list(acts.values()))[0]
        place = self.chance.randrange(len(self.clones))
        self.log.append(f"{self.number:3} {self.clock(place):%d %H:%M:%S} {act.__name__} {place}")
        act(place)

    # what must hold

    def check_seen(self, never_wrong: set[int]) -> None:
        """At any time: the holder's own clone knows what it was told, where its clock never was wrong."""
        for place in never_wrong:
            active = self._active(place, self.now)
            own = {
                content_id: life for content_id, life in self.lives.items() if life.place == place
            }
            must = {content_id for content_id, life in own.items() if life.must_be_active(self.now)}
            may = {content_id for content_id, life in own.items() if life.may_be_active(self.now)}
            assert must <= active.keys(), f"clone {place} lost {must - active.keys()}"
            assert active.keys() & own.keys() <= may, f"clone {place} shows what has ended"

    def check_stayers(self) -> None:
        """At any time: a process that stays, and carries on what it knows, sees what a new one does."""
        for place, library in enumerate(self.libraries):
            stayed = library.store.look()
            new = Session(str(self.clones[place].path), stays=False).store.look()
            assert dict(stayed.listed) == dict(new.listed), f"in clone {place}"
            assert dict(stayed.entries) == dict(new.entries), f"in clone {place}"
            assert (stayed.epoch, stayed.archive_tip) == (new.epoch, new.archive_tip)

    def _active(self, place: int, now: datetime) -> dict[str, str | None]:
        """The reasons of what a clone lists, by id."""
        found = Coordinator(str(self.clones[place].path), clock=lambda: now).list()
        return {held.reservation_id: held.reason for held in found.reservations}

    def check_end(self) -> None:
        """When all clocks are right and all have synced twice, all agree, and git is whole."""
        self.wrong = None
        self._mend()
        for _ in range(2):
            for place in range(len(self.clones)):
                self.sync(place)
        self._check_agreement()
        for clone in self.clones:
            clone.sound()
        self._check_clearing()

    def _mend(self) -> None:
        """What a kill left behind counts as left behind after ten minutes."""
        for clone in self.clones:
            for lock in [
                *(clone.git_dir / "refs").rglob("*.lock"),
                *clone.git_dir.glob("packed-refs.*"),
            ]:
                os.utime(lock, (0, 0))
            clone.muse("fsck", "--repair")

    def _check_agreement(self) -> None:
        must = {
            content_id for content_id, life in self.lives.items() if life.must_be_active(self.now)
        }
        over = {
            content_id
            for content_id, life in self.lives.items()
            if not life.may_be_active(self.now)
        }
        seen = [self._active(place, self.now) for place in range(len(self.clones))]
        for place, active in enumerate(seen):
            assert must <= active.keys(), f"clone {place} lost {must - active.keys()}"
            assert not over & active.keys(), (
                f"clone {place} shows what has ended: {over & active.keys()}"
            )
            refused = self.denied & set(filter(None, active.values()))
            assert not refused, f"clone {place} holds what was said not to be stored: {refused}"
            strangers = {
                reason for content_id, reason in active.items() if content_id not in self.lives
            }
            assert strangers <= self.untold, (
                f"clone {place} holds what nobody asked for: {strangers}"
            )
        assert all(active == seen[0] for active in seen), f"the clones disagree: {seen}"

    def _check_clearing(self) -> None:
        """Days later all has ended everywhere, is remembered, and is cleared from the hub."""
        self.now += timedelta(days=3)
        for _ in range(2):
            for place in range(len(self.clones)):
                self.gc_there(place)
        for place in range(len(self.clones)):
            self.sync(place)
            assert self._active(place, self.now) == {}
            known = (
                self.clones[place].coordinator(clock=lambda: self.now).list(all=True).reservations
            )
            kept = {id_ for id_, life in self.lives.items() if not life.united}
            assert kept <= {held.reservation_id for held in known}, "the archive lost some"
        assert self.hub.refs() == {}


@dataclass(frozen=True)
class Wanted:
    """What a reservation asks for; no two have one reason."""

    address: str
    ttl: int
    reason: str


@dataclass(frozen=True)
class Writer:
    """A program at work in a clone."""

    place: int
    verb: str
    subject: str | None
    wanted: Wanted | None
    now: datetime
    process: subprocess.Popen[bytes]


def run(place: Path, seed: int, steps: int) -> None:
    """Make a hub and three clones below a directory, let them work, and check. Raises AssertionError with the log."""
    chance = random.Random(seed)
    subprocess.run(["git", "init", "-q", "--bare", "hub.git"], cwd=place, check=True)
    hub = Hub(place / "hub.git", str(place / "hub.git"))
    clones = [hub.clone(f"clone-{number}") for number in range(3)]
    for clone in clones:
        clone.git("config", "muse-coord.gcGrace", str(GRACE))
        clone.git("config", "muse-coord.autoReserve", "true")
    world = World(chance, hub, clones)
    becomes_wrong, becomes_right = sorted(chance.sample(range(steps + 1), 2))
    fast = chance.randrange(len(clones))
    try:
        for number in range(steps):
            world.wrong = fast if becomes_wrong <= number < becomes_right else None
            world.step()
            world.check_stayers()
            world.check_seen(
                set(range(len(clones))) - ({fast} if number >= becomes_wrong else set())
            )
        world.check_end()
    except Exception as error:
        error.add_note(f"seed {seed}\n" + "\n".join(world.log))
        raise
