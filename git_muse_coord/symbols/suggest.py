"""Near names for an address that names nothing: "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import islice

from git_muse_coord.model.address import Address

_MIN_RATIO = 0.6
_MAX_KNOWN = 20_000
"""Addresses that are looked at: to compare a name takes some microseconds."""


def suggest(
    missing: Address,
    known: Iterable[Address],
    n: int = 3,
) -> list[Address]:
    """At most ``n`` addresses nearest to a missing one: the same name elsewhere first, then names spelt alike."""
    wanted = _selector(missing).lower()
    name = _last_name(missing)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)  # the one of which the matcher keeps an analysis
    scored: list[tuple[float, int, Address]] = []
    for place, address in enumerate(islice(known, _MAX_KNOWN)):
        matcher.set_seq1(_selector(address).lower())
        is_namesake = _last_name(address) == name
        if not is_namesake and not _is_alike(matcher):
            continue
        is_in_same_file = address.path == missing.path
        score = matcher.ratio() + is_namesake + is_in_same_file / 2
        # of equal ones the first
        scored.append((score, -place, address))
    scored.sort(key=lambda entry: entry[:2], reverse=True)
    nearest = dict.fromkeys(address for _, _, address in scored)
    return list(nearest)[:n]


def _is_alike(matcher: SequenceMatcher[str]) -> bool:
    # the quicker ratios are upper bounds: most names are ruled out by their lengths or letters alone
    if matcher.real_quick_ratio() < _MIN_RATIO:
        return False
    if matcher.quick_ratio() < _MIN_RATIO:
        return False
    return matcher.ratio() >= _MIN_RATIO


def _last_name(address: Address) -> str:
    if address.segments:
        return address.segments[-1].name
    path = address.path.rstrip("/")
    return path.rpartition("/")[2]


def _selector(address: Address) -> str:
    names = [segment.name for segment in address.segments]
    return ".".join(names) or address.path
