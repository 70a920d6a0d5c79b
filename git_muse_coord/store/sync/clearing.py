"""Deleting at a remote what nobody needs there any more: only what the archive there holds by then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import ARCHIVE, is_of_known_kind
from git_muse_coord.model.records import (
    REF_PREFIX,
    Heartbeat,
    Record,
    Reservation,
    encode,
)
from git_muse_coord.rules.lifetime import (
    WITNESSES,
    Fate,
    fate,
    is_clock_behind,
)
from git_muse_coord.store.git.objects import blob_oid, format_of
from git_muse_coord.store.records.cached_record import NOT_UNDERSTOOD
from git_muse_coord.store.records.ref_names import (
    id_in,
    prefix_of,
    ref_of,
    short_name,
)
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.records.sweep import superseded
from git_muse_coord.store.sync.batches import batches
from git_muse_coord.store.sync.carriers import Carrier, RefCarrier
from git_muse_coord.store.sync.exchange import Exchange
from git_muse_coord.store.sync.moving import pull_archive
from git_muse_coord.store.sync.remote import Update
from git_muse_coord.store.sync.unread import expired_unread_at

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


def clear(exchange: Exchange, most: int | None = None) -> Iterator[int]:
    """Delete at the remote what nobody needs any more, together with a push of the archive that has it.

    Yields how many refs went, after each push; at most ``most`` go of each way. Raises
    RemoteFailed, also where pushes cannot be atomic, where the archive there cannot be read, and
    where our clock is wrong.
    """
    _check_clock(exchange)
    _check_archive(exchange)
    for carrier in exchange.ways:
        all_gone = clearable(exchange, carrier)
        gone = dict(islice(all_gone.items(), most))
        yield from _clear_from(exchange, carrier, gone)


def clearable(exchange: Exchange, carrier: Carrier) -> Oids:
    """What the remote has that nobody needs there, with the object ids.

    That is what is archived here and past its time, what is superfluous, and what is not
    understood but says itself that it is over.
    """
    snapshot = exchange.store.look()
    now = exchange.terms.now()
    limits = exchange.terms.limits
    gone = _put_away(exchange, carrier, snapshot)
    gone |= superfluous_at(exchange, carrier, snapshot)
    gone |= expired_unread_at(exchange, carrier, now, limits)
    return gone


def superfluous_at(
    exchange: Exchange,
    carrier: Carrier,
    snapshot: Snapshot,
) -> Oids:
    """What later records of the same runs make superfluous at the remote: heartbeats, and what was united."""
    gone = _superfluous_beats(exchange, carrier, snapshot)
    gone.update(_united_at(exchange, carrier, snapshot))
    return gone


def _united_at(
    exchange: Exchange,
    carrier: Carrier,
    snapshot: Snapshot,
) -> Iterator[tuple[str, str]]:
    """The reservations at the remote that ended in a union which is there, too."""
    theirs: Oids = {}
    united = snapshot.world().united
    for reservation_id, union_id in united.items():
        ref = ref_of(Reservation, reservation_id)
        union = ref_of(Reservation, union_id)
        # A union that is refused there, as a hook may do, keeps nobody from what it ends.
        are_there = ref in carrier.names and union in carrier.names
        if ref in snapshot.entries or not are_there:
            continue
        cached = exchange.store.known(carrier.names[ref])
        if cached is not None and cached.ref == ref:
            theirs[ref] = cached.oid
    loaded = exchange.store.load(theirs)
    replaced = dict(loaded.values())
    # Whether a union may be in the place of a reservation is seen where both are.
    world = snapshot.world_with(replaced)
    for ref, oid in theirs.items():
        if id_in(ref) in world.united:
            yield ref, oid


def _superfluous_beats(
    exchange: Exchange,
    carrier: Carrier,
    snapshot: Snapshot,
) -> Oids:
    start = prefix_of(Heartbeat)
    theirs: Oids = {}
    known: Oids = {}
    for ref, oid in carrier.names.items():
        if not ref.startswith(start) or ref in snapshot.entries:
            continue
        theirs[ref] = oid
        cached = exchange.store.known(oid)
        if cached is not None and cached.ref == ref:
            known[ref] = oid
    loaded = exchange.store.load(known)
    beats = dict(loaded.values())
    world = snapshot.world_with(beats)
    superfluous = superseded(world) & beats.keys()
    gone: Oids = {}
    for ref, oid in theirs.items():
        if id_in(ref) in superfluous:
            gone[ref] = oid
    return gone


def _clear_from(
    exchange: Exchange,
    carrier: Carrier,
    gone: OidsByRef,
) -> Iterator[int]:
    """Delete some refs by one way, and yield after each push how many went."""
    remote = exchange.remote
    archive: list[Update] = []
    if isinstance(carrier, RefCarrier):
        archive = _archive_update(exchange)
    is_done = False
    for _, part in batches({}, gone, carrier):
        deletions = carrier.updates({}, {}, part)
        updates = [*archive, *deletions]
        if not remote.push(updates, atomic=len(updates) > 1):
            # another clone was first with some of it, or deletions are refused: the next gc will see
            break
        # it went with the first part, and is not to be pushed again
        archive = []
        carrier.landed({}, part)
        is_done = True
        yield len(part)
    # an archive that goes through alone shows that it was the deletions that were refused
    if archive and remote.push(archive) and gone:
        exchange.capabilities.learn(deletions=False)
    elif is_done and isinstance(carrier, RefCarrier):
        exchange.capabilities.learn(deletions=True, atomic=True)


def _check_clock(exchange: Exchange) -> None:
    """Delete nothing by a clock that others prove to be wrong. Raises RemoteFailed."""
    now = exchange.terms.now()
    limits = exchange.terms.limits
    records = exchange.store.look().records()
    if is_clock_behind(records.values(), now, limits):
        raise RemoteFailed(
            f"nothing is deleted at {exchange.remote.name!r}, because the clock here seems to be wrong: the newest "
            f"records of {WITNESSES} runs or more lie more than {limits.grace.seconds:,} s in the future",
            f"it says {now:%Y-%m-%d %H:%M} UTC; set it right",
        )


def _check_archive(exchange: Exchange) -> None:
    """Delete nothing where the archive there holds what we could not read. Raises RemoteFailed."""
    pull_archive(exchange)
    if exchange.archive_trouble is not None:
        raise RemoteFailed(
            f"nothing is deleted at {exchange.remote.name!r}, because its archive cannot be united with the one here: "
            f"{exchange.archive_trouble}",
            "docs/reference/sync.md says how to look at it",
        )


def _archive_update(exchange: Exchange) -> list[Update]:
    """The archive, where the remote's lacks something. What has not grown out of the remote's never replaces it."""
    ours = exchange.store.refs.oid_of(ARCHIVE)
    theirs = exchange.listing.get(ARCHIVE)
    if ours is None or ours == theirs:
        return []
    archive = exchange.store.archive
    if theirs is not None and not archive.holds(ours, theirs):
        raise RemoteFailed(
            f"the archive of remote {exchange.remote.name!r} changed meanwhile", "try again"
        )
    return [Update(ARCHIVE, ours, theirs or "")]


def _put_away(
    exchange: Exchange,
    carrier: Carrier,
    snapshot: Snapshot,
) -> Oids:
    """What is archived here and no longer needed at the remote, with the object ids."""
    archive = exchange.store.archive
    absent: list[str] = []
    for ref in carrier.names:
        if ref not in snapshot.entries and is_of_known_kind(ref):
            absent.append(short_name(ref))
    rows = archive.find(snapshot.archive_tip, absent)
    archived = archive.load(rows.values())
    world = snapshot.world_with(archived)
    now = exchange.terms.now()
    limits = exchange.terms.limits
    gone: dict[str, Record] = {}
    for name, row in rows.items():
        record = archived.get(row.id)
        if record is None:
            continue
        due = fate(
            row.id,
            record,
            world,
            now,
            limits,
        )
        if due is Fate.GONE:
            gone[REF_PREFIX + name] = record
    return _without_strangers(exchange, carrier, gone)


def _without_strangers(
    exchange: Exchange,
    carrier: Carrier,
    gone: Mapping[str, Record],
) -> Oids:
    """Leave out what has only its name in common with what was archived, and is not understood."""
    theirs: Oids = {}
    strangers: list[str] = []
    for ref, record in gone.items():
        oid = carrier.names[ref]
        theirs[ref] = oid
        if oid != _oid_of(record, oid):
            strangers.append(ref)
    exchange.judge.look_at(carrier, strangers)
    for ref in strangers:
        verdict = exchange.judge.verdict_of(ref, theirs[ref])
        # None: it could not be looked at, so it may be one of these
        if verdict in (None, NOT_UNDERSTOOD):
            del theirs[ref]
    return theirs


def _oid_of(record: Record, like: str) -> str:
    """The object id of a record, in the object format of another id."""
    return blob_oid(encode(record), format_of(like))
