"""Which reservations of other holders a change of the tree meets."""

from __future__ import annotations

from itertools import chain

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.rules.unclear import may_meet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.conflicts import Conflict, Holdings
    from git_muse_coord.rules.unclear import Unclear

    _Part = tuple[RecordId, Address]


class Touched(NamedTuple):
    """An address that a change touches.

    ``inside``: all that lies in it is touched too, as when a file is deleted or a class moves.
    Otherwise only its own text has changed, and who holds something inside is not met.
    ``fallback``: a whole of which the parts are named as well; it meets only what no part has met.
    ``unclear`` is said of a file that could not be read fully: it meets what may have been touched,
    and nothing else.
    """

    address: Address
    inside: bool
    fallback: bool = False
    unclear: Unclear | None = None


def met(
    touched: Iterable[Touched],
    holdings: Holdings,
    run_id: RunId,
) -> Iterator[Conflict]:
    """Every reservation of another holder that a change meets, each pair of addresses once, in the order given.

    A whole of which the holder has a part counts only where no change at the part itself is known;
    what may be met, only where nothing is known to be met.
    """
    wholes: list[Conflict] = []
    pairs: set[tuple[Address, _Part]] = set()
    parts: set[_Part] = set()
    doubtful: list[Conflict] = []
    for touch in touched:
        if touch.unclear is not None:
            doubtful += may_meet(touch.unclear, holdings, run_id)
            continue
        for conflict in holdings.conflicts([touch.address], run_id):
            held = conflict.held
            is_around = held.address.is_around(touch.address)
            if not is_around and not touch.inside:
                continue
            if not is_around or touch.fallback:
                wholes.append(conflict)
                continue
            part = (held.reservation_id, held.address)
            pair = (touch.address, part)
            if pair not in pairs:
                pairs.add(pair)
                parts.add(part)
                yield conflict
    # These come last, because only now all parts that are met for certain are known.
    for conflict in chain(wholes, doubtful):
        held = conflict.held
        part = (held.reservation_id, held.address)
        if part not in parts:
            parts.add(part)
            yield conflict
