"""From files that differ to the addresses that their changes touch."""

from __future__ import annotations

from git_muse_coord.coordinator.unclear import unclear
from git_muse_coord.model.address import Address
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.touched import Touched
from git_muse_coord.source.changed import addresses_of, differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_muse_coord.source.changed import Changed, Differences
    from git_muse_coord.source.sources import Sources
    from git_muse_coord.store.git.trees import Delta
    from git_muse_coord.symbols.change import Change


def read_inside(deltas: Sequence[Delta], sources: Sources) -> tuple[list[Changed], list[Touched]]:
    """The changes inside of some files, and what they touch."""
    # Without a file to read, nothing that reads source is loaded.
    if not deltas:
        return [], []
    changed = differences(sources, deltas)
    touched = list(by_symbols(changed))
    touched += _by_files(deltas)
    return changed.answers(), touched


def by_symbols(changed: Differences) -> Iterator[Touched]:
    """What some changes of symbols touch, and what they may touch where not all could be read."""
    for change in changed.changes:
        if not change.is_formatting:
            yield from _by_change(change)
    for file in unclear(changed):
        place = Address(file.path)
        yield Touched(place, inside=False, unclear=file)


def _by_change(change: Change) -> Iterator[Touched]:
    origin = change.from_address
    has_moved = origin is not None and origin.key != change.address.key
    for address in (change.address, origin):
        if address is None:
            continue
        is_file = not address.segments
        # What moves, and a file without symbols, is touched with all that lies in it.
        yield Touched(address, inside=has_moved or is_file)


def _by_files(deltas: Sequence[Delta]) -> Iterator[Touched]:
    """Files that are gone, and what is no regular file: met as wholes, where no symbol of theirs is."""
    for delta in deltas:
        if delta.is_file_still:
            continue
        for address in addresses_of(delta):
            yield Touched(address, inside=True, fallback=True)
