"""What one listing of the refs shows, found by what the cache mentions of each record: nothing is parsed for it.

This one has all of it in memory and looks through it; ``stored_index`` asks tables of the cache.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import (
    Heartbeat,
    Message,
    Release,
    Reservation,
)
from git_muse_coord.store.records.cached_record import (
    END_MARK,
    NOT_UNDERSTOOD,
    READER_MARK,
    WAIT_MARK,
    CachedRecord,
    holder_mark,
)
from git_muse_coord.store.records.ref_lines import name_bytes
from git_muse_coord.store.records.ref_names import id_in, last_part, prefix_of
from git_muse_coord.store.records.verdicts import (
    BadRef,
    unread_ref,
    verdict_at,
    why_damaged,
)

if TYPE_CHECKING:
    from collections.abc import (
        Collection,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.records.cached_record import Entries, Known, Mentions
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef
    from git_muse_coord.store.records.verdicts import Unread, UnreadRef


class Index:
    """What a listing shows."""

    def __init__(
        self,
        listed: OidsByRef,
        entries: Entries,
        bad: Sequence[BadRef] = (),
        unread: Unread | None = None,
    ) -> None:
        self._listed = listed
        self._entries = entries
        self._bad = bad
        self._unread = unread or {}

    @property
    def listed(self) -> OidsByRef:
        """All refs, with their object ids."""
        return self._listed

    @property
    def entries(self) -> Entries:
        """The sound records by ref."""
        return self._entries

    @property
    def bad(self) -> Sequence[BadRef]:
        """What is there and counts for nothing."""
        return self._bad

    @property
    def unread(self) -> Unread:
        """What is not understood here."""
        return self._unread

    def oid_of(self, ref: str) -> str | None:
        """The object that a ref names, sound or not; None where it is not there."""
        return self._listed.get(ref)

    def sound(self, ref: str) -> str | None:
        """The object that a ref names, if it is a sound record."""
        cached = self._entries.get(ref)
        if cached is None:
            return None
        return cached.oid

    def has(self, kind: type[Record]) -> bool:
        """Whether there are refs of a kind, with sound records or others."""
        start = prefix_of(kind)
        # also of those that count for nothing: this is asked before it is worth a closer look
        return any(ref.startswith(start) for ref in self.listed)

    def count(self) -> int:
        """How many sound records there are."""
        return len(self._entries)

    def spare_beats(self) -> int:
        """How many heartbeats there are beyond one a subject."""
        subjects = [beat.mentions for _, beat in self._folder(Heartbeat)]
        return len(subjects) - len(set(subjects))

    def ids(
        self,
        kind: type[Record],
        start: str = "",
    ) -> list[RecordId]:
        """The ids, of which the hex digits begin so, of a kind that is named by its own id."""
        ids: list[RecordId] = []
        beginning = prefix_of(kind) + start
        for ref in self._entries:
            if ref.startswith(beginning):
                ids.append(id_in(ref))
        return ids

    def reservations_at(
        self,
        paths: Collection[bytes],
        folders: Sequence[bytes],
    ) -> Oids:
        """The reservations that mention one of some folded paths, or a path that begins as one of some folders."""
        near: Oids = {}
        beginnings = tuple(folders)
        end = b"\n" + END_MARK
        for ref, cached in self._folder(Reservation):
            # compared as bytes, as the cache holds them: most are dropped here, undecoded
            before_end = cached.mentions.partition(end)[0]
            _, *mentioned = before_end.split(b"\n")
            is_near = not set(mentioned).isdisjoint(paths)
            if is_near or any(path.startswith(beginnings) for path in mentioned):
                near[ref] = cached.oid
        return near

    def reservations_of(self, run_id: RunId) -> Oids:
        """The reservations of a run, released or not."""
        mark = holder_mark(run_id)
        held: Oids = {}
        # one pass without a look at what kind each is: no other kind begins so
        for ref, cached in self._entries.items():
            if cached.mentions.startswith(mark):
                held[ref] = cached.oid
        return held

    def beats_of(self, subjects: Collection[str]) -> Oids:
        """The heartbeats of some subjects, which are given in bare hex."""
        beats: Oids = {}
        for ref, beat in self._folder(Heartbeat):
            # named by its own id; whose it is, is what the cache mentions
            if beat.mentions.decode() in subjects:
                beats[ref] = beat.oid
        return beats

    def releases_of(self, names: Collection[str]) -> Oids:
        """The releases of some reservations, which are given in bare hex."""
        releases: Oids = {}
        for name in names:
            ref = prefix_of(Release) + name
            oid = self.sound(ref)
            if oid is not None:
                releases[ref] = oid
        return releases

    def waiting(self) -> Oids:
        """The reservations that wait for others."""
        waiting: Oids = {}
        for ref, cached in self._folder(Reservation):
            if b"\n" + WAIT_MARK in cached.mentions:
                waiting[ref] = cached.oid
        return waiting

    def lone_releases(self) -> Oids:
        """The releases of reservations that are not here."""
        lone: Oids = {}
        reservations = prefix_of(Reservation)
        for ref, cached in self._folder(Release):
            released = reservations + last_part(ref)
            if released not in self._entries:
                lone[ref] = cached.oid
        return lone

    def released(self) -> set[bytes]:
        """In bare hex, what is named by the release of something, understood or not."""
        start = prefix_of(Release)
        names: set[bytes] = set()
        # one that is not understood releases all the same: its name says what
        for ref in (*self._entries, *self._unread):
            if ref.startswith(start):
                names.add(name_bytes(last_part(ref)))
        return names

    def ends(self) -> Iterator[bytes]:
        """Of each reservation when it ends by itself and was made, a tab, its bare id, a blank and its object id."""
        for ref, cached in self._folder(Reservation):
            _, _, rest = cached.mentions.partition(b"\n" + END_MARK)
            # what it waits for is behind its end
            end = rest.partition(b"\n")[0]
            value = f"\t{last_part(ref)} {cached.oid}"
            yield end + value.encode()

    def subjects(self) -> set[bytes]:
        """In bare hex, what heartbeats are about."""
        subjects: set[bytes] = set()
        for _, beat in self._folder(Heartbeat):
            subjects.add(beat.mentions)
        return subjects

    def messages_to(self, readers: Collection[bytes]) -> Mentions:
        """What is mentioned of the messages to some readers, by ref; ``message_lines`` reads it."""
        told: Mentions = {}
        for ref, cached in self._folder(Message):
            reader = cached.mentions.partition(READER_MARK)[0]
            if reader in readers:
                told[ref] = cached.mentions
        return told

    def _folder(self, kind: type[Record]) -> Iterator[tuple[str, CachedRecord]]:
        start = prefix_of(kind)
        for ref, cached in self._entries.items():
            if ref.startswith(start):
                yield ref, cached


def told_apart(
    listed: OidsByRef,
    known: Known,
    reasons: Mapping[str, str],
) -> Index:
    """The index of some refs: which are sound, which are good for nothing, and which are not understood.

    ``known`` are the verdicts on objects by their ids; ``reasons`` say of the others why there is none.
    """
    entries: dict[str, CachedRecord] = {}
    bad: list[BadRef] = []
    unread: dict[str, UnreadRef] = {}
    for ref, oid in listed.items():
        cached = known.get(oid)
        if cached is not None and cached.ref == ref:
            entries[ref] = cached
        elif cached is None:
            bad.append(BadRef(ref, reasons[oid]))
        elif verdict_at(ref, cached) == NOT_UNDERSTOOD:
            unread[ref] = unread_ref(cached)
        else:
            reason = why_damaged(ref, cached)
            bad.append(BadRef(ref, reason))
    return Index(listed, entries, bad, unread)
