"""What is answered to who reserves: one reservation, or several that one act made."""

from __future__ import annotations

from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Dated

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.coordinator.answers.in_the_way import Behind


class Unresolved(Declared):
    """An address of which the working tree does not have the file, or the file not the symbol (yet), and near names."""

    address: str
    suggestions: tuple[str, ...]


class Reserved(Declared):
    """One of several reservations that were made by one act, for what is to be done to its addresses."""

    reservation_id: str | None
    operation: str | None
    addresses: tuple[str, ...]
    reused: bool


class ReserveResult(Dated):
    """A reservation and who else is there.

    ``reservation_id`` is null when nothing was stored. Where ``--op`` says for addresses of their
    own what is to be done, there is a reservation for each operation: ``reservation_ids`` are all,
    the first of them ``reservation_id``, and ``reservations`` tells them apart, empty where there is
    only one. ``reused``: the run had reserved the very same before, and that is what is told here;
    its end may have moved. ``conflicts`` holds one sentence for each of ``conflict_details``;
    ``blocked_by`` those of ``depends_on`` that are still active. ``behind`` are those who wait for the
    same and came before, which stops a strict one; ``ticket`` is the number with which one waited.
    """

    reservation_id: str | None
    run_id: str
    branch: str | None
    commit: str | None
    addresses: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    operation: str | None
    reason: str | None
    conflicts: tuple[str, ...]
    conflict_details: tuple[ConflictDetail, ...]
    unresolved: tuple[Unresolved, ...]
    depends_on: tuple[str, ...]
    blocked_by: tuple[str, ...]
    reused: bool = False
    dependency_error: str | None = None
    reservation_ids: tuple[str, ...] = ()
    reservations: tuple[Reserved, ...] = ()
    behind: tuple[Behind, ...] = ()
    ticket: int | None = None

    def store_nothing(self) -> None:
        """Tell that this is what would be, and not what is."""
        self.reservation_id = None
        self.reservation_ids = ()
        for part in self.reservations:
            part.reservation_id = None

    @property
    def made(self) -> Sequence[str]:
        """The reservations, where there are any."""
        return self.reservation_ids


def told_together(answers: Sequence[ReserveResult]) -> ReserveResult:
    """One answer of several: that of the first, with the addresses of all and whom they meet."""
    addresses: set[str] = set()
    # What two of them meet alike is told once.
    details: dict[str, ConflictDetail] = {}
    unresolved: dict[str, Unresolved] = {}
    warnings: dict[str, None] = {}
    reservations: list[Reserved] = []
    for answer in answers:
        addresses.update(answer.addresses)
        for detail in answer.conflict_details:
            details[detail.sentence] = detail
        for absent in answer.unresolved:
            unresolved[absent.address] = absent
        for warning in answer.warnings:
            warnings[warning] = None
        row = _row(answer)
        reservations.append(row)
    # Of all that is alike in them, that of the first stands for all.
    return answers[0]._replace(
        addresses=tuple(sorted(addresses)),
        operation=None,
        conflicts=tuple(details),
        conflict_details=tuple(details.values()),
        unresolved=tuple(unresolved.values()),
        warnings=list(warnings),
        reused=all(row.reused for row in reservations),
        reservation_ids=tuple(answer.reservation_id for answer in answers),
        reservations=tuple(reservations),
    )


def _row(answer: ReserveResult) -> Reserved:
    return Reserved(
        reservation_id=answer.reservation_id,
        operation=answer.operation,
        addresses=answer.addresses,
        reused=answer.reused,
    )
