"""A sync with one remote, its incoming half: list what is there, bring what is missing, verify and judge it.

Nothing that a remote sends reaches ``refs/muse/`` before it is verified. What goes out is in
``outgoing``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from git_muse_coord.model.errors import BadInput, RemoteFailed
from git_muse_coord.model.names import (
    ARCHIVE,
    INCOMING,
    NOTES,
    folder_of,
    is_of_known_kind,
    is_of_unknown_kind,
)
from git_muse_coord.model.records import REF_PREFIX, Record, Release, Reservation
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.lifetime import Fate, Limits, fate
from git_muse_coord.store.git.refs import RefUpdate, pause
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.records.cached_record import (
    DAMAGED,
    NOT_UNDERSTOOD,
    SOUND,
    CachedRecord,
    Verdict,
)
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.records.revival import revive_archived
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.records.sweep import SweepPlan, put_away, superseded
from git_muse_coord.store.records.verdicts import verdict_at
from git_muse_coord.store.sync import moving
from git_muse_coord.store.sync.capabilities import Capabilities
from git_muse_coord.store.sync.carriers import BranchCarrier, Carrier, Incoming, RefCarrier
from git_muse_coord.store.sync.remote import Remote

ROUNDS = 3

TAKEN_MOST = 5000
"""So many records does one sync take in, by each way: 23,000 refs to junk cost 79 s. The next one goes on."""

_WHOLE_ROUNDS = 12


class Terms(NamedTuple):
    """What a sync goes by: time, randomness, how long records are kept, and the branch for hosts without our refs."""

    now: Callable[[], datetime]
    nonce: Callable[[], str]
    limits: Limits
    branch: str


class Arrival(NamedTuple):
    """A sound record at the remote."""

    oid: str
    id: RecordId
    record: Record


class Exchange:
    """A sync under way, and the counts of what it did.

    ``rejected`` are the refs at the remote that are damaged, ``unread`` those that are not
    understood here. ``archive_trouble`` says why the archive there could not be united with ours;
    nothing is deleted there then. ``left`` counts the records there that the last pull left for the
    next one, ``said`` holds warnings about notes.
    """

    def __init__(
        self,
        repository: Repository,
        store: RecordStore,
        remote: Remote,
        capabilities: Capabilities,
        terms: Terms,
    ) -> None:
        self.repository = repository
        self.store = store
        self.remote = remote
        self.capabilities = capabilities
        self.terms = terms
        self.listing: dict[str, str] = {}
        self.carriers: list[Carrier] = []
        self.fetched: Counter[str] = Counter()
        self.rejected: set[str] = set()
        self.unread: set[str] = set()
        self.archived = 0
        self.revived = 0
        self.left = 0
        self.archive_trouble: str | None = None
        self.said: list[str] = []
        self._incoming = Incoming(store.refs, remote.address)

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, *_: object) -> None:
        self._incoming.clear()

    def differs(self, snapshot: Snapshot) -> bool:
        """Whether the remote, as listed, and this clone hold different things, or something here needs mending."""
        incoming = self.store.refs.list(NOTES, INCOMING)
        noted = incoming.pop(NOTES, None)
        self._incoming.is_empty = not incoming
        theirs, archive = self.listing.get(ARCHIVE), snapshot.archive_tip
        return (
            bool(incoming)
            or noted != self.listing.get(NOTES)
            or any(self._differs_from(carrier, snapshot) for carrier in self.carriers)
            or not (
                theirs in (None, archive)
                or (archive is not None and self.store.archive.holds(archive, theirs))
            )
            or bool(self.store.objects.absent(list(snapshot.listed.values())))
        )

    def _differs_from(self, carrier: Carrier, snapshot: Snapshot) -> bool:
        """Whether a carrier and this clone hold different things, apart from what neither passes on."""
        if carrier.names == snapshot.listed and not snapshot.unread:
            return False
        ours = snapshot.listed.items() - carrier.names.items()
        return bool(self._missing(carrier, snapshot)) or any(
            ref not in snapshot.unread for ref, _ in ours
        )

    def pull_whole(self) -> None:
        """As ``pull``, until all that is there has come. Raises RemoteFailed, also where that is too much."""
        for _ in range(_WHOLE_ROUNDS):
            self.pull()
            if not self.left:
                return
        raise RemoteFailed(
            f"remote {self.remote.name!r} holds more records than can be read at one time",
            "sync first",
        )

    def pull(self) -> None:
        """List the remote, and bring here what is missing, within bounds. Raises RemoteFailed."""
        for attempt in range(ROUNDS):
            self.list()
            self.left = 0
            if all(self.pull_from(carrier) for carrier in self.carriers):
                self._take_unread_releases()
                moving.pull_archive(self)
                self.revived += revive_archived(self.store, self.terms.now())
                return
            pause(attempt)  # a name vanished between listing and fetching, or another process wrote
        raise RemoteFailed(f"remote {self.remote.name!r} keeps changing", "try again")

    def bring(self, ref: str) -> str | None:
        """Fetch one ref of the remote aside, and return its object id, if it is (still) there. Raises RemoteFailed."""
        if ref not in self.listing:
            return None
        aside = self._incoming.name(ref)
        return self.store.refs.list(aside).get(aside) if self.remote.fetch({ref: aside}) else None

    def list(self) -> None:
        """Ask the remote what it has, and by which ways it can be reached. Raises RemoteFailed."""
        terms, allowed = self.terms, self.capabilities
        branch = f"refs/heads/{terms.branch}"
        self.listing = self.remote.list(f"{REF_PREFIX}*", "refs/muse-*", NOTES, branch)
        refs, git = self.store.refs, self.repository.git
        self.carriers = [
            RefCarrier(self.remote, refs, self._incoming, self.listing, allowed.refs is not False)
        ]
        if branch in self.listing or allowed.refs is False:
            tip = self.listing.get(branch)
            carrier = BranchCarrier(git, self.remote, refs, self._incoming, terms.branch, tip)
            if carrier.is_ours:
                self.carriers.append(carrier)
            elif allowed.refs is False:
                raise BadInput(
                    f"the branch {terms.branch!r} of remote {self.remote.name!r} is not ours",
                    "name another one: git config muse-coord.branch NAME",
                )

    @property
    def live(self) -> int:
        """How many records the remote has."""
        return max((len(carrier.names) for carrier in self.carriers), default=0)

    @property
    def there(self) -> set[str]:
        """The objects of all records that the remote has, by whichever way."""
        return {oid for carrier in self.carriers for oid in carrier.names.values()}

    @property
    def ways(self) -> Sequence[Carrier]:
        """The carriers to write by. Everything is read by all of them, so that no two clones miss each other."""
        return [carrier for carrier in self.carriers if carrier.writable]

    def pull_from(self, carrier: Carrier) -> bool:
        """Bring here what one carrier has. False: the listing is out of date."""
        snapshot = self.store.look()
        missing = self._missing(carrier, snapshot)
        if not missing:
            return True
        names = self.store.archive.find(
            snapshot.archive_tip, [ref.removeprefix(REF_PREFIX) for ref in missing]
        )
        # what of these is unfinished is written from the archive itself
        fresh = {
            ref: oid for ref, oid in missing.items() if ref.removeprefix(REF_PREFIX) not in names
        }
        taken = within(fresh, TAKEN_MOST)
        self.left += len(fresh) - len(taken)
        found = self._obtain(carrier, taken)
        return found is not None and self._settle(carrier, snapshot, found)

    def _missing(self, carrier: Carrier, snapshot: Snapshot) -> dict[str, str]:
        """What the remote has and we do not, as far as it can be a sound record."""
        missing: dict[str, str] = {}
        for ref, oid in carrier.names.items():
            if snapshot.listed.get(ref) == oid:
                if ref in snapshot.unread:
                    self.unread.add(ref)
                continue
            verdict = self.verdict_of(ref, oid)
            if verdict in (None, SOUND):
                missing[ref] = oid
            else:
                self._note({ref}, verdict)
        return missing

    def look_around(self) -> None:
        """List the remote and judge all that is there, letting nothing in. Raises RemoteFailed."""
        self.list()
        snapshot = self.store.look()
        for carrier in self.carriers:
            self.judge(carrier, within(self._missing(carrier, snapshot), TAKEN_MOST))

    def judge(self, carrier: Carrier, refs: Iterable[str]) -> None:
        """Look at some refs of the remote that were never looked at, and remember what they are; let none in."""
        self._obtain(carrier, {ref: carrier.names[ref] for ref in refs})

    def verdict_of(self, ref: str, oid: str) -> Verdict | None:
        """What can be said of a ref without fetching it; None when it was never seen."""
        if is_of_unknown_kind(ref):
            return NOT_UNDERSTOOD
        if not is_of_known_kind(ref):
            return DAMAGED
        entry = self.store.known(oid)
        return self._refused.get((ref, oid)) if entry is None else verdict_at(ref, entry)

    def _obtain(self, carrier: Carrier, wanted: Mapping[str, str]) -> dict[str, Arrival] | None:
        """Fetch what was never seen, verify it, and return the sound records by ref, with their object ids."""
        unseen = {ref for ref, oid in wanted.items() if self.store.known(oid) is None}
        got = carrier.obtain(unseen)
        if got is None:
            return None
        self.store.learn(list(got.values()))
        sound: list[CachedRecord] = []
        refused: dict[Verdict, dict[str, str]] = {DAMAGED: {}, NOT_UNDERSTOOD: {}}
        for ref, oid in {
            **{ref: oid for ref, oid in wanted.items() if ref not in unseen},
            **got,
        }.items():
            entry = self.store.known(oid)
            verdict = DAMAGED if entry is None else verdict_at(ref, entry)
            if entry is not None and verdict == SOUND:
                sound.append(entry)
            else:
                refused[verdict][ref] = oid
        for verdict, refs in refused.items():
            self._refuse(refs, verdict)
        loaded = self.store.load(sound)
        return {
            entry.ref: Arrival(entry.oid, *loaded[entry.ref])
            for entry in sound
            if entry.ref in loaded
        }

    def _settle(self, carrier: Carrier, snapshot: Snapshot, found: Mapping[str, Arrival]) -> bool:
        """Let in what still matters, and archive the rest. False: another process changed the same refs."""
        now, limits = self.terms.now(), self.terms.limits
        world = snapshot.world_with({one.id: one.record for one in found.values()})
        superfluous = superseded(world)
        admit: dict[str, str] = {}
        dead: dict[RecordId, Record] = {}
        for ref, (oid, content_id, record) in found.items():
            if content_id in superfluous or ref in snapshot.unread:
                continue
            due = fate(content_id, record, world, now, limits)
            if due is Fate.UNCLEAR:
                self._note({ref}, DAMAGED)
            elif due is Fate.LIVE:
                admit[ref] = oid
            else:
                dead[content_id] = record
        absent = set(self.store.objects.absent(list(admit.values())))
        if absent and carrier.obtain(ref for ref, oid in admit.items() if oid in absent) is None:
            return False
        changes = [RefUpdate(ref, oid, snapshot.listed.get(ref)) for ref, oid in admit.items()]
        if changes and not self.store.refs.commit(changes):
            return False
        self.fetched.update(folder_of(ref) for ref in admit)
        self.archived += len(dead)
        return not dead or put_away(self.store, self.store.look(), SweepPlan(dead, {}))

    def _take_unread_releases(self) -> None:
        """Let in the releases that are not understood: they still release, because their names say what.

        Only those of reservations that are here, so that nobody can flood us; nothing else of that
        sort comes in.
        """
        start = f"{REF_PREFIX}{Release.folder}/"
        wanted = {ref for ref in self.unread if ref.startswith(start)}
        if not wanted:
            return
        snapshot = self.store.look()
        for carrier in self.carriers:
            lacking = {
                ref
                for ref in wanted & carrier.names.keys() - snapshot.listed.keys()
                if f"{REF_PREFIX}{Reservation.folder}/{ref.removeprefix(start)}" in snapshot.entries
            }
            got = carrier.obtain(lacking) or {}
            changes = [RefUpdate(ref, oid, None) for ref, oid in got.items()]
            if changes and self.store.refs.commit(changes):
                wanted -= got.keys()

    @cached_property
    def _refused(self) -> dict[tuple[str, str], Verdict]:
        return self.store.cache.remotes.refused()

    def _refuse(self, refs: Mapping[str, str], verdict: Verdict = DAMAGED) -> None:
        """Count refs of the remote as no sound records, and do not fetch them again while they stay what they are."""
        self._note(refs, verdict)
        self._refused.update(dict.fromkeys(refs.items(), verdict))
        if refs:
            self.store.cache.remotes.refuse((ref, oid, verdict) for ref, oid in refs.items())

    def _note(self, refs: Iterable[str], verdict: Verdict | None) -> None:
        """Count refs of the remote that are left there."""
        (self.unread if verdict == NOT_UNDERSTOOD else self.rejected).update(refs)


def within(refs: Mapping[str, str], most: int) -> dict[str, str]:
    """All of some refs, or about as many as may be taken: those whose ids begin alike, from a random place on.

    Those can be fetched by few patterns; and nobody can flood a remote with ids that always come
    first.
    """
    if len(refs) <= most:
        return dict(refs)
    start = os.urandom(1).hex()
    turn = sorted(refs, key=lambda ref: ((begins := ref.split("/")[-1][:2]) < start, begins))
    return {ref: refs[ref] for ref in turn[:most]}
