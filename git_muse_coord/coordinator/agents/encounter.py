"""Whom an edit meets: the reservations of others at what it touches, and at what calls that."""

from __future__ import annotations

from git_muse_coord.coordinator.agents.touching import MODIFY
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.automatic import seniority
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.state import same_holder
from git_muse_coord.rules.touched import met

_LAST = RecordId("~")
"""What no id comes after: whoever holds nothing yet is younger than all who do."""

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.coordinator.agents.touching import Touching
    from git_muse_coord.coordinator.kin import Kin
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.light_time import datetime
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.automatic import Age
    from git_muse_coord.rules.conflicts import Conflict
    from git_muse_coord.rules.state import Reservations
    from git_muse_coord.store.records.snapshot import Snapshot


class Encounter(NamedTuple):
    """A reservation of another run that an edit meets.

    ``was_first``: the other was there before this run. ``is_left_here``: it is of the kind of kin
    that has ended, and left its work in this worktree.
    """

    conflict: Conflict
    until: datetime
    is_kin: bool
    was_first: bool
    is_left_here: bool

    @property
    def holder(self) -> RunId:
        """The other run."""
        return self.conflict.held.reservation.run_id

    @property
    def calls(self) -> bool:
        """Whether the other holds a caller of what changes, and not that itself."""
        held = self.conflict.held.address
        return not held.overlaps(self.conflict.asked)

    @property
    def stops(self) -> bool:
        """Whether the edit has to wait for the other, where edits are stopped at all."""
        return self.was_first and not self.is_kin

    @property
    def key(self) -> str:
        """What is met, in words that stay the same when the other's reservation is replaced."""
        return f"{self.holder} {self.conflict.held.address}"


class View:
    """What one run sees around an edit in a snapshot of the records."""

    def __init__(
        self,
        run: AgentRun,
        snapshot: Snapshot,
        touching: Touching,
    ) -> None:
        self._run = run
        self._touching = touching
        places = [touch.address for touch in touching.touched]
        # Callers lie anywhere; without them it is enough to read what is near.
        if touching.broken:
            self.world = snapshot.world()
        else:
            self.world = snapshot.world_around(places)
        self._own: dict[RecordId, Reservation] = {}
        self.others: dict[RecordId, Reservation] = {}
        active = self.world.active(run.now)
        for reservation_id, reservation in active.items():
            is_own = same_holder(run.run_id, reservation.run_id)
            if is_own:
                self._own[reservation_id] = reservation
            else:
                self.others[reservation_id] = reservation

    def not_yet_held(self) -> dict[str, list[Address]]:
        """What the edit touches and the run does not hold yet, by operation."""
        lacking: dict[str, list[Address]] = {}
        for operation, places in self._touching.addresses.items():
            own = self._own_for(operation)
            not_held: list[Address] = []
            for place in places:
                if not _is_held(own, place):
                    not_held.append(place)
            if not_held:
                lacking[operation] = not_held
        return lacking

    def encounters(self, new: Reservations) -> list[Encounter]:
        """Whom the edit meets, when the run holds some new reservations besides its own."""
        others = Holdings(self.others)
        touched = self._touching.touched
        direct = list(met(touched, others, self._run.run_id))
        conflicts = [*direct, *self._at_callers()]
        # Most edits meet nobody, and then nobody asks who has been here.
        if not conflicts:
            return []
        own = Holdings({**self._own, **new})
        kin = self._run.kin()
        encounters: list[Encounter] = []
        for conflict in conflicts:
            encounter = self._encounter(conflict, own, kin)
            encounters.append(encounter)
        return encounters

    def _encounter(
        self,
        conflict: Conflict,
        own: Holdings,
        kin: Kin,
    ) -> Encounter:
        held = conflict.held
        holder = held.reservation.run_id
        youngest = (self._run.now, _LAST)
        # Only where both are is there anybody who was first.
        our_age = min(_ages(own, conflict), default=youngest)
        their_age = seniority(held.reservation_id, held.reservation)
        return Encounter(
            conflict=conflict,
            until=self.world.effective_expiry(held.reservation_id),
            is_kin=kin.includes(holder),
            was_first=their_age < our_age,
            is_left_here=holder in kin.ended_here,
        )

    def _own_for(self, operation: str) -> Holdings:
        """What the run holds that allows for an operation: for a modification whatever it holds."""
        chosen: dict[RecordId, Reservation] = {}
        for reservation_id, reservation in self._own.items():
            # One that names no operation is made for any.
            allows = operation == MODIFY or reservation.operation in (operation, None)
            if allows:
                chosen[reservation_id] = reservation
        return Holdings(chosen)

    def _at_callers(self) -> Iterator[Conflict]:
        if self._touching.broken and self.others:
            from git_muse_coord.coordinator.agents.callers import held_callers

            yield from held_callers(self._run.session, self._touching, self.others)


def _ages(own: Holdings, conflict: Conflict) -> Iterator[Age]:
    """Since when the run holds the place of a conflict: what it holds beside that place says nothing."""
    places = (conflict.asked, conflict.held.address)
    for place in places:
        for held in own.overlapping(place):
            if held.address.covers(place):
                yield seniority(held.reservation_id, held.reservation)


def _is_held(own: Holdings, place: Address) -> bool:
    return any(held.address.covers(place) for held in own.overlapping(place))
