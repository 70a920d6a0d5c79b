"""Many clones of one hub, each with a process that reserves on command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.e2e.crowd import Crowd
from tests.sync.hubs import Hub
from tests.tools import Repo


def clone_many(hub: Hub, number: int) -> list[Repo]:
    """Clones named by number."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda one: hub.clone(f"clone-{one}"), range(number)))


class Scattered(Crowd):
    """As a crowd, but each in a clone of its own."""

    def __init__(self, paths: Iterable[Path]) -> None:
        crowds = [Crowd(path, 1) for path in paths]
        self.members = [member for crowd in crowds for member in crowd.members]


def traces(clones: Sequence[Repo], hub: Hub) -> set[str]:
    """Every ref of ours at the hub and in the clones, but for the epochs and archives."""
    places: list[Hub | Repo] = [hub, *clones]
    return {ref for place in places for ref in (*place.refs(), *place.refs("refs/muse-incoming/"))}
