"""Zones of interest: paths that concern every run, whether it holds something there or not.

As for git's own pathspecs, ``*`` also stands for what has slashes in it.
"""

from __future__ import annotations

from git_muse_coord.model.address import ROOT, Address
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_WILD = "*?["
_STARS_MOST = 8
"""What has more is matched by nothing: each of them multiplies the ways to match."""


def places_of(zones: Iterable[str]) -> Iterator[Address]:
    """Where to look for what lies in some zones, and perhaps a little around them."""
    for zone in zones:
        yield from _places(zone)


def zone_of(addresses: Iterable[Address], zones: Sequence[str]) -> str | None:
    """The first zone in which one of some addresses lies, or which it encloses; None for none."""
    listed = list(addresses)
    for zone in zones:
        for address in listed:
            if _meets(address, zone):
                return zone
    return None


def _meets(address: Address, zone: str) -> bool:
    if _is_pattern(zone):
        # only for who has patterns: loading it takes longer than to match
        from fnmatch import fnmatchcase

        if zone.count("*") > _STARS_MOST:
            return False
        return fnmatchcase(address.path, zone)
    places = _places(zone)
    return any(place.overlaps(address) for place in places)


def _places(zone: str) -> Iterator[Address]:
    if _is_pattern(zone):
        starts = [zone.find(sign) for sign in _WILD if sign in zone]
        certain = zone[: min(starts)]
        folder, slash, _ = certain.rpartition("/")
        yield Address(folder + slash or ROOT)
        return
    yield Address(zone)
    if not zone.endswith("/"):
        # nobody need know that a directory ends in a slash here
        yield Address(f"{zone}/")


def _is_pattern(zone: str) -> bool:
    return any(sign in zone for sign in _WILD)
