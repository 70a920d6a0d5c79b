"""Those who wait, and all that somebody who waits can have to do with, out of a look at the records."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Intent
from git_muse_coord.model.ticket import ticket_of
from git_muse_coord.store.records.ref_names import ref_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.state import World
    from git_muse_coord.store.records.ref_names import Oids
    from git_muse_coord.store.records.snapshot import Snapshot


def world_of_queue(
    snapshot: Snapshot,
    addresses: Iterable[Address],
    run_id: RunId,
) -> World | None:
    """Those who have a ticket, and what is in their way, or near some addresses, or held by them or by a run.

    Reservations that wait for others, and those that are waited for, are there wherever they are.
    None: nobody has a ticket.
    """
    tickets = _tickets(snapshot)
    if not tickets:
        return None
    loaded = snapshot.load(tickets)
    # of those who wait heartbeats tell how long, and releases that they do no more
    loaded |= snapshot.load(snapshot.satellites(tickets))
    records = dict(loaded.values())
    queue = snapshot.world_among(records, ())
    places = list(addresses)
    runs = {run_id}
    named: list[RecordId] = []
    for intent_id, intent in queue.intents.items():
        ticket = ticket_of(intent_id, intent)
        if ticket is not None:
            places += ticket.addresses
            named += ticket.depends_on
            runs.add(ticket.run_id)
    waiting, awaited = snapshot.waiting()
    around = snapshot.world_around(
        places,
        named,
        runs=runs,
        live=waiting | awaited,
    )
    return around._replace(
        intents=queue.intents,
        releases={**around.releases, **queue.releases},
        heartbeats={**around.heartbeats, **queue.heartbeats},
    )


def _tickets(snapshot: Snapshot) -> Oids:
    """The intents that are tickets, over or not."""
    intents: Oids = {}
    for intent_id in snapshot.index.ids(Intent):
        ref = ref_of(Intent, intent_id)
        oid = snapshot.index.sound(ref)
        if oid is not None:
            intents[ref] = oid
    tickets: Oids = {}
    loaded = snapshot.load(intents)
    for ref, (intent_id, record) in loaded.items():
        # an agent may also intend something without waiting for it
        if isinstance(record, Intent) and ticket_of(intent_id, record) is not None:
            tickets[ref] = intents[ref]
    return tickets


def highest_number(snapshot: Snapshot) -> int:
    """The highest number of all tickets, over or not: older versions forget what the epoch says of it."""
    highest = 0
    loaded = snapshot.load(_tickets(snapshot))
    for intent_id, record in loaded.values():
        if not isinstance(record, Intent):
            continue
        ticket = ticket_of(intent_id, record)
        if ticket is not None:
            highest = max(highest, ticket.number)
    return highest
