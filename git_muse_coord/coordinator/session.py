"""What every use case stands on: the repository, its records, the settings, the clock, and checked input."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property

from git_muse_coord.model import address, codec, ids
from git_muse_coord.model.address import Address
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.records import MAX_ADDRESSES, MAX_RUN_ID, MAX_SECONDS, UNKNOWN, Reservation
from git_muse_coord.model.results import ConflictDetail, Held
from git_muse_coord.rules.conflicts import Conflict
from git_muse_coord.rules.state import World
from git_muse_coord.store.cache import Cache
from git_muse_coord.store.objects import Objects
from git_muse_coord.store.records import RecordStore, Snapshot
from git_muse_coord.store.refs import Refs
from git_muse_coord.store.repository import Repository
from git_muse_coord.store.settings import Settings

SKEW = timedelta(seconds=120)
"""How far two clocks may differ before a record counts as one from the future."""

_RUN_ID = codec.text(MAX_RUN_ID, line=True)


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def random_nonce() -> str:
    """32 random hex digits."""
    return os.urandom(16).hex()


class Session:
    """Coordination in the repository at ``path``.

    ``clock`` and ``nonce`` are parameters so that a caller can fix them. ``stays`` says that this process will write
    more than once, which makes it worth to load libgit2. Raises NoRepository.
    """

    def __init__(
        self,
        path: str = ".",
        *,
        clock: Callable[[], datetime] = utc_now,
        nonce: Callable[[], str] = random_nonce,
        stays: bool = True,
    ) -> None:
        self.repository = Repository(path)
        self.now = clock
        self.nonce = nonce
        self._stays = stays

    @cached_property
    def settings(self) -> Settings:
        """The settings of this repository."""
        return Settings.read(self.repository.git)

    @cached_property
    def store(self) -> RecordStore:
        """The records of this repository."""
        place = self.repository
        objects = Objects(place.git, place.common_dir, self._stays)
        return RecordStore(objects, Refs(place.git), Cache(place.common_dir, place.object_format))

    def who(self, run_id: str | None) -> str:
        """The run id: what is given, else the setting, else ``unknown``. Raises BadInput when it breaks the limits."""
        chosen = run_id if run_id is not None else (self.settings.run_id or UNKNOWN)
        try:
            return str(_RUN_ID.read(chosen))
        except InvalidRecord as error:
            raise BadInput(f"the run id {error}") from None

    def addresses(self, texts: Iterable[str]) -> list[Address]:
        """Check and normalise addresses; a directory of the worktree needs no trailing slash. Sorted and unique."""
        texts = list(texts)
        if not texts:
            raise BadInput("no address is given", "name a file, a directory/ or a file::Symbol")
        if len(texts) > MAX_ADDRESSES:
            raise BadInput(f"{len(texts):,} addresses are more than {MAX_ADDRESSES:,}", "reserve a directory/ instead")
        found = {self._as_directory(address.parse(text, self.repository.prefix)) for text in texts}
        return sorted(found, key=str)

    def _as_directory(self, one: Address) -> Address:
        if one.segments or one.is_directory or not self.repository.is_directory(one.path):
            return one
        return Address(one.path + "/")

    def conflict_details(self, conflicts: Iterable[Conflict], world: World) -> tuple[ConflictDetail, ...]:
        """Conflicts as results."""
        return tuple(
            ConflictDetail(
                address=str(conflict.asked),
                held_address=str(held.address),
                reservation_id=held.reservation_id,
                run_id=held.reservation.run_id,
                branch=held.reservation.branch,
                operation=held.reservation.operation,
                reason=held.reservation.reason,
                created_at=held.reservation.created_at,
                expires_at=world.effective_expiry(held.reservation_id),
            )
            for conflict in conflicts
            for held in [conflict.held]
        )

    def held(self, reservation_id: str, world: World, now: datetime) -> Held:
        """A reservation as a result."""
        record = world.reservations[reservation_id]
        state = world.state(reservation_id, now)
        until = world.effective_expiry(reservation_id)
        return Held(
            reservation_id=reservation_id,
            run_id=record.run_id,
            branch=record.branch,
            commit=record.commit,
            addresses=record.addresses,
            operation=record.operation,
            reason=record.reason,
            depends_on=record.depends_on,
            created_at=record.created_at,
            expires_at=record.expires_at,
            state=state,
            effective_expires_at=until,
            seconds_left=int((until - now).total_seconds()) if state == "active" else 0,
            from_future=record.created_at > now + SKEW,
        )


def reservation_ids(texts: Sequence[str], snapshot: Snapshot) -> list[str]:
    """The full ids of reservations, in the order given. Raises BadInput and NotThere."""
    starts = [ids.parse(text) for text in texts]
    known = snapshot.ids(Reservation)
    found = [ids.match(start, known) for start in starts]
    for start, one in zip(starts, found, strict=True):
        if one is None:
            raise NotThere(f"no reservation {start} is known here", "git muse-coord list --all shows those that are")
    return [one for one in dict.fromkeys(found) if one is not None]


def seconds(value: int, what: str) -> timedelta:
    """A span of 1 second to 365 days. Raises BadInput."""
    if not 1 <= value <= MAX_SECONDS:
        raise BadInput(f"{what} is {value:,}, not 1 to {MAX_SECONDS:,} seconds")
    return timedelta(seconds=value)


def ignored(snapshot: Snapshot) -> list[str]:
    """The warning about refs that were skipped, if any were."""
    if not snapshot.bad:
        return []
    count = len(snapshot.bad)
    noun = "record was" if count == 1 else "records were"
    return [f"{count:,} damaged or foreign {noun} ignored; git muse-coord fsck names them"]
