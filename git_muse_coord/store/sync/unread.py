"""Records that are not understood here: when they may go all the same, and how a person has them removed.

They are left where they are, and do not travel. What they say of their own end is all that is read
of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.names import folder_of, is_of_unknown_kind
from git_muse_coord.rules.lifetime import Limits
from git_muse_coord.store.git.refs import deletions
from git_muse_coord.store.records.cached_record import NOT_UNDERSTOOD
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.records.sweep import expired_unread
from git_muse_coord.store.records.verdicts import UnreadRef, unread_ref, verdict_at
from git_muse_coord.store.sync.batches import in_parts
from git_muse_coord.store.sync.carriers import EXACT_MOST, Carrier
from git_muse_coord.store.sync.exchange import Exchange
from git_muse_coord.store.sync.remote import PUSH_MOST

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids
    from git_muse_coord.store.records.verdicts import Unread


def expired_unread_at(
    exchange: Exchange,
    carrier: Carrier,
    now: datetime,
    limits: Limits,
) -> Oids:
    """As ``expired_unread``, at a remote. Looks at some of those of unknown kinds that were never looked at."""
    store = exchange.store
    unseen: list[str] = []
    for ref, oid in carrier.names.items():
        if is_of_unknown_kind(ref) and not store.known(oid):
            unseen.append(ref)
    # at most as many as are cheap to fetch; the next gc looks at others
    exchange.judge.look_at(carrier, unseen[:EXACT_MOST])
    unread: dict[str, UnreadRef] = {}
    for ref, oid in carrier.names.items():
        cached = store.known(oid)
        if cached is None:
            continue
        if verdict_at(ref, cached) == NOT_UNDERSTOOD:
            unread[ref] = unread_ref(cached)
    return expired_unread(unread, store.look(), now, limits)


def at_remote(exchange: Exchange, carrier: Carrier) -> Oids:
    """All that a carrier has and that is known not to be understood, with the object ids."""
    unread: Oids = {}
    for ref, oid in carrier.names.items():
        verdict = exchange.judge.verdict_of(ref, oid)
        if verdict == NOT_UNDERSTOOD:
            unread[ref] = oid
    return unread


def remove_here(store: RecordStore, known: Unread) -> int:
    """Delete refs of this clone, all or none. Returns how many went. Raises StoreFailed."""
    oids = {ref: unread.oid for ref, unread in known.items()}
    if oids and store.refs.commit(deletions(oids)):
        return len(oids)
    return 0


def remove_there(exchange: Exchange, carrier: Carrier) -> int:
    """Delete what is not understood at a remote. Returns how many went. Raises RemoteFailed."""
    unread = at_remote(exchange, carrier)
    done = 0
    for part in in_parts(unread, PUSH_MOST):
        updates = carrier.updates({}, {}, part)
        # what was refused once is refused again; what went before stays counted
        if not exchange.remote.push(updates):
            break
        carrier.landed({}, part)
        done += len(part)
    return done


def by_folder(refs: Iterable[str]) -> dict[str, int]:
    """How many there are of each kind, which its folder names."""
    counts = Counter(map(folder_of, refs))
    return dict(sorted(counts.items()))
