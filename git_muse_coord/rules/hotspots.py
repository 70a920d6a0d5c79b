"""Where several branches or runs are at work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from git_muse_coord.model.address import Address
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.stakes import Stake


class Hotspot(NamedTuple):
    """An address at which several branches or runs are at work."""

    address: str
    branches: tuple[str, ...]
    run_ids: tuple[str, ...]


def hotspots(
    stakes: Sequence[Stake], clashes: Iterable[tuple[Address, Collection[str]]]
) -> list[Hotspot]:
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
    for address in branches.keys() | run_ids.keys():
        at_work = tuple(sorted(branches[address]))
        spots.append(Hotspot(address, at_work, tuple(sorted(run_ids[address]))))
    return sorted(spots, key=lambda spot: (-len(spot.branches), -len(spot.run_ids), spot.address))


def _contested(stakes: Sequence[Stake]) -> Iterable[tuple[str, list[Stake]]]:
    """The announced addresses at or around which several parties, or one on several branches, are at work."""
    placed = [(place, stake) for stake in stakes for place in stake.addresses]
    places = Places(placed)
    for place in {place for place, _ in placed}:
        around = list(places.around(place))
        if len({(stake.party, stake.branch) for stake in around}) > 1:
            yield str(place), around
