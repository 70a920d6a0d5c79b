"""Work that nobody announced, as if its run had: so that a forecast sees what is done, and not only what was said."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.automatic import whole_files
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.radar import WorkSide
from git_muse_coord.rules.stakes import Stake, party_of

_ADDRESSES_MOST = 1000
"""As many as one reservation may name; of a side that touches more only the files are told."""
_OPERATIONS = {"delete": "delete", "rename": "rename"}
"""What a touch does, in the words of a reservation; all else is to modify."""


def unannounced(
    side: WorkSide,
    touches: Iterable[Touch],
    announced: Iterable[Stake],
    known: Collection[Key],
) -> list[Stake]:
    """What a side does beyond what its own runs announced.

    Without the ``known`` places, in which it holds the very same as another side does.
    """
    own: list[tuple[Address, Stake]] = []
    for stake in announced:
        if stake.run_id in side.known_runs:
            own += [(place, stake) for place in stake.addresses]
    held = Places(own)
    by_operation: dict[str, dict[Address, None]] = defaultdict(dict)
    for touch in touches:
        address = touch.address
        if address.key in known or any(held.overlapping(address)):
            continue
        operation = _OPERATIONS.get(touch.verb, "modify")
        by_operation[operation][address] = None
    # Its branch counts even where all that it does is known already.
    if not by_operation:
        by_operation["modify"] = {}
    stakes: list[Stake] = []
    for operation in sorted(by_operation):
        addresses = by_operation[operation]
        stake = _stake(side, operation, addresses)
        stakes.append(stake)
    return stakes


def _stake(
    side: WorkSide,
    operation: str,
    addresses: Iterable[Address],
) -> Stake:
    places = list(addresses)
    if len(places) > _ADDRESSES_MOST:
        places = whole_files(places)
    where = "branch" if side.branch else "worktree"
    name = side.run_id or f"{where} {side.name}"
    run_id = RunId(name)
    # It is no record, and its id is none.
    work_id = RecordId(f"{operation} in {side.name}")
    return Stake(
        id=work_id,
        run_id=run_id,
        party=party_of(run_id, work_id),
        branch=side.name,
        operation=operation,
        addresses=tuple(places),
        is_announced=False,
    )
