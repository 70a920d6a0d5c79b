"""Use case: who holds a place, who waits for it, who held it last, who is likely to know, and how to get it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.answers.reservation import Held, held
from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.past_commits import NOTES_MOST, told_by_notes, with_subjects
from git_muse_coord.coordinator.past_records import Search, one_place, past_records
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.records import UNKNOWN, Intent
from git_muse_coord.model.results import Dated
from git_muse_coord.model.text_types import RunId
from git_muse_coord.model.wording import shell_line, short_id
from git_muse_coord.rules.following import waits_for_any, where_work_goes_on
from git_muse_coord.rules.past import MET, latest_first, told_by_records
from git_muse_coord.rules.state import World, same_holder
from git_muse_coord.rules.tickets import waiting

if TYPE_CHECKING:
    from git_muse_coord.coordinator.past_records import PastRecords
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.past import PastEvent
    from git_muse_coord.store.records.snapshot import Snapshot

KNOWING_MOST = 3
"""So many of those who were there last are named."""


class InLine(Declared):
    """A run that waits for the place: by a ticket, in the order of these, or by a reservation that depends on it."""

    run_id: str
    addresses: tuple[str, ...]
    since: datetime | None
    ticket: int | None


class LastHeld(Declared):
    """The reservation that ended last: how and when, and the newest commit that it was held for, as notes tell it."""

    reservation_id: str
    run_id: str
    addresses: tuple[str, ...]
    ended_at: datetime
    how: str
    commit: str | None
    text: str | None


class Knows(Declared):
    """Somebody who was there, and when last: a run, or where runs are fewer the author of a commit."""

    run_id: str | None
    author: str | None
    last_at: datetime


class WhoResult(Dated):
    """Who has to do with a place.

    ``holders`` are all active reservations there, those of ``run_id``, who asks, too; ``next`` are
    command lines: how to get the place, or to let go of it.
    """

    address: str
    run_id: str
    holders: tuple[Held, ...]
    waiting: tuple[InLine, ...]
    last: LastHeld | None
    knows: tuple[Knows, ...]
    next: tuple[str, ...]


def who(
    session: Session,
    address: str,
    *,
    run_id: str | None = None,
) -> WhoResult:
    """Tell who holds a place, who waits for it, who held it last and who knows it. Raises BadInput."""
    place = one_place(session, address)
    asking = session.who_reads(run_id)
    now = session.now()
    snapshot = session.store.look()
    world = snapshot.world_around([place])
    search = Search(most=NOTES_MOST, places=(place,))
    active = world.active(now)
    holding: list[RecordId] = []
    for reservation_id, reservation in active.items():
        # What is near enough to be read need not overlap.
        if search.is_at(reservation.addresses):
            holding.append(reservation_id)
    past = past_records(session, search)
    events = list(told_by_records(past.records, past.subjects))
    events += told_by_notes(session, past.subjects, NOTES_MOST)
    at_it: list[PastEvent] = []
    for event in events:
        if search.is_at(event.addresses):
            at_it.append(event)
    there = latest_first(at_it)
    holders = [held(reservation_id, world, now) for reservation_id in holding]
    in_line = _waiting(search, snapshot, holding, now)
    knowing = _knowing(session, there, place)
    steps = _next_steps(str(place), holders, asking)
    result = WhoResult(
        address=str(place),
        run_id=asking,
        holders=tuple(holders),
        waiting=tuple(in_line),
        last=_last(session, past, there, holding),
        knows=tuple(knowing),
        next=tuple(steps),
        warnings=ignored(snapshot),
    )
    stay_informed(session, result)
    return result


def _waiting(
    search: Search,
    snapshot: Snapshot,
    holding: Sequence[RecordId],
    now: datetime,
) -> Iterator[InLine]:
    # Mostly nobody waits, and what tells it need not be read.
    if snapshot.index.has(Intent):
        for ticket in waiting(snapshot.world(), now):
            addresses = tuple(map(str, ticket.addresses))
            if search.is_at(addresses):
                yield InLine(
                    run_id=ticket.run_id,
                    addresses=addresses,
                    since=ticket.since,
                    ticket=ticket.number,
                )
    depending, _ = snapshot.waiting()
    world = snapshot.world_around(live=[*depending, *holding])
    holders = set(holding)
    place = where_work_goes_on(world, now)
    for reservation_id, reservation in world.active(now).items():
        if reservation_id not in holders and waits_for_any(reservation, holders, place):
            yield InLine(
                run_id=reservation.run_id,
                addresses=reservation.addresses,
                since=reservation.created_at,
                ticket=None,
            )


def _last(
    session: Session,
    past: PastRecords,
    events: Sequence[PastEvent],
    holding: Sequence[RecordId],
) -> LastHeld | None:
    """What ended last there."""
    now = session.now()
    subjects = past.subjects
    # What ends or extends them was read with them, so the archive need not be asked again.
    world = World.of({**subjects, **past.records})
    ends: list[tuple[datetime, RecordId, str]] = []
    for reservation_id in subjects:
        if reservation_id in holding:
            continue
        end = _end(reservation_id, world)
        if end is None:
            continue
        ended_at, how = end
        if ended_at <= now:
            ends.append((ended_at, reservation_id, how))
    # Nobody held it before, as far as is known.
    if not ends:
        return None
    ended_at, reservation_id, how = max(ends)
    reservation = subjects[reservation_id]
    commits = [event for event in events if _is_commit_of(event, reservation_id)]
    # The newest comes first.
    newest = with_subjects(session, commits[:1])
    return LastHeld(
        reservation_id=reservation_id,
        run_id=reservation.run_id,
        addresses=reservation.addresses,
        ended_at=ended_at,
        how=how,
        commit=newest[0].commit if newest else None,
        text=newest[0].text if newest else None,
    )


def _end(reservation_id: RecordId, world: World) -> tuple[datetime, str] | None:
    """When and how a reservation ended; None where that cannot be told."""
    release = world.releases.get(reservation_id)
    if release is not None:
        return release.released_at, release.outcome
    if reservation_id not in world.reservations or world.is_released(reservation_id):
        return None
    return world.effective_expiry(reservation_id), "expired"


def _is_commit_of(event: PastEvent, reservation_id: RecordId) -> bool:
    return event.event == MET and event.reservation_id == reservation_id


def _knowing(
    session: Session,
    events: Iterable[PastEvent],
    place: Address,
) -> Iterator[Knows]:
    """The last runs that were there, and where they are fewer the authors of the last commits."""
    seen: set[RunId] = set()
    for event in events:
        run_id = event.run_id
        if run_id is None or run_id == UNKNOWN or run_id in seen:
            continue
        if len(seen) == KNOWING_MOST:
            break
        seen.add(run_id)
        yield Knows(
            run_id=run_id,
            author=None,
            last_at=event.at,
        )
    # A file that nobody ever announced has authors all the same.
    authors: dict[str, datetime] = {}
    for author, at in _authors(session, place.path):
        authors.setdefault(author, at)
    missing = KNOWING_MOST - len(seen)
    latest = list(authors.items())
    for author, at in latest[:missing]:
        yield Knows(
            run_id=None,
            author=author,
            last_at=at,
        )


def _authors(
    session: Session,
    path: str,
) -> Iterator[tuple[str, datetime]]:
    """Who made the last commits of a file."""
    listed = session.repository.git.ask(
        "log",
        "--no-merges",
        "--no-show-signature",
        "-n20",
        "--format=tformat:%ct %an",
        "HEAD",
        "--",
        f":(top,literal){path}",
    )
    text = listed.out.decode("utf-8", "replace")
    for line in text.split("\n"):
        at, _, author = line.partition(" ")
        if at.isdecimal():
            yield author, datetime.fromtimestamp(int(at), UTC)


def _next_steps(
    place: str,
    holders: Sequence[Held],
    asking: RunId,
) -> Iterator[str]:
    """What to type, the first one for most."""
    words = ["git", "muse-coord"]
    others: list[Held] = []
    for reservation in holders:
        is_own = same_holder(asking, RunId(reservation.run_id))
        if not is_own:
            others.append(reservation)
    # To ask costs nobody anything, so it comes first.
    if others:
        first = short_id(others[0].reservation_id)
        yield shell_line([*words, "tell", first, "Are you done?"])
        yield shell_line([*words, "reserve", place, "--strict", "--wait"])
    elif holders:
        own = short_id(holders[0].reservation_id)
        yield shell_line([*words, "release", own])
    else:
        yield shell_line([*words, "reserve", place])
