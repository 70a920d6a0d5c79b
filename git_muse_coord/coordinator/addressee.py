"""Whom a message is for: a run by its name, the holder of a reservation, or the writer of another message."""

from __future__ import annotations

from git_muse_coord.coordinator.named_reservations import match_reservations
from git_muse_coord.model import ids
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.kind import RUN_ID
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import Message, bare
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.near import near_words
from git_muse_coord.store.records.ref_names import prefix_of

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.records.snapshot import Snapshot


class Addressee(NamedTuple):
    """To whom, about which reservation, and in answer to which message."""

    to: RunId
    about: RecordId | None = None
    re: RecordId | None = None
    warnings: tuple[str, ...] = ()


def addressee_of(
    session: Session,
    text: str,
    snapshot: Snapshot,
) -> Addressee:
    """Whom somebody's text means. Raises BadInput, and NotThere for an id that is not known here."""
    # A name that is held by somebody is no id, whatever it looks like.
    if text and snapshot.index.reservations_of(RunId(text)):
        return Addressee(RunId(text))
    if ids.is_id(text):
        by_id = _by_id(text, snapshot)
        if by_id is not None:
            return by_id
    # For this all records are read: only where the name is not that of a holder.
    known = _known_runs(session, snapshot)
    if text in known:
        return Addressee(RunId(text))
    # Texts show the ids of programs' sessions cut short, so they are typed so.
    shown_so: list[RunId] = []
    for run_id in known:
        if short_run_id(run_id) == text:
            shown_so.append(run_id)
    if len(shown_so) == 1:
        return Addressee(shown_so[0])
    if shown_so:
        names = " or ".join(sorted(shown_so))
        raise BadInput(f"run-id {text!r} is ambiguous", f"it may mean {names}")
    if ids.is_id(text):
        raise NotThere(
            f"no reservation, message or run {text} is known here",
            "git muse-coord list shows who holds what",
        )
    return _unheard_of(text, known)


def answered(text: str, snapshot: Snapshot) -> RecordId:
    """The message that an id names. Raises BadInput and NotThere."""
    start = ids.parse_id(text)
    message_id = _message_named(start, snapshot)
    if message_id is None:
        raise NotThere(
            f"no message {start} is known here", "git muse-coord inbox --all shows yours"
        )
    return message_id


def _message_named(start: str, snapshot: Snapshot) -> RecordId | None:
    begin_so = snapshot.index.ids(Message, bare(start))
    return ids.match_id(start, begin_so)


def _by_id(text: str, snapshot: Snapshot) -> Addressee | None:
    """Who holds, or held, the reservation that an id names, or wrote the message; None: it names neither."""
    start = ids.parse_id(text)
    # To answer is what an id is given for most, because each message that is told names its own.
    message_id = _message_named(start, snapshot)
    if message_id is not None:
        return _answering(message_id, snapshot)
    matches = match_reservations([start], snapshot)
    reservation_id = matches[start]
    if reservation_id is None:
        return None
    world = snapshot.world([reservation_id])
    reservation = world.reservations.get(reservation_id)
    if reservation is None:
        return None
    return Addressee(reservation.run_id, about=reservation_id)


def _answering(message_id: RecordId, snapshot: Snapshot) -> Addressee | None:
    ref = prefix_of(Message) + bare(message_id)
    oid = snapshot.index.sound(ref)
    if oid is None:
        return None
    for _, record in snapshot.read({ref: oid}).values():
        if isinstance(record, Message):
            return Addressee(
                record.run_id,
                about=record.about,
                re=message_id,
            )
    return None


def _known_runs(session: Session, snapshot: Snapshot) -> set[RunId]:
    """All runs that were heard of here: by their records, or because they are at work in this clone."""
    known: set[RunId] = set()
    for record in snapshot.records().values():
        known.add(record.run_id)
        if isinstance(record, Message) and record.to is not None:
            known.add(record.to)
    if session.has_agent_memory:
        known.update(session.agent_memory.runs())
    return known


def _unheard_of(text: str, known: set[RunId]) -> Addressee:
    """A run that may be at work in another clone, which need not have been heard of. Raises BadInput."""
    try:
        RUN_ID.read(text)
    except InvalidRecord as error:
        raise BadInput(f"the run id {error}") from None
    warning = f"no run '{text}' was heard of here, so it waits until one of that name reads it"
    near = near_words(text, known)
    if near:
        names = " or ".join(near)
        warning = f"{warning}; did you mean {names}?"
    run_id = RunId(text)
    return Addressee(run_id, warnings=(warning,))
