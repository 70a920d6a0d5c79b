"""News of the zones of interest: what others came to hold there, told to every run, once."""

from __future__ import annotations

from git_muse_coord.coordinator.agents.wording import (
    agent_name,
    place_name,
    time_of_day,
    with_note,
)
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import few
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.zones import places_of, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.rules.state import Reservations
    from git_muse_coord.store.records.snapshot import Snapshot

_MOST = 3
"""At most so many at once: the rest is news the next time."""


def news_of_zones(
    run: AgentRun,
    snapshot: Snapshot,
    own: Reservations,
) -> Iterator[str]:
    """A line for each reservation of others in a zone of interest of which the run has not heard.

    Of what meets its ``own`` it hears elsewhere.
    """
    zones = run.session.settings.zones
    if not zones:
        return
    world = snapshot.world_around(places_of(zones))
    kin = run.kin()
    own_holdings = Holdings(own)
    lines = 0
    for reservation_id, reservation in world.active(run.now).items():
        if reservation.run_id == run.run_id or kin.includes(reservation.run_id):
            continue
        addresses = list(map(revive_stored, reservation.addresses))
        if _meets(addresses, own_holdings):
            continue
        zone = zone_of(addresses, zones)
        if zone is None or not run.is_news(f"zone {reservation_id}"):
            continue
        yield _line(run, reservation, zone)
        lines += 1
        if lines == _MOST:
            return


def _meets(addresses: Sequence[Address], own: Holdings) -> bool:
    for address in addresses:
        overlapping = own.overlapping(address)
        if any(overlapping):
            return True
    return False


def _line(
    run: AgentRun,
    reservation: Reservation,
    zone: str,
) -> str:
    who = agent_name(reservation.run_id)
    names: Sequence[str] = list(map(place_name, reservation.addresses))
    since = time_of_day(reservation.created_at, run.now)
    zone_name = place_name(zone)
    line = f"- {who} holds {few(names)} since {since} UTC, in {zone_name} of which all hear"
    return with_note(line, reservation.reason)
