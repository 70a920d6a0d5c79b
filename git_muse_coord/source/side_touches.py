"""What one side has done since another commit, by symbol, as the evidence from which conflicts are foreseen."""

from __future__ import annotations

from collections.abc import Mapping

from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.source.by_path import symbol_text, symbols_by_key
from git_muse_coord.source.changed import differences
from git_muse_coord.source.sources import Sources
from git_muse_coord.source.touches import touches
from git_muse_coord.store.git.commit_changes import between_commits
from git_muse_coord.symbols.values import Symbol

_FILES_MOST = 2000
"""Of more files than this that differ the others count as wholes."""


class SideTouches(NamedTuple):
    """What a side touches, and the symbols as they stand there now."""

    touches: list[Touch]
    symbols: Mapping[Key, Symbol]

    @property
    def keys(self) -> set[Key]:
        """The places that are touched."""
        return {touch.address.key for touch in self.touches}


def side_touches(
    sources: Sources,
    base: str,
    tip: str,
) -> SideTouches:
    """What was done between two commits."""
    deltas = between_commits(sources.repository.git, base, tip)
    changed = differences(sources, deltas[:_FILES_MOST])
    before = changed.before.values()
    after = changed.after.values()
    touched = touches(changed.changes, before, after)
    # Nobody reads so many files in time, and nobody would read so many symbols.
    for delta in deltas[_FILES_MOST:]:
        whole_file = Address(delta.path)
        touched.append(Touch(whole_file, "file", "modify"))
    symbols = symbols_by_key(after)
    return SideTouches(touched, symbols)


def made_alike(ours: SideTouches, theirs: SideTouches) -> set[Key]:
    """What both sides made the very same of: a commit that was picked to another branch meets nobody."""
    touched_by_both = ours.keys & theirs.keys
    same: set[Key] = set()
    for key in touched_by_both:
        # What both took away has no text on either side.
        our_text = symbol_text(ours.symbols.get(key))
        their_text = symbol_text(theirs.symbols.get(key))
        if our_text == their_text:
            same.add(key)
    return same
