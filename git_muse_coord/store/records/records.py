"""Records under ``refs/muse/``: reading them defensively, writing them all or none.

What is broken below them is mended in ``repair``.
"""

from __future__ import annotations

from git_muse_coord.model import codec, records
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import Lock, MappingProxyType, cached_property
from git_muse_coord.model.records import Release, Reservation
from git_muse_coord.store.git.plain_refs import OddRef
from git_muse_coord.store.git.refs import RefUpdate, retrying
from git_muse_coord.store.records.cached_record import CachedRecord
from git_muse_coord.store.records.index import Index, told_apart
from git_muse_coord.store.records.index_change import Lookup, Untold
from git_muse_coord.store.records.known_objects import KnownObjects
from git_muse_coord.store.records.listing import begin_listing
from git_muse_coord.store.records.loading import Loader
from git_muse_coord.store.records.ref_lines import RefLines
from git_muse_coord.store.records.ref_names import id_in, prefix_of, ref_of
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.records.stored_index import StoredIndex
from git_muse_coord.store.records.verdicts import (
    damaged,
    first_mention,
    mentions,
)

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Sequence,
    )

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.git.objects import Objects
    from git_muse_coord.store.git.ref_files import RefFiles
    from git_muse_coord.store.git.ref_look import RefLook
    from git_muse_coord.store.git.refs import Refs
    from git_muse_coord.store.records.archive import Archive
    from git_muse_coord.store.records.cache import RecordCache
    from git_muse_coord.store.records.cached_record import Bodies, Known, RecordRow
    from git_muse_coord.store.records.kept_index import KeptIndex
    from git_muse_coord.store.records.listing import ListedRefs, Listing
    from git_muse_coord.store.records.made_here import MadeHere
    from git_muse_coord.store.records.ref_names import OidsByRef


_IN_MEMORY_MOST = 20_000
"""Of more records than this a command has not all in memory that the cache knows, if it can be helped."""

_NOTHING: OidsByRef = MappingProxyType({})


class Move(NamedTuple):
    """Let a ref that holds one object point at a new blob; ``old`` None: it must not be there yet."""

    ref: str
    blob: bytes
    old: str | None


class RecordStore:
    """The records of one repository."""

    def __init__(
        self,
        objects: Objects,
        refs: Refs,
        cache: RecordCache,
        made_here: Callable[[], MadeHere],
        ref_files: RefFiles | RefLook | None = None,
    ) -> None:
        self.objects = objects
        self.refs = refs
        self.cache = cache
        self.has_written = False
        self._made_here = made_here
        self._ref_files = ref_files
        self._turn = Lock()
        self._kept: KeptIndex | None = None
        self._loader = Loader(objects, cache)
        self._known = KnownObjects(objects, cache, self._loader)
        self.load = self._loader.load

    @cached_property
    def archive(self) -> Archive:
        """The records that are over."""
        # most commands need to know only whether there is one
        from git_muse_coord.store.records.archive import Archive

        return Archive(self.refs.git, self.objects, self.cache.archive)

    @cached_property
    def made_here(self) -> MadeHere:
        """Which reservations were made in this clone."""
        return self._made_here()

    def look(self, *, afresh: bool = False) -> Snapshot:
        """List all records and verify those that were never seen before, or with ``afresh`` every one.

        What the cache knows counts even where git has lost the object since.
        """
        with self._turn:  # a library's caller may have several threads
            return self._look(afresh)

    def look_into_all(self) -> Snapshot:
        """List all records by git, and read every object; what was found of the same bytes before holds."""
        with self._turn:
            listing = begin_listing(self.refs, None)()
            oids = list(listing.refs.values())
            self._known.recall_all()
            self._known.look_again(oids)
            index = self._judged(listing.refs)
            return self._snapshot(listing, index)

    def _look(self, afresh: bool) -> Snapshot:
        # The cache is opened meanwhile. Neither can be too old for the other: rows are about bytes,
        # which never change, and the listing alone says which of them are there.
        files = None if afresh else self._ref_files
        begun = begin_listing(self.refs, files)
        self.cache.open()
        listing = begun()
        try:
            if afresh:
                index = self._index_afresh(listing)
            else:
                index = self._index_of(listing)
        except OddRef:
            # among what was read without git, some was not plain
            listing = begin_listing(self.refs, None)()
            index = self._index_of(listing)
        return self._snapshot(listing, index)

    def _snapshot(
        self,
        listing: Listing,
        index: Index,
    ) -> Snapshot:
        return Snapshot(
            listing,
            index,
            self._loader,
            lambda: self.archive,
            self.objects,
        )

    def _index_of(self, listing: Listing) -> Index:
        """What a listing shows, by the tables of the cache if they tell it."""
        if not isinstance(listing, RefLines):
            return self._carried_on(listing)
        # who had to read all rows once has them in memory
        if self._known.has_all:
            return self._index_of_all(listing)
        try:
            return self._stored_index(listing)
        except Untold:
            return self._index_anew(listing)

    def _stored_index(self, listing: RefLines) -> StoredIndex:
        """What a listing shows, by the tables. Raises Untold."""
        lookup = Lookup(
            self.cache.index,
            self._index_of_all,
            self._judged,
            self._remembered,
        )
        return StoredIndex(listing, lookup)

    def _index_anew(self, listing: RefLines) -> Index:
        """What a listing shows, by a look at all, which the tables are to tell from then on."""
        index = self._index_of_all(listing)
        # a look at a clone without records leaves nothing behind
        if not listing.text:
            return index
        # hardly ever needed, and so loaded only here
        from git_muse_coord.store.records.index_anew import write_anew

        write_anew(self.cache.index, listing, index.entries)
        if index.count() < _IN_MEMORY_MOST:
            return index
        # So many are not kept in memory beside what is made of them.
        del index
        self._known.let_go()
        try:
            return self._stored_index(listing)
        except Untold:
            return self._index_of_all(listing)

    def _carried_on(self, listing: ListedRefs) -> Index:
        """What a listing shows, by what has changed since the one before: in a process that stays."""
        from git_muse_coord.store.records.kept_index import carried_on

        self._kept = carried_on(
            self._kept,
            listing,
            self._index_of_all,
            self._judged,
        )
        self._known.evict(listing.refs)
        return self._kept

    def _index_of_all(self, listing: Listing) -> Index:
        """What a listing shows, by a look at all that it lists."""
        self._known.recall_all()
        index = self._judged(listing.refs)
        self._known.evict(listing.refs)
        return index

    def _index_afresh(self, listing: Listing) -> Index:
        """What a listing shows, by a look into every object."""
        self._known.forget_all()
        self._kept = None
        self.cache.index.forget()
        return self._index_of_all(listing)

    def _judged(self, listed: OidsByRef) -> Index:
        """What some refs show, by a look at each: into its object if that was never seen."""
        oids = listed.values()
        self._known.recall(oids)
        known = self._known.rows
        new = [oid for oid in set(oids) if oid not in known]
        reasons = self._known.learn(new)
        return told_apart(listed, self._known.rows, reasons)

    def _remembered(self, oids: Sequence[str]) -> Known:
        """What is known of some objects, without a look into them."""
        self._known.recall(oids)
        return self._known.rows

    def may_hold_alike(self, reservation: Reservation) -> bool:
        """Whether a reservation of the same run that says the same may be here, released or not.

        Told from the cache, without git: it knows all that was ever written or seen in this clone.
        """
        mention = first_mention(reservation)
        return self.cache.may_have_alike(mention)

    def write(
        self,
        new: Sequence[Record],
        last: Move | None = None,
        *,
        without: OidsByRef = _NOTHING,
        is_new: bool = True,
    ) -> bool:
        """Store records durably, all or none; not ``is_new`` are those that somebody else may have made.

        The same transaction deletes the refs in ``without``, given with their objects, as long as
        nobody has released them, and moves, as its last line, one more ref. False: a ref was not as
        expected, so another writer was first. Raises BadInput when a record breaks its limits and
        StoreFailed when git cannot write; nothing is stored then.
        """
        of_records = _moves(new)
        moves = list(of_records)
        if last is not None:
            # git makes a transaction visible ref by ref, in order: who sees this one sees the rest
            moves.append(last)
        oids = self._commit(moves, without)
        if oids is None:
            return False
        written: Bodies = {}
        for oid, move in zip(oids, moves, strict=True):
            written[oid] = move.blob
        # a gc that began before the refs were there may take them away only now
        self.objects.keep(written)
        rows: list[RecordRow] = []
        # the object of ``last`` comes after these, and is no record
        for oid, move, record in zip(oids, of_records, new, strict=False):
            cached = CachedRecord(oid, move.ref, mentions(record))
            rows.append((cached, move.blob))
        # whoever looks next finds them told of, and need not read what was just written
        self._known.keep(rows)
        self.has_written = True
        if is_new:
            self._note_made_here(of_records)
        return True

    def _note_made_here(self, moves: Iterable[Move]) -> None:
        start = prefix_of(Reservation)
        reservations: list[RecordId] = []
        for move in moves:
            if move.ref.startswith(start):
                reservations.append(id_in(move.ref))
        if reservations:
            self.made_here.note(reservations)

    def _commit(
        self,
        moves: Sequence[Move],
        without: OidsByRef,
    ) -> list[str] | None:
        """Write blobs and let refs point at them. Returns the object ids; None where a ref was not as expected."""
        blobs = [move.blob for move in moves]
        deletions: list[RefUpdate] = []
        for ref, oid in without.items():
            deletions.append(RefUpdate(ref, None, oid))
            if ref.startswith(prefix_of(Reservation)):
                # nothing is deleted here: a release that came meanwhile stops the transaction
                release = ref_of(Release, id_in(ref))
                deletions.append(RefUpdate(release, None, None))

        def attempt() -> list[str] | None:
            # each try writes the blobs too: a gc takes away what no ref names yet
            oids = self.objects.write(blobs)
            updates: list[RefUpdate] = []
            for move, oid in zip(moves, oids, strict=True):
                updates.append(RefUpdate(move.ref, oid, move.old))
            if self.refs.commit([*updates, *deletions]):
                return oids
            return None

        return retrying(lambda: self.objects.between_gcs(attempt))

    def known(self, oid: str) -> CachedRecord | None:
        """The verdict on an object, if it was ever looked at."""
        # who asks this goes through what a remote has, one by one
        self._known.recall_all()
        return self._known.rows.get(oid)

    def learn(self, oids: Sequence[str]) -> None:
        """Verify blobs and add them to what is known."""
        self._known.learn(oids)

    def refuse(
        self,
        oid: str,
        reason: str,
    ) -> None:
        """Remember of an object, such as the tip of an archive, why it cannot be used."""
        row = (damaged(oid, reason), None)
        self._known.keep([row])


def _moves(new: Iterable[Record]) -> list[Move]:
    """What puts new records where they belong. Raises BadInput for one that breaks its limits."""
    moves: list[Move] = []
    for record in new:
        try:
            blob = records.encode(record)
        except InvalidRecord as error:
            raise BadInput(f"the {error}") from None
        ref = records.ref_name(record, codec.content_id(blob))
        moves.append(Move(ref, blob, None))
    return moves
