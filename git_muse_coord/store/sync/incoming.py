"""A sync with one remote, its incoming half: list what is there, bring what is missing, verify and judge it.

Nothing that a remote sends reaches ``refs/muse/`` before it is verified.
"""

from __future__ import annotations

import os

from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.refs import pause
from git_muse_coord.store.records.ref_names import last_part, short_name
from git_muse_coord.store.records.revival import revive_archived
from git_muse_coord.store.sync import moving
from git_muse_coord.store.sync.admission import admit_unread_releases, settle
from git_muse_coord.store.sync.carriers import Carrier
from git_muse_coord.store.sync.exchange import Exchange

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


ROUNDS = 3

TAKEN_MOST = 5000
"""At most this many records one sync takes in, by each way: 23,000 refs to junk cost 79 s. The next one goes on."""

_WHOLE_ROUNDS = 12


def pull_whole(exchange: Exchange) -> None:
    """As ``pull``, until all that is there has come. Raises RemoteFailed, also where that is too much."""
    for _ in range(_WHOLE_ROUNDS):
        pull(exchange)
        if not exchange.left:
            return
    raise RemoteFailed(
        f"remote {exchange.remote.name!r} holds more records than can be read at one time",
        "sync first",
    )


def pull(exchange: Exchange) -> None:
    """List the remote, and bring here what is missing, within bounds. Raises RemoteFailed."""
    for attempt in range(ROUNDS):
        exchange.list()
        exchange.left = 0
        if all(_pull_from(exchange, carrier) for carrier in exchange.carriers):
            admit_unread_releases(exchange)
            moving.pull_archive(exchange)
            # last, because what was archived too early may be in the archive that just came
            now = exchange.terms.now()
            exchange.revived += revive_archived(exchange.store, now)
            exchange.note()
            return
        # a name vanished between listing and fetching, or another process wrote
        pause(attempt)
    raise RemoteFailed(f"remote {exchange.remote.name!r} keeps changing", "try again")


def _pull_from(exchange: Exchange, carrier: Carrier) -> bool:
    """Bring here what one carrier has. False: the listing is out of date."""
    snapshot = exchange.store.look()
    missing = exchange.judge.missing(carrier, snapshot)
    if not missing:
        return True
    names = map(short_name, missing)
    archived = exchange.store.archive.find(snapshot.archive_tip, names)
    fresh: Oids = {}
    for ref, oid in missing.items():
        # what of the archived is unfinished is written from the archive itself
        if short_name(ref) not in archived:
            fresh[ref] = oid
    taken = within(fresh, TAKEN_MOST)
    exchange.left += len(fresh) - len(taken)
    arrivals = exchange.judge.obtain(carrier, taken)
    if arrivals is None:
        return False
    return settle(exchange, carrier, snapshot, arrivals)


def look_around(exchange: Exchange) -> None:
    """List the remote and judge all that is there, letting nothing in. Raises RemoteFailed."""
    exchange.list()
    snapshot = exchange.store.look()
    for carrier in exchange.carriers:
        missing = exchange.judge.missing(carrier, snapshot)
        taken = within(missing, TAKEN_MOST)
        exchange.judge.look_at(carrier, taken)


def within(refs: OidsByRef, most: int) -> Oids:
    """All of some refs, or about as many as may be taken: those whose ids begin alike, from a random place on.

    Those can be fetched by few patterns; and nobody can flood a remote with ids that always come
    first.
    """
    if len(refs) <= most:
        return dict(refs)
    start = os.urandom(1).hex()

    def turn(ref: str) -> tuple[bool, str]:
        begins = last_part(ref)[:2]
        # what begins below the random place comes after all others
        return begins < start, begins

    in_turn = sorted(refs, key=turn)
    return {ref: refs[ref] for ref in in_turn[:most]}
