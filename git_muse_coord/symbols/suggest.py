"""Near names for an address that names nothing: "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from git_muse_coord.model.address import Address

_MIN_RATIO = 0.6
_MAX_KNOWN = 20_000


def suggest(missing: Address, known: Iterable[Address], n: int = 3) -> list[Address]:
    """The addresses nearest to a missing one: the same name elsewhere first, then names spelt alike."""
    wanted, name = _selector(missing).lower(), _last(missing)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    scored: list[tuple[float, int, Address]] = []
    for at, address in zip(range(_MAX_KNOWN), known, strict=False):
        matcher.set_seq1(_selector(address).lower())
        same = _last(address) == name
        if same or (
            matcher.real_quick_ratio() >= _MIN_RATIO and matcher.quick_ratio() >= _MIN_RATIO
        ):
            ratio = matcher.ratio()
            if same or ratio >= _MIN_RATIO:
                scored.append((ratio + same + (address.path == missing.path) / 2, -at, address))
    scored.sort(key=lambda each: each[:2], reverse=True)
    return list(dict.fromkeys(address for _, _, address in scored))[:n]


def _last(address: Address) -> str:
    return (
        address.segments[-1].name
        if address.segments
        else address.path.rstrip("/").rsplit("/", 1)[-1]
    )


def _selector(address: Address) -> str:
    return ".".join(segment.name for segment in address.segments) or address.path
