"""What of the records that arrived is let in: refs for what still matters, the archive for the rest.

What still matters is decided in ``rules.lifetime``.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import folder_of
from git_muse_coord.model.records import (
    Release,
    Reservation,
)
from git_muse_coord.rules.lifetime import Fate, fate
from git_muse_coord.store.git.refs import RefUpdate, retrying
from git_muse_coord.store.records.cached_record import DAMAGED
from git_muse_coord.store.records.ref_names import id_in, prefix_of, ref_of
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.records.sweep import SweepPlan, put_away, superseded
from git_muse_coord.store.sync.carriers import Carrier
from git_muse_coord.store.sync.exchange import Exchange
from git_muse_coord.store.sync.judging import Arrivals

if TYPE_CHECKING:
    from git_muse_coord.store.records.loading import Records
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


def settle(
    exchange: Exchange,
    carrier: Carrier,
    snapshot: Snapshot,
    arrivals: Arrivals,
) -> bool:
    """Let in what still matters, and archive the rest. False: another process changed the same refs.

    First the refs, all or none, then the archive: where the second step does not come to pass the
    records still are at the remote, and the next round archives them. Raises RemoteFailed and
    StoreFailed.
    """
    admit, dead = _judge(exchange, snapshot, arrivals)
    if not _bring_absent(exchange, carrier, admit):
        return False
    # each with the demand that it is as it was, so that nothing is overwritten that came meanwhile
    updates: list[RefUpdate] = []
    for ref, oid in admit.items():
        before = snapshot.listed.get(ref)
        updates.append(RefUpdate(ref, oid, before))
    # another process of this clone may be letting in the very same
    refs = exchange.store.refs
    if updates and not retrying(lambda: refs.commit(updates)):
        return False
    exchange.fetched.update(map(folder_of, admit))
    exchange.archived += len(dead)
    if not dead:
        return True
    # the archive may have moved since the snapshot, so its tip is looked up again
    latest = exchange.store.look()
    to_archive = SweepPlan(dead, {})
    return put_away(exchange.store, latest, to_archive)


def _judge(
    exchange: Exchange,
    snapshot: Snapshot,
    arrivals: Arrivals,
) -> tuple[Oids, Records]:
    """The objects that become refs, by ref, and the records for the archive, by id."""
    now = exchange.terms.now()
    limits = exchange.terms.limits
    arrived: Records = {}
    for arrival in arrivals.values():
        arrived[arrival.id] = arrival.record
    # all at once with what is here: what arrives may be extended or ended by what arrives with it
    world = snapshot.world_with(arrived)
    superfluous = superseded(world)
    admit: Oids = {}
    dead: Records = {}
    for ref, arrival in arrivals.items():
        if arrival.id in superfluous or ref in snapshot.unread:
            continue
        due = fate(
            arrival.id,
            arrival.record,
            world,
            now,
            limits,
        )
        if due is Fate.UNCLEAR:
            exchange.judge.note([ref], DAMAGED)
        elif due is Fate.LIVE:
            admit[ref] = arrival.oid
        else:
            dead[arrival.id] = arrival.record
    return admit, dead


def _bring_absent(
    exchange: Exchange,
    carrier: Carrier,
    admit: OidsByRef,
) -> bool:
    """Fetch the objects that git does not have. False: the listing is out of date.

    What the cache knew was not fetched, although git may have dropped the object long ago; a ref
    without its object breaks git for everybody in the clone.
    """
    oids = list(admit.values())
    absent = set(exchange.store.objects.absent(oids))
    if not absent:
        return True
    refs = [ref for ref, oid in admit.items() if oid in absent]
    obtained = carrier.obtain(refs)
    return obtained is not None


def admit_unread_releases(exchange: Exchange) -> None:
    """Let in the releases that are not understood: they still release, because their names say what.

    Only those of reservations that are here, so that nobody can flood us; nothing else of that
    sort comes in. Hence after all that is understood was let in.
    """
    releases = prefix_of(Release)
    wanted: set[str] = set()
    for ref in exchange.judge.unread:
        if ref.startswith(releases):
            wanted.add(ref)
    if not wanted:
        return
    snapshot = exchange.store.look()
    for carrier in exchange.carriers:
        lacking: list[str] = []
        for ref in wanted & carrier.names.keys():
            released = ref_of(Reservation, id_in(ref))
            if ref not in snapshot.listed and released in snapshot.entries:
                lacking.append(ref)
        got = carrier.obtain(lacking) or {}
        updates = [RefUpdate(ref, oid, None) for ref, oid in got.items()]
        if updates and exchange.store.refs.commit(updates):
            wanted -= got.keys()
