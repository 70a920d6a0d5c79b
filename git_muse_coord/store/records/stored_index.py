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
from git_muse_coord.store.records.index_change import TablesAtHand, Untold
from git_muse_coord.store.records.index_facts import (
    BEATS,
    ENDS,
    HOLDERS,
    MESSAGES,
    PATHS,
    WAITS,
    bare_lines,
    named_in,
    with_beginning,
    with_key,
)
from git_muse_coord.store.records.index_tables import bucket_number
from git_muse_coord.store.records.ref_lines import name_bytes, parted
from git_muse_coord.store.records.ref_names import id_in, prefix_of

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Iterator,
        Sequence,
    )

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.records.cached_record import Entries, Mentions
    from git_muse_coord.store.records.index_change import Lookup
    from git_muse_coord.store.records.ref_lines import RefLines
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef
    from git_muse_coord.store.records.verdicts import BadRef, Unread

_MANY = 50
"""Of more reservations than this the releases are not looked up one by one."""
T = TypeVar("T")


class StoredIndex(Index):
    """What a listing shows, by the tables.

    Raises Untold where the tables cannot be brought up to the listing.
    """

    def __init__(
        self,
        listing: RefLines,
        lookup: Lookup,
    ) -> None:
        self._listing = listing
        self._lookup = lookup
        self._whole: Index | None = None
        self._odd_alone: Index | None = None
        self._tables = TablesAtHand(listing, lookup)

    @property
    def listed(self) -> OidsByRef:
        """All refs, with their object ids."""
        return self._listing.refs

    @property
    def entries(self) -> Entries:
        """The sound records by ref."""
        return self._all().entries

    @property
    def bad(self) -> Sequence[BadRef]:
        """What counts for nothing."""
        return self._odd.bad

    @property
    def unread(self) -> Unread:
        """What is not understood here."""
        return self._odd.unread

    @property
    def _odd(self) -> Index:
        """The index of what is no sound record, which mostly is nothing."""
        if self._whole is not None:
            return self._whole
        if self._odd_alone is None:
            lines = sorted(self._tables.stamp.odd)
            refs = dict(map(parted, lines))
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
        if oid is None:
            return None
        # what is listed and not odd is sound, so no row has to be read for it
        line = name_bytes(f"{oid} {ref}")
        return None if line in self._tables.stamp.odd else oid

    def has(self, kind: type[Record]) -> bool:
        """Whether there are refs of a kind, with sound records or others."""
        refs = self._listing.beginning(prefix_of(kind))
        return next(refs, None) is not None

    def count(self) -> int:
        """How many sound records there are."""
        if self._whole is not None:
            return self._whole.count()
        odd = len(self._tables.stamp.odd)
        return self._listing.size() - odd

    def spare_beats(self) -> int:
        """How many heartbeats there are beyond one a subject."""
        if self._whole is not None:
            return self._whole.spare_beats()
        return self._tables.stamp.spare

    def ids(
        self,
        kind: type[Record],
        start: str = "",
    ) -> list[RecordId]:
        """The ids, of which the hex digits begin so, of a kind that is named by its own id."""
        ids: list[RecordId] = []
        beginning = prefix_of(kind) + start
        for ref in self._listing.beginning(beginning):
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

        return self._tell(
            told,
            lambda whole: whole.reservations_at(paths, folders),
        )

    def reservations_of(self, run_id: RunId) -> Oids:
        """The reservations of a run, released or not."""
        mark = holder_mark(run_id)
        return self._tell(
            lambda: self._with_keys(HOLDERS, [mark], Reservation),
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
            for line in self._tables.lines(WAITS):
                name, oid = named_in(line)
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
        odd = [bad.ref for bad in self.bad]
        odd += self.unread
        _leave_out(names, odd, start)
        return names

    def released(self) -> set[bytes]:
        """In bare hex, what is named by the release of something, understood or not."""
        start = prefix_of(Release)
        names = self._listing.names(start)
        # what is not understood counts: whatever its release says, it ends something
        bad = [bad.ref for bad in self.bad]
        _leave_out(names, bad, start)
        return names

    def ends(self) -> Iterator[bytes]:
        """Of each reservation when it ends by itself and was made, a tab, its bare id, a blank and its object id."""

        def told() -> Iterator[bytes]:
            return iter(self._tables.lines(ENDS))

        return self._tell(told, lambda whole: whole.ends())

    def subjects(self) -> set[bytes]:
        """In bare hex, what heartbeats are about."""

        def told() -> set[bytes]:
            subjects: set[bytes] = set()
            for line in self._tables.lines(BEATS):
                subject, _, _ = line.partition(b"\t")
                subjects.add(subject)
            return subjects

        return self._tell(told, lambda whole: whole.subjects())

    def messages_to(self, readers: Collection[bytes]) -> Mentions:
        """What is mentioned of the messages to some readers, by ref."""
        return self._tell(
            lambda: self._to_readers(readers),
            lambda whole: whole.messages_to(readers),
        )

    def _tell(
        self,
        told: Callable[[], T],
        otherwise: Callable[[Index], T],
    ) -> T:
        """What the tables tell, or else what all rows do."""
        # once all rows had to be read, they are at hand, and the tables may be damaged
        if self._whole is None:
            try:
                return told()
            except Untold:
                pass
        return otherwise(self._all())

    def _all(self) -> Index:
        """The index of all rows, which takes as long as there are records."""
        if self._whole is None:
            self._whole = self._lookup.whole(self._listing)
        return self._whole

    def _with_keys(
        self,
        family: int,
        keys: Collection[bytes],
        kind: type[Record],
    ) -> Oids:
        """What the tables have of a family under some keys. Raises Untold."""
        numbers: dict[bytes, int] = {}
        for key in keys:
            numbers[key] = bucket_number(family, key)
        # all in one query
        buckets = self._tables.fetch(set(numbers.values()))
        start = prefix_of(kind)
        shown: Oids = {}
        for key, number in numbers.items():
            lines = buckets[number]
            for name, oid in with_key(lines, key):
                ref = start + name
                shown[ref] = oid
        return shown

    def _to_readers(self, readers: Collection[bytes]) -> Mentions:
        numbers = {bucket_number(MESSAGES, reader) for reader in readers}
        buckets = self._tables.fetch(numbers)
        start = prefix_of(Message)
        told: Mentions = {}
        for number in numbers:
            for line in bare_lines(buckets[number]):
                mentions, _, value = line.rpartition(b"\t")
                # a bucket holds the messages to others, too
                reader = mentions.partition(READER_MARK)[0]
                if reader in readers:
                    name = value.partition(b" ")[0]
                    told[start + name.decode()] = mentions
        return told

    def _below(self, folders: Sequence[bytes]) -> Oids:
        """The reservations below some folders: for these all paths are looked through."""
        start = prefix_of(Reservation)
        shown: Oids = {}
        for lines in self._tables.family(PATHS):
            for name, oid in with_beginning(lines, folders):
                ref = start + name
                shown[ref] = oid
        return shown


def _leave_out(
    names: set[bytes],
    refs: Iterable[str],
    folder: str,
) -> None:
    """Take out of the names in a folder those of some refs."""
    for ref in refs:
        name = ref.removeprefix(folder)
        names.discard(name_bytes(name))
