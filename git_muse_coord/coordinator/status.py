"""Use case: what a run holds, who overlaps it, and who waits for it."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.conflict import conflict_details
from git_muse_coord.coordinator.answers.ended import ended_by_others
from git_muse_coord.coordinator.answers.reservation import held
from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.in_line import in_line_for
from git_muse_coord.coordinator.kin import with_kin
from git_muse_coord.coordinator.learning import Learnt, begin_learning_if_due, learnt
from git_muse_coord.coordinator.named_reservations import held_by
from git_muse_coord.coordinator.own_identity import sharing_warnings
from git_muse_coord.coordinator.pause import pause_now
from git_muse_coord.coordinator.session import ignored
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Message
from git_muse_coord.model.results import Dated
from git_muse_coord.rules.conflicts import conflicts_among
from git_muse_coord.rules.following import waits_for_any, where_work_goes_on
from git_muse_coord.store.hooks import NAMES
from git_muse_coord.store.hooks.places import Hooks
from git_muse_coord.store.records.active import active_in
from git_muse_coord.store.settings import BACKGROUND

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.coordinator.answers.ended import EndedByOther
    from git_muse_coord.coordinator.answers.in_the_way import Behind
    from git_muse_coord.coordinator.answers.message import Told
    from git_muse_coord.coordinator.answers.reservation import Held
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.state import World
    from git_muse_coord.store.records.snapshot import Snapshot


MESSAGES_MOST = 5
"""At most so many messages are told by the way."""


class StatusResult(Dated):
    """How a run stands.

    ``mine`` are its active reservations, ``conflicts`` those of others that overlap them, and
    ``waiting_for_me`` the active reservations of anybody that depend on them. ``ended_by_others``
    is what the run held and another one released in the last hours. ``hooks`` names the
    git hooks that are in place, by what the files say; whether git reaches them is for ``doctor``
    to prove. ``unsynced`` is how many live records, of any run and kind, no remote had when this
    clone last synced with it; null without a remote. ``paused`` says that all hooks are silent, until
    ``paused_until`` or, where that is null, until a person ends it. ``sync_trouble`` says why nothing
    is exchanged in the background although it should be; null where all is well. ``learnt`` is what
    the past merges of this repository have taught; null where nothing was looked at yet.
    ``messages`` are what others told the run and nobody had read before, and ``messages_left`` how
    many more there are for ``inbox``. ``in_line`` are those who wait (``reserve --wait``) for something
    that overlaps what the run holds, first come first.
    """

    run_id: str
    branch: str | None
    mine: tuple[Held, ...]
    conflicts: tuple[ConflictDetail, ...]
    waiting_for_me: tuple[Held, ...]
    ended_by_others: tuple[EndedByOther, ...]
    active_reservations: int
    unsynced: int | None
    hooks: tuple[str, ...]
    paused: bool
    paused_until: datetime | None
    sync_trouble: str | None
    learnt: Learnt | None
    messages: tuple[Told, ...]
    messages_left: int
    in_line: tuple[Behind, ...] = ()


def status(
    session: Session,
    *,
    run_id: str | None = None,
    most: int = MESSAGES_MOST,
) -> StatusResult:
    """Tell how a run stands, and at most ``most`` messages to it, which are read with that. Raises BadInput."""
    identity = session.identity(run_id)
    holder = identity.run_id
    now = session.now()
    snapshot = session.store.look()
    world = _world_near(holder, snapshot, now)
    active = world.active(now)
    mine = held_by(holder, world, now)
    waiting = _waiting_for(mine, world, now)
    met = conflicts_among(active, mine)
    conflicts = with_kin(session, holder, met)
    sharers = session.own_identity.sharers(identity)
    paused, until = pause_now(session)
    head = session.repository.head()
    everybody = active_in(snapshot, now)
    warnings = ignored(snapshot)
    warnings += sharing_warnings(sharers)
    messages, left = _unread(session, holder, snapshot, most)
    reservations = [active[reservation_id] for reservation_id in mine]
    in_line = in_line_for(holder, reservations, snapshot, now)
    result = StatusResult(
        run_id=holder,
        branch=head.branch,
        mine=_as_held(mine, world, now),
        conflicts=conflict_details(conflicts, world),
        waiting_for_me=_as_held(waiting, world, now),
        ended_by_others=tuple(ended_by_others(holder, snapshot, now)),
        active_reservations=len(everybody.rows),
        unsynced=_unsynced(session, snapshot),
        hooks=_hooks_in_place(session),
        paused=paused,
        paused_until=until,
        sync_trouble=_sync_trouble(session),
        learnt=learnt(session),
        messages=messages,
        messages_left=left,
        in_line=in_line,
        warnings=warnings,
    )
    stay_informed(session, result)
    begin_learning_if_due(session)
    return result


def _as_held(
    reservation_ids: Iterable[RecordId],
    world: World,
    now: datetime,
) -> tuple[Held, ...]:
    return tuple(held(reservation_id, world, now) for reservation_id in reservation_ids)


def _world_near(
    holder: RunId,
    snapshot: Snapshot,
    now: datetime,
) -> World:
    """What a run holds, what is near that, and who waits for what."""
    own = snapshot.world_of(holder)
    places: list[Address] = []
    for reservation_id in held_by(holder, own, now):
        reservation = own.reservations[reservation_id]
        places += map(revive_stored, reservation.addresses)
    waiting, awaited = snapshot.waiting()
    return snapshot.world_around(places, runs=[holder], live=[*waiting, *awaited])


def _unread(
    session: Session,
    reader: RunId,
    snapshot: Snapshot,
    most: int,
) -> tuple[tuple[Told, ...], int]:
    """The messages that the run has not read yet, which it does now, and how many more there are."""
    # Mostly there are none, and then nothing of them is loaded.
    if not snapshot.index.has(Message):
        return (), 0
    from git_muse_coord.coordinator.answers.message import told_letters
    from git_muse_coord.coordinator.inbox import read_now
    from git_muse_coord.coordinator.mailbox import Mailbox, places_told

    mailbox = Mailbox(session, reader, snapshot)
    # Told here, they are not told again by a hook or by inbox.
    try:
        letters, left = read_now(mailbox, most)
    except StoreFailed:
        # Where nothing can be written none can be marked as read; all else is told all the same.
        unread = mailbox.choose(0)
        return (), unread.left
    places = places_told(snapshot, letters)
    return told_letters(letters, places, {}), left


def _waiting_for(
    mine: Iterable[RecordId],
    world: World,
    now: datetime,
) -> list[RecordId]:
    own = set(mine)
    waiting: list[RecordId] = []
    place = where_work_goes_on(world, now)
    for reservation_id, reservation in world.active(now).items():
        if reservation_id not in own and waits_for_any(reservation, own, place):
            waiting.append(reservation_id)
    return waiting


def _sync_trouble(session: Session) -> str | None:
    # Nearly nobody has any, and what finds out is not loaded by the others.
    if session.settings.auto_sync != BACKGROUND:
        return None
    from git_muse_coord.coordinator.sync_trouble import sync_trouble

    trouble = sync_trouble(session)
    if trouble is None:
        return None
    return f"{trouble.detail}: {trouble.remedy}"


def _hooks_in_place(session: Session) -> tuple[str, ...]:
    hooks = Hooks(session.repository, session.settings)
    in_place = filter(hooks.way, NAMES)
    return tuple(in_place)


def _unsynced(session: Session, snapshot: Snapshot) -> int | None:
    """How many records a sync would push, by what the last one saw: the remote is not asked."""
    remotes = session.settings.remotes
    # Nobody waits for records that cannot go anywhere.
    if not remotes:
        return None
    seen = session.store.cache.remotes.seen(remotes.values())
    unseen = snapshot.load_unless(seen)
    if not unseen:
        return 0
    # Whose time is over is not pushed; what judges that is loaded only where something is unseen.
    from git_muse_coord.rules.lifetime import Fate, fate

    now = session.now()
    limits = session.settings.limits
    world = snapshot.world()
    count = 0
    for content_id, record in unseen:
        if fate(content_id, record, world, now, limits) is Fate.LIVE:
            count += 1
    return count
