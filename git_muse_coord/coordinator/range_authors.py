"""Whose changes the commits of a range are, so that each run is checked for its own, whoever runs the check.

A commit whose note names its run counts as that run's; every other as the caller's.
"""

from __future__ import annotations

from git_muse_coord.coordinator.comparison import compare
from git_muse_coord.coordinator.touched_symbols import read_inside
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.authorship import authors_of
from git_muse_coord.store.git.commit_changes import with_merges
from git_muse_coord.store.git.ranges import commits_of, commits_of_all
from git_muse_coord.store.records.noted_runs import noted_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from git_muse_coord.coordinator.answers.checked import CheckResult
    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.authorship import Renamed
    from git_muse_coord.rules.touched import Touched
    from git_muse_coord.source.changed import Changed
    from git_muse_coord.store.git.trees import Delta
    from git_muse_coord.store.records.snapshot import Snapshot

    _Inside = tuple[list[Changed], list[Touched]]
    """What changes inside of a version of a file, and what that touches."""

    _Versions = list[Delta | None]
    """The versions that a run has made of a path; None for one in a merge, which nobody looks into."""

_COMMITS_MOST = 1000
"""Of a longer range the newest commits are looked at; what only others changed counts as the caller's."""
_READ_MOST = 200
"""At most so many versions of files are read to tell who of several changed a symbol; then it may be each of them."""


def check_by_authors(
    session: Session,
    revisions: str,
    sides: Sequence[list[Delta]],
    caller: RunId,
    snapshot: Snapshot,
) -> CheckResult:
    """Tell what a range changes, and what of it meets others than the run that changed it."""
    result = compare(session, sides, caller, snapshot)
    repository = session.repository
    commits = commits_of(repository.git, revisions, _COMMITS_MOST)
    runs = noted_runs(repository, commits)
    if not runs:
        return result
    authors = _Authors(session, commits, runs, caller)
    conflicts = authors.own(caller, result)
    changes = list(result.changes)
    for run_id in authors.noted:
        # what the run has lost by now is nothing that it could still mend
        of_run = compare(
            session,
            sides,
            run_id,
            snapshot,
            is_committed=True,
        )
        conflicts += authors.own(run_id, of_run)
        changes += of_run.changes
    met: dict[tuple[str, str, str], ConflictDetail] = {}
    for conflict in conflicts:
        # what two runs meet alike is told once
        key = (
            conflict.address,
            conflict.reservation_id,
            conflict.held_address,
        )
        met[key] = conflict
    result.changes = _most_telling(changes)
    _tell_only(result, met.values())
    result.noted_runs = tuple(authors.noted)
    return result


def leave_to_holders(
    session: Session,
    ranges: Iterable[str],
    met: CheckResult,
    caller: RunId,
) -> None:
    """Leave out of what some ranges meet what the holder alone has changed: it is his own work that arrives."""
    commits = commits_of_all(session.repository.git, ranges, _COMMITS_MOST)
    runs = noted_runs(session.repository, commits)
    if not runs:
        return
    authors = _Authors(session, commits, runs, caller)
    by_strangers: set[int] = set()
    for run_id in (caller, *authors.noted):
        for conflict in authors.own(run_id, met):
            if conflict.run_id != run_id:
                by_strangers.add(id(conflict))
    _tell_only(met, [conflict for conflict in met.conflict_details if id(conflict) in by_strangers])


def _tell_only(
    result: CheckResult,
    conflicts: Iterable[ConflictDetail],
) -> None:
    """Have an answer tell some conflicts, and no others."""
    details = tuple(conflicts)
    sentences: list[str] = []
    for detail in details:
        sentences.append(detail.sentence)
    result.conflict_details = details
    result.conflicts = tuple(sentences)


def _most_telling(changes: Iterable[Changed]) -> tuple[Changed, ...]:
    """Each change once, and of a file that was looked into for one of the runs only what is inside."""
    by_address: dict[str, Changed] = {}
    looked_into: set[str] = set()
    for change in changes:
        by_address[change.address] = change
        path, separator, _ = change.address.partition("::")
        if separator:
            looked_into.add(path)
    told: list[Changed] = []
    for address, change in by_address.items():
        if address not in looked_into:
            told.append(change)
    return tuple(told)


class _Authors:
    """Which run changed which paths of a range, and where several changed one, which of its symbols."""

    def __init__(
        self,
        session: Session,
        commits: Sequence[str],
        runs: Mapping[str, RunId],
        caller: RunId,
    ) -> None:
        self._sources = session.sources()
        self._caller = caller
        self._read: dict[Delta, _Inside] = {}
        self._deltas: dict[str, dict[RunId, _Versions]] = {}
        """By path and run."""
        self.noted = sorted(set(runs.values()) - {caller})
        for change in with_merges(session.repository.git, commits):
            run_id = runs.get(change.commit, caller)
            for delta in change.deltas:
                versions = self._versions(delta.path, run_id)
                versions.append(delta)
            for path in change.merged_paths:
                versions = self._versions(path, run_id)
                versions.append(None)

    def own(self, run_id: RunId, result: CheckResult) -> list[ConflictDetail]:
        """The conflicts of a run with what it changed itself."""
        origins: dict[str, str] = {}
        for change in result.changes:
            if change.from_address:
                origins[change.from_address] = change.address
        own: list[ConflictDetail] = []
        for conflict in result.conflict_details:
            name = conflict.address
            names = [revive_stored(name)]
            if name in origins:
                new_name = origins[name]
                names.append(revive_stored(new_name))
            if self._has_changed(run_id, names):
                own.append(conflict)
        return own

    def _versions(self, path: str, run_id: RunId) -> _Versions:
        of_path = self._deltas.setdefault(path, {})
        return of_path.setdefault(run_id, [])

    def _has_changed(self, run_id: RunId, names: Sequence[Address]) -> bool:
        """Whether a run has changed a symbol by one of its names, as far as that can be told."""
        by_run = self._by_run(names)
        if not by_run:
            # older than what was looked at, or a path that moved about
            return run_id == self._caller
        if run_id not in by_run:
            return False
        if len(by_run) == 1:
            return True
        # the same file in the hands of several: which symbols each of them touched
        renames: list[Renamed] = []
        touched: dict[RunId, list[Touched] | None] = {}
        for author, versions in by_run.items():
            touched[author] = self._touched_in(versions, renames)
        authors = authors_of(names, touched, renames)
        return run_id in authors

    def _by_run(self, names: Iterable[Address]) -> dict[RunId, _Versions]:
        """The versions that each run has made of the files of some names."""
        by_run: dict[RunId, _Versions] = {}
        for name in names:
            path = name.path.rstrip("/")
            of_path = self._deltas.get(path, {})
            for author, versions in of_path.items():
                of_author = by_run.setdefault(author, [])
                of_author += versions
        return by_run

    def _touched_in(
        self,
        versions: Sequence[Delta | None],
        renames: list[Renamed],
    ) -> list[Touched] | None:
        """What some versions of a file have touched; None where that cannot be told. Adds what they renamed."""
        all_touched: list[Touched] = []
        for delta in versions:
            inside = self._inside(delta)
            if inside is None:
                return None
            changes, touched = inside
            all_touched += touched
            for change in changes:
                if change.from_address:
                    renamed = (change.from_address, change.address)
                    renames.append(renamed)
        return all_touched

    def _inside(self, delta: Delta | None) -> _Inside | None:
        """What changes inside of a version; None for one in a merge, and where too many were read."""
        if delta is None:
            return None
        if delta in self._read:
            return self._read[delta]
        if len(self._read) == _READ_MOST:
            return None
        inside = read_inside([delta], self._sources)
        # most symbols of a file ask for the same versions
        self._read[delta] = inside
        return inside
