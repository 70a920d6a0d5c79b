"""Which of the strict reservations that wait may go in together with another one."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from git_muse_coord.model.address import Address
    from git_muse_coord.rules.conflicts import Holdings


def may_come_along(
    asked: Sequence[Address],
    held: Holdings,
    going_in: Iterable[Sequence[Address]],
) -> bool:
    """Whether nothing that is asked for is near anything held, or near what goes in already, whoever holds it.

    Who asks again for his own, or is in somebody's way, is to be told so: he goes by himself.
    """
    for place in asked:
        first_there = next(held.overlapping(place), None)
        if first_there is not None:
            return False
        for addresses in going_in:
            if any(map(place.overlaps, addresses)):
                return False
    return True
