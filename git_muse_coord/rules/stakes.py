"""What was announced, and who meets whom in it: the ground on which a forecast is made.

Pairs are found by address, never by comparing all with all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from git_muse_coord.model import address
from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.model.records import UNKNOWN, Intent, Reservation
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.state import World


class Stake(NamedTuple):
    """What a run has announced, by a reservation or an intent; or, where it has not, what it is at work on.

    ``party`` is the holder: the run id, or, of a run without identity, the id of the reservation.
    """

    id: RecordId
    run_id: RunId
    party: str
    branch: str | None
    operation: str | None
    addresses: tuple[Address, ...]
    is_announced: bool = True


def stakes(world: World, now: datetime) -> list[Stake]:
    """All that is announced now, oldest first."""
    announced: list[Stake] = []
    for reservation_id, reservation in world.active(now).items():
        party = party_of(reservation.run_id, reservation_id)
        stake = _stake(reservation_id, reservation, party)
        announced.append(stake)
    for intent_id, intent in world.active_intents(now).items():
        # An intent of a nameless run belongs to its reservation: the two are no two holders.
        belongs_to = intent.reservation_id or intent_id
        party = party_of(intent.run_id, belongs_to)
        stake = _stake(intent_id, intent, party)
        announced.append(stake)
    return announced


def party_of(run_id: RunId, record_id: RecordId) -> str:
    """Who counts as one holder: two runs without a name may well be two."""
    if run_id == UNKNOWN:
        return record_id
    return f"run {run_id}"


def _stake(
    record_id: RecordId,
    record: Reservation | Intent,
    party: str,
) -> Stake:
    addresses = map(address.revive_stored, record.addresses)
    return Stake(
        id=record_id,
        run_id=record.run_id,
        party=party,
        branch=record.branch,
        operation=record.operation,
        addresses=tuple(addresses),
    )


Operations = tuple[str | None, str | None]
"""What is meant to be done on one side, and on the other."""
_Parties = dict[str | None, set[str]]
"""The holders on one side, by what they mean to do."""


class Met(NamedTuple):
    """Those on two sides who have somebody else on the other side."""

    ones: Sequence[Stake]
    others: Sequence[Stake]

    @classmethod
    def of(cls, ones: Sequence[Stake], others: Sequence[Stake]) -> Met:
        """Those of two sides who meet. Not by looking at all pairs: many may hold one address."""
        return cls(
            _facing(ones, others),
            _facing(others, ones),
        )

    @property
    def everybody(self) -> tuple[Stake, ...]:
        """All who meet, each once."""
        together = (*self.ones, *self.others)
        return tuple(dict.fromkeys(together))

    @property
    def somebody_on_both_sides(self) -> bool:
        """Whether one holder stands on both sides, and meets the others there."""
        parties = {stake.party for stake in self.ones}
        opposite = {stake.party for stake in self.others}
        return not parties.isdisjoint(opposite)

    def where(self, operations: Iterable[Operations]) -> Met:
        """Those who meet with some operations."""
        left: set[str | None] = set()
        right: set[str | None] = set()
        for operation, other_operation in operations:
            left.add(operation)
            right.add(other_operation)
        return Met.of(
            _doing(self.ones, left),
            _doing(self.others, right),
        )

    def operations(self) -> Iterator[Operations]:
        """The operations that meet, each pair once."""
        left = _parties_by_operation(self.ones)
        right = _parties_by_operation(self.others)
        for operation, other_operation in product(left, right):
            parties = left[operation] | right[other_operation]
            # With one party on both sides it would only meet itself.
            if len(parties) > 1:
                yield operation, other_operation


def _facing(side: Iterable[Stake], opposite: Iterable[Stake]) -> list[Stake]:
    """Those of a side who find another party on the opposite one."""
    parties = {stake.party for stake in opposite}
    facing: list[Stake] = []
    for stake in side:
        faces_only_itself = parties <= {stake.party}
        if not faces_only_itself:
            facing.append(stake)
    return facing


def _doing(side: Iterable[Stake], operations: set[str | None]) -> list[Stake]:
    return [stake for stake in side if stake.operation in operations]


def _parties_by_operation(side: Iterable[Stake]) -> _Parties:
    parties: _Parties = defaultdict(set)
    for stake in side:
        parties[stake.operation].add(stake.party)
    return parties


class Ground:
    """What was announced, by address; one that is spelt in several ways, by the spelling that came first."""

    def __init__(self, announced: Iterable[Stake]) -> None:
        self.at: dict[Address, list[Stake]] = defaultdict(list)
        spellings: dict[Address, Address] = {}
        for stake in announced:
            # A stake may name one place in two spellings, and stands there once all the same.
            places: dict[Address, None] = {}
            for named in stake.addresses:
                first_spelling = spellings.setdefault(named.folded, named)
                places[first_spelling] = None
            for place in places:
                self.at[place].append(stake)
        self._places = Places(zip(self.at, self.at, strict=True))

    def overlaps(self) -> Iterator[tuple[Address, Address, Met]]:
        """Each pair of addresses of which the second lies at or in the first, with those who meet there."""
        for inner, inner_stakes in self.at.items():
            for outer in self.over(inner):
                outer_stakes = self.at[outer]
                met = Met.of(outer_stakes, inner_stakes)
                if met.ones:
                    yield outer, inner, met

    def stakes_at(self, places: Iterable[Address]) -> list[Stake]:
        """All that is announced at some addresses."""
        announced: list[Stake] = []
        for place in places:
            announced += self.at[place]
        return announced

    def over(self, place: Address) -> Iterator[Address]:
        """What is announced at an address or around it."""
        return self._places.around(place)

    def along(self, key: Key) -> list[Address]:
        """What is announced and covers what stands at a path and bare names."""
        return self._places.along(key)

    def exactly(self, key: Key) -> Iterator[Address]:
        """What is announced at a path and bare names."""
        return self._places.exactly(key)
