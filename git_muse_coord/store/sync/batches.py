"""Cutting a push into parts that git and the remote can take."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.sync.carriers import Carrier

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


def batches(
    add: OidsByRef,
    delete: OidsByRef,
    carrier: Carrier,
) -> Iterator[tuple[Oids, Oids]]:
    """Cut a push into parts, each with what it adds and what it deletes.

    A heartbeat that makes others superfluous goes with their deletion or before it: so all
    additions come first, and the last of them share a part with the first deletions.
    """
    new = list(in_parts(add, carrier.most_new))
    gone = list(in_parts(delete, carrier.most_gone))
    last_new = new.pop() if new else {}
    first_gone = gone.pop(0) if gone else {}
    for part in new:
        yield part, {}
    if last_new or first_gone:
        yield last_new, first_gone
    for part in gone:
        yield {}, part


def in_parts(refs: OidsByRef, most: int) -> Iterator[Oids]:
    """Cut refs with their objects into parts of at most so many."""
    in_order = list(refs.items())
    for start in range(0, len(in_order), most):
        end = start + most
        yield dict(in_order[start:end])
