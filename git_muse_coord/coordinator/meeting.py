"""What a change meets that others hold near it: inside of its files, in each comparison of a merge."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.checked import CheckResult, as_file
from git_muse_coord.coordinator.answers.conflict import conflict_details
from git_muse_coord.coordinator.inside import look_inside
from git_muse_coord.coordinator.kin import with_kin
from git_muse_coord.coordinator.own_holdings import OwnHoldings
from git_muse_coord.coordinator.session import ignored
from git_muse_coord.coordinator.touched_symbols import read_inside
from git_muse_coord.coordinator.unclear import unclear_files
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.lost import lost_lately
from git_muse_coord.rules.state import same_holder
from git_muse_coord.rules.touched import met

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from git_muse_coord.coordinator.inside import LookedInside
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.conflicts import Conflict
    from git_muse_coord.rules.state import World
    from git_muse_coord.store.git.trees import Delta
    from git_muse_coord.store.records.snapshot import Snapshot

NAMELESS = "a run without identity meets its own reservations, too; say who you are: git config muse-coord.runId NAME"


def meet(
    session: Session,
    deltas: Sequence[Delta],
    sides: Iterator[list[Delta]],
    holder: RunId,
    snapshot: Snapshot,
    world: World,
    early: Callable[[CheckResult], None],
    remark: str,
    is_committed: bool,
) -> CheckResult:
    """As ``compare``: of the first of several comparisons, and the others, with the world near the first."""
    comparison = _Comparison(
        session,
        deltas,
        holder,
        snapshot,
        world,
        remark,
        is_committed,
    )
    others = _OnDemand(sides)

    def tell(inside: LookedInside) -> None:
        conflicts = comparison.conflicts(inside)
        # A merge meets only what all its parents show: with others still unread nothing is certain.
        if conflicts and not others.read():
            early(comparison.answer(inside, conflicts))

    inside = look_inside(
        session,
        deltas,
        comparison.holdings,
        read_inside,
        tell,
    )
    conflicts = comparison.conflicts(inside)
    if conflicts:
        for side in others.read():
            conflicts = comparison.also_in(side, conflicts)
    return comparison.answer(inside, conflicts)


class _OnDemand:
    """Comparisons with the other parents of a merge; each costs git processes, so only a conflict asks for them."""

    def __init__(self, comparisons: Iterator[list[Delta]]) -> None:
        self._comparisons = comparisons
        self._read: list[list[Delta]] = []

    def read(self) -> list[list[Delta]]:
        self._read += self._comparisons
        return self._read


class _Comparison:
    """One holder's change, and what others hold near it."""

    def __init__(
        self,
        session: Session,
        deltas: Sequence[Delta],
        holder: RunId,
        snapshot: Snapshot,
        world: World,
        remark: str,
        is_committed: bool,
    ) -> None:
        self._session = session
        self._deltas = deltas
        self._holder = holder
        self._snapshot = snapshot
        self._remark = remark
        self._world = world
        now = session.now()
        active = world.active(now)
        # What is committed can be mended no more, whoever ended the reservation.
        lost = {} if is_committed else lost_lately(holder, world, now)
        self._own = OwnHoldings(holder, world, active, lost)
        near: dict[RecordId, Reservation] = {}
        for reservation_id, reservation in active.items():
            is_own = same_holder(holder, reservation.run_id)
            if not is_own:
                near[reservation_id] = reservation
        # What the run itself held meets nobody, but has to be looked at as well.
        self.holdings = Holdings({**near, **self._own.lost})

    def conflicts(self, inside: LookedInside) -> list[Conflict]:
        """What is met by what is known of the files."""
        return list(met(inside.touched, self.holdings, self._holder))

    def also_in(self, deltas: Sequence[Delta], conflicts: list[Conflict]) -> list[Conflict]:
        """Those conflicts that another comparison shows as well; one that it had no time to look at remains."""
        inside = look_inside(self._session, deltas, self.holdings, read_inside)
        shown = set(map(_key, self.conflicts(inside)))
        remaining: list[Conflict] = []
        for conflict in conflicts:
            is_unread = conflict.asked.path in inside.unread
            if is_unread or _key(conflict) in shown:
                remaining.append(conflict)
        return remaining

    def answer(self, inside: LookedInside, conflicts: Sequence[Conflict]) -> CheckResult:
        """The answer, as far as it is known."""
        listed = map(_as_listed, conflicts)
        with_who_is_kin = with_kin(self._session, self._holder, listed)
        details = conflict_details(with_who_is_kin, self._world)
        changes = list(inside.changes)
        for delta in self._deltas:
            if delta.path not in inside.read:
                changes.append(as_file(delta))
        warnings = ignored(self._snapshot)
        warnings += unclear_files(details)
        warnings += self._own.warnings(inside.touched)
        for sentence in _unfinished(inside):
            warnings.append(sentence + self._remark)
        sentences: list[str] = []
        run_ids: set[str] = set()
        for detail in details:
            sentences.append(detail.sentence)
            run_ids.add(detail.run_id)
        # A run without a name may be the one that holds it: nobody can tell two of them apart.
        if self._holder == UNKNOWN and UNKNOWN in run_ids:
            warnings.append(NAMELESS)
        return CheckResult(
            run_id=self._holder,
            changes=tuple(changes),
            conflicts=tuple(sentences),
            conflict_details=details,
            warnings=warnings,
        )


def _unfinished(inside: LookedInside) -> Iterator[str]:
    """What there was no time for, or too much of."""
    unread = len(inside.unread)
    if unread:
        files = "1 file" if unread == 1 else f"{unread:,} files"
        yield f"there was no time to read {files} in which others hold something: more may be met than is told"
    if inside.as_files:
        files = "1 file was" if inside.as_files == 1 else f"{inside.as_files:,} files were"
        yield f"{files} compared as files only, without looking inside"


def _key(conflict: Conflict) -> tuple[Address, Address, str]:
    held = conflict.held
    return conflict.asked, held.address, held.reservation_id


def _as_listed(conflict: Conflict) -> Conflict:
    """A submodule that was met as a directory, under the name that it has among the changes."""
    path = conflict.asked.path.rstrip("/")
    place = conflict.asked._replace(path=path)
    return conflict._replace(asked=place)
