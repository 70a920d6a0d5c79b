"""What this program left at a remote, and deleting it there, from refs and from the branch that stands in for them."""

from __future__ import annotations

from typing import NamedTuple

from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import NOTES
from git_muse_coord.store.git.refs import ATTEMPTS, pause
from git_muse_coord.store.records.traces import Traces
from git_muse_coord.store.sync.batches import in_parts
from git_muse_coord.store.sync.branch_carrier import BranchCarrier
from git_muse_coord.store.sync.exchange import Exchange
from git_muse_coord.store.sync.remote import PUSH_MOST, Update

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


_OURS = ("refs/muse/", "refs/muse-")


class RemoteTraces(NamedTuple):
    """What is at a remote: in refs, and ``branch`` the branch of ours there, if there is one."""

    held: Traces
    branch: str | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing of ours is there."""
        return self == RemoteTraces(Traces(0, archive=False, notes=False), None)


def traces_at(exchange: Exchange) -> RemoteTraces:
    """What the remote had of ours when it was listed."""
    branch = None
    refs = _refs_of_ours(exchange)
    for carrier in exchange.carriers:
        # The name alone does not make a branch ours, but what is in it.
        if isinstance(carrier, BranchCarrier) and carrier.tip is not None:
            branch = exchange.terms.branch
            refs |= carrier.names
    return RemoteTraces(Traces.among(refs), branch)


def delete_at(exchange: Exchange) -> None:
    """Delete all of ours at the remote. Raises RemoteFailed, also where the remote lets nothing be deleted."""
    for attempt in range(ATTEMPTS):
        gone = _all_of_ours(exchange)
        if not gone:
            return
        for part in in_parts(gone, PUSH_MOST):
            # whether it went is seen by the next listing
            exchange.remote.push([Update(ref, None, oid) for ref, oid in part.items()])
        refusal = exchange.remote.refusal
        exchange.list()
        left = _all_of_ours(exchange)
        # What is as it was before was not deleted by anybody, and will not be.
        if left.items() >= gone.items():
            raise RemoteFailed(
                f"remote {exchange.remote.name!r} deletes nothing: {refusal}",
                "whoever runs it may allow deletions, or delete refs/muse/ and its kin there",
            )
        if left:
            pause(attempt)
    raise RemoteFailed(
        f"others keep pushing records to {exchange.remote.name!r}", "have them uninstall first"
    )


def _all_of_ours(exchange: Exchange) -> Oids:
    refs = _refs_of_ours(exchange)
    for carrier in exchange.carriers:
        if isinstance(carrier, BranchCarrier) and carrier.tip is not None:
            refs[f"refs/heads/{exchange.terms.branch}"] = carrier.tip
    return refs


def _refs_of_ours(exchange: Exchange) -> Oids:
    listing: OidsByRef = exchange.listing
    ours: Oids = {}
    for ref, oid in listing.items():
        if ref == NOTES or ref.startswith(_OURS):
            ours[ref] = oid
    return ours
