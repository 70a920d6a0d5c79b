"""Use case: does what is about to be committed meet reservations of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.answers.conflict import ConflictDetail, conflict_details
from git_muse_coord.coordinator.inside import Inside, look_inside
from git_muse_coord.coordinator.merge_check import merge_warnings
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.coordinator.unclear import unclear, unclear_files
from git_muse_coord.model.address import Address
from git_muse_coord.model.errors import BadInput, Stopped
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.results import Result
from git_muse_coord.rules.conflicts import Conflict, Holdings
from git_muse_coord.rules.state import same_holder
from git_muse_coord.rules.touched import Touched, met
from git_muse_coord.source.changed import Changed, comparisons, differences, places
from git_muse_coord.store.git.trees import Delta
from git_muse_coord.store.records.records import Snapshot

if TYPE_CHECKING:
    from git_muse_coord.source.sources import Sources

__all__ = ["Changed", "CheckCase", "CheckResult"]

NAMELESS = "a run without identity meets its own reservations, too; say who you are: git config muse-coord.runId NAME"


@dataclass(kw_only=True, eq=False)
class CheckResult(Result):
    """What changes, and the reservations of others that it meets.

    ``changes`` go down to symbols where somebody holds something near; elsewhere they name files.
    Those that only change formatting are among them and meet nobody. ``conflicts`` holds one
    sentence for each of ``conflict_details``.
    """

    run_id: str
    changes: tuple[Changed, ...]
    conflicts: tuple[str, ...]
    conflict_details: tuple[ConflictDetail, ...]


class CheckCase(Session):
    """The verb ``check``."""

    def check(
        self,
        *,
        worktree: bool = False,
        range: str | None = None,  # noqa: A002 - keywords are named like the options
        strict: bool = False,
        run_id: str | None = None,
    ) -> CheckResult:
        """Compare what the index (or the working tree, or a range of commits) changes with what others hold.

        Raises BadInput; Stopped when ``strict`` and there is a conflict, with the answer in its
        ``result``.
        """
        if worktree and range is not None:
            raise BadInput(
                "the working tree and a range cannot be checked together", "give one of the two"
            )
        sides = comparisons(self.repository, worktree=worktree, range=range)
        result = self.compare(sides, self.who(run_id), self.store.look())
        if range is None:
            result.warnings += merge_warnings(self, worktree=worktree)
        if strict and result.conflicts:
            raise _stopped(result)
        return result

    def compare(
        self,
        sides: Iterable[list[Delta]],
        holder: str,
        snapshot: Snapshot,
        early: Callable[[CheckResult], None] = lambda _: None,
    ) -> CheckResult:
        """Tell what the first of several comparisons changes, and what of it meets others in each of them.

        ``early`` is told what is known, if that is a conflict, while there is more to read and a
        limit of time.
        """
        rest = iter(sides)
        deltas = next(rest)
        others = cache(lambda: list(rest))  # only asked for where there is a conflict
        now = self.now()
        world = snapshot.world_around(place for delta in deltas for place in places(delta))
        holdings = Holdings(
            {
                one: held
                for one, held in world.active(now).items()
                if not same_holder(holder, held.run_id)
            }
        )

        def answer(inside: Inside, conflicts: Iterable[Conflict]) -> CheckResult:
            details = conflict_details(map(_as_listed, conflicts), world)
            result = CheckResult(
                run_id=holder,
                changes=(
                    *inside.changes,
                    *(_as_file(delta) for delta in deltas if delta.path not in inside.read),
                ),
                conflicts=tuple(map(sentence, details)),
                conflict_details=details,
                warnings=[*ignored(snapshot), *unclear_files(details), *self.unfinished(inside)],
            )
            if holder == UNKNOWN and any(one.run_id == UNKNOWN for one in details):
                result.warnings.append(NAMELESS)
            return result

        def tell(inside: Inside) -> None:
            conflicts = list(met(inside.touched, holdings, holder))
            if conflicts and not others():  # what another parent of a merge has is not known yet
                early(answer(inside, conflicts))

        inside = look_inside(self, deltas, holdings, self._read, tell)
        conflicts = list(met(inside.touched, holdings, holder))
        for other in others() if conflicts else ():
            conflicts = self._also_in(other, conflicts, holdings, holder)
        return answer(inside, conflicts)

    def unfinished(self, inside: Inside) -> Iterator[str]:
        """What there was no time for, or too much of."""
        if inside.unread:
            those = "1 file" if len(inside.unread) == 1 else f"{len(inside.unread):,} files"
            yield f"there was no time to read {those} in which others hold something: more may be met than is told"
        if inside.as_files:
            those = "1 file was" if inside.as_files == 1 else f"{inside.as_files:,} files were"
            yield f"{those} compared as files only, without looking inside"

    def _also_in(
        self, deltas: list[Delta], conflicts: list[Conflict], holdings: Holdings, holder: str
    ) -> list[Conflict]:
        """Those conflicts that another comparison shows as well; one that it had no time to look at remains."""
        inside = look_inside(self, deltas, holdings, self._read)
        again = set(map(_key, met(inside.touched, holdings, holder)))
        return [one for one in conflicts if _key(one) in again or one.asked.path in inside.unread]

    def _read(
        self, deltas: Sequence[Delta], sources: Sources
    ) -> tuple[list[Changed], list[Touched]]:
        """The changes inside of some files, and what they touch."""
        if not deltas:
            return [], []
        found = differences(sources, deltas)
        touched: list[Touched] = []
        for change in found.changes:
            if change.change != "formatting":
                moved = (
                    change.from_address is not None
                    and change.from_address.key != change.address.key
                )
                both = [
                    place for place in (change.address, change.from_address) if place is not None
                ]
                touched += [Touched(place, moved or not place.segments) for place in both]
        touched += [Touched(Address(one.path), inside=False, unclear=one) for one in unclear(found)]
        for delta in deltas:
            kinds = [version for version in (delta.old, delta.new) if version is not None]
            if delta.new is None or not all(version.is_file for version in kinds):
                touched += [Touched(place, inside=True, fallback=True) for place in places(delta)]
        return found.answers(), touched


def _key(conflict: Conflict) -> tuple[Address, Address, str]:
    return conflict.asked, conflict.held.address, conflict.held.reservation_id


def sentence(one: ConflictDetail) -> str:
    """A conflict in one line: what, who, since when, until when, what for."""
    held_as = "" if one.held_address == one.address else f" (as {one.held_address})"
    what_for = f", to {one.operation} it" if one.operation else ""
    why = f", reason: {one.reason}" if one.reason else ""
    perhaps = "" if one.certain else ", where not all could be read,"
    verb = "is" if one.certain else "may be"
    return (
        f"{one.address}{perhaps} {verb} reserved by run-id '{one.run_id}'{held_as}"
        f" since {one.created_at:%Y-%m-%dT%H:%M:%S} until {one.expires_at:%Y-%m-%dT%H:%M:%S}{what_for}{why}"
    )


def _as_listed(conflict: Conflict) -> Conflict:
    """A submodule that was met as a directory, under the name that it has among the changes."""
    return conflict._replace(asked=conflict.asked._replace(path=conflict.asked.path.rstrip("/")))


def _as_file(delta: Delta) -> Changed:
    kind = "added" if delta.old is None else "deleted" if delta.new is None else "modified"
    return Changed(address=delta.path, change=kind, from_address=None)


def _stopped(result: CheckResult) -> Stopped:
    more = f" (and {len(result.conflicts) - 1:,} more)" if len(result.conflicts) > 1 else ""
    return Stopped(f"{result.conflicts[0]}{more}", "wait for the holder, or talk to them", result)
