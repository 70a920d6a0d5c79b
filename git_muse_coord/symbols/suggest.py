"""Near names for an address that names nothing: "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from git_muse_coord.model.address import Address

_MIN_RATIO = 0.6
_MAX_KNOWN = 20_000


def suggest(missing: Address, known: Iterable[Address], n: int = 3) -> list[Address]:
    """The addresses nearest to a missing one: the same name elsewhere first, then names spelt alike."""
    wanted = _selector(missing)
    name = _last(missing)
    if not name:
        return []
    matcher = SequenceMatcher(autojunk=False)
    scored: list[tuple[float, int, Address]] = []
    for at, address in zip(range(_MAX_KNOWN), known, strict=False):
        score = 0.0
        if _last(address) == name:
            score = 1.5
        else:
            for one, two in ((name, _last(address)), (wanted, _selector(address))):
                matcher.set_seqs(two.lower(), one.lower())
                if matcher.real_quick_ratio() >= _MIN_RATIO and matcher.quick_ratio() >= _MIN_RATIO:
                    score = max(score, matcher.ratio())
        if score >= _MIN_RATIO:
            scored.append((score + (address.path == missing.path), -at, address))
    scored.sort(key=lambda each: each[:2], reverse=True)
    return list(dict.fromkeys(address for _, _, address in scored))[:n]


def _last(address: Address) -> str:
    return address.segments[-1].name if address.segments else address.path.rstrip("/").rsplit("/", 1)[-1]


def _selector(address: Address) -> str:
    return ".".join(segment.name for segment in address.segments) or address.path
