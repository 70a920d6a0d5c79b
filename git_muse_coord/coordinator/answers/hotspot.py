"""Where several branches or runs are at work, as it is told: with what past merges say of the place."""

from __future__ import annotations

from collections.abc import Sequence

from git_muse_coord.coordinator.answers.reasons import MetBefore, met_before
from git_muse_coord.coordinator.learning import record_of
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.declared import Declared
from git_muse_coord.rules.hotspots import Hotspot


class HotspotLine(Declared):
    """An address at which several branches or runs are at work.

    ``past`` is in how many past merges of this repository both sides met there, and in how many of
    them git conflicted; null where none did, or nothing is learnt.
    """

    address: str
    branches: tuple[str, ...]
    run_ids: tuple[str, ...]
    past: MetBefore | None


def hotspot_lines(session: Session, spots: Sequence[Hotspot]) -> list[HotspotLine]:
    """The same, of equally contested ones first those where it went wrong most often."""
    # As the record has them: however their paths are spelt.
    keys = []
    paths: set[str] = set()
    for spot in spots:
        address = revive_stored(spot.address).folded
        keys.append(address.key)
        paths.add(address.path)
    record = record_of(session, paths)
    lines: list[HotspotLine] = []
    for spot, key in zip(spots, keys, strict=True):
        past = None
        if record is not None:
            past = met_before(record.at(key))
        line = HotspotLine(
            address=spot.address,
            branches=spot.branches,
            run_ids=spot.run_ids,
            past=past,
        )
        lines.append(line)
    # Stable, so that all others stay in their order.
    return sorted(lines, key=_how_often_it_went_wrong)


def _how_often_it_went_wrong(line: HotspotLine) -> tuple[int, int, int]:
    conflicted = 0
    if line.past is not None:
        conflicted = line.past.conflicted
    return -len(line.branches), -len(line.run_ids), -conflicted
