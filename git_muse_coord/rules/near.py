"""Names near to one that is not there: did you mean."""

from __future__ import annotations

from collections.abc import Sequence

from git_muse_coord.model.address import ROOT, Address, directories

MOST = 3
_COMPARED = 2000
"""At most this many candidates are compared, which takes about 20 ms."""


def near_paths(missing: Address, tracked: Sequence[str]) -> tuple[str, ...]:
    """Up to three tracked paths like the one that is missing: of the same file name, or alike in the same directory."""
    from difflib import get_close_matches  # only where a name was mistyped

    path = missing.path.rstrip("/")
    name = path.rsplit("/", 1)[-1]
    home = (directories(missing.path) or [ROOT])[-1]
    inside = "" if home == ROOT else home
    same_name: list[str] = []
    siblings: list[str] = []
    for candidate in tracked:
        if candidate.rsplit("/", 1)[-1] == name:
            same_name.append(candidate)
        if candidate.startswith(inside) and "/" not in candidate[len(inside) :]:
            siblings.append(candidate)
    # Of the same name in several directories the one nearest to the root is meant most often.
    same_name.sort(key=lambda candidate: (len(candidate), candidate))
    alike = get_close_matches(path, siblings[:_COMPARED], n=MOST)
    return tuple(dict.fromkeys([*same_name, *alike]))[:MOST]
