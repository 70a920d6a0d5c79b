"""The records with all that one of them waits for."""

from __future__ import annotations

from collections.abc import Iterable

from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.state import World
from git_muse_coord.store.records.snapshot import Snapshot


def with_dependencies(snapshot: Snapshot, also: Iterable[RecordId] = ()) -> World:
    """The live records, with those of the archive that one of them waits for, and with those named ``also``.

    The archive is opened only where something is missing: that takes longer than all the rest.
    """
    world = snapshot.world()
    absent = set(also)
    for reservation in world.reservations.values():
        absent.update(reservation.depends_on)
    # What is live need not be looked for.
    absent.difference_update(world.reservations)
    if not absent:
        return world
    ids = sorted(absent)
    return snapshot.world(ids)
