"""A sync with one remote, its incoming half: list what is there, bring what is missing, verify and judge it.

Nothing that a remote sends reaches ``refs/muse/`` before it is verified. What goes out is in ``outgoing``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.records import REF_PREFIX, Heartbeat, Record, Reservation, bare
from git_muse_coord.rules.lifetime import Fate, Limits, fate
from git_muse_coord.rules.state import reach
from git_muse_coord.store import notes
from git_muse_coord.store.archive import ARCHIVE
from git_muse_coord.store.cache import Entry
from git_muse_coord.store.capabilities import Capabilities
from git_muse_coord.store.carriers import FETCH_MOST, BranchCarrier, Carrier, Incoming, RefCarrier
from git_muse_coord.store.records import RecordStore, Snapshot
from git_muse_coord.store.refs import ATTEMPTS, Change, pause
from git_muse_coord.store.remote import Remote, Update
from git_muse_coord.store.repository import Repository
from git_muse_coord.store.sweep import Plan, put_away, superseded

_HEX = "[0-9a-f]{64}"
_KINDS = "reservations|intents|releases|heartbeats|tasks|outcomes"
NAME = re.compile(rf"{REF_PREFIX}(?:(?:{_KINDS})/{_HEX}|claims/{_HEX}-\d+)")
ROUNDS = 3


class Terms(NamedTuple):
    """What a sync goes by: the time, how long records are kept, and the branch for hosts that refuse our refs."""

    now: Callable[[], datetime]
    limits: Limits
    branch: str


class Found(NamedTuple):
    """A sound record at the remote."""

    oid: str
    id: str
    record: Record


class Exchange:
    """A sync under way, and the counts of what it did."""

    def __init__(
        self, repository: Repository, store: RecordStore, remote: Remote, capabilities: Capabilities, terms: Terms
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
        self.archived = 0
        self._incoming = Incoming(store.refs, remote.address)

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, *_: object) -> None:
        self._incoming.clear()

    def pull(self) -> None:
        """List the remote, and bring here what is missing. Raises RemoteFailed."""
        for attempt in range(ROUNDS):
            self.list()
            if all(self.pull_from(carrier) for carrier in self.carriers):
                self._pull_archive()
                return
            pause(attempt)  # a name vanished between listing and fetching, or another process wrote
        raise RemoteFailed(f"remote {self.remote.name!r} keeps changing", "try again")

    def exchange_notes(self, *, push: bool) -> None:
        """Unite the notes of both sides. Raises RemoteFailed and StoreFailed."""
        for attempt in range(ROUNDS):
            theirs = self.listing.get(notes.NOTES)
            ours = self.store.refs.list(notes.NOTES).get(notes.NOTES)
            if theirs == ours:
                return
            if tip := self.bring(notes.NOTES):
                notes.merge(self.repository, tip)
                ours = self.store.refs.list(notes.NOTES).get(notes.NOTES)
            if not push or ours in (None, theirs) or self.remote.push([Update(notes.NOTES, ours)]):
                return
            pause(attempt)
            self.list()

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
        self.listing = self.remote.list(f"{REF_PREFIX}*", "refs/muse-*", notes.NOTES, branch)
        refs, git = self.store.refs, self.repository.git
        self.carriers = []
        if allowed.refs is not False:
            self.carriers.append(RefCarrier(self.remote, refs, self._incoming, self.listing))
        if branch in self.listing or allowed.refs is False:
            tip = self.listing.get(branch)
            self.carriers.append(BranchCarrier(git, self.remote, refs, self._incoming, terms.branch, tip))

    def pull_from(self, carrier: Carrier) -> bool:
        """Bring here what one carrier has. False: the listing is out of date."""
        snapshot = self.store.look()
        missing = self._missing(carrier, snapshot)
        if not missing:
            return True
        old = self.store.archive.find(snapshot.archive_tip, [ref.removeprefix(REF_PREFIX) for ref in missing])
        fresh = {ref: oid for ref, oid in missing.items() if ref.removeprefix(REF_PREFIX) not in old}
        found = self._obtain(carrier, fresh)
        if found is None:
            return False
        revived = {
            ref: missing[ref] for ref in _extended(found, self.terms.now()) if ref in missing and ref not in fresh
        }
        again = self._obtain(carrier, revived)
        return again is not None and self._settle(carrier, snapshot, {**found, **again})

    def _missing(self, carrier: Carrier, snapshot: Snapshot) -> dict[str, str]:
        """What the remote has and we do not, as far as it can be a record at all."""
        missing: dict[str, str] = {}
        for ref, oid in carrier.names.items():
            if snapshot.listed.get(ref) == oid:
                continue
            entry = self.store.known(oid)
            if not NAME.fullmatch(ref) or (entry is not None and entry.ref != ref):
                self.rejected.add(ref)
            else:
                missing[ref] = oid
        return missing

    def _obtain(self, carrier: Carrier, wanted: Mapping[str, str]) -> dict[str, Found] | None:
        """Fetch what was never seen, verify it, and return the sound records by ref, with their object ids."""
        unseen = [ref for ref, oid in wanted.items() if self.store.known(oid) is None]
        got = carrier.obtain(islice(unseen, FETCH_MOST))
        if got is None:
            return None
        self.store.learn(list(got.values()))
        sound: list[Entry] = []
        for ref, oid in {**{ref: oid for ref, oid in wanted.items() if ref not in unseen}, **got}.items():
            entry = self.store.known(oid)
            if entry is not None and entry.ref == ref:
                sound.append(entry)
            else:
                self.rejected.add(ref)
        loaded = self.store.load(sound)
        return {entry.ref: Found(entry.oid, *loaded[entry.ref]) for entry in sound if entry.ref in loaded}

    def _settle(self, carrier: Carrier, snapshot: Snapshot, found: Mapping[str, Found]) -> bool:
        """Let in what still matters, and archive the rest. False: another process changed the same refs."""
        now, limits = self.terms.now(), self.terms.limits
        world = snapshot.world_with({one.id: one.record for one in found.values()})
        superfluous = superseded(world)
        admit: dict[str, str] = {}
        dead: dict[str, Record] = {}
        for ref, (oid, content_id, record) in found.items():
            if content_id in superfluous:
                continue
            if fate(content_id, record, world, now, limits) >= Fate.ARCHIVE:
                dead[content_id] = record
            else:
                admit[ref] = oid
        absent = [ref for ref in admit if not self.store.objects.has(admit[ref])]
        if absent and carrier.obtain(absent) is None:
            return False
        changes = [Change(ref, oid, snapshot.listed.get(ref)) for ref, oid in admit.items()]
        if changes and not self.store.refs.commit(changes):
            return False
        self.fetched.update(kind_of(ref) for ref in admit)
        self.archived += len(dead)
        return not dead or put_away(self.store, self.store.look(), Plan(dead, {}))

    def _pull_archive(self) -> None:
        theirs = self.listing.get(ARCHIVE)
        for attempt in range(ATTEMPTS):
            ours = self.store.refs.list(ARCHIVE).get(ARCHIVE)
            if theirs in (None, ours) or (ours and self.store.archive.holds(ours, theirs)):
                return
            tip = self.bring(ARCHIVE)
            if tip is None:
                return
            merged = self.store.archive.merge(ours, tip)
            if merged in (None, ours) or self.store.refs.commit([Change(ARCHIVE, merged, ours)]):
                return
            pause(attempt)


def _extended(found: Mapping[str, Found], now: datetime) -> Iterator[str]:
    """The refs of reservations that heartbeats, just found, keep alive."""
    for one in found.values():
        if isinstance(one.record, Heartbeat) and reach(one.record) > now:
            yield f"{REF_PREFIX}{Reservation.folder}/{bare(one.record.subject)}"


def kind_of(ref: str) -> str:
    """The folder of a record's ref."""
    return ref.removeprefix(REF_PREFIX).split("/")[0]
