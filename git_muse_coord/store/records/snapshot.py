"""What one listing of the refs showed, and the worlds that can be made of it.

What the records mean together is decided in ``rules``.
"""

from __future__ import annotations

from git_muse_coord.model import address
from git_muse_coord.model.continued import continued_by, replaced_by
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.records import (
    REF_PREFIX,
    Release,
    Reservation,
    bare,
)
from git_muse_coord.rules.state import World
from git_muse_coord.store.git import presence
from git_muse_coord.store.records.archived_names import names_about, names_to_find
from git_muse_coord.store.records.cached_record import SAYS_MORE
from git_muse_coord.store.records.ref_lines import name_bytes
from git_muse_coord.store.records.ref_names import (
    id_in,
    last_part,
    prefix_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.git.objects import Objects
    from git_muse_coord.store.records.archive import Archive
    from git_muse_coord.store.records.cached_record import CachedRecord
    from git_muse_coord.store.records.index import Index, Oids
    from git_muse_coord.store.records.listing import Listing
    from git_muse_coord.store.records.loading import Loaded, Loader
    from git_muse_coord.store.records.verdicts import BadRef, UnreadRef

    Load = Callable[[Oids], Loaded]
    """Reads records with their own ids, by the refs that they must have."""


class Snapshot:
    """What one listing of the refs showed. Bodies load on demand.

    What needs little of it asks ``index``; ``entries``, ``live`` and whole worlds take all there is.
    """

    def __init__(
        self,
        listing: Listing,
        index: Index,
        loader: Loader,
        archive: Callable[[], Archive],
        objects: Objects,
    ) -> None:
        self.epoch = listing.epoch
        self.archive_tip = listing.archive_tip
        self.index = index
        self.load = loader.load
        self.bodies = loader.bodies
        self.read = loader.read
        self._archive = archive
        self._objects = objects

    @property
    def listed(self) -> Mapping[str, str]:
        """All refs, with their object ids."""
        return self.index.listed

    @property
    def entries(self) -> Mapping[str, CachedRecord]:
        """The sound records by ref."""
        return self.index.entries

    @property
    def bad(self) -> Sequence[BadRef]:
        """What counts for nothing."""
        return self.index.bad

    @property
    def unread(self) -> Mapping[str, UnreadRef]:
        """The records that are not understood here, by ref."""
        return self.index.unread

    @cached_property
    def lost(self) -> dict[str, str]:
        """The refs, with their object ids, that name an object which git does not have (any more)."""
        return presence.lost_objects(self._objects, self.index.oid_of)

    def is_as(self, other: Snapshot) -> bool:
        """Whether another look showed the same records."""
        if self.archive_tip != other.archive_tip:
            return False
        # a process that stays has the very same index until something changes
        return self.index is other.index or self.listed == other.listed

    @property
    def checked(self) -> int:
        """How many refs were looked at."""
        return self.index.count() + len(self.bad) + len(self.unread)

    @cached_property
    def live(self) -> Loaded:
        """Every record with its own id, by ref."""
        return self.load({ref: cached.oid for ref, cached in self.entries.items()})

    def load_unless(self, oids: Collection[str]) -> list[tuple[RecordId, Record]]:
        """The records, with their ids, of which the objects are not among some."""
        others: Oids = {}
        for ref, oid in self.listed.items():
            if oid not in oids and self.index.sound(ref) is not None:
                others[ref] = oid
        return list(self.load(others).values())

    def records(self) -> dict[RecordId, Record]:
        """Every record, by its own id."""
        return dict(self.live.values())

    def archived(self) -> dict[RecordId, Record]:
        """Every record of the archive, by its own id."""
        return self._archive().records(self.archive_tip)

    def world(self, also: Iterable[RecordId] = ()) -> World:
        """Everything that is live, by what it is about, and archived reservations that are named by id."""
        also = list(also)
        if not also:
            return self._whole
        return self.world_among(self.records(), also)

    @cached_property
    def _whole(self) -> World:
        return self.world_among(self.records(), ())

    def world_with(self, arrived: Mapping[RecordId, Record]) -> World:
        """Everything that is live, and records that are about to be."""
        return self.world_among({**self.records(), **arrived}, ())

    def world_ever(self) -> World:
        """Everything that is live, and everything that is archived."""
        world = World.of({**self.archived(), **self.records()})
        return world._replace(ended=self._ended)

    def world_around(
        self,
        addresses: Iterable[Address] = (),
        ids: Iterable[RecordId] = (),
        *,
        runs: Collection[RunId] = (),
        live: Collection[RecordId] = (),
    ) -> World:
        """The reservations that could overlap some addresses, those named by id, and their satellites.

        Besides, those of some runs, and those named by id as far as they are ``live``.
        """
        addresses = list(addresses)
        ids = list(ids)
        # what the cache mentions of a record chooses; only the chosen ones are parsed
        reservations = self._at(addresses)
        by_name = self._named([*ids, *live])
        by_name |= self._unions_of([*ids, *live], by_name)
        reservations |= self._with_unions(by_name)
        for run_id in runs:
            reservations |= self.index.reservations_of(run_id)
        # of what is named the release may be here alone
        named = map(_reservation_ref, [*ids, *live])
        chosen = {**reservations, **self.satellites([*reservations, *named])}
        around = dict(self.load(chosen).values())
        world = self.world_among(around, ids)
        lacking = _successors(world.releases.values()) - world.reservations.keys() - set(ids)
        # What goes on in the place of another counts for those who wait for that; hardly ever any.
        if not self._named(lacking):
            return world
        return self.world_around(addresses, [*ids, *lacking], runs=runs, live=live)

    def waiting(self) -> tuple[set[RecordId], set[RecordId]]:
        """The reservations that wait for others, and what they wait for."""
        waiting: set[RecordId] = set()
        awaited: set[RecordId] = set()
        for reservation_id, record in self.load(self.index.waiting()).values():
            waiting.add(reservation_id)
            if isinstance(record, Reservation):
                awaited.update(record.depends_on)
        return waiting, awaited

    def lone_releases(self) -> dict[RecordId, Release]:
        """The releases, by what they end, of reservations that are not here."""
        lone: dict[RecordId, Release] = {}
        for _, record in self.load(self.index.lone_releases()).values():
            if isinstance(record, Release):
                lone[record.reservation_id] = record
        return lone

    def archived_names(self, names: Iterable[str]) -> list[str]:
        """Those names that are archived."""
        return list(self._archive().find(self.archive_tip, names))

    def _with_unions(self, named: Oids) -> Oids:
        """Some reservations, and those of the same runs in which they may have ended."""
        all_of_them = dict(named)
        runs: set[RunId] = set()
        for _, record in self.load(named).values():
            # Only what says something extra ends so, which spares the others the look.
            if record.extra:
                runs.add(record.run_id)
        for run_id in runs:
            all_of_them |= self.index.reservations_of(run_id)
        return all_of_them

    def _unions_of(self, ids: Iterable[RecordId], here: Oids) -> Oids:
        """The unions in which those of some reservations go on that are not ``here``, and that nobody released."""
        gone: set[RecordId] = set()
        for reservation_id in ids:
            ref = _reservation_ref(reservation_id)
            if ref not in here and self.index.oid_of(_release_of(ref)) is None:
                gone.add(reservation_id)
        if not gone:
            return {}
        saying_more: Oids = {}
        for line in self.index.ends():
            times, _, value = line.partition(b"\t")
            if times.endswith(SAYS_MORE):
                name, oid = value.decode().split(" ")
                saying_more[prefix_of(Reservation) + name] = oid
        unions: Oids = {}
        for ref, (_, record) in self.load(saying_more).items():
            if isinstance(record, Reservation) and not gone.isdisjoint(replaced_by(record)):
                unions[ref] = saying_more[ref]
        return unions

    def world_of(self, run_id: RunId) -> World:
        """The reservations of a run that were not released, and their heartbeats."""
        reservations: Oids = {}
        all_of_them = self.index.reservations_of(run_id)
        releases = self._releases(all_of_them)
        for ref, oid in all_of_them.items():
            if _release_of(ref) not in releases:
                reservations[ref] = oid
        if any(record.extra for _, record in self.load(reservations).values()):
            # what is united stays so when its union is released
            return self._unreleased(self.world_around(runs=[run_id]))
        chosen = {**reservations, **self.satellites(reservations)}
        return self.world_among(dict(self.load(chosen).values()), ())

    @staticmethod
    def _unreleased(world: World) -> World:
        """A world without the reservations that have a release."""
        reservations = dict(world.reservations)
        for reservation_id in world.releases:
            reservations.pop(reservation_id, None)
        return world._replace(reservations=reservations)

    def world_among(
        self,
        live: dict[RecordId, Record],
        also: Iterable[RecordId] = (),
    ) -> World:
        """A world of live records, and of what the archive has about them and about some more reservations.

        What is archived counts, whatever refs come back: releases, and that a task was finished.
        """
        if self.archive_tip is None:
            world = World.of(live)
            return world._replace(ended=self._ended)
        names = names_to_find(live, also)
        rows = self._archive().find(self.archive_tip, names).values()
        archived_ids = {row.id for row in rows}
        archived_alone = [row for row in rows if row.id not in live]
        archived = self._archive().load(archived_alone)
        # live ones last: of two releases of one reservation a world keeps the last that it is given
        world = World.of({**archived, **live})
        return world._replace(archived=archived_ids, ended=self._ended)

    @cached_property
    def _ended(self) -> set[RecordId]:
        """The reservations whose release is here, but not understood: its name says what it releases."""
        releases = prefix_of(Release)
        return {id_in(ref) for ref in self.unread if ref.startswith(releases)}

    def ids(self, kind: type[Record], start: str = "") -> list[RecordId]:
        """The ids, of which the hex digits begin so, of a kind that is named by its own id."""
        return self.index.ids(kind, start)

    def shows(self, ids: Iterable[RecordId], kind: type[Record] = Reservation) -> bool:
        """Whether reservations, or what else can be released, are there, or were once: released or archived."""
        for content_id in ids:
            names = names_about(content_id, kind)
            if any(self._is_sound_or_unread(REF_PREFIX + name) for name in names):
                continue
            if not self._archive().find(self.archive_tip, names):
                return False
        return True

    def _is_sound_or_unread(self, ref: str) -> bool:
        return ref in self.unread or self.index.sound(ref) is not None

    def _named(self, ids: Iterable[RecordId]) -> Oids:
        named: Oids = {}
        for reservation_id in ids:
            ref = _reservation_ref(reservation_id)
            oid = self.index.sound(ref)
            if oid is not None:
                named[ref] = oid
        return named

    def _at(self, addresses: Iterable[Address]) -> Oids:
        """The reservations that mention a path near some addresses."""
        near_paths, below = address.neighbourhood(addresses)
        if not near_paths:
            return {}
        folders = tuple(map(name_bytes, below))
        return self.index.reservations_at(set(map(name_bytes, near_paths)), folders)

    def satellites(self, reservations: Collection[str]) -> Oids:
        """The releases and the heartbeats of some records, which are told by their refs."""
        if not reservations:
            return {}
        satellites = self.index.beats_of(set(map(last_part, reservations)))
        satellites.update(self._releases(reservations))
        return satellites

    def _releases(self, reservations: Collection[str]) -> Oids:
        """The releases of some reservations, which are told by their refs."""
        return self.index.releases_of(set(map(last_part, reservations)))


def _reservation_ref(reservation_id: RecordId) -> str:
    return prefix_of(Reservation) + bare(reservation_id)


def _release_of(ref: str) -> str:
    """The ref of the release of a reservation."""
    return prefix_of(Release) + last_part(ref)


def _successors(releases: Iterable[Release]) -> set[RecordId]:
    """The reservations that go on in the place of released ones."""
    successors = {continued_by(release) for release in releases if release.extra}
    return {successor for successor in successors if successor is not None}
