"""When a run was last heard of, as its records tell."""

from __future__ import annotations

from git_muse_coord.model.kind import Kind
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.state import World


def last_heard_of(run_id: RunId, world: World) -> datetime | None:
    """When the newest record of a run was made that says that it is at work; None: there is none."""
    signs: list[Kind] = []
    signs += world.reservations.values()
    signs += world.intents.values()
    for beats in world.heartbeats.values():
        signs += beats.values()
    moments = [sign.made_at for sign in signs if sign.run_id == run_id]
    return max(moments, default=None)
