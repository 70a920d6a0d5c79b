"""What one listing of the refs showed, and the worlds that can be made of it.

What the records mean together is decided in ``rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from git_muse_coord.model import address
from git_muse_coord.model.address import Address
from git_muse_coord.model.continued import continued_by
from git_muse_coord.model.records import (
    REF_PREFIX,
    Heartbeat,
    Intent,
    Record,
    Release,
    Reservation,
)
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.state import World
from git_muse_coord.store.git import presence
from git_muse_coord.store.git.objects import Objects
from git_muse_coord.store.records.archive import Archive
from git_muse_coord.store.records.cached_record import CachedRecord, holder_mark
from git_muse_coord.store.records.ref_names import id_in, named_after, prefix_of
from git_muse_coord.store.records.segments import name_of
from git_muse_coord.store.records.verdicts import BadRef, UnreadRef

Loaded = dict[str, tuple[RecordId, Record]]
"""Records with their own ids, by the refs that they must have."""
Load = Callable[[Sequence[CachedRecord]], Loaded]
"""Reads records with their own ids, by the refs that they must have."""

_WITH_RULES = (Reservation, Intent, Release, Heartbeat)
"""Kinds whose place in the archive is looked up by what they are about, or does not matter."""


class Snapshot:
    """What one listing of the refs showed.

    ``entries`` are the sound records by ref, ``unread`` those that are not understood here, and
    ``bad`` all else that is there. Bodies load on demand.
    """

    def __init__(
        self,
        epoch: str | None,
        archive_tip: str | None,
        listed: Mapping[str, str],
        entries: Mapping[str, CachedRecord],
        bad: Sequence[BadRef],
        unread: Mapping[str, UnreadRef],
        load: Load,
        archive: Archive,
        objects: Objects,
    ) -> None:
        self.epoch = epoch
        self.archive_tip = archive_tip
        self.listed = listed
        self.entries = entries
        self.bad = bad
        self.unread = unread
        self._load = load
        self._archive = archive
        self._objects = objects

    @cached_property
    def lost(self) -> dict[str, str]:
        """The refs, with their object ids, that name an object which git does not have (any more)."""
        return presence.lost_objects(self._objects, self.listed)

    @property
    def checked(self) -> int:
        """How many refs were looked at."""
        return len(self.entries) + len(self.bad) + len(self.unread)

    @cached_property
    def live(self) -> Loaded:
        """Every record with its own id, by ref."""
        return self._load(list(self.entries.values()))

    def records(self) -> dict[RecordId, Record]:
        """Every record, by its own id."""
        return dict(self.live.values())

    def archived(self) -> dict[RecordId, Record]:
        """Every record of the archive, by its own id."""
        return self._archive.records(self.archive_tip)

    def world(self, also: Iterable[RecordId] = ()) -> World:
        """Everything that is live, by what it is about, and archived reservations that are named by id."""
        also = list(also)
        if not also:
            return self._whole
        return self._world(self.records(), also)

    @cached_property
    def _whole(self) -> World:
        return self._world(self.records(), ())

    def world_with(self, arrived: Mapping[RecordId, Record]) -> World:
        """Everything that is live, and records that are about to be."""
        return self._world({**self.records(), **arrived}, ())

    def world_ever(self) -> World:
        """Everything that is live, and everything that is archived."""
        world = World.of({**self.archived(), **self.records()})
        return world._replace(ended=self._ended)

    def world_around(
        self, addresses: Iterable[Address] = (), ids: Iterable[RecordId] = ()
    ) -> World:
        """The reservations that could overlap some addresses, those named by id, and their satellites."""
        addresses = list(addresses)
        ids = list(ids)
        # what the cache mentions of a record chooses; only the chosen ones are parsed
        reservations = self._at(addresses)
        reservations |= self._named(ids)
        satellites = self._satellites(reservations)
        chosen = [*reservations.values(), *satellites]
        around = dict(self._load(chosen).values())
        world = self._world(around, ids)
        lacking = _successors(world.releases.values()) - world.reservations.keys() - set(ids)
        # What goes on in the place of another counts for those who wait for that; hardly ever any.
        if not self._named(lacking):
            return world
        return self.world_around(addresses, [*ids, *lacking])

    def world_of(self, run_id: RunId) -> World:
        """The reservations of a run that were not released, and their heartbeats."""
        mark = holder_mark(run_id)
        reservations: dict[str, CachedRecord] = {}
        # One pass without a look at what kind each is: no other kind begins so.
        for ref, cached in self.entries.items():
            if cached.mentions.startswith(mark):
                reservations[ref] = cached
        for ref in list(reservations):
            if REF_PREFIX + named_after(Release, id_in(ref)) in self.entries:
                del reservations[ref]
        chosen = [*reservations.values(), *self._satellites(reservations)]
        return self._world(dict(self._load(chosen).values()), ())

    def _world(self, live: dict[RecordId, Record], also: Iterable[RecordId]) -> World:
        """A world of live records, and of what the archive has about them and about some more reservations.

        What is archived counts, whatever refs come back: releases, and that a task was finished.
        """
        if self.archive_tip is None:
            world = World.of(live)
            return world._replace(ended=self._ended)
        names = _names_to_find(live, also)
        rows = self._archive.find(self.archive_tip, names).values()
        archived_ids = {row.id for row in rows}
        archived_alone = [row for row in rows if row.id not in live]
        archived = self._archive.load(archived_alone)
        # live ones last: of two releases of one reservation a world keeps the last that it is given
        world = World.of({**archived, **live})
        return world._replace(archived=archived_ids, ended=self._ended)

    @cached_property
    def _ended(self) -> set[RecordId]:
        """The reservations whose release is here, but not understood: its name says what it releases."""
        releases = prefix_of(Release)
        ended: set[RecordId] = set()
        for ref in self.unread:
            if ref.startswith(releases):
                ended.add(id_in(ref))
        return ended

    def ids(self, kind: type[Record]) -> list[RecordId]:
        """The ids of all records of a kind that is named by its own id."""
        return [id_in(ref) for ref, _ in self._folder(kind)]

    def shows(self, ids: Iterable[RecordId]) -> bool:
        """Whether reservations are there, or were once: released or archived."""
        here = self.entries.keys() | self.unread.keys()
        for reservation_id in ids:
            names = _names_about(reservation_id)
            refs = [REF_PREFIX + name for name in names]
            if not here.isdisjoint(refs):
                continue
            if not self._archive.find(self.archive_tip, names):
                return False
        return True

    def _folder(self, kind: type[Record]) -> Iterator[tuple[str, CachedRecord]]:
        start = prefix_of(kind)
        for ref, cached in self.entries.items():
            if ref.startswith(start):
                yield ref, cached

    def _named(self, ids: Iterable[RecordId]) -> dict[str, CachedRecord]:
        named: dict[str, CachedRecord] = {}
        for reservation_id in ids:
            ref = REF_PREFIX + named_after(Reservation, reservation_id)
            cached = self.entries.get(ref)
            if cached is not None:
                named[ref] = cached
        return named

    def _at(self, addresses: Iterable[Address]) -> dict[str, CachedRecord]:
        """The reservations that mention a path near some addresses."""
        near_paths, below = address.neighbourhood(addresses)
        if not near_paths:
            return {}
        # compared as bytes, as the cache holds them: most reservations are dropped here, undecoded
        paths = set(map(_encoded, near_paths))
        folders = tuple(map(_encoded, below))
        near: dict[str, CachedRecord] = {}
        for ref, cached in self._folder(Reservation):
            mentioned = cached.mentions.split(b"\n")
            is_near = not paths.isdisjoint(mentioned)
            if is_near or any(path.startswith(folders) for path in mentioned):
                near[ref] = cached
        return near

    def _satellites(self, reservations: Iterable[str]) -> Iterator[CachedRecord]:
        """The releases and the heartbeats of some reservations, which are told by their refs."""
        bare_ids = set(map(_last_part, reservations))
        if not bare_ids:
            return
        # a release is named after its reservation
        for ref, release in self._folder(Release):
            if _last_part(ref) in bare_ids:
                yield release
        # a heartbeat is named by its own id; whose it is, is what the cache mentions
        for _, beat in self._folder(Heartbeat):
            subject = beat.mentions.decode()
            if subject in bare_ids:
                yield beat


def _successors(releases: Iterable[Release]) -> set[RecordId]:
    """The reservations that go on in the place of released ones."""
    successors = {continued_by(release) for release in releases if release.extra}
    return {successor for successor in successors if successor is not None}


def _names_to_find(live: Mapping[RecordId, Record], also: Iterable[RecordId]) -> list[str]:
    """What to look up in the archive for some live records, and for reservations that may be archived alone."""
    names: list[str] = []
    for content_id, record in live.items():
        if isinstance(record, Reservation):
            names += _names_about(content_id)
        elif not isinstance(record, _WITH_RULES):
            names.append(name_of(record, content_id))
    for reservation_id in also:
        if reservation_id not in live:
            names += _names_about(reservation_id)
    return names


def _names_about(reservation_id: RecordId) -> list[str]:
    """The names of a reservation and of its release, without ``refs/muse/``."""
    return [
        named_after(Reservation, reservation_id),
        named_after(Release, reservation_id),
    ]


def _last_part(ref: str) -> str:
    return ref.rpartition("/")[2]


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
