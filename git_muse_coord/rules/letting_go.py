"""What letting go of some addresses ends, and what it leaves of the reservations that hold more than that."""

from __future__ import annotations

from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import Reservations


class LettingGo(NamedTuple):
    """What is left of each reservation that ends, by its id, and the addresses at which nothing is held."""

    left: Mapping[RecordId, tuple[str, ...]]
    missed: Sequence[Address]


def part_with(places: Iterable[Address], mine: Reservations) -> LettingGo:
    """Let go of all that is held at some places and inside of them; of what is around them nothing goes."""
    left: dict[RecordId, tuple[str, ...]] = {}
    places = list(places)
    hit: set[Address] = set()
    for reservation_id, reservation in mine.items():
        kept: list[str] = []
        for text in reservation.addresses:
            held = revive_stored(text)
            covering = [place for place in places if place.covers(held)]
            hit.update(covering)
            if not covering:
                kept.append(text)
        # One of which nothing goes does not end.
        if len(kept) < len(reservation.addresses):
            left[reservation_id] = tuple(kept)
    missed = [place for place in places if place not in hit]
    return LettingGo(left, missed)


def around_missed(place: Address, mine: Reservations) -> str | None:
    """Something that is held around a place, where the place itself is not."""
    for reservation in mine.values():
        for text in reservation.addresses:
            held = revive_stored(text)
            if held.covers(place):
                return text
    return None
