"""Use case: what a commit was made of, as a fact to keep beside it: who, for which reservations, against whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from git_muse_coord.coordinator.answers.conflict import ConflictDetail
from git_muse_coord.coordinator.comparison import compare
from git_muse_coord.coordinator.inside import FAR_SHARE
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.address import Address
from git_muse_coord.model.codec import Json
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.source.changed import comparisons, differences
from git_muse_coord.source.piecemeal import Piecemeal
from git_muse_coord.store.git.trees import Delta

MOST_SYMBOLS = 100
MOST_FILES = 200
"""So many symbols are named; in a commit of more files than that, files are named instead of symbols."""


@dataclass(frozen=True)
class Provenance:
    """What is known of a commit. ``symbols`` are the first of ``touched``."""

    run_id: str
    reservations: tuple[str, ...]
    symbols: tuple[str, ...]
    touched: int
    overridden: tuple[ConflictDetail, ...]

    @property
    def matters(self) -> bool:
        """Whether there is something to tell: who it was, or what it met."""
        return bool(self.run_id != UNKNOWN or self.reservations or self.overridden)

    def fact(self) -> dict[str, Json]:
        """The fact as it stands in the note."""
        return {
            "run_id": self.run_id,
            "reservations": list(self.reservations),
            "symbols": list(self.symbols),
            "symbols_touched": self.touched,
            "overridden": [
                {
                    "address": one.address,
                    "held_address": one.held_address,
                    "reservation_id": one.reservation_id,
                    "run_id": one.run_id,
                }
                for one in self.overridden[:MOST_SYMBOLS]
            ],
        }


def _touched(session: Session, deltas: Sequence[Delta]) -> list[Address]:
    """What a commit touches; where files are too many or time is too short, the files."""
    if len(deltas) > MOST_FILES:
        return [Address(delta.path) for delta in deltas]
    piecemeal = Piecemeal(session.sources(), session.allowance)
    read = [delta for piece in piecemeal.pieces(deltas, FAR_SHARE) for delta in piece]
    changes = [
        one for one in differences(piecemeal.sources, read).changes if one.change != "formatting"
    ]
    known = {delta.path for delta in read}
    return [
        *(one.address for one in changes),
        *(one.from_address for one in changes if one.from_address),
        *(Address(delta.path) for delta in deltas if delta.path not in known),
    ]


def provenance(session: Session, commit: str, run_id: str | None = None) -> Provenance:
    """What a commit changes in its first parent, which reservations of its run that fulfils, and whose it met."""
    sides = comparisons(session.repository, range=f"{commit}^!")
    first = next(sides)
    snapshot = session.store.look()
    found = compare(session, chain([first], sides), session.who(run_id), snapshot)
    touched = _touched(session, first)
    now = session.now()
    world = snapshot.world_around(touched)
    mine = {
        one: record
        for one, record in world.active(now).items()
        if record.run_id == found.run_id != UNKNOWN
    }
    holdings = Holdings(mine)
    fulfilled = {
        held.reservation_id
        for place in touched
        for held in holdings.overlapping(place)
        if held.address.is_around(place)
    }
    names = list(dict.fromkeys(map(str, touched)))
    return Provenance(
        run_id=found.run_id,
        reservations=tuple(sorted(fulfilled)),
        symbols=tuple(names[:MOST_SYMBOLS]),
        touched=len(names),
        overridden=found.conflict_details,
    )
