"""News that concern a run, each told once: who came to what it holds, what is free, what it lost."""

from __future__ import annotations

import zlib

from git_muse_coord.coordinator.agents.wording import (
    agent_name,
    place_name,
    time_of_day,
    told,
    with_note,
)
from git_muse_coord.coordinator.agents.zone_news import news_of_zones
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import REF_PREFIX, Reservation
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.model.wording import few
from git_muse_coord.rules.conflicts import Holdings, conflicts_among
from git_muse_coord.rules.state import same_holder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.model.address import Address
    from git_muse_coord.rules.conflicts import Conflict
    from git_muse_coord.rules.state import Reservations, World
    from git_muse_coord.store.records.snapshot import Snapshot

_SEEN = "seen"
_HELD = "held"
_WAITS = "waits"
_FIRST = "git muse-coord: news that concerns you."
_MOST = 100


def news(run: AgentRun, snapshot: Snapshot) -> str:
    """What happened since the run last heard; empty for nothing."""
    world = _world_near(run, snapshot)
    active = world.active(run.now)
    own, others = _told_apart(run, active)
    lines = list(_lost(run, snapshot))
    lines += _freed(run, world, own, others)
    lines += _overlapped(run, active, own)
    lines += news_of_zones(run, snapshot, own)
    held = list(own)[:_MOST]
    run.note(_HELD, " ".join(held))
    digest = _digest(run)
    run.note(_SEEN, digest)
    if not lines:
        return ""
    return told(_FIRST, lines, [])


def _world_near(run: AgentRun, snapshot: Snapshot) -> World:
    """What the run holds and waits for, and what others hold there."""
    waits = _waits_of(run)
    places: list[Address] = []
    own_world = snapshot.world_of(run.run_id)
    own = own_world.active(run.now)
    for reservation in own.values():
        waits.update(reservation.depends_on)
        places += map(revive_stored, reservation.addresses)
    # What is waited for may go on under other ids, or have ended: then it is asked who else is there.
    waited_world = snapshot.world_around(live=waits)
    waited = waited_world.reservations
    for reservation in waited.values():
        places += map(revive_stored, reservation.addresses)
    return snapshot.world_around(places, runs=[run.run_id], live=waits)


def _told_apart(run: AgentRun, active: Reservations) -> tuple[Reservations, Reservations]:
    """What the run itself holds, and what all others do."""
    own: dict[RecordId, Reservation] = {}
    others: dict[RecordId, Reservation] = {}
    for reservation_id, reservation in active.items():
        is_own = same_holder(run.run_id, reservation.run_id)
        side = own if is_own else others
        side[reservation_id] = reservation
    return own, others


def _waits_of(run: AgentRun) -> set[RecordId]:
    """The reservations of whose end the run would like to hear."""
    noted = run.noted(_WAITS)
    return set(map(RecordId, noted.split()))


def wait_for(run: AgentRun, reservation_id: RecordId) -> None:
    """Remember that a run would like to hear when a reservation has ended."""
    waits = run.noted(_WAITS).split()
    if reservation_id not in waits:
        waits.append(reservation_id)
        # The latest are those that it still means to do.
        kept = " ".join(waits[-_MOST:])
        run.note(_WAITS, kept)


def may_be_news(run: AgentRun) -> bool:
    """Whether anything was written since the run last heard of others; told by the names of refs alone."""
    # Records never change: where the same are there, nothing happened but that time went by.
    if run.noted(_SEEN) != _digest(run):
        return True
    # What is waited for may be over by the clock alone.
    waits = run.noted(_WAITS)
    return bool(waits)


def _digest(run: AgentRun) -> str:
    git = run.session.repository.git
    listed = git.ask("for-each-ref", "--format=%(refname)", REF_PREFIX)
    checksum = zlib.crc32(listed.out)
    return f"{checksum:08x}"


def _lost(run: AgentRun, snapshot: Snapshot) -> Iterator[str]:
    """What was released, and not by the run itself."""
    text = run.noted(_HELD)
    held = list(map(RecordId, text.split()))
    if not held:
        return
    world = snapshot.world_around(ids=held)
    kin = run.kin()
    for reservation_id in held:
        release = world.releases.get(reservation_id)
        reservation = world.reservations.get(reservation_id)
        if release is None or reservation is None:
            continue
        # What lands is released in the holder's own name; kin that let go have spoken for it.
        if release.run_id == run.run_id or kin.includes(release.run_id):
            continue
        names = list(map(place_name, reservation.addresses))
        who = agent_name(release.run_id)
        yield f"- {who} released what you held: {few(names)}"


def _freed(
    run: AgentRun,
    world: World,
    own: Reservations,
    others: Reservations,
) -> Iterator[str]:
    """What the run waits for and is over now, if nobody else of those who held it is there still."""
    waits = _waits_of(run)
    for reservation in own.values():
        waits.update(reservation.depends_on)
    waits_now: set[RecordId] = set()
    for waited in waits:
        # What became one with others, or was taken over, goes on under another id.
        *_, latest = world.followed(waited)
        waits_now.add(latest)
    over = waits_now.difference(own, others)
    if not over and waits_now == waits:
        return
    left = sorted(waits_now - over)
    run.note(_WAITS, " ".join(left))
    held_by_others = Holdings(others)
    for reservation_id in sorted(over):
        ended = world.reservations.get(reservation_id)
        if ended is None or not run.is_news(f"free {reservation_id}"):
            continue
        free: list[str] = []
        for text in ended.addresses:
            place = revive_stored(text)
            # It may be the same run that holds it still, by a reservation in the place of this one.
            is_held = any(held_by_others.overlapping(place))
            if not is_held:
                free.append(place_name(text))
        if free:
            who = agent_name(ended.run_id)
            yield f"- free now: {few(free)}, which {who} held"


def _overlapped(
    run: AgentRun,
    active: Reservations,
    own: Iterable[RecordId],
) -> Iterator[str]:
    """Others who came to what the run holds."""
    kin = run.kin()
    for conflict in conflicts_among(active, own):
        held = conflict.held
        holder = held.reservation.run_id
        if kin.includes(holder):
            continue
        if run.is_news(f"meets {holder} {held.address}"):
            yield _line(run, conflict)


def _line(run: AgentRun, conflict: Conflict) -> str:
    place = place_name(conflict.asked)
    reservation = conflict.held.reservation
    who = agent_name(reservation.run_id)
    since = time_of_day(reservation.created_at, run.now)
    line = f"- {place}, which you hold, is also held by {who} since {since} UTC"
    return with_note(line, reservation.reason)
