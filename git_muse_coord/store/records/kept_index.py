"""The index of a process that stays: in memory, and carried on by what has changed since the listing before."""

from __future__ import annotations

from git_muse_coord.model.layered import Layered
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.objects import MISSING, UNREADABLE
from git_muse_coord.store.records.cached_record import holder_mark
from git_muse_coord.store.records.index import Index
from git_muse_coord.store.records.index_facts import (
    BEATS,
    HOLDERS,
    PATHS,
    keys_of,
)

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Sequence,
    )

    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.store.git.ref_files import RefListing
    from git_muse_coord.store.records.cached_record import CachedRecord
    from git_muse_coord.store.records.listing import ListedRefs
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef

_NONE: OidsByRef = {}
Key = tuple[int, bytes]
"""What a record is asked for by: of which family it is, and its text."""


class _Table:
    """The refs of sound records with their object ids, by each of their keys.

    ``spare`` counts the heartbeats beyond one a subject.
    """

    def __init__(
        self,
        refs: Layered[Key, Oids],
        spare: int,
    ) -> None:
        self.refs = refs
        self.spare = spare

    @classmethod
    def of(cls, records: Iterable[CachedRecord]) -> _Table:
        """The table of some records."""
        empty = cls(Layered.of({}), 0)
        return empty.changed(records, ())

    def changed(
        self,
        came: Iterable[CachedRecord],
        left: Iterable[CachedRecord],
    ) -> _Table:
        """The table with some records more, and without some others."""
        changes: dict[Key, Oids] = {}
        # first, as one that came may be there in the place of one that left
        for cached in left:
            for key in keys_of(cached):
                refs = self._to_change(changes, key)
                refs.pop(cached.ref, None)
        for cached in came:
            for key in keys_of(cached):
                refs = self._to_change(changes, key)
                refs[cached.ref] = cached.oid
        spare = self.spare
        put: dict[Key, Oids] = {}
        gone: list[Key] = []
        for key, refs in changes.items():
            family, _ = key
            if family == BEATS:
                spare += _spare_in(refs) - _spare_in(self.at(key))
            if refs:
                put[key] = refs
            else:
                gone.append(key)
        refs_then = self.refs.changed(put, gone)
        return _Table(refs_then, spare)

    def at(self, key: Key) -> OidsByRef:
        """The refs with a key."""
        return self.refs.get(key, _NONE)

    def _to_change(
        self,
        changes: dict[Key, Oids],
        key: Key,
    ) -> Oids:
        """The refs with a key, to be changed: a copy, as other threads have the table as it was."""
        if key not in changes:
            changes[key] = dict(self.at(key))
        return changes[key]


def _spare_in(beats: OidsByRef) -> int:
    """How many heartbeats of one subject there are beyond one."""
    return max(len(beats) - 1, 0)


class KeptIndex(Index):
    """An index with a table of what is asked for. It never changes, so that several threads can have it."""

    def __init__(
        self,
        number: int,
        index: Index,
        sound: Layered[str, CachedRecord],
        table: _Table,
    ) -> None:
        super().__init__(
            index.listed,
            index.entries,
            index.bad,
            index.unread,
        )
        self._number = number
        self._sound = sound
        self._table = table

    @classmethod
    def of(
        cls,
        number: int,
        index: Index,
    ) -> KeptIndex:
        """Keep the index of the listing with a number."""
        sound = Layered.of(index.entries)
        table = _Table.of(sound.values())
        return cls(number, index, sound, table)

    def to_judge(self, files: RefListing) -> OidsByRef | None:
        """The refs at which a new listing has to be looked at; None: at all of them."""
        unsettled: Oids = {}
        for bad in self.bad:
            # an object that was not there may be there again
            is_lost = bad.reason in (MISSING, UNREADABLE)
            if is_lost and bad.ref in files.refs:
                unsettled[bad.ref] = files.refs[bad.ref]
        if files.number == self._number:
            return unsettled
        # of any other one it is not known what has changed since
        if files.number != self._number + 1:
            return None
        return {**unsettled, **files.put}

    def after(
        self,
        files: RefListing,
        judged: Index,
    ) -> KeptIndex:
        """The index of a new listing, given that of the refs that were to be judged."""
        if files.number == self._number and not judged.listed:
            return self
        outdated = set(judged.listed)
        if files.number != self._number:
            outdated.update(files.gone)
        unread = dict(self.unread)
        left: list[CachedRecord] = []
        for ref in outdated:
            unread.pop(ref, None)
            before = self._sound.get(ref)
            if before is not None:
                left.append(before)
        unread.update(judged.unread)
        table = self._table.changed(judged.entries.values(), left)
        sound = self._sound.changed(judged.entries, outdated)
        bad = list(judged.bad)
        for known in self.bad:
            if known.ref not in outdated:
                bad.append(known)
        # in the order of their names, as git lists them
        bad.sort()
        index = Index(files.refs, sound, bad, unread)
        return KeptIndex(files.number, index, sound, table)

    def spare_beats(self) -> int:
        """How many heartbeats there are beyond one a subject."""
        return self._table.spare

    def reservations_at(
        self,
        paths: Collection[bytes],
        folders: Sequence[bytes],
    ) -> Oids:
        """The reservations that mention one of some folded paths, or a path that begins as one of some folders."""
        near: Oids = {}
        for path in paths:
            near.update(self._refs(PATHS, path))
        if not folders:
            return near
        beginnings = tuple(folders)
        for key, refs in self._table.refs.items():
            family, text = key
            if family == PATHS and text.startswith(beginnings):
                near.update(refs)
        return near

    def reservations_of(self, run_id: RunId) -> Oids:
        """The reservations of a run, released or not."""
        refs = self._refs(HOLDERS, holder_mark(run_id))
        return dict(refs)

    def beats_of(self, subjects: Collection[str]) -> Oids:
        """The heartbeats of some subjects, which are given in bare hex."""
        beats: Oids = {}
        for subject in subjects:
            refs = self._refs(BEATS, subject.encode())
            beats.update(refs)
        return beats

    def _refs(
        self,
        family: int,
        text: bytes,
    ) -> OidsByRef:
        return self._table.at((family, text))


def carried_on(
    kept: KeptIndex | None,
    listing: ListedRefs,
    whole: Callable[[ListedRefs], Index],
    judge: Callable[[OidsByRef], Index],
) -> KeptIndex:
    """The index of a listing, from the one that was kept as far as it goes.

    ``judge`` makes an index of some refs by looking at each, ``whole`` that of a listing.
    """
    files = listing.files
    to_judge = None
    if kept is not None:
        to_judge = kept.to_judge(files)
    if kept is None or to_judge is None:
        return KeptIndex.of(files.number, whole(listing))
    judged = judge(to_judge)
    return kept.after(files, judged)
