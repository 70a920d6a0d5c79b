"""What notes tell of commits, as events, and what commits are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.past import MET, OVERRIDDEN, PastEvent
from git_muse_coord.store.git.process import input_lines
from git_muse_coord.store.records.newest_notes import newest_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.state import Reservations
    from git_muse_coord.store.records.newest_notes import NotedFact

NOTES_MOST = 2000
"""Where it is searched for something, at most so many notes are read: the newest."""


def told_by_notes(
    session: Session,
    subjects: Reservations,
    most: int,
) -> Iterator[PastEvent]:
    """What the newest notes tell: which reservations a commit met, its own run's and others'."""
    for fact in newest_facts(session.repository, most):
        yield from _events(fact, subjects)


def _events(
    fact: NotedFact,
    subjects: Reservations,
) -> Iterator[PastEvent]:
    for reservation_id in fact.reservations:
        subject = subjects.get(reservation_id)
        # Without the reservation, what the commit changed tells where it was.
        addresses = fact.symbols if subject is None else subject.addresses
        yield PastEvent(
            at=fact.at,
            event=MET,
            run_id=fact.run_id,
            addresses=addresses,
            reservation_id=reservation_id,
            commit=fact.commit,
        )
    overridden: dict[tuple[RecordId, RunId], set[str]] = {}
    for other in fact.overridden:
        held = (other.reservation_id, other.run_id)
        places = overridden.setdefault(held, set())
        places.add(other.address)
    # Of one reservation all at once, however much of it a commit changed.
    for (reservation_id, whose), addresses_of in overridden.items():
        yield PastEvent(
            at=fact.at,
            event=OVERRIDDEN,
            run_id=fact.run_id,
            addresses=tuple(sorted(addresses_of)),
            reservation_id=reservation_id,
            commit=fact.commit,
            whose=whose,
        )


def with_subjects(session: Session, events: Iterable[PastEvent]) -> list[PastEvent]:
    """Events with the authors of their commits and the first lines of what these say, as far as they are here."""
    told = list(events)
    commits: set[str] = set()
    for event in told:
        if event.commit is not None:
            commits.add(event.commit)
    if not commits:
        return told
    given = input_lines(sorted(commits))
    # One that is gone must not hide the others.
    listed = session.repository.git.ask(
        "log",
        "--no-walk=unsorted",
        "--ignore-missing",
        "--no-show-signature",
        "--stdin",
        "--format=tformat:%H%x1f%an%x1f%s",
        given=given,
    )
    known: dict[str, tuple[str, str]] = {}
    text = listed.out.decode("utf-8", "replace")
    for line in text.split("\n"):
        commit, _, rest = line.partition("\x1f")
        author, _, first_line = rest.partition("\x1f")
        known[commit] = (author, first_line)
    named: list[PastEvent] = []
    for event in told:
        if event.commit in known:
            author, first_line = known[event.commit]
            event = event._replace(author=author, text=first_line)
        named.append(event)
    return named
