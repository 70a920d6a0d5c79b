"""Messages between runs: whose they are to read, and which of many are told first."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.rules.kin import is_part_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from git_muse_coord.model.text_types import RecordId, RunId

UNREAD_MOST = 10
"""At most this many messages of one writer lie unread before one reader: nobody can shut out the others."""

DAY_SECONDS = 86_400
"""How long a message lives where its writer does not say."""


class MessageLine(NamedTuple):
    """A message as the index knows it, without its text; times are text that sorts as time does."""

    message_id: RecordId
    reader: bytes
    writer: bytes
    about: str | None
    created_at: str
    expires_at: str


class Chosen(NamedTuple):
    """The messages to tell now, oldest first, and how many are left for another time."""

    lines: Sequence[MessageLine]
    left: int


def readable_by(run_id: RunId, ended: Collection[RunId]) -> set[RunId]:
    """The runs whose messages a run reads: its own, and those of runs that have ended and left them to it.

    A sub-agent leaves them to the run that started it, a session to who comes after it in its
    worktree: ``ended`` are those that were at work in the run's. Nobody reads what is for a run that
    goes on: a sub-agent cannot answer for its parent, which would never hear of it.

    >>> sorted(readable_by("claude:2", {"claude:1", "claude:1/a", "claude:2/b", "claude:3/c"}))
    ['claude:1', 'claude:1/a', 'claude:2', 'claude:2/b']
    >>> sorted(readable_by("claude:2/b", {"claude:1", "claude:2/c"}))
    ['claude:2/b']
    """
    readable = {run_id}
    # Who was started by another one takes over nothing but what it started itself.
    is_session = "/" not in run_id
    for ended_run in ended:
        session, _, _ = ended_run.partition("/")
        is_left_to_all = is_session and session in ended
        if is_left_to_all or is_part_of(ended_run, run_id):
            readable.add(ended_run)
    return readable


def choose(
    lines: Iterable[MessageLine],
    holders: Collection[bytes],
    most: int,
) -> Chosen:
    """Which of some messages, given oldest first, are told now: one of each writer before a second of any.

    ``holders`` are writers who hold something here: they come first, because others may be nothing
    but names that somebody made up.
    """
    by_writer: dict[bytes, list[MessageLine]] = {}
    number = 0
    for line in lines:
        number += 1
        of_writer = by_writer.setdefault(line.writer, [])
        if len(of_writer) < UNREAD_MOST:
            of_writer.append(line)
    # Sorting keeps those of equal rank in the order of their oldest message.
    holders_first = sorted(by_writer, key=lambda writer: writer not in holders)
    chosen: list[MessageLine] = []
    for turn in range(UNREAD_MOST):
        for writer in holders_first:
            of_writer = by_writer[writer]
            chosen += of_writer[turn : turn + 1]
    # A talk is read in the order in which it was held.
    oldest_first = sorted(chosen[:most], key=_age)
    left = number - len(oldest_first)
    return Chosen(oldest_first, left)


def _age(line: MessageLine) -> tuple[str, RecordId]:
    return line.created_at, line.message_id
