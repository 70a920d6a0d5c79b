"""What the source says to one who reserves: the symbols that a difference touches, and names near to one not there.

Apart from ``reserve``, so that a reservation of files pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.sources import Sources
from git_muse_coord.model import address
from git_muse_coord.model.address import IMPORTS, MODULE, Address
from git_muse_coord.model.errors import BadInput

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session

_ALWAYS = (IMPORTS, MODULE)
"""What every file can come to have."""


def from_differences(session: Session, revisions: str) -> list[str]:
    """The addresses that a range of commits (or, empty, the index) touches, with where they were before.

    Raises BadInput when there are none, and where one of them cannot be written as an address.
    """
    from git_muse_coord.coordinator.changed import differences, differing

    found = differences(session, differing(session, range=revisions or None))
    places = dict.fromkeys(
        str(place)
        for change in found.changes
        if change.change != "formatting"
        for place in (change.address, change.from_address)
        if place is not None
    )
    if not places:
        what = f"{revisions!r} changes" if revisions else "the index changes"
        raise BadInput(f"{what} nothing to reserve", "name a RANGE, or stage something first: git add")
    for text in places:
        try:
            address.read(text)
        except BadInput as error:  # what is wrong is the name of the file, which is not to be written otherwise
            raise BadInput(error.message, "reserve the directory/ that it is in, and the rest by name") from None
    return list(places)


def near_symbols(session: Session, named: Sequence[Address]) -> dict[Address, tuple[str, ...]]:
    """Those addresses whose file is there and read, but has no such symbol, with names that are near."""
    missing: dict[Address, tuple[str, ...]] = {}
    sources = Sources(session)
    for path, group in groupby(named, key=lambda one: one.path):
        wanted = [one for one in group if one.segments[0].name not in _ALWAYS]
        file = sources.on_disk(path) if wanted else None
        if file is None or file.whole:
            continue
        known = [symbol.address for symbol in file.symbols]
        for one in wanted:
            if not any(one.covers(other) for other in known):
                from git_muse_coord.symbols.suggest import suggest

                missing[one] = tuple(map(str, suggest(one, known)))
    return missing
