"""A race to try the listing of refs by their files: somebody lists in a loop while git changes and packs them."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from git_muse_coord.store.git.plain_refs import OddRef
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.ref_files import RefFiles
from git_muse_coord.store.git.ref_look import RefLook
from git_muse_coord.store.git.refs import Refs, RefUpdate, retrying
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.records.listing import ROOT, SINGLES
from git_muse_coord.store.records.ref_lines import RefLines
from tests.tools import Repo, git_in

FOLDERS = ("reservations", "releases", "heartbeats", "claims")
KEPT = 60
"""About so many refs each writer leaves standing: it makes more, and deletes the oldest."""


class Looks:
    """Lists as commands do that are over afterwards."""

    def __init__(self, path: Path) -> None:
        self._look = RefLook(Repository(str(path), stays=False), ROOT, SINGLES)

    def listing(self) -> RefLines | None:
        """What one of them finds; None where it asks git."""
        told = self._look.listing()
        if told is None:
            return None
        lines = RefLines.read(told.packed, told.loose, told.singles)
        try:
            lines.lines(lines.text)
        except OddRef:
            return None
        return lines


@dataclass
class Race:
    """What was acknowledged, and what the listings showed."""

    repo: Repo
    files: RefFiles | Looks
    alive: dict[str, str] = field(default_factory=dict)
    """Acknowledged, and nobody has begun to delete it."""
    dead: dict[str, None] = field(default_factory=dict)
    """Its deletion was acknowledged."""
    listings: int = 0
    by_git: int = 0
    changes: int = 0
    packed: int = 0
    missed: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)

    def look(self) -> None:
        """List once, and compare with what was certain before it began and still is when it has ended."""
        before = dict(self.alive)
        dead = dict(self.dead)
        listing = self.files.listing()
        after = dict(self.alive)
        self.listings += 1
        if listing is None:
            self.by_git += 1
            return
        shown = listing.refs
        for ref, oid in before.items():
            if ref in after and shown.get(ref) != oid:
                self.missed.append(ref)
        self.returned += [ref for ref in dead if ref in shown]


def write(race: Race, name: str, over: threading.Event) -> None:
    """Create and delete refs under names of one's own, never one twice."""
    chance = random.Random(name)
    refs = Refs(Git(str(race.repo.path)), stays=True)
    oid = race.repo.git("hash-object", "-w", "--stdin", given=name.encode())
    mine: list[str] = []
    number = 0
    while not over.is_set():
        created = []
        for _ in range(chance.choice([1, 1, 1, 3])):
            created.append(f"refs/muse/{chance.choice(FOLDERS)}/{name}-{number}")
            number += 1
        assert commit(refs, [RefUpdate(ref, oid, None) for ref in created])
        race.alive.update(dict.fromkeys(created, oid))
        mine += created
        race.changes += 1
        if len(mine) > KEPT and chance.random() < 0.8:
            old, mine = mine[:3], mine[3:]
            for ref in old:
                del race.alive[ref]
            assert commit(refs, [RefUpdate(ref, None, oid) for ref in old])
            race.dead.update(dict.fromkeys(old))
            for ref in list(race.dead)[:-500]:
                race.dead.pop(ref, None)


def commit(refs: Refs, updates: list[RefUpdate]) -> bool:
    """As the records are written: where git's own locks are in the way, again."""
    return retrying(lambda: refs.commit(updates))


def keep_house(race: Race, over: threading.Event, *command: str) -> None:
    """Have git pack or collect again and again, with pauses of all lengths."""
    chance = random.Random(command[0])
    while not over.wait(chance.choice([0.0, 0.01, 0.05, 0.2])):
        git_in(race.repo.path, *command, check=False)
        race.packed += 1


def run(race: Race, goes_on: Callable[[], bool], writers: int = 3) -> None:
    """Race for as long as it ``goes_on``."""
    over = threading.Event()
    trouble: list[BaseException] = []

    def guarded(action: Callable[..., None], *arguments: object) -> None:
        try:
            action(*arguments)
        except BaseException as error:
            trouble.append(error)

    threads = [
        threading.Thread(target=guarded, args=(write, race, f"w{number}", over))
        for number in range(writers)
    ]
    for command in (("pack-refs", "--all"), ("gc", "-q"), ("pack-refs", "--all", "--no-prune")):
        threads.append(threading.Thread(target=guarded, args=(keep_house, race, over, *command)))
    for thread in threads:
        thread.start()
    try:
        while goes_on() and not trouble:
            race.look()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if trouble:
        raise trouble[0]
