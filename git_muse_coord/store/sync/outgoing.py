"""A sync with one remote, its outgoing half: push what the remote lacks, delete there what nobody needs.

Nothing is forced over what the remote holds but what is provably damaged. What comes in is in
``exchange``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.names import ARCHIVE, folder_of, is_of_known_kind
from git_muse_coord.model.records import (
    REF_PREFIX,
    Heartbeat,
    Record,
    Reservation,
    encode,
    with_prefix,
)
from git_muse_coord.rules.lifetime import WITNESSES, Fate, fate, is_clock_behind
from git_muse_coord.store.git.objects import blob_oid
from git_muse_coord.store.git.refs import pause
from git_muse_coord.store.records.cached_record import DAMAGED, NOT_UNDERSTOOD
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.records.sweep import superseded
from git_muse_coord.store.records.verdicts import verdict_at
from git_muse_coord.store.sync import refusals
from git_muse_coord.store.sync.carriers import Carrier, RefCarrier
from git_muse_coord.store.sync.incoming import ROUNDS, Exchange
from git_muse_coord.store.sync.moving import pull_archive
from git_muse_coord.store.sync.refusals import Refused
from git_muse_coord.store.sync.remote import Update
from git_muse_coord.store.sync.unread import expired_unread_at


class Outgoing:
    """What a sync pushes, and the counts of it; ``refused`` is what the remote would not take."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._store = exchange.store
        self._remote = exchange.remote
        self._capabilities = exchange.capabilities
        self._terms = exchange.terms
        self.pushed: Counter[str] = Counter()
        self.deleted = 0
        self._arrived: set[str] = set()
        self.reservations: list[str] = []
        self.refused: Refused | None = None

    def push(self) -> None:
        """Push what the remote lacks. Raises RemoteFailed."""
        for carrier in self._exchange.ways:
            self._push_to(carrier)

    def clear(self, most: int | None = None) -> int:
        """Delete at the remote what nobody needs any more, together with a push of the archive that has it.

        Returns how many refs went, at most ``most`` of each way. Raises RemoteFailed, also where
        pushes cannot be atomic, where the archive there cannot be read, and where our clock is
        wrong.
        """
        self._check_clock()
        self._check_archive()
        return sum(
            self._clear_from(carrier, dict(islice(self.clearable(carrier).items(), most)))
            for carrier in self._exchange.ways
        )

    def _clear_from(self, carrier: Carrier, gone: Mapping[str, str]) -> int:
        archive = self._archive() if isinstance(carrier, RefCarrier) else []
        done = 0
        for _, some in _batches({}, gone, carrier):
            updates = [*archive, *carrier.updates({}, {}, some)]
            if not self._remote.push(updates, atomic=len(updates) > 1):
                break  # another clone was first with some of it, or deletions are refused; the next gc will see
            archive = []
            carrier.landed({}, some)
            done += len(some)
            self.deleted += len(some)
        if archive and self._remote.push(archive) and gone:
            self._capabilities.learn(deletions=False)
        elif done and isinstance(carrier, RefCarrier):
            self._capabilities.learn(deletions=True, atomic=True)
        return done

    def _check_clock(self) -> None:
        """Delete nothing by a clock that others prove to be wrong. Raises RemoteFailed."""
        now, limits = self._terms.now(), self._terms.limits
        if is_clock_behind(self._store.look().records().values(), now, limits):
            raise RemoteFailed(
                f"nothing is deleted at {self._remote.name!r}, because the clock here seems to be wrong: the newest "
                f"records of {WITNESSES} runs or more lie more than {limits.grace.seconds:,} s in the future",
                f"it says {now:%Y-%m-%d %H:%M} UTC; set it right",
            )

    def _check_archive(self) -> None:
        """Delete nothing where the archive there holds what we could not read. Raises RemoteFailed."""
        pull_archive(self._exchange)
        if self._exchange.archive_trouble is not None:
            raise RemoteFailed(
                f"nothing is deleted at {self._remote.name!r}, because its archive cannot be united with the one here: "
                f"{self._exchange.archive_trouble}",
                "docs/sync.md says how to look at it",
            )

    def _archive(self) -> list[Update]:
        """The archive, where the remote's lacks something. What has not grown out of the remote's never replaces it."""
        tip = self._store.refs.list(ARCHIVE).get(ARCHIVE)
        theirs = self._exchange.listing.get(ARCHIVE)
        if tip is None or tip == theirs:
            return []
        if theirs is not None and not self._store.archive.holds(tip, theirs):
            raise RemoteFailed(
                f"the archive of remote {self._remote.name!r} changed meanwhile", "try again"
            )
        return [Update(ARCHIVE, tip, theirs or "")]

    def clearable(self, carrier: Carrier) -> dict[str, str]:
        """What the remote has that nobody needs there, with the object ids.

        That is what is archived here and past its time, superfluous heartbeats, and what is not
        understood but says itself that it is over.
        """
        now, limits = self._terms.now(), self._terms.limits
        snapshot = self._store.look()
        return {
            **self._put_away(carrier, snapshot),
            **self._superfluous(carrier, snapshot),
            **expired_unread_at(self._exchange, carrier, now, limits),
        }

    def _put_away(self, carrier: Carrier, snapshot: Snapshot) -> dict[str, str]:
        """What is archived here and no longer needed at the remote."""
        now, limits = self._terms.now(), self._terms.limits
        absent = [
            ref for ref in carrier.names if ref not in snapshot.entries and is_of_known_kind(ref)
        ]
        rows = self._store.archive.find(
            snapshot.archive_tip, [ref.removeprefix(REF_PREFIX) for ref in absent]
        )
        old = self._store.archive.load(rows.values())
        world = snapshot.world_with(old)
        gone: dict[str, Record] = {}
        for name, row in rows.items():
            record = old.get(row.id)
            if record is not None and fate(row.id, record, world, now, limits) is Fate.GONE:
                gone[f"{REF_PREFIX}{name}"] = record
        return self._judged(carrier, gone)

    def _judged(self, carrier: Carrier, gone: Mapping[str, Record]) -> dict[str, str]:
        """Leave out what has only its name in common with what was archived, and is not understood."""
        names = {ref: carrier.names[ref] for ref in gone}
        others = [ref for ref, oid in names.items() if oid != _oid(gone[ref], oid)]
        self._exchange.judge(carrier, others)
        kept = {
            ref
            for ref in others
            if self._exchange.verdict_of(ref, names[ref]) in (None, NOT_UNDERSTOOD)
        }
        return {ref: oid for ref, oid in names.items() if ref not in kept}

    def _push_to(self, carrier: Carrier) -> None:
        """Push what one way lacks, and again where another clone was first with some of it. Raises RemoteFailed."""
        before: dict[str, str] = {}
        for attempt in range(ROUNDS):
            add, replace, delete = self._lacking(carrier)
            if attempt:  # deletions may be what is refused
                delete = {}
            if not add and not delete:
                return
            if attempt and add == before:
                break  # nobody was first with anything: the remote does not want it
            if self._push_all(carrier, add, replace, delete):
                return
            pause(attempt)
            self._exchange.list()
            carrier = next(
                (way for way in self._exchange.ways if type(way) is type(carrier)), carrier
            )
            self._take_note(carrier, add, delete)
            before = {ref: oid for ref, oid in add.items() if carrier.names.get(ref) != oid}
        self._sort_out(carrier, add, replace)

    def _take_note(
        self, carrier: Carrier, add: Mapping[str, str], delete: Mapping[str, str]
    ) -> None:
        """Count what of a refused push is there all the same, and learn from it what the remote allows."""
        arrived = {ref: oid for ref, oid in add.items() if carrier.names.get(ref) == oid}
        self._count(arrived)
        if not isinstance(carrier, RefCarrier):
            return
        if arrived:
            self._capabilities.learn(refs=True)
        if len(arrived) == len(add) and any(
            carrier.names.get(ref) == oid for ref, oid in delete.items()
        ):
            self._capabilities.learn(deletions=False)

    def _sort_out(
        self, carrier: Carrier, add: Mapping[str, str], replace: Mapping[str, str]
    ) -> None:
        """Find what of some records the remote refuses; where it is refs of ours as such, go on with the branch."""
        if not isinstance(carrier, RefCarrier):
            said = self._remote.refusal
            raise RemoteFailed(
                f"remote {self._remote.name!r} refuses our records: {said}",
                "local records are kept",
            )
        if not refusals.takes_refs(self._exchange):
            self._fall_back()
            return

        def push(some: Mapping[str, str]) -> bool:
            return self._push_all(
                carrier, some, {ref: oid for ref, oid in replace.items() if ref in some}, {}
            )

        refused = refusals.isolate(push, lambda: self._remote.refusal, add)
        if refused.reasons or refused.untried:
            self.refused = refused

    def _lacking(self, carrier: Carrier) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """What to add, what of it stands in place of something damaged, and the superfluous heartbeats to delete."""
        now, limits = self._terms.now(), self._terms.limits
        snapshot = self._store.look()
        live = snapshot.live
        world = snapshot.world()
        superfluous = superseded(world)
        add: dict[str, str] = {}
        replace: dict[str, str] = {}
        for ref, (content_id, record) in live.items():
            if content_id in superfluous:
                continue
            ours, theirs = snapshot.entries[ref].oid, carrier.names.get(ref)
            if ours == theirs or fate(content_id, record, world, now, limits) is not Fate.LIVE:
                continue
            entry = self._store.known(theirs) if theirs else None
            if theirs and (entry is None or verdict_at(ref, entry) != DAMAGED):
                continue  # only what is known to be damaged is written over; otherwise the first writer wins
            add[ref] = ours
            if theirs:
                replace[ref] = theirs
        delete = (
            {} if self._capabilities.deletions is False else self._superfluous(carrier, snapshot)
        )
        return add, replace, delete

    def _superfluous(self, carrier: Carrier, snapshot: Snapshot) -> dict[str, str]:
        """The heartbeats at the remote that others of their runs make superfluous."""
        start = f"{REF_PREFIX}{Heartbeat.folder}/"
        theirs = {
            ref: oid
            for ref, oid in carrier.names.items()
            if ref.startswith(start) and ref not in snapshot.entries
        }
        entries = [
            entry
            for ref, oid in theirs.items()
            if (entry := self._store.known(oid)) and entry.ref == ref
        ]
        beats = dict(self._store.load(entries).values())
        gone = superseded(snapshot.world_with(beats)) & beats.keys()
        return {
            ref: oid for ref, oid in theirs.items() if with_prefix(ref.removeprefix(start)) in gone
        }

    def _push_all(
        self,
        carrier: Carrier,
        add: Mapping[str, str],
        replace: Mapping[str, str],
        delete: Mapping[str, str],
    ) -> bool:
        """Push in parts. False: something was refused, or another clone was first with it."""
        done = True
        for some, gone in _batches(add, delete, carrier):
            if not self._remote.push(carrier.updates(some, replace, gone)):
                if self._capabilities.refs is not True:
                    return False  # it may refuse all the others, too
                done = False
                continue
            carrier.landed(some, gone)
            self._count(some)
            self.deleted += len(gone)
            if isinstance(carrier, RefCarrier):
                self._capabilities.learn(refs=True, **({"deletions": True} if gone else {}))
            elif self._capabilities.refs is False:
                self._capabilities.learn(refs=False)
        return done

    def _count(self, add: Mapping[str, str]) -> None:
        """Count records that arrived, by whichever way they did so first."""
        new = add.keys() - self._arrived
        self._arrived |= new
        self.pushed.update(folder_of(ref) for ref in new)
        start = f"{REF_PREFIX}{Reservation.folder}/"
        self.reservations += [
            with_prefix(ref.removeprefix(start)) for ref in new if ref.startswith(start)
        ]

    def _fall_back(self) -> None:
        """Go on with the branch, and from now on, if the remote takes that."""
        self._capabilities.suppose(refs=False)
        self._exchange.pull()
        self.push()


def _oid(record: Record, like: str) -> str:
    """The object id of a record, in the object format of another id."""
    return blob_oid(encode(record), "sha1" if len(like) == 40 else "sha256")


def _batches(
    add: Mapping[str, str], delete: Mapping[str, str], carrier: Carrier
) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Cut a push into parts; a heartbeat that makes others superfluous goes with their deletion or before it."""
    new = list(_parts(add, carrier.most_new))
    gone = list(_parts(delete, carrier.most_gone))
    yield from ((part, {}) for part in new[:-1])
    if new or gone:
        yield (new[-1] if new else {}), (gone[0] if gone else {})
    yield from (({}, part) for part in gone[1:])


def _parts(whole: Mapping[str, str], most: int) -> Iterator[dict[str, str]]:
    items = list(whole.items())
    return (dict(items[start : start + most]) for start in range(0, len(items), most))
