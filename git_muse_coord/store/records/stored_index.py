"""The index of a listing, kept in tables of the cache, so that an answer takes as much as it says and no more.

The tables know the listing that they were last brought up to. What the listing at hand shows beside
that is a difference of some lines, and only these are looked into. Every answer is about the
listing at hand, whatever the tables hold: what cannot be told from them is told from all rows.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, TypeVar
from git_muse_coord.model.records import (
    Heartbeat,
    Message,
    Release,
    Reservation,
)
from git_muse_coord.store.records.cached_record import READER_MARK, holder_mark
from git_muse_coord.store.records.index import Index
from git_muse_coord.store.records.index_change import Untold, change_to, read_buckets
from git_muse_coord.store.records.index_facts import (
    BEATS,
    ENDS,
    HOLDERS,
    MESSAGES,
    PATHS,
    WAITS,
    with_beginning,
    with_key,
)
from git_muse_coord.store.records.index_tables import BUCKETS, IndexStamp, bucket_number
from git_muse_coord.store.records.ref_lines import name_bytes, parted
from git_muse_coord.store.records.ref_names import id_in, prefix_of

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.records.cached_record import CachedRecord
    from git_muse_coord.store.records.index import Oids
    from git_muse_coord.store.records.index_change import Lookup
    from git_muse_coord.store.records.index_tables import IndexChange
    from git_muse_coord.store.records.ref_lines import RefLines
    from git_muse_coord.store.records.verdicts import BadRef, UnreadRef

_TRIES = 3
_MANY = 50
"""Of more reservations than this the releases are not looked up one by one."""
T = TypeVar("T")


class StoredIndex(Index):
    """What a listing shows, by the tables.

    Raises Untold where the tables cannot be brought up to the listing.
    """

    def __init__(self, listing: RefLines, lookup: Lookup) -> None:
        self._listing = listing
        self._lookup = lookup
        self._whole: Index | None = None
        self._odd_alone: Index | None = None
        self._stamp = IndexStamp()
        self._buckets: dict[int, bytes] = {}
        change = self._carry_on()
        if change is not None:
            lookup.tables.write(change)

    @property
    def listed(self) -> Mapping[str, str]:
        """All refs, with their object ids."""
        return self._listing.refs

    @property
    def entries(self) -> Mapping[str, CachedRecord]:
        """The sound records by ref."""
        return self._all().entries

    @property
    def bad(self) -> Sequence[BadRef]:
        """What counts for nothing."""
        return self._odd.bad

    @property
    def unread(self) -> Mapping[str, UnreadRef]:
        """What is not understood here."""
        return self._odd.unread

    @property
    def _odd(self) -> Index:
        """The index of what is no sound record, which mostly is nothing."""
        if self._whole is not None:
            return self._whole
        if self._odd_alone is None:
            refs = dict(map(parted, sorted(self._stamp.odd)))
            self._odd_alone = self._lookup.judge(refs)
        return self._odd_alone

    def oid_of(self, ref: str) -> str | None:
        """The object that a ref names, sound or not."""
        return self._listing.oid_of(ref)

    def sound(self, ref: str) -> str | None:
        """The object that a ref names, if it is a sound record."""
        if self._whole is not None:
            return self._whole.sound(ref)
        oid = self._listing.oid_of(ref)
        if oid is None or name_bytes(f"{oid} {ref}") in self._stamp.odd:
            return None
        return oid

    def has(self, kind: type[Record]) -> bool:
        """Whether there are refs of a kind, with sound records or others."""
        return next(self._listing.beginning(prefix_of(kind)), None) is not None

    def count(self) -> int:
        """How many sound records there are."""
        if self._whole is not None:
            return self._whole.count()
        return self._listing.size() - len(self._stamp.odd)

    def spare_beats(self) -> int:
        """How many heartbeats there are beyond one a subject."""
        return self._stamp.spare if self._whole is None else self._whole.spare_beats()

    def ids(self, kind: type[Record], start: str = "") -> list[RecordId]:
        """The ids, of which the hex digits begin so, of a kind that is named by its own id."""
        ids: list[RecordId] = []
        for ref in self._listing.beginning(prefix_of(kind) + start):
            if self.sound(ref) is not None:
                ids.append(id_in(ref))
        return ids

    def reservations_at(
        self,
        paths: Collection[bytes],
        folders: Sequence[bytes],
    ) -> Oids:
        """The reservations that mention one of some folded paths, or one that begins as one of some folders."""

        def told() -> Oids:
            near = self._with_keys(PATHS, paths, Reservation)
            if folders:
                near.update(self._below(folders))
            return near

        return self._tell(told, lambda whole: whole.reservations_at(paths, folders))

    def reservations_of(self, run_id: RunId) -> Oids:
        """The reservations of a run, released or not."""
        return self._tell(
            lambda: self._with_keys(HOLDERS, [holder_mark(run_id)], Reservation),
            lambda whole: whole.reservations_of(run_id),
        )

    def beats_of(self, subjects: Collection[str]) -> Oids:
        """The heartbeats of some subjects, which are given in bare hex."""
        keys = [subject.encode() for subject in subjects]
        return self._tell(
            lambda: self._with_keys(BEATS, keys, Heartbeat),
            lambda whole: whole.beats_of(subjects),
        )

    def releases_of(self, names: Collection[str]) -> Oids:
        """The releases of some reservations, which are given in bare hex."""
        # where many are asked for, hardly any of which is released, all releases are listed once
        if len(names) > _MANY:
            released = self.released()
            names = [name for name in names if name.encode() in released]
        return super().releases_of(names)

    def waiting(self) -> Oids:
        """The reservations that wait for others."""

        def told() -> Oids:
            start = prefix_of(Reservation)
            waiting: Oids = {}
            for line in self._lines(WAITS):
                name, oid = line.rpartition(b"\t")[2].decode().split(" ")
                waiting[start + name] = oid
            return waiting

        return self._tell(told, lambda whole: whole.waiting())

    def lone_releases(self) -> Oids:
        """The releases of reservations that are not here."""
        lone: Oids = {}
        start = prefix_of(Release)
        names = self._listing.names(start)
        if names:
            names -= self._sound_reservations()
        for name in names:
            ref = start + name.decode("utf-8", "surrogateescape")
            oid = self.sound(ref)
            if oid is not None:
                lone[ref] = oid
        return lone

    def _sound_reservations(self) -> set[bytes]:
        """The names of all reservations but those that count for nothing, or are not understood."""
        start = prefix_of(Reservation)
        names = self._listing.names(start)
        for ref in (*(bad.ref for bad in self.bad), *self.unread):
            names.discard(name_bytes(ref.removeprefix(start)))
        return names

    def released(self) -> set[bytes]:
        """In bare hex, what is named by the release of something, understood or not."""
        start = prefix_of(Release)
        names = self._listing.names(start)
        for bad in self.bad:
            names.discard(name_bytes(bad.ref.removeprefix(start)))
        return names

    def ends(self) -> Iterator[bytes]:
        """Of each reservation when it ends by itself and was made, a tab, its bare id, a blank and its object id."""
        return self._tell(lambda: iter(self._lines(ENDS)), lambda whole: whole.ends())

    def subjects(self) -> set[bytes]:
        """In bare hex, what heartbeats are about."""

        def told() -> set[bytes]:
            subjects: set[bytes] = set()
            for line in self._lines(BEATS):
                subjects.add(line.partition(b"\t")[0])
            return subjects

        return self._tell(told, lambda whole: whole.subjects())

    def messages_to(self, readers: Collection[bytes]) -> dict[str, bytes]:
        """What is mentioned of the messages to some readers, by ref."""
        return self._tell(
            lambda: self._to_readers(readers),
            lambda whole: whole.messages_to(readers),
        )

    def _tell(self, told: Callable[[], T], otherwise: Callable[[Index], T]) -> T:
        """What the tables tell, or else what all rows do."""
        if self._whole is None:
            try:
                return told()
            except Untold:
                pass
        return otherwise(self._all())

    def _all(self) -> Index:
        if self._whole is None:
            self._whole = self._lookup.whole(self._listing)
        return self._whole

    def _with_keys(
        self,
        family: int,
        keys: Collection[bytes],
        kind: type[Record],
    ) -> Oids:
        numbers = {key: bucket_number(family, key) for key in keys}
        self._fetch(set(numbers.values()))
        start = prefix_of(kind)
        shown: Oids = {}
        for key, number in numbers.items():
            lines = self._buckets[number]
            for name, oid in with_key(lines, key):
                ref = start + name
                shown[ref] = oid
        return shown

    def _to_readers(self, readers: Collection[bytes]) -> dict[str, bytes]:
        numbers = {bucket_number(MESSAGES, reader) for reader in readers}
        self._fetch(numbers)
        start = prefix_of(Message)
        told: dict[str, bytes] = {}
        for number in numbers:
            for line in self._buckets[number].split(b"\n"):
                mentions, _, value = line.rpartition(b"\t")
                if mentions.partition(READER_MARK)[0] in readers and mentions:
                    name = value.partition(b" ")[0].decode()
                    told[start + name] = mentions
        return told

    def _lines(self, family: int) -> list[bytes]:
        """All lines of a family: a key, a tab, a name, a blank and an object id. Raises Untold."""
        lines: list[bytes] = []
        for bucket in self._family(family):
            # two newlines stand between two lines, and one at either end
            lines += bucket[1:-1].split(b"\n\n") if bucket else ()
        return lines

    def _family(self, family: int) -> list[bytes]:
        """All buckets of a family. Raises Untold."""
        first = family * BUCKETS
        numbers = range(first, first + BUCKETS)
        self._fetch(numbers)
        buckets: list[bytes] = []
        for number in numbers:
            buckets.append(self._buckets[number])
        return buckets

    def _below(self, folders: Sequence[bytes]) -> Oids:
        """The reservations below some folders: for these all paths are looked through."""
        start = prefix_of(Reservation)
        shown: Oids = {}
        for lines in self._family(PATHS):
            for name, oid in with_beginning(lines, folders):
                ref = start + name
                shown[ref] = oid
        return shown

    def _fetch(self, numbers: Collection[int]) -> None:
        """Have buckets in memory, as they are for the listing at hand. Raises Untold.

        Another process may have taken the tables further meanwhile. Then what they hold is another
        difference away from this listing, and that is found as the first one was.
        """
        for _ in range(_TRIES):
            lacking = [number for number in numbers if number not in self._buckets]
            try:
                self._buckets.update(read_buckets(self._stamp, lacking, self._lookup.tables))
                return
            except Untold:
                self._carry_on()
        # nobody is that fast: they are damaged
        self._lookup.tables.forget()
        raise Untold

    def _carry_on(self) -> IndexChange | None:
        """Take the tables, in memory alone, from where they are to the listing at hand. Raises Untold."""
        stamp = self._lookup.tables.stamp()
        if stamp is None:
            raise Untold
        change = change_to(self._listing, stamp, self._lookup)
        self._stamp = stamp if change is None else change.after
        self._buckets = {} if change is None else dict(change.buckets)
        return change
