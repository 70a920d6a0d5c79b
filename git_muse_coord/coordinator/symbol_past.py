"""What commits did to a symbol, followed back through its renames and moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.model.address import Address
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.rules.past import CHANGED, PastEvent
from git_muse_coord.source.changed import differences
from git_muse_coord.store.git.trees import Trees
from git_muse_coord.store.records.noted_runs import noted_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.store.git.trees import Delta
    from git_muse_coord.symbols.change import Change

COMMITS_MOST = 500
"""At most so many commits are looked into."""

_FILES_MOST = 200
"""In a commit of more files it is not looked where a symbol came from."""

_ADDED = "added"


class Followed(NamedTuple):
    """The names of a symbol, newest first, and what commits did to it."""

    places: tuple[Address, ...]
    changes: tuple[PastEvent, ...]
    warnings: tuple[str, ...] = ()


class _Commit(NamedTuple):
    id: str
    at: datetime


def follow_back(session: Session, place: Address) -> Followed:
    """Follow what is at a place back from HEAD, to where it was made."""
    follower = _Follower(session, place)
    follower.walk()
    runs = noted_runs(session.repository, sorted(follower.commits))
    changes: list[PastEvent] = []
    for change in follower.changes:
        commit = change.commit or ""
        run_id = runs.get(commit, UNKNOWN)
        if run_id != UNKNOWN:
            change = change._replace(run_id=run_id)
        changes.append(change)
    warnings: tuple[str, ...] = ()
    if len(follower.commits) >= COMMITS_MOST:
        warnings = (f"only the newest {COMMITS_MOST} commits of it were looked into",)
    places = tuple(follower.places)
    return Followed(places, tuple(changes), warnings)


class _Follower:
    """Somebody who goes from commit to commit, back in time, and knows what the symbol is called there."""

    def __init__(self, session: Session, place: Address) -> None:
        self._session = session
        self._trees = Trees(session.repository)
        self._sources = session.sources()
        self._place = place
        self.places: dict[Address, None] = {place: None}
        self.changes: list[PastEvent] = []
        self.commits: set[str] = set()

    def walk(self) -> None:
        """Go back to where the symbol was made."""
        start: str | None = "HEAD"
        while start is not None:
            start = self._walk_one_file(start)

    def _walk_one_file(self, start: str) -> str | None:
        """Go back through the commits of one file; from where to go on in another one, None for nowhere."""
        path = self._place.path
        for commit in self._commits_of(path, start):
            if len(self.commits) >= COMMITS_MOST:
                return None
            self.commits.add(commit.id)
            is_made = self._look_into(commit)
            if is_made:
                return None
            if self._place.path != path:
                return f"{commit.id}^"
        return None

    def _commits_of(
        self,
        path: str,
        start: str,
    ) -> Iterator[_Commit]:
        git = self._session.repository.git
        listed = git.ask(
            "log",
            "--no-merges",
            "--no-show-signature",
            "--format=tformat:%H %ct",
            f"-n{COMMITS_MOST}",
            start,
            "--",
            # From the top, wherever git runs, and not as a pattern.
            f":(top,literal){path}",
        )
        for line in listed.out.decode().split("\n"):
            commit, _, at = line.partition(" ")
            if at.isdecimal():
                moment = datetime.fromtimestamp(int(at), UTC)
                yield _Commit(commit, moment)

    def _look_into(self, commit: _Commit) -> bool:
        """Note what a commit did to the symbol; whether it was made there."""
        deltas = self._trees.between(f"{commit.id}^!")
        near = [delta for delta in deltas if self._is_near(delta)]
        changes = self._changes_in(near)
        # It may have come from another file, which takes more to see.
        if _is_any_added(changes) and len(near) < len(deltas) <= _FILES_MOST:
            changes = self._changes_in(deltas)
        is_made = _is_any_added(changes)
        for change in changes:
            self._note(commit, change)
        # Where it was renamed here, it goes on under its old name.
        is_there = any(change.address == self._place for change in changes)
        return is_made and is_there

    def _is_near(self, delta: Delta) -> bool:
        file = Address(delta.path)
        return file.overlaps(self._place)

    def _changes_in(self, deltas: Sequence[Delta]) -> list[Change]:
        """The changes that concern the symbol as it is called after the commit, or was before it."""
        changes: list[Change] = []
        for change in differences(self._sources, deltas).changes:
            if change.is_formatting:
                continue
            if self._concerns(change):
                changes.append(change)
        return changes

    def _concerns(self, change: Change) -> bool:
        is_at_it = self._place.covers(change.address)
        was_it = change.from_address == self._place
        if is_at_it or was_it:
            return True
        # What it lies in is renamed or moved, and it with that.
        has_moved = change.from_address is not None
        return has_moved and change.address.covers(self._place)

    def _note(self, commit: _Commit, change: Change) -> None:
        origin = change.from_address
        event = PastEvent(
            at=commit.at,
            event=CHANGED,
            run_id=None,
            addresses=(str(change.address),),
            commit=commit.id,
            detail=str(change.change),
        )
        if origin is None:
            self.changes.append(event)
            return
        self.changes.append(event._replace(from_address=str(origin)))
        if change.address.covers(self._place):
            # What is inside of what was renamed had the same name inside of the old one.
            depth = len(change.address.segments)
            inside = self._place.segments[depth:]
            segments = (*origin.segments, *inside)
            self._place = Address(origin.path, segments)
            self.places.setdefault(self._place)
        elif origin == self._place:
            self.places.setdefault(change.address)


def _is_any_added(changes: Iterable[Change]) -> bool:
    return any(change.change == _ADDED for change in changes)
