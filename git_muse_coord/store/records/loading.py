"""From what is listed to records: their bytes, from where they cost least, parsed all at once."""

from __future__ import annotations

from git_muse_coord.model import codec, records
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.records.ref_names import id_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.git.objects import Objects
    from git_muse_coord.store.records.cache import RecordCache
    from git_muse_coord.store.records.cached_record import Bodies
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef

    Records = dict[RecordId, Record]
    """Records by their own ids."""
    Loaded = dict[str, tuple[RecordId, Record]]
    """Records with their own ids, by the refs that they must have."""
    ByOid = dict[str, tuple[RecordId, Record]]
    """The same, by their objects."""
    Load = Callable[[Oids], Loaded]
    """Reads records, by the refs that they must have."""


class Loader:
    """What reads sound records. ``fresh`` are the bytes that this process met itself, by object id."""

    def __init__(
        self,
        objects: Objects,
        cache: RecordCache,
    ) -> None:
        self._objects = objects
        self._cache = cache
        self.fresh: Bodies = {}
        # by object id, while all else here is by ref
        self._loaded: ByOid = {}

    def forget(self, oids: Iterable[str]) -> None:
        """Keep some objects in memory no more."""
        for oid in oids:
            self.fresh.pop(oid, None)
            self._loaded.pop(oid, None)

    def load(self, refs: OidsByRef) -> Loaded:
        """Sound records with their own ids, by their refs. What has no bytes anywhere is left out."""
        loaded = self._loaded
        new: dict[str, str] = {}
        for ref, oid in refs.items():
            if oid not in loaded:
                new[oid] = ref
        if new:
            loaded.update(self._parsed(new))
        return _by_ref(refs, loaded)

    def read(self, refs: OidsByRef) -> Loaded:
        """As ``load``, for what is looked at once: nothing is kept in memory."""
        ref_of_oid: dict[str, str] = {}
        for ref, oid in refs.items():
            ref_of_oid[oid] = ref
        parsed = self._parsed(ref_of_oid)
        return _by_ref(refs, parsed)

    def _parsed(self, ref_of_oid: Mapping[str, str]) -> ByOid:
        """The records of objects, which are given with the refs that they must have."""
        bodies = self.bodies(ref_of_oid)
        # All in one call, which parses twice as fast as one call each.
        revived = records.revive(bodies.values())
        parsed: ByOid = {}
        for (oid, blob), record in zip(bodies.items(), revived, strict=True):
            record_id = _own_id(ref_of_oid[oid], blob, record)
            parsed[oid] = record_id, record
        return parsed

    def bodies(self, oids: Iterable[str]) -> Bodies:
        """The bytes of blobs, from where they cost least: this process, the cache, and two processes of git."""
        bodies: Bodies = {}
        for place in (self._from_memory, self._from_cache, self._from_git):
            lacking = [oid for oid in oids if oid not in bodies]
            if lacking:
                bodies.update(place(lacking))
        return bodies

    def _from_memory(self, oids: Sequence[str]) -> Bodies:
        return _among(self.fresh, oids)

    def _from_cache(self, oids: Sequence[str]) -> Bodies:
        # of many blobs the cache gives all that it has
        cached = self._cache.bodies(oids)
        return _among(cached, oids)

    def _from_git(self, oids: Sequence[str]) -> Bodies:
        bodies: Bodies = {}
        for stored in self._objects.read(oids):
            if stored.blob is not None:
                bodies[stored.oid] = stored.blob
        return bodies


def _by_ref(refs: OidsByRef, loaded: ByOid) -> Loaded:
    """What was loaded, by the refs of its objects."""
    by_ref: Loaded = {}
    for ref, oid in refs.items():
        if oid in loaded:
            by_ref[ref] = loaded[oid]
    return by_ref


def _among(bodies: Bodies, oids: Iterable[str]) -> Bodies:
    """Of some bytes by their object ids, those that are asked for."""
    among: Bodies = {}
    for oid in oids:
        if oid in bodies:
            among[oid] = bodies[oid]
    return among


def _own_id(
    ref: str,
    blob: bytes,
    record: Record,
) -> RecordId:
    """The id of a record: the name of its ref says it, except where that is named by a key."""
    if record.key:
        return codec.content_id(blob)
    return id_in(ref)
