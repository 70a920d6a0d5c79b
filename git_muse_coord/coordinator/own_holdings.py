"""What a run holds near a change, and what it held there until a short while ago."""

from __future__ import annotations

from git_muse_coord.model.continued import continued_by
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import few
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.lost import touched_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.lost import Lost
    from git_muse_coord.rules.state import Reservations, World
    from git_muse_coord.rules.touched import Touched

_NAMED_MOST = 3


class OwnHoldings:
    """The reservations of one run among some records: active ones, and those ``lost`` lately."""

    def __init__(
        self,
        holder: RunId,
        world: World,
        active: Reservations,
        lost: Mapping[RecordId, Lost],
    ) -> None:
        self._how = lost
        self.lost: dict[RecordId, Reservation] = {}
        for reservation_id in lost:
            self.lost[reservation_id] = world.reservations[reservation_id]
        self._kept: dict[RecordId, Reservation] = {}
        # Most have lost nothing, and then it does not matter what they hold.
        if not self.lost:
            return
        for reservation_id, reservation in active.items():
            if reservation.run_id == holder:
                self._kept[reservation_id] = reservation

    def warnings(self, touched: Iterable[Touched]) -> Iterator[str]:
        """For each lost reservation that a change touches, who ended it or when it ended, and how to go on."""
        if not self.lost:
            return
        lost = Holdings(self.lost)
        kept = Holdings(self._kept)
        addresses: dict[RecordId, list[str]] = {}
        for reservation_id, place in touched_after(touched, lost, kept):
            of_reservation = addresses.setdefault(reservation_id, [])
            of_reservation.append(str(place))
        for reservation_id, of_reservation in addresses.items():
            how = self._how[reservation_id]
            yield _sentence(how, of_reservation)


def _sentence(lost: Lost, addresses: list[str]) -> str:
    import shlex  # with re, and only where something was lost

    what = few(addresses, _NAMED_MOST)
    again = shlex.join(["git", "muse-coord", "reserve", *addresses[:_NAMED_MOST]])
    at = told_time(lost.at)
    if lost.release is None:
        return f"your reservation of {what} ended at {at}; to go on: {again}"
    by = f"run-id '{short_run_id(lost.release.run_id)}'"
    if continued_by(lost.release) is not None:
        return f"{by} took over {what} from you at {at}; talk to them, or to go on: {again}"
    return f"{by} ended your reservation of {what} at {at}; to go on: {again}"
