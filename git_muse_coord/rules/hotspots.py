"""Where several branches or runs are at work."""

from __future__ import annotations

from collections.abc import (
    Collection,
    Iterable,
    Iterator,
    Sequence,
)
from typing import NamedTuple

from git_muse_coord.model.address import Address
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.stakes import Stake


class Hotspot(NamedTuple):
    """An address at which several branches or runs are at work."""

    address: str
    branches: tuple[str, ...]
    run_ids: tuple[str, ...]


ClashingBranches = tuple[Address, Collection[str]]
"""An address, and the branches that conflict there."""


def hotspots(stakes: Sequence[Stake], clashes: Iterable[ClashingBranches]) -> list[Hotspot]:
    """Where several parties have announced work, and where some branches conflict; the most contested first."""
    branches: dict[str, set[str]] = defaultdict(set)
    run_ids: dict[str, set[str]] = defaultdict(set)
    for address, around in _contested(stakes):
        for stake in around:
            run_ids[address].add(stake.run_id)
            if stake.branch is not None:
                branches[address].add(stake.branch)
    # Branches may conflict in what nobody has announced.
    for place, conflicting in clashes:
        address = str(place)
        branches[address].update(conflicting)
        for stake in stakes:
            if stake.branch in conflicting:
                run_ids[address].add(stake.run_id)
    spots: list[Hotspot] = []
    addresses = branches.keys() | run_ids.keys()
    for address in addresses:
        its_branches = sorted(branches[address])
        its_run_ids = sorted(run_ids[address])
        spot = Hotspot(address, tuple(its_branches), tuple(its_run_ids))
        spots.append(spot)
    spots.sort(key=_most_contested_first)
    return spots


def _most_contested_first(spot: Hotspot) -> tuple[int, int, str]:
    branch_count = len(spot.branches)
    run_count = len(spot.run_ids)
    return -branch_count, -run_count, spot.address


def _contested(stakes: Iterable[Stake]) -> Iterator[tuple[str, list[Stake]]]:
    """The announced addresses at or around which several parties, or one on several branches, are at work."""
    placed: list[tuple[Address, Stake]] = []
    for stake in stakes:
        for place in stake.addresses:
            placed.append((place, stake))
    places = Places(placed)
    named = {place for place, _ in placed}
    for place in named:
        around = list(places.around(place))
        at_work: set[tuple[str, str | None]] = set()
        for stake in around:
            at_work.add((stake.party, stake.branch))
        if len(at_work) > 1:
            yield str(place), around
