"""What one listing of the refs showed, and the worlds that can be made of it.

What the records mean together is decided in ``rules``.
"""

from __future__ import annotations

from git_muse_coord.model import address
from git_muse_coord.model.continued import successors_of
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.records import Release, Reservation
from git_muse_coord.rules.state import World
from git_muse_coord.store.git import presence
from git_muse_coord.store.records.archived_names import archived_among, names_to_find
from git_muse_coord.store.records.ref_lines import name_bytes
from git_muse_coord.store.records.ref_names import (
    id_in,
    last_part,
    prefix_of,
    ref_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.git.objects import Objects
    from git_muse_coord.store.records.archive import Archive
    from git_muse_coord.store.records.cached_record import Entries
    from git_muse_coord.store.records.index import Index
    from git_muse_coord.store.records.listing import Listing
    from git_muse_coord.store.records.loading import Loaded, Loader, Records
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef
    from git_muse_coord.store.records.verdicts import BadRef, Unread


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
    def listed(self) -> OidsByRef:
        """All refs, with their object ids."""
        return self.index.listed

    @property
    def entries(self) -> Entries:
        """The sound records by ref."""
        return self.index.entries

    @property
    def bad(self) -> Sequence[BadRef]:
        """What counts for nothing."""
        return self.index.bad

    @property
    def unread(self) -> Unread:
        """The records that are not understood here, by ref."""
        return self.index.unread

    @cached_property
    def lost(self) -> Oids:
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
        sound: Oids = {}
        for ref, cached in self.entries.items():
            sound[ref] = cached.oid
        return self.load(sound)

    def load_unless(self, oids: Collection[str]) -> list[tuple[RecordId, Record]]:
        """The records, with their ids, of which the objects are not among some."""
        others: Oids = {}
        for ref, oid in self.listed.items():
            if oid not in oids and self.index.sound(ref) is not None:
                others[ref] = oid
        loaded = self.load(others)
        return list(loaded.values())

    def records(self) -> Records:
        """Every record, by its own id."""
        return dict(self.live.values())

    def archived(self) -> Records:
        """Every record of the archive, by its own id."""
        archive = self._archive()
        return archive.records(self.archive_tip)

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
        live = self.records()
        live.update(arrived)
        return self.world_among(live, ())

    def world_ever(self) -> World:
        """Everything that is live, and everything that is archived."""
        ever = self.archived()
        # live ones last, as in ``world_among``
        ever.update(self.records())
        world = World.of(ever)
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
        # what the cache mentions of a record chooses; only the chosen ones are parsed
        chosen = self._at(list(addresses))
        for run_id in runs:
            chosen |= self.index.reservations_of(run_id)
        known = set(ids)
        world = self._chosen_world(chosen, known | set(live), known)
        lacking = self._lacking(world, chosen, known)
        if not lacking:
            return world
        # Step by step, each by what it adds: others' records may lead on for thousands of steps.
        while lacking:
            known |= lacking
            step: Oids = {}
            step_world = self._chosen_world(step, lacking, lacking)
            chosen |= step
            lacking = self._lacking(step_world, chosen, known)
        return self._loaded_world(chosen, known)

    def _chosen_world(
        self,
        chosen: Oids,
        named: Collection[RecordId],
        ids: Collection[RecordId],
    ) -> World:
        """The world of some reservations and of those that are named, which are added, with their satellites."""
        chosen |= self._with_unions(named)
        # of what is named the release may be here alone
        followed = set(chosen)
        for reservation_id in named:
            followed.add(ref_of(Reservation, reservation_id))
        chosen |= self.satellites(followed)
        return self._loaded_world(chosen, ids)

    def _lacking(
        self,
        world: World,
        chosen: Oids,
        known: Collection[RecordId],
    ) -> set[RecordId]:
        """What goes on in the place of another, which counts for who waits for that; hardly ever any."""
        lacking: set[RecordId] = set()
        for successor in successors_of(world.releases.values()):
            if successor not in known and ref_of(Reservation, successor) not in chosen:
                lacking.add(successor)
        return lacking if self._named(lacking) else set()

    def waiting(self) -> tuple[set[RecordId], set[RecordId]]:
        """The reservations that wait for others, and what they wait for."""
        waiting: set[RecordId] = set()
        awaited: set[RecordId] = set()
        loaded = self.load(self.index.waiting())
        for reservation_id, record in loaded.values():
            waiting.add(reservation_id)
            if isinstance(record, Reservation):
                awaited.update(record.depends_on)
        return waiting, awaited

    def lone_releases(self) -> dict[RecordId, Release]:
        """The releases, by what they end, of reservations that are not here."""
        lone: dict[RecordId, Release] = {}
        loaded = self.load(self.index.lone_releases())
        for _, record in loaded.values():
            if isinstance(record, Release):
                lone[record.reservation_id] = record
        return lone

    def archived_names(self, names: Iterable[str]) -> list[str]:
        """Those names that are archived."""
        archive = self._archive()
        return list(archive.find(self.archive_tip, names))

    def _with_unions(self, ids: Collection[RecordId]) -> Oids:
        """Some reservations that are named, and those of the same runs in which they may have ended."""
        named = self._named(ids)
        gone: set[RecordId] = set()
        for reservation_id in ids:
            if ref_of(Reservation, reservation_id) in named:
                continue
            release = ref_of(Release, reservation_id)
            if self.index.oid_of(release) is None:
                gone.add(reservation_id)
        if gone:
            # hardly ever needed, and so loaded only here
            from git_muse_coord.store.records.unions import unions_of

            named |= unions_of(gone, self.index, self.load)
        runs: set[RunId] = set()
        for _, record in self.load(named).values():
            # Only what says something extra ends so, which spares the others the look.
            if record.extra:
                runs.add(record.run_id)
        reservations = dict(named)
        for run_id in runs:
            reservations |= self.index.reservations_of(run_id)
        return reservations

    def world_of(self, run_id: RunId) -> World:
        """The reservations of a run that were not released, and their heartbeats."""
        reservations: Oids = {}
        all_of_them = self.index.reservations_of(run_id)
        releases = self._releases(all_of_them)
        for ref, oid in all_of_them.items():
            if ref_of(Release, id_in(ref)) not in releases:
                reservations[ref] = oid
        loaded = self.load(reservations)
        if any(record.extra for _, record in loaded.values()):
            # what is united stays so when its union is released
            around = self.world_around(runs=[run_id])
            return around.without_released()
        satellites = self.satellites(reservations)
        return self._loaded_world({**reservations, **satellites}, ())

    def _loaded_world(
        self,
        chosen: Oids,
        also: Iterable[RecordId],
    ) -> World:
        """As ``world_among``, of live records that are still to be read."""
        loaded = self.load(chosen)
        live = dict(loaded.values())
        return self.world_among(live, also)

    def world_among(
        self,
        live: Records,
        also: Iterable[RecordId] = (),
    ) -> World:
        """A world of live records, and of what the archive has about them and about some more reservations.

        What is archived counts, whatever refs come back: releases, and that a task was finished.
        """
        if self.archive_tip is None:
            world = World.of(live)
            return world._replace(ended=self._ended)
        names = names_to_find(live, also)
        archived = archived_among(names, live, self._archive(), self.archive_tip)
        # live ones last: of two releases of one reservation a world keeps the last that it is given
        world = World.of({**archived.alone, **live})
        return world._replace(archived=archived.ids, ended=self._ended)

    @cached_property
    def _ended(self) -> set[RecordId]:
        """The reservations whose release is here, but not understood: its name says what it releases."""
        releases = prefix_of(Release)
        ended: set[RecordId] = set()
        for ref in self.unread:
            if ref.startswith(releases):
                ended.add(id_in(ref))
        return ended

    def _named(self, ids: Iterable[RecordId]) -> Oids:
        """The reservations with some ids, as far as they are sound and here."""
        named: Oids = {}
        for reservation_id in ids:
            ref = ref_of(Reservation, reservation_id)
            oid = self.index.sound(ref)
            if oid is not None:
                named[ref] = oid
        return named

    def _at(self, addresses: Iterable[Address]) -> Oids:
        """The reservations that mention a path near some addresses."""
        near_paths, below = address.neighbourhood(addresses)
        if not near_paths:
            return {}
        paths = set(map(name_bytes, near_paths))
        folders = tuple(map(name_bytes, below))
        return self.index.reservations_at(paths, folders)

    def satellites(self, reservations: Collection[str]) -> Oids:
        """The releases and the heartbeats of some records, which are told by their refs."""
        if not reservations:
            return {}
        subjects = set(map(last_part, reservations))
        satellites = self.index.beats_of(subjects)
        satellites.update(self._releases(reservations))
        return satellites

    def _releases(self, reservations: Collection[str]) -> Oids:
        """The releases of some reservations, which are told by their refs."""
        names = set(map(last_part, reservations))
        return self.index.releases_of(names)
