"""Names near to one that is not there: did you mean."""

from __future__ import annotations

from collections.abc import Sequence

from git_muse_coord.model.address import ROOT, Address, directories

MOST = 3
_COMPARED = 2000
"""Comparing is slow; so many candidates take about 20 ms."""


def near_paths(missing: Address, tracked: Sequence[str]) -> tuple[str, ...]:
    """Up to three tracked paths like the one that is missing: of the same file name, or alike in the same directory."""
    from difflib import get_close_matches

    path = missing.path.rstrip("/")
    name = path.rsplit("/", 1)[-1]
    home = (directories(missing.path) or [ROOT])[-1]
    inside = "" if home == ROOT else home
    same_name = sorted(
        (one for one in tracked if one.rsplit("/", 1)[-1] == name), key=lambda one: (len(one), one)
    )
    siblings = [one for one in tracked if one.startswith(inside) and "/" not in one[len(inside) :]]
    alike = get_close_matches(path, siblings[:_COMPARED], n=MOST)
    return tuple(dict.fromkeys([*same_name, *alike]))[:MOST]
