"""A sync with one remote, its outgoing half: push what the remote lacks, delete there what nobody needs.

Nothing is forced over what the remote holds but what is provably damaged.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import folder_of
from git_muse_coord.model.records import Reservation
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.lifetime import Fate, fate
from git_muse_coord.store.git.refs import pause
from git_muse_coord.store.records.cached_record import DAMAGED
from git_muse_coord.store.records.ref_names import id_in, prefix_of
from git_muse_coord.store.records.sweep import superseded
from git_muse_coord.store.records.verdicts import verdict_at
from git_muse_coord.store.sync import clearing, refusals
from git_muse_coord.store.sync.batches import batches
from git_muse_coord.store.sync.carriers import Carrier, RefCarrier
from git_muse_coord.store.sync.exchange import Exchange
from git_muse_coord.store.sync.incoming import ROUNDS, pull
from git_muse_coord.store.sync.refusals import Refused

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


class Lacking(NamedTuple):
    """What a carrier lacks, as object ids by ref.

    ``add`` are the records to push. ``replace`` are the damaged objects there that some of them
    stand in for, ``delete`` the superfluous heartbeats to delete there.
    """

    add: Oids
    replace: Oids
    delete: Oids


class Outgoing:
    """What a sync pushes, and the counts of it; ``refused`` is what the remote would not take."""

    def __init__(self, exchange: Exchange) -> None:
        self.pushed: Counter[str] = Counter()
        self.deleted = 0
        self.reservations: list[RecordId] = []
        self.refused: Refused | None = None
        self._exchange = exchange
        self._store = exchange.store
        self._remote = exchange.remote
        self._capabilities = exchange.capabilities
        self._arrived: set[str] = set()

    def push(self) -> None:
        """Push what the remote lacks. Raises RemoteFailed."""
        for carrier in self._exchange.ways:
            self._push_to(carrier)

    def clear(self, most: int | None = None) -> None:
        """Delete at the remote what nobody needs any more, at most ``most`` refs of each way. Raises RemoteFailed."""
        for number in clearing.clear(self._exchange, most):
            self.deleted += number

    def _push_to(self, carrier: Carrier) -> None:
        """Push what one way lacks, and again where another clone was first with some of it. Raises RemoteFailed.

        After a refusal what git said is not read: the remote is listed again, and objects are
        compared. What arrived all the same is counted. What others wrote meanwhile is no longer
        lacking, so the next round pushes less. Where a round would push the very same again, nobody
        was first with anything: the remote does not want it, and it remains to find out what of it.
        """
        refused: Oids = {}
        for attempt in range(ROUNDS):
            lacking = self._lacking(carrier)
            if attempt:
                # deletions may be what is refused
                lacking = lacking._replace(delete={})
            if not lacking.add and not lacking.delete:
                return
            if attempt and lacking.add == refused:
                break
            if self._push_all(carrier, lacking):
                return
            pause(attempt)
            self._exchange.list()
            carrier = self._as_listed(carrier)
            self._take_note(carrier, lacking)
            refused = _absent(lacking.add, carrier)
        self._sort_out(carrier, lacking)

    def _as_listed(self, carrier: Carrier) -> Carrier:
        """The same way after another listing, which makes new carriers; it may be gone from it, too."""
        for way in self._exchange.ways:
            if type(way) is type(carrier):
                return way
        return carrier

    def _take_note(
        self,
        carrier: Carrier,
        pushed: Lacking,
    ) -> None:
        """Count what of a refused push is there all the same, and learn from it what the remote allows."""
        absent = _absent(pushed.add, carrier)
        arrived: Oids = {}
        for ref, oid in pushed.add.items():
            if ref not in absent:
                arrived[ref] = oid
        self._count(arrived)
        if not isinstance(carrier, RefCarrier):
            return
        if arrived:
            self._capabilities.learn(refs=True)
        stayed = pushed.delete.items() & carrier.names.items()
        if stayed and not absent:
            # all additions went through, so it was the deletions that were refused
            self._capabilities.learn(deletions=False)

    def _sort_out(
        self,
        carrier: Carrier,
        lacking: Lacking,
    ) -> None:
        """Find what of some records the remote refuses; where it is refs of ours as such, go on with the branch."""
        if not isinstance(carrier, RefCarrier):
            # there is no third way
            refusal = self._remote.refusal
            raise RemoteFailed(
                f"remote {self._remote.name!r} refuses our records: {refusal}",
                "local records are kept",
            )
        if not refusals.takes_refs(self._exchange):
            self._fall_back()
            return

        def push(part: OidsByRef) -> bool:
            replace: Oids = {}
            for ref, oid in lacking.replace.items():
                if ref in part:
                    replace[ref] = oid
            only_part = Lacking(
                add=dict(part),
                replace=replace,
                delete={},
            )
            return self._push_all(carrier, only_part)

        refused = refusals.isolate(
            push,
            lambda: self._remote.refusal,
            lacking.add,
        )
        if refused.reasons or refused.untried:
            self.refused = refused

    def _lacking(self, carrier: Carrier) -> Lacking:
        """What to push by one way, and to delete there."""
        now = self._exchange.terms.now()
        limits = self._exchange.terms.limits
        snapshot = self._store.look()
        world = snapshot.world()
        superfluous = superseded(world)
        lacking = Lacking(
            add={},
            replace={},
            delete={},
        )
        for ref, (content_id, record) in snapshot.live.items():
            ours = snapshot.entries[ref].oid
            theirs = carrier.names.get(ref)
            if content_id in superfluous or ours == theirs:
                continue
            # from T+G on nothing is pushed: the dead come back with whoever pushes them again
            due = fate(
                content_id,
                record,
                world,
                now,
                limits,
            )
            if due is not Fate.LIVE:
                continue
            if theirs is not None:
                # only what is known to be damaged is written over; otherwise the first writer wins
                if not self._is_damaged(ref, theirs):
                    continue
                lacking.replace[ref] = theirs
            lacking.add[ref] = ours
        if self._capabilities.deletions is not False:
            gone = clearing.superfluous_at(self._exchange, carrier, snapshot)
            lacking.delete.update(gone)
        return lacking

    def _is_damaged(
        self,
        ref: str,
        oid: str,
    ) -> bool:
        cached = self._store.known(oid)
        if cached is None:
            return False
        return verdict_at(ref, cached) == DAMAGED

    def _push_all(
        self,
        carrier: Carrier,
        lacking: Lacking,
    ) -> bool:
        """Push in parts. False: something was refused, or another clone was first with it."""
        is_whole = True
        for add, delete in batches(lacking.add, lacking.delete, carrier):
            updates = carrier.updates(add, lacking.replace, delete)
            if not self._remote.push(updates):
                if self._capabilities.refs is not True:
                    # it may refuse all the others, too
                    return False
                is_whole = False
                continue
            carrier.landed(add, delete)
            self._count(add)
            self.deleted += len(delete)
            self._learn(carrier, deleted=bool(delete))
        return is_whole

    def _learn(
        self,
        carrier: Carrier,
        *,
        deleted: bool,
    ) -> None:
        """Learn from a push that went through what the remote allows."""
        if isinstance(carrier, RefCarrier):
            self._capabilities.learn(refs=True)
            if deleted:
                self._capabilities.learn(deletions=True)
        elif self._capabilities.refs is False:
            # it was only supposed until the branch was taken
            self._capabilities.learn(refs=False)

    def _count(self, add: OidsByRef) -> None:
        """Count records that arrived, by whichever way they did so first."""
        new = add.keys() - self._arrived
        self._arrived |= new
        self.pushed.update(map(folder_of, new))
        reservations = prefix_of(Reservation)
        for ref in new:
            if ref.startswith(reservations):
                self.reservations.append(id_in(ref))

    def _fall_back(self) -> None:
        """Go on with the branch, and from now on, if the remote takes that."""
        self._capabilities.suppose(refs=False)
        # the branch has what others put there, and what it has need not be pushed
        pull(self._exchange)
        self.push()


def _absent(add: OidsByRef, carrier: Carrier) -> Oids:
    """What of some pushed records is not at the remote as it was pushed."""
    absent: Oids = {}
    for ref, oid in add.items():
        if carrier.names.get(ref) != oid:
            absent[ref] = oid
    return absent
