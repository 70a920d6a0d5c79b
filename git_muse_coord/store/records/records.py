"""Records under ``refs/muse/``: reading them defensively, writing them all or none.

What the records mean together is decided in ``rules``; what is broken below them is mended in
``repair``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from git_muse_coord.model import address, codec, records
from git_muse_coord.model.address import Address
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.names import ARCHIVE, EPOCH
from git_muse_coord.model.records import (
    REF_PREFIX,
    Heartbeat,
    Intent,
    Record,
    Release,
    Reservation,
    bare,
    with_prefix,
)
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.state import World
from git_muse_coord.store.git import presence
from git_muse_coord.store.git.objects import MISSING, UNREADABLE, Objects
from git_muse_coord.store.git.refs import Refs, RefUpdate, retrying
from git_muse_coord.store.records.archive import Archive
from git_muse_coord.store.records.cache import RecordCache
from git_muse_coord.store.records.cached_record import DAMAGED, NOT_UNDERSTOOD, CachedRecord
from git_muse_coord.store.records.segments import name_of
from git_muse_coord.store.records.verdicts import (
    BadRef,
    UnreadRef,
    judge,
    mentions,
    unread_ref,
    verdict_at,
    why_damaged,
)

"""Two levels below refs/, because a push to a name of one level is refused as a funny refname."""

_WITH_RULES = (Reservation, Intent, Release, Heartbeat)
"""Kinds whose place in the archive is looked up by what they are about, or does not matter."""

SPARE = 5000
"""Rows of the cache that no ref needs are kept up to this number: they can mend a ref that lost its object."""


_LEARNED = 1000
"""At most this many records are verified before they are remembered, so that a stopped program goes on there."""


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
        load: Callable[[Sequence[CachedRecord]], dict[str, tuple[RecordId, Record]]],
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
    def live(self) -> dict[str, tuple[RecordId, Record]]:
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
        return self._world(self.records(), also) if also else self._whole

    @cached_property
    def _whole(self) -> World:
        return self._world(self.records(), ())

    def world_with(self, arrived: Mapping[RecordId, Record]) -> World:
        """Everything that is live, and records that are about to be."""
        return self._world({**self.records(), **arrived}, ())

    def world_ever(self) -> World:
        """Everything that is live, and everything that is archived."""
        return World.of({**self.archived(), **self.records()})._replace(ended=self._ended)

    def world_around(
        self, addresses: Iterable[Address] = (), ids: Iterable[RecordId] = ()
    ) -> World:
        """The reservations that could overlap some addresses, those named by id, and their satellites."""
        ids = list(ids)
        found = {**self._at(addresses), **self._named(ids)}
        return self._world(
            dict(self._load([*found.values(), *self._satellites(found)]).values()), ids
        )

    def _world(self, live: dict[RecordId, Record], also: Iterable[RecordId]) -> World:
        """What is archived counts, whatever refs come back: releases, and that a task was finished."""
        if self.archive_tip is None:
            return World.of(live)._replace(ended=self._ended)
        held = [one for one, record in live.items() if isinstance(record, Reservation)]
        held += [one for one in also if one not in live]
        names = [f"{kind.folder}/{bare(one)}" for kind in (Reservation, Release) for one in held]
        names += [
            name_of(record, one)
            for one, record in live.items()
            if not isinstance(record, _WITH_RULES)
        ]
        rows = self._archive.find(self.archive_tip, names).values()
        world = World.of({**self._archive.load(row for row in rows if row.id not in live), **live})
        return world._replace(archived={row.id for row in rows}, ended=self._ended)

    @cached_property
    def _ended(self) -> set[RecordId]:
        """The reservations whose release is here, but not understood: its name says what it releases."""
        start = f"{REF_PREFIX}{Release.folder}/"
        return {
            with_prefix(ref.removeprefix(start)) for ref in self.unread if ref.startswith(start)
        }

    def ids(self, kind: type[Record]) -> list[RecordId]:
        """The ids of all records of a kind that is named by its own id."""
        start = f"{REF_PREFIX}{kind.folder}/"
        return [
            with_prefix(ref.removeprefix(start)) for ref in self.entries if ref.startswith(start)
        ]

    def shows(self, ids: Iterable[RecordId]) -> bool:
        """Whether reservations are there, or were once: released or archived."""
        kinds = (Reservation, Release)
        names = {one: [f"{kind.folder}/{bare(one)}" for kind in kinds] for one in ids}
        here = self.entries.keys() | self.unread.keys()
        absent = [
            one
            for one, some in names.items()
            if not any(f"{REF_PREFIX}{name}" in here for name in some)
        ]
        return all(self._archive.find(self.archive_tip, names[one]) for one in absent)

    def _folder(self, kind: type[Record]) -> Iterator[tuple[str, CachedRecord]]:
        start = f"{REF_PREFIX}{kind.folder}/"
        return (item for item in self.entries.items() if item[0].startswith(start))

    def _named(self, ids: Iterable[RecordId]) -> dict[str, CachedRecord]:
        refs = (f"{REF_PREFIX}{Reservation.folder}/{bare(one)}" for one in ids)
        return {ref: self.entries[ref] for ref in refs if ref in self.entries}

    def _at(self, addresses: Iterable[Address]) -> dict[str, CachedRecord]:
        paths, inside = _places(addresses)
        if not paths:
            return {}

        def near(entry: CachedRecord) -> bool:
            mentioned = entry.mentions.split(b"\n")
            return not paths.isdisjoint(mentioned) or any(
                path.startswith(inside) for path in mentioned
            )

        return {ref: entry for ref, entry in self._folder(Reservation) if near(entry)}

    def _satellites(self, reservations: Iterable[str]) -> Iterator[CachedRecord]:
        ids = {ref.rsplit("/", 1)[1] for ref in reservations}
        if ids:
            yield from (
                entry for ref, entry in self._folder(Release) if ref.rsplit("/", 1)[1] in ids
            )
            yield from (
                entry for _, entry in self._folder(Heartbeat) if entry.mentions.decode() in ids
            )


class Move(NamedTuple):
    """Let a ref that holds one object point at a new blob; ``old`` None: it must not be there yet."""

    ref: str
    blob: bytes
    old: str | None


class RecordStore:
    """The records of one repository."""

    def __init__(self, objects: Objects, refs: Refs, cache: RecordCache, archive: Archive) -> None:
        self.objects = objects
        self.refs = refs
        self.cache = cache
        self.archive = archive
        self._turn = threading.Lock()
        self._read_cache = False
        self._known: dict[str, CachedRecord] = {}
        self._fresh: dict[str, bytes] = {}
        self._loaded: dict[str, tuple[RecordId, Record]] = {}

    def look(self, *, afresh: bool = False) -> Snapshot:
        """List all records and verify those that were never seen before, or with ``afresh`` every one.

        What the cache knows counts even where git has lost the object since.
        """
        with self._turn:  # a library's caller may have several threads
            return self._look(afresh)

    def _look(self, afresh: bool) -> Snapshot:
        listing = self.refs.listing(EPOCH, ARCHIVE, REF_PREFIX.rstrip("/"))
        self._read_known()  # while git lists
        listed = listing()
        epoch = listed.pop(EPOCH, None)
        archive_tip = listed.pop(ARCHIVE, None)
        if afresh:
            self._known = {}
        known = self._known
        reasons = self.learn([oid for oid in set(listed.values()) if oid not in known])
        if len(known) > 2 * len(listed) + SPARE:
            dead = known.keys() - set(listed.values())
            self.cache.forget(list(dead))
            for oid in dead:
                known.pop(oid, None)
                self._fresh.pop(oid, None)
                self._loaded.pop(oid, None)
        entries: dict[str, CachedRecord] = {}
        bad: list[BadRef] = []
        strange: dict[str, UnreadRef] = {}
        for ref, oid in listed.items():
            entry = known.get(oid)
            if entry is not None and entry.ref == ref:
                entries[ref] = entry
            elif entry is None:
                bad.append(BadRef(ref, reasons[oid]))
            elif verdict_at(ref, entry) == NOT_UNDERSTOOD:
                strange[ref] = unread_ref(entry)
            else:
                bad.append(BadRef(ref, why_damaged(ref, entry)))
        return Snapshot(
            epoch, archive_tip, listed, entries, bad, strange, self.load, self.archive, self.objects
        )

    def write(self, new: Sequence[Record], last: Move | None = None) -> bool:
        """Store records durably, all or none.

        The same transaction moves, as its last line, one more ref. False: a ref was not as
        expected, so another writer was first. Raises BadInput when a record breaks its limits and
        StoreFailed when git cannot write; nothing is stored then.
        """
        try:
            blobs = [records.encode(record) for record in new]
        except InvalidRecord as error:
            raise BadInput(f"the {error}") from None
        names = [
            records.ref_name(record, codec.content_id(blob))
            for record, blob in zip(new, blobs, strict=True)
        ]

        expected: list[tuple[str, bytes, str | None]] = [
            (ref, blob, None) for ref, blob in zip(names, blobs, strict=True)
        ]
        if last is not None:
            expected.append(last)
        all_blobs = [blob for _, blob, _ in expected]

        def attempt() -> list[str] | None:
            # the blobs too: a gc takes away what no ref names yet
            oids = self.objects.write(all_blobs)
            changes = [
                RefUpdate(ref, oid, old) for (ref, _, old), oid in zip(expected, oids, strict=True)
            ]
            return oids if self.refs.commit(changes) else None

        oids = retrying(lambda: self.objects.between_gcs(attempt))
        if oids is None:
            return False
        self.objects.keep(dict(zip(oids, all_blobs, strict=True)))
        oids = oids[: len(blobs)]
        entries = [
            CachedRecord(oid, ref, mentions(record))
            for oid, ref, record in zip(oids, names, new, strict=True)
        ]
        self._keep(list(zip(entries, blobs, strict=True)))
        return True

    def known(self, oid: str) -> CachedRecord | None:
        """The verdict on an object, if it was ever looked at."""
        self._read_known()
        return self._known.get(oid)

    def refuse(self, oid: str, reason: str) -> None:
        """Remember of an object, such as the tip of an archive, why it cannot be used."""
        self._keep(
            [(CachedRecord(oid, "", reason.encode("utf-8", "backslashreplace"), DAMAGED), None)]
        )

    def learn(self, oids: Sequence[str]) -> dict[str, str]:
        """Verify blobs and add them to what is known; return the reasons for those that stay unknown."""
        reasons: dict[str, str] = {}
        for start in range(0, len(oids), _LEARNED):
            rows: list[tuple[CachedRecord, bytes | None]] = []
            for found in self.objects.read(oids[start : start + _LEARNED]):
                if found.reason in (MISSING, UNREADABLE):
                    reasons[found.oid] = found.reason
                else:
                    rows.append(judge(found.oid, found.blob, found.reason))
            self._keep(rows)
        return reasons

    def _keep(self, rows: Sequence[tuple[CachedRecord, bytes | None]]) -> None:
        self._known.update((entry.oid, entry) for entry, _ in rows)
        self._fresh.update((entry.oid, blob) for entry, blob in rows if blob is not None)
        if rows:
            self.cache.put(rows)

    def _read_known(self) -> None:
        if not self._read_cache:
            self._known = {**self.cache.entries(), **self._known}
            self._read_cache = True

    def load(self, entries: Sequence[CachedRecord]) -> dict[str, tuple[RecordId, Record]]:
        """Records with their own ids, by the refs that they must have."""
        new = {entry.oid: entry for entry in entries if entry.oid not in self._loaded}
        blobs = {oid: self._fresh[oid] for oid in new if oid in self._fresh}
        blobs |= self.cache.bodies([oid for oid in new if oid not in blobs])
        lost = [oid for oid in new if oid not in blobs]
        blobs |= (
            {found.oid: found.blob for found in self.objects.read(lost) if found.blob is not None}
            if lost
            else {}
        )
        here = {oid: blobs[oid] for oid in new if oid in blobs}
        revived = zip(here.items(), records.revive(here.values()), strict=True)
        self._loaded |= {
            oid: (_id(new[oid], blob, record), record) for (oid, blob), record in revived
        }
        return {
            entry.ref: self._loaded[entry.oid] for entry in entries if entry.oid in self._loaded
        }


def _id(entry: CachedRecord, blob: bytes, record: Record) -> RecordId:
    return codec.content_id(blob) if record.key else with_prefix(entry.ref.rsplit("/", 1)[1])


def _places(addresses: Iterable[Address]) -> tuple[set[bytes], tuple[bytes, ...]]:
    paths, inside = address.neighbourhood(addresses)
    return set(map(_encoded, paths)), tuple(map(_encoded, inside))


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
