"""Reservations of a run that another run ended, as answers: told wherever their holder looks."""

from __future__ import annotations

from git_muse_coord.model.continued import continued_by
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import few
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.lost import LATELY, lost_lately

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from git_muse_coord.model.records import Release
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.lost import Lost
    from git_muse_coord.store.records.snapshot import Snapshot

_NAMED_MOST = 3


class EndedByOther(Declared):
    """A reservation that another run released: who and when, and what goes on in its place, if anything does."""

    reservation_id: str
    addresses: tuple[str, ...]
    run_id: str
    outcome: str
    released_at: datetime
    continued_by: str | None

    @property
    def sentence(self) -> str:
        """It in one line."""
        did = "released" if self.continued_by is None else "took over"
        places = few(self.addresses, _NAMED_MOST)
        by = f"run-id '{short_run_id(self.run_id)}'"
        return f"{by} {did} what you held at {told_time(self.released_at)}: {places}"


def ended_by_others(
    holder: RunId,
    snapshot: Snapshot,
    now: datetime,
) -> Iterator[EndedByOther]:
    """What others released lately of what a run held, oldest first."""
    archived = _archived_lately(holder, snapshot.lone_releases(), now)
    world = snapshot.world_around(ids=archived, runs=[holder])
    all_lost = lost_lately(holder, world, now)
    # What ran out is nobody's doing, and told elsewhere.
    ended = [lost for lost in all_lost.values() if lost.release is not None]
    for lost in sorted(ended, key=_when):
        reservation = world.reservations[lost.reservation_id]
        release = world.releases[lost.reservation_id]
        yield EndedByOther(
            reservation_id=lost.reservation_id,
            addresses=reservation.addresses,
            run_id=release.run_id,
            outcome=release.outcome,
            released_at=release.released_at,
            continued_by=continued_by(release),
        )


def _when(lost: Lost) -> datetime:
    return lost.at


def _archived_lately(
    holder: RunId,
    releases: Mapping[RecordId, Release],
    now: datetime,
) -> list[RecordId]:
    """The reservations that others released lately, and a sweep has put into the archive; whose they were is there."""
    archived: list[RecordId] = []
    for reservation_id, release in releases.items():
        is_late = now - release.released_at <= LATELY
        if is_late and release.run_id != holder:
            archived.append(reservation_id)
    return archived
