"""Messages as answers."""

from __future__ import annotations

from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from git_muse_coord.coordinator.mailbox import Letter, Places
    from git_muse_coord.model.records import Message
    from git_muse_coord.model.text_types import RecordId


class Told(Declared):
    """A message, by ``run_id``, ``to`` a run or else to the holder of the reservation ``about``.

    ``addresses`` are those of that reservation, as far as it is known here; ``re`` is the message
    that is answered. ``read_at`` is when it had been read before this answer; null: not yet.
    """

    message_id: str
    run_id: str
    to: str | None
    about: str | None
    addresses: tuple[str, ...]
    re: str | None
    text: str
    created_at: datetime
    expires_at: datetime
    read_at: datetime | None


def told_letters(
    letters: Sequence[Letter],
    places: Places,
    read_at: Mapping[RecordId, datetime],
) -> tuple[Told, ...]:
    """Messages as answers, with the addresses of what they are about, and when each was read."""
    rows: list[Told] = []
    for letter in letters:
        message = letter.message
        addresses: tuple[str, ...] = ()
        # What it is about may be over, and in the archive: then it is told without its place.
        if message.about is not None:
            addresses = places.get(message.about, ())
        row = told_message(letter.id, message, addresses, read_at.get(letter.id))
        rows.append(row)
    return tuple(rows)


def told_message(
    message_id: RecordId,
    message: Message,
    addresses: tuple[str, ...],
    read_at: datetime | None,
) -> Told:
    """A message as an answer, with the addresses of what it is about, and when it was read."""
    return Told(
        message_id=message_id,
        run_id=message.run_id,
        to=message.to,
        about=message.about,
        addresses=addresses,
        re=message.re,
        text=message.text,
        created_at=message.created_at,
        expires_at=message.expires_at,
        read_at=read_at,
    )
