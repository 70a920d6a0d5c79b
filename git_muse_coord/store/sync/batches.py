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
    new = list(_parts(add, carrier.most_new))
    gone = list(_parts(delete, carrier.most_gone))
    for part in new[:-1]:
        yield part, {}
    if new or gone:
        last_new = new[-1] if new else {}
        first_gone = gone[0] if gone else {}
        yield last_new, first_gone
    for part in gone[1:]:
        yield {}, part


def _parts(whole: OidsByRef, most: int) -> Iterator[Oids]:
    items = list(whole.items())
    for start in range(0, len(items), most):
        yield dict(items[start : start + most])
