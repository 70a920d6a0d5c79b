"""Which reservations a change may meet in a file that could not be read fully.

A reserved name that is in neither version may be one that was not seen. It is met by a change of
text that could not be read, and by that of a symbol which may be the reserved one under a name that
was read wrongly.
"""

from __future__ import annotations

from git_muse_coord.model.address import IMPORTS, MODULE, Address
from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set as AbstractSet

    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.conflicts import Conflict, Holdings

Names = tuple[str, ...]


class Near(NamedTuple):
    """A symbol that was changed, and the names that something unreadable above it seems to define."""

    address: Address
    below: AbstractSet[str] = frozenset()


class Unclear(NamedTuple):
    """A changed file that could not be read fully.

    ``known`` are the names of all that was read in either version, ``unread`` the symbols around
    changed text that was not read, ``near`` the changed symbols that may be something else than
    they seem.
    """

    path: str
    known: AbstractSet[Names]
    unread: Sequence[Address]
    near: Sequence[Near]


def may_meet(
    unclear: Unclear,
    holdings: Holdings,
    run_id: RunId,
) -> Iterator[Conflict]:
    """Every reservation of another holder that a change may meet, each held address once."""
    file = Address(unclear.path)
    for conflict in holdings.conflicts([file], run_id):
        held = conflict.held.address
        if not _is_missing(held, unclear):
            continue
        changed = _changed(held, unclear)
        if changed is not None:
            yield conflict._replace(asked=changed, certain=False)


def _is_missing(held: Address, unclear: Unclear) -> bool:
    names = _names(held)
    # The file as a whole, its imports and its text outside of symbols are there in every file.
    if not names:
        return False
    if names[0] in (IMPORTS, MODULE):
        return False
    return names not in unclear.known


def _changed(held: Address, unclear: Unclear) -> Address | None:
    """What was changed that may be the held address; None when nothing was."""
    names = _names(held)
    for near in unclear.near:
        if resembles(held, near.address):
            return near.address
        if not near.below.isdisjoint(names):
            return near.address
    # What stands in the text that was not read may be anything.
    if unclear.unread:
        return unclear.unread[0]
    return None


def resembles(held: Address, changed: Address) -> bool:
    """Whether the last name of one is that of the other, or among the words of a title."""
    words = _words(held)
    if not words:
        return False
    return words <= _words(changed)


def _words(address: Address) -> set[str]:
    if not address.segments:
        return set()
    last = address.segments[-1].name
    # By words, because a title that was misread may stand around the name: "Sub Total()".
    words = re.findall(r"\w+", last)
    return set(words)


def _names(address: Address) -> Names:
    return tuple(segment.name for segment in address.segments)
