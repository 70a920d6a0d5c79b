"""What one listing of the refs shows, found by what the cache mentions of each record: nothing is parsed for it.

This one has all of it in memory and looks through it; ``stored_index`` asks tables of the cache.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Heartbeat, Reservation
from git_muse_coord.store.records.cached_record import CachedRecord, holder_mark
from git_muse_coord.store.records.ref_names import id_in, prefix_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.records.verdicts import BadRef, UnreadRef

Entries = dict[str, CachedRecord]
"""Sound records by their refs."""


class Index:
    """What a listing shows: ``listed`` all refs with their object ids, ``entries`` the sound records by ref.

    ``unread`` are those that are not understood here, and ``bad`` all else that is there.
    """

    def __init__(
        self,
        listed: Mapping[str, str],
        entries: Mapping[str, CachedRecord],
        bad: Sequence[BadRef] = (),
        unread: Mapping[str, UnreadRef] | None = None,
    ) -> None:
        self.listed = listed
        self.entries = entries
        self.bad = bad
        self.unread: Mapping[str, UnreadRef] = unread or {}

    def oid_of(self, ref: str) -> str | None:
        """The object that a ref names, sound or not; None where it is not there."""
        return self.listed.get(ref)

    def entry(self, ref: str) -> CachedRecord | None:
        """The sound record of a ref, if there is one."""
        return self.entries.get(ref)

    def count(self) -> int:
        """How many sound records there are."""
        return len(self.entries)

    def spare_beats(self) -> int:
        """How many heartbeats there are beyond one a subject."""
        beats = [beat.mentions for _, beat in self._folder(Heartbeat)]
        return len(beats) - len(set(beats))

    def ids(self, kind: type[Record], start: str = "") -> list[RecordId]:
        """The ids, of which the hex digits begin so, of a kind that is named by its own id."""
        beginning = prefix_of(kind) + start
        return [id_in(ref) for ref in self.entries if ref.startswith(beginning)]

    def reservations_at(
        self,
        paths: Collection[bytes],
        folders: Sequence[bytes],
    ) -> Entries:
        """The reservations that mention one of some folded paths, or a path that begins as one of some folders."""
        near: Entries = {}
        for ref, cached in self._folder(Reservation):
            # compared as bytes, as the cache holds them: most are dropped here, undecoded
            mentioned = cached.mentions.split(b"\n")[1:]
            is_near = not set(mentioned).isdisjoint(paths)
            if is_near or any(path.startswith(tuple(folders)) for path in mentioned):
                near[ref] = cached
        return near

    def reservations_of(self, run_id: RunId) -> Entries:
        """The reservations of a run, released or not."""
        mark = holder_mark(run_id)
        held: Entries = {}
        # one pass without a look at what kind each is: no other kind begins so
        for ref, cached in self.entries.items():
            if cached.mentions.startswith(mark):
                held[ref] = cached
        return held

    def beats_of(self, subjects: Collection[str]) -> Entries:
        """The heartbeats of some subjects, which are given in bare hex."""
        beats: Entries = {}
        for ref, beat in self._folder(Heartbeat):
            # named by its own id; whose it is, is what the cache mentions
            if beat.mentions.decode() in subjects:
                beats[ref] = beat
        return beats

    def _folder(self, kind: type[Record]) -> Iterator[tuple[str, CachedRecord]]:
        start = prefix_of(kind)
        for ref, cached in self.entries.items():
            if ref.startswith(start):
                yield ref, cached
