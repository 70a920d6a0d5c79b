"""Reservations that became one: the new one says which it is in the place of, and they end without a release each.

A release has to stay until nobody can bring back what it ended; what agents' hooks reserve by
themselves would leave hundreds. So a union names what it ends, and what that had ended, for as long.
"""

from __future__ import annotations

from git_muse_coord.model.continued import replaced_by
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from git_muse_coord.model.records import Release, Reservation
    from git_muse_coord.model.text_types import RecordId


def united(
    reservations: Mapping[RecordId, Reservation],
    releases: Mapping[RecordId, Release],
) -> dict[RecordId, RecordId]:
    """The reservations that ended in a union, known here or not, and the union of each."""
    ended: dict[RecordId, RecordId] = {}
    for union_id, union in reservations.items():
        # Hardly a record has anything extra, and this runs for each of thousands.
        if not union.extra:
            continue
        for named in replaced_by(union):
            # Who released it said more, and was perhaps somebody else.
            if named in releases:
                continue
            replaced = reservations.get(named)
            if replaced is None or _may_replace(union, replaced):
                ended[named] = union_id
    return ended


def _may_replace(union: Reservation, replaced: Reservation) -> bool:
    """Whether a reservation can be in the place of another: of the same run, and in all of its files.

    So nobody ends what others hold, and who looks at some files only sees the union of each
    reservation there. What somebody asked for, which says nothing extra, is for releases alone.
    """
    if union.run_id != replaced.run_id or not replaced.extra:
        return False
    paths_of_union = _paths(union.addresses)
    return paths_of_union.issuperset(_paths(replaced.addresses))


def _paths(addresses: Iterable[str]) -> set[str]:
    paths: set[str] = set()
    for text in addresses:
        path, _, _ = text.partition("::")
        paths.add(path)
    return paths
