"""Who is in the way of somebody who asks for a strict reservation, as answers: who holds it, and who came before."""

from __future__ import annotations

from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_minute
from git_muse_coord.model.results import Part
from git_muse_coord.model.wording import few
from git_muse_coord.rules.identity import short_run_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.ticket import Ticket
    from git_muse_coord.rules.queue import Need


class Behind(Declared):
    """Somebody who waits for an overlapping address and came before: with which number, and since when."""

    run_id: str
    address: str
    ticket: int
    intent_id: str
    since: datetime | None

    @property
    def sentence(self) -> str:
        """It in one line."""
        name = short_run_id(self.run_id)
        since = ""
        if self.since is not None:
            since = f" since {told_minute(self.since)}"
        return f"run-id '{name}' waits for {self.address}{since} and comes first"


class Blocker(Declared):
    """Somebody for whom one waits: with what he holds, or with the ticket with which he came before."""

    run_id: str
    address: str
    reservation_id: str | None = None
    ticket: int | None = None


class WaitEvent(Part):
    """One line of the stream of somebody who waits; the last line of all is the answer of reserve.

    ``event`` is waiting, with those for whom he waits, or ready. ``ticket`` is his number, null as long as he has
    none; ``since`` is when he began, ``seconds`` how long ago that is.
    """

    event: str
    run_id: str
    addresses: tuple[str, ...]
    ticket: int | None
    since: datetime
    seconds: int
    waits_for: tuple[Blocker, ...] = ()

    @property
    def sentence(self) -> str:
        """It in one line, without how long it lasts."""
        place = few(self.addresses, 1)
        if self.event != "waiting":
            return f"has {place}"
        # One who holds several of them is waited for once.
        names: dict[str, None] = {}
        for blocker in self.waits_for:
            name = short_run_id(blocker.run_id)
            names[repr(name)] = None
        return f"waiting for {few(list(names))} ({place})"


def those_ahead(tickets: Iterable[Ticket], asked: Sequence[Address]) -> tuple[Behind, ...]:
    """Those who came before, first come first."""
    rows: list[Behind] = []
    for ticket in tickets:
        row = Behind(
            run_id=ticket.run_id,
            address=_shared(ticket.addresses, asked),
            ticket=ticket.number,
            intent_id=ticket.intent_id,
            since=ticket.since,
        )
        rows.append(row)
    return tuple(rows)


def circle_sentence(circle: Sequence[Need]) -> str:
    """Who waits for whom in a circle, beginning with whoever is told."""
    steps: list[str] = []
    for need in circle:
        who = f"'{short_run_id(need.run_id)}'"
        holder = f"'{short_run_id(need.holder)}'"
        if need.address is None:
            steps.append(f"{who} depends on {holder}")
        else:
            steps.append(f"{who} waits for {holder} ({need.address})")
    return ", ".join(steps)


def _shared(theirs: Sequence[Address], asked: Sequence[Address]) -> str:
    """The first of somebody's addresses that overlaps what is asked for."""
    for place in theirs:
        if any(place.overlaps(ours) for ours in asked):
            return str(place)
    return str(theirs[0])
