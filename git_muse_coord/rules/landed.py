"""Whether the work of a reservation has landed: what its branch did at the held addresses is in the default branch.

Whatever is not known for certain has not landed: a reservation that stays ends at its time anyway,
and one that goes too early lets others into work under way.
"""

from __future__ import annotations

from git_muse_coord.model.address import Address
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.rules.kin import are_kin, is_part_of
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.touched import Touched

if TYPE_CHECKING:
    from collections.abc import (
        Collection,
        Iterable,
        Iterator,
        Sequence,
    )
    from datetime import datetime

    from git_muse_coord.model.text_types import RunId

    Renaming = tuple[Address, Address]

REST = timedelta(minutes=10)
"""Who did nothing for so long is not about to go on."""


class Parting(NamedTuple):
    """One version of the tree against the default branch: what it did since they parted, and where they differ now."""

    did: Sequence[Touched]
    differs: Sequence[Touched]


class Work(NamedTuple):
    """What became of the held addresses and of what lies near them, as git tells it.

    ``made`` is touched by single commits that were made on the branch here since the reservation,
    and ``renamed`` are the old and new addresses in them; ``together`` is touched by all that is on
    the branch since. ``tip`` is the tip of the branch, and
    ``elsewhere`` what else the holder's worktree has checked out. ``uncommitted`` is touched by what
    lies in the worktrees without a commit.
    """

    made: Sequence[Touched]
    renamed: Sequence[Renaming]
    together: Sequence[Touched]
    tip: Parting
    elsewhere: Sequence[Parting] = ()
    uncommitted: Sequence[Touched] = ()


def has_landed(held: Iterable[Address], work: Work) -> bool:
    """Whether something was done at the held addresses, and all that was is in the default branch as it is here."""
    places = _places(held, work.renamed)
    made = list(_at(places, work.made))
    # A change that was taken back on the branch itself is no work that could land.
    if not _any_meet(made, work.together):
        return False
    if any(_at(places, work.uncommitted)):
        return False
    for parting in (work.tip, *work.elsewhere):
        done = list(_at(places, parting.did))
        if parting is work.tip:
            # After a merge nothing has parted any more, and the single commits tell what was done.
            done += made
        if _any_meet(done, parting.differs):
            return False
    return True


def _places(held: Iterable[Address], renamed: Iterable[Renaming]) -> Places[Address]:
    """What is held, also under the names that it was given meanwhile."""
    addresses = list(held)
    for old, new in renamed:
        is_held = any(address.covers(old) for address in addresses)
        if is_held:
            addresses.append(new)
    return Places(zip(addresses, addresses, strict=True))


def _at(places: Places[Address], touched: Iterable[Touched]) -> Iterator[Touched]:
    """What of the touched concerns held addresses: at one, inside of one, or with all that lies in it."""
    for touch in touched:
        whole = _as_whole_file(touch)
        for held in places.overlapping(whole.address):
            if whole.inside or held.is_around(whole.address):
                yield whole
                break


def _any_meet(done: Iterable[Touched], changed: Iterable[Touched]) -> bool:
    placed: list[tuple[Address, Touched]] = []
    for touch in changed:
        whole = _as_whole_file(touch)
        placed.append((whole.address, whole))
    near = Places(placed)
    for touch in done:
        for candidate in near.overlapping(touch.address):
            if _meet(touch, candidate):
                return True
    return False


def _meet(touch: Touched, candidate: Touched) -> bool:
    """Whether two touches are about one text: of a container and a part, only where all of the container is meant."""
    mine = touch.address
    theirs = candidate.address
    if mine.folded.key == theirs.folded.key:
        return True
    if touch.inside and mine.is_around(theirs):
        return True
    return candidate.inside and theirs.is_around(mine)


def _as_whole_file(touch: Touched) -> Touched:
    """What could not be read fully may be anything in the file."""
    unclear = touch.unclear
    if unclear is None:
        return touch
    file = Address(unclear.path)
    return Touched(file, inside=True)


class Rest:
    """Which runs are not about to go on: those that have ended, and those that did nothing for a while."""

    def __init__(self, now: datetime, ended: Collection[RunId]) -> None:
        self._now = now
        self._ended = ended
        self._last_acts: dict[RunId, datetime] = {}

    def saw(self, run_id: RunId, at: datetime) -> None:
        """Take note of an act of a run."""
        last = self._last_acts.get(run_id)
        if last is None or last < at:
            self._last_acts[run_id] = at

    def saw_all(self, acts: Iterable[tuple[RunId, datetime]]) -> None:
        """Take note of acts of several runs."""
        for run_id, at in acts:
            self.saw(run_id, at)

    def has_come_to(self, run_id: RunId) -> bool:
        """Whether a run is not about to go on, by all that was seen of it and of its kin."""
        acts: list[datetime] = []
        for relative, at in self._last_acts.items():
            if relative == run_id or are_kin(run_id, relative):
                acts.append(at)
        last = max(acts, default=None)
        return self.would_follow(run_id, last)

    def would_follow(self, run_id: RunId, act: datetime | None) -> bool:
        """Whether a run is not about to go on, as far as one act tells; without one only its end does."""
        # With a session its sub-agents end.
        for ended in self._ended:
            if is_part_of(run_id, ended):
                return True
        if act is None:
            return False
        return self._now - act >= REST
