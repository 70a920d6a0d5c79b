"""Use case: what a commit was made of, as a fact to keep beside it: who, for which reservations, against whose."""

from __future__ import annotations

from itertools import chain

from git_muse_coord.coordinator.comparison import compare
from git_muse_coord.coordinator.inside import FAR_SHARE
from git_muse_coord.model.address import Address
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.source.changed import comparisons, differences
from git_muse_coord.source.piecemeal import Piecemeal
from git_muse_coord.store.git.trees import Trees

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.codec import Json
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.state import Reservations
    from git_muse_coord.store.git.trees import Delta
    from git_muse_coord.store.records.snapshot import Snapshot

MOST_SYMBOLS = 100
"""At most so many symbols, and reservations of others, are named."""
MOST_FILES = 200
"""In a commit of more files than that, files are named instead of symbols."""


class Provenance(NamedTuple):
    """What is known of a commit. ``symbols`` are the first of ``touched``."""

    run_id: str
    reservations: tuple[str, ...]
    symbols: tuple[str, ...]
    touched: int
    overridden: tuple[ConflictDetail, ...]

    @property
    def meets_reservations(self) -> bool:
        """Whether it has to do with a reservation, of its own run or of another."""
        return bool(self.reservations or self.overridden)

    def fact(self) -> dict[str, Json]:
        """The fact as it stands in the note."""
        overridden = map(_overridden, self.overridden[:MOST_SYMBOLS])
        return {
            "run_id": self.run_id,
            "reservations": list(self.reservations),
            "symbols": list(self.symbols),
            "symbols_touched": self.touched,
            "overridden": list(overridden),
        }


def _overridden(conflict: ConflictDetail) -> dict[str, Json]:
    return {
        "address": conflict.address,
        "held_address": conflict.held_address,
        "reservation_id": conflict.reservation_id,
        "run_id": conflict.run_id,
    }


def provenance(
    session: Session,
    commit: str,
    snapshot: Snapshot,
    run_id: str | None = None,
) -> Provenance:
    """What a commit changes in its first parent, which reservations of its run that fulfils, and whose it met."""
    sides = comparisons(Trees(session.repository), range=f"{commit}^!")
    first = next(sides)
    holder = session.who_reads(run_id)
    # The first was taken to know what is touched; a comparison begins with it.
    both = chain([first], sides)
    met = compare(
        session,
        both,
        holder,
        snapshot,
        is_committed=True,
    )
    touched = _touched(session, first)
    world = snapshot.world_around(touched)
    texts = map(str, touched)
    names = list(dict.fromkeys(texts))
    active = world.active(session.now())
    mine = _of_run(active, met.run_id)
    return Provenance(
        run_id=met.run_id,
        reservations=_fulfilled(touched, mine),
        symbols=tuple(names[:MOST_SYMBOLS]),
        touched=len(names),
        overridden=met.conflict_details,
    )


def _touched(session: Session, deltas: Sequence[Delta]) -> list[Address]:
    """What a commit touches; where files are too many or time is too short, the files."""
    if len(deltas) > MOST_FILES:
        return [Address(delta.path) for delta in deltas]
    piecemeal = Piecemeal(session.sources(), session.allowance)
    read: list[Delta] = []
    for piece in piecemeal.pieces(deltas, FAR_SHARE):
        read += piece
    now: list[Address] = []
    before: list[Address] = []
    for change in differences(piecemeal.sources, read).changes:
        if change.is_formatting:
            continue
        now.append(change.address)
        if change.from_address is not None:
            before.append(change.from_address)
    read_paths = {delta.path for delta in read}
    as_files: list[Address] = []
    for delta in deltas:
        if delta.path not in read_paths:
            as_files.append(Address(delta.path))
    # The first of these are told in the note: where things are now matters most to who reads it.
    return [*now, *before, *as_files]


def _of_run(active: Reservations, run_id: RunId) -> Holdings:
    """What a run holds; nothing of a run without a name, as nobody knows whose that is."""
    mine: dict[RecordId, Reservation] = {}
    if run_id == UNKNOWN:
        return Holdings(mine)
    for reservation_id, reservation in active.items():
        if reservation.run_id == run_id:
            mine[reservation_id] = reservation
    return Holdings(mine)


def _fulfilled(touched: Iterable[Address], mine: Holdings) -> tuple[str, ...]:
    """The reservations of which something was touched: of a directory any file in it, of a class any method."""
    fulfilled: set[str] = set()
    for place in touched:
        for holding in mine.overlapping(place):
            if holding.address.is_around(place):
                fulfilled.add(holding.reservation_id)
    return tuple(sorted(fulfilled))
