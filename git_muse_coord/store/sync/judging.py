"""The verdicts on the records that a remote has, so that nothing of it is let in before it is verified."""

from __future__ import annotations

from functools import cached_property

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.names import is_of_known_kind, is_of_unknown_kind
from git_muse_coord.store.records.cached_record import DAMAGED, NOT_UNDERSTOOD, SOUND
from git_muse_coord.store.records.verdicts import verdict_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.cached_record import Verdict
    from git_muse_coord.store.records.records import RecordStore
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef
    from git_muse_coord.store.records.snapshot import Snapshot
    from git_muse_coord.store.sync.carriers import Carrier


class Arrival(NamedTuple):
    """A sound record at the remote."""

    oid: str
    id: RecordId
    record: Record


Arrivals = dict[str, Arrival]
"""What arrived, by ref."""


class Judge:
    """The verdicts on what one remote has.

    ``rejected`` are its refs that are damaged, ``unread`` those that are not understood here; both
    are left there.
    """

    def __init__(self, store: RecordStore) -> None:
        self.rejected: set[str] = set()
        self.unread: set[str] = set()
        self._store = store

    def verdict_of(
        self,
        ref: str,
        oid: str,
    ) -> Verdict | None:
        """What can be said of a ref without fetching it; None when it was never seen."""
        if is_of_unknown_kind(ref):
            return NOT_UNDERSTOOD
        if not is_of_known_kind(ref):
            return DAMAGED
        cached = self._store.known(oid)
        if cached is not None:
            return verdict_at(ref, cached)
        # the cache of records forgets what no ref here needs; this list is there for what is refused
        return self._refused.get((ref, oid))

    def missing(
        self,
        carrier: Carrier,
        snapshot: Snapshot,
    ) -> Oids:
        """What a carrier has and we do not, as far as it can be a sound record."""
        missing: Oids = {}
        for ref, oid in carrier.names.items():
            if snapshot.listed.get(ref) == oid:
                if ref in snapshot.unread:
                    self.unread.add(ref)
                continue
            verdict = self.verdict_of(ref, oid)
            if verdict in (None, SOUND):
                missing[ref] = oid
            else:
                self.note([ref], verdict)
        return missing

    def look_at(
        self,
        carrier: Carrier,
        refs: Iterable[str],
    ) -> None:
        """Look at some refs of the remote that were never looked at, and remember what they are; let none in."""
        wanted: Oids = {}
        for ref in refs:
            wanted[ref] = carrier.names[ref]
        self.obtain(carrier, wanted)

    def obtain(
        self,
        carrier: Carrier,
        wanted: OidsByRef,
    ) -> Arrivals | None:
        """Fetch what was never seen, verify it, and return the sound records by ref.

        None: the listing of the carrier is out of date.
        """
        unseen: list[str] = []
        looked_at: Oids = {}
        for ref, oid in wanted.items():
            if self._store.known(oid) is None:
                unseen.append(ref)
            else:
                looked_at[ref] = oid
        got = carrier.obtain(unseen)
        if got is None:
            return None
        self._store.learn(list(got.values()))
        # what came is judged by the object that came: a ref may have moved since the listing
        looked_at.update(got)
        sound = self._sound(looked_at)
        arrivals: Arrivals = {}
        for ref, (content_id, record) in self._store.load(sound).items():
            arrivals[ref] = Arrival(sound[ref], content_id, record)
        return arrivals

    def note(
        self,
        refs: Iterable[str],
        verdict: Verdict | None,
    ) -> None:
        """Count refs of the remote that are left there."""
        if verdict == NOT_UNDERSTOOD:
            self.unread.update(refs)
        else:
            self.rejected.update(refs)

    def _sound(self, looked_at: OidsByRef) -> Oids:
        """Of refs that were looked at those of sound records; the others are refused."""
        sound: Oids = {}
        damaged: Oids = {}
        not_understood: Oids = {}
        for ref, oid in looked_at.items():
            cached = self._store.known(oid)
            if cached is None:
                damaged[ref] = oid
                continue
            verdict = verdict_at(ref, cached)
            if verdict == SOUND:
                sound[ref] = oid
            elif verdict == NOT_UNDERSTOOD:
                not_understood[ref] = oid
            else:
                damaged[ref] = oid
        self._refuse(damaged, DAMAGED)
        self._refuse(not_understood, NOT_UNDERSTOOD)
        return sound

    def _refuse(
        self,
        refs: OidsByRef,
        verdict: Verdict,
    ) -> None:
        """Count refs of the remote as no sound records, and do not fetch them again while they stay what they are."""
        if not refs:
            return
        self.note(refs, verdict)
        rows: list[tuple[str, str, Verdict]] = []
        for ref, oid in refs.items():
            self._refused[ref, oid] = verdict
            rows.append((ref, oid, verdict))
        self._store.cache.remotes.refuse(rows)

    @cached_property
    def _refused(self) -> dict[tuple[str, str], Verdict]:
        return self._store.cache.remotes.refused()
