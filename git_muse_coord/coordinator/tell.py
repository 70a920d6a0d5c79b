"""Use case: tell another run something, which it hears at its next step."""

from __future__ import annotations

from collections.abc import Sequence

from git_muse_coord.coordinator.addressee import Addressee, addressee_of, answered
from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.coordinator.session import Session, checked_id, seconds
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.errors import BadInput, StoreFailed
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.records import (
    MAX_MESSAGE,
    UNKNOWN,
    Message,
)
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.messages import DAY_SECONDS, UNREAD_MOST, MessageLine
from git_muse_coord.store.git.lock import locked
from git_muse_coord.store.records.cached_record import reader_key
from git_muse_coord.store.records.message_lines import messages_to, unread_lines

LOCK = "tell.lock"
_LOCK_SECONDS = 10.0


class TellResult(Result):
    """A message as it was stored: ``to`` whom, ``about`` which reservation, ``re`` which message it answers."""

    message_id: str
    run_id: str
    to: str
    about: str | None
    re: str | None
    text: str
    created_at: datetime
    expires_at: datetime

    @property
    def made(self) -> Sequence[str]:
        """The message."""
        return [self.message_id]


def tell(
    session: Session,
    target: str,
    text: str,
    *,
    re: str | None = None,
    ttl: int | None = None,
    run_id: str | None = None,
    local: bool = False,
) -> TellResult:
    """Tell a run something, or with an id the holder of a reservation, or the writer of a message.

    Whom nobody here knows is told all the same, with a warning: a run in another clone need not
    have been heard of. Raises BadInput, with nothing stored, also where ten messages of this run
    lie unread there; NotThere for an id that is not known here; StoreFailed.
    """
    life = seconds(DAY_SECONDS if ttl is None else ttl, "the time to live")
    if not text.strip():
        raise BadInput("the message is empty", "say what there is to tell")
    if len(text) > MAX_MESSAGE:
        raise BadInput(
            f"the message has {len(text):,} characters, more than {MAX_MESSAGE:,}",
            "put what is longer into a file or a commit, and name that",
        )
    snapshot = session.store.look()
    writer = session.who_reads(run_id)
    whom = addressee_of(session, target, snapshot)
    if re is not None:
        whom = whom._replace(re=answered(re, snapshot))
    _check_reader(whom.to, writer)
    now = session.time_to_write()
    message = Message(
        run_id=session.who_writes(run_id),
        nonce=session.nonce(),
        to=whom.to,
        about=whom.about,
        re=whom.re,
        text=text,
        created_at=now,
        expires_at=now + life,
    )
    # Only now is anything written: all that can be wrong with it was looked at.
    message_id = _write(session, message, whom)
    after = session.store.look()
    # Who talks is alive.
    keep_alive(session, message.run_id, after)
    upkeep = keep_up(session, after)
    synced = auto_sync(session, message.run_id, local)
    return TellResult(
        message_id=message_id,
        run_id=message.run_id,
        to=whom.to,
        about=whom.about,
        re=whom.re,
        text=text,
        created_at=now,
        expires_at=message.expires_at,
        warnings=[*whom.warnings, *upkeep, *synced],
    )


def _check_reader(reader: RunId, writer: RunId) -> None:
    """Refuse a message that nobody would read. Raises BadInput."""
    if reader == UNKNOWN:
        raise BadInput(f"'{UNKNOWN}' is nobody: no run would read it")
    if reader == writer:
        raise BadInput(
            f"run-id '{short_run_id(reader)}' is yourself",
            "with --run-id or MUSE_RUN_ID you say who you are",
        )


def _write(
    session: Session,
    message: Message,
    whom: Addressee,
) -> RecordId:
    """Store a message, unless too many lie unread. Raises BadInput and StoreFailed."""
    message_id = checked_id(message)
    # Counted and written by one after the other: two at once would both find room for one more.
    lock = session.repository.own_file(LOCK)
    with locked(lock, _LOCK_SECONDS) as is_ours:
        if not is_ours:
            raise StoreFailed("somebody else is telling something just now", "try again")
        _check_room(session, message, whom.to)
        session.store.write([message])
    return message_id


def _check_room(
    session: Session,
    message: Message,
    reader: RunId,
) -> None:
    """Refuse one unread message too many of one writer to one reader. Raises BadInput."""
    index = session.store.look().index
    own_key = reader_key(message.run_id)
    own: list[MessageLine] = []
    for line in messages_to(index, [reader]):
        if line.writer == own_key:
            own.append(line)
    unread = unread_lines(index, own, message.created_at)
    if len(unread) >= UNREAD_MOST:
        raise BadInput(
            f"{UNREAD_MOST} messages of yours to '{short_run_id(reader)}' are not read yet,"
            " and more would shut out others",
            "wait until it reads them; git muse-coord inbox --all shows which it has read",
        )
