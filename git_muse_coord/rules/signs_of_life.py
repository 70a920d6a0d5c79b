"""When a run was last heard of, as its records tell."""

from __future__ import annotations

from itertools import chain

from git_muse_coord.model.kind import Kind
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.state import World


def last_heard_of(run_id: RunId, world: World) -> datetime | None:
    """When the newest record of a run was made that says that it is at work; None: there is none."""
    moments: list[datetime] = []
    beats = chain.from_iterable(beats.values() for beats in world.heartbeats.values())
    for record in chain[Kind](world.reservations.values(), world.intents.values(), beats):
        if record.run_id == run_id:
            moments.append(record.made_at)
    return max(moments, default=None)
