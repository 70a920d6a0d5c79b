"""The verb ``inbox``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import LOCAL_ONLY, run_id_option
from git_muse_coord.commands.message_lines import message_lines
from git_muse_coord.commands.options import flag, verb
from git_muse_coord.coordinator.inbox import SHOWN_MOST, InboxResult, inbox
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Line, Span, count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def render(result: InboxResult) -> Iterator[Line]:
    """The unread messages, then what else was asked for, and how to answer."""
    whose = f"run-id '{short_run_id(result.run_id)}'"
    if not result.messages:
        yield [f"No unread messages to {whose}."]
        return
    yield [Span(f"{count(result.unread, 'unread message')} to {whose}", "bold")]
    for told in result.messages:
        yield []
        yield from message_lines(told, result.run_id)
    yield []
    if result.left:
        yield [f"and {result.left:,} more unread: git muse-coord inbox"]
    if result.unread:
        last = result.messages[result.unread - 1]
        yield [f"To answer: git muse-coord tell {short_id(last.message_id)} TEXT"]


@verb(
    "inbox",
    render,
    flag("--all", help="Also what was read already, and what you have told others."),
    run_id_option(),
    LOCAL_ONLY,
)
def inbox_command(app: App, **options: Any) -> InboxResult:
    """Read what other runs have told you: each message is unread once."""
    return inbox(app.open(), most=_most(app), **options)


def _most(app: App) -> int:
    """How many messages are told: what is left out of the answer was not read."""
    if app.quiet and not app.json:
        return 0
    if app.limit is None:
        return SHOWN_MOST
    return min(app.limit, SHOWN_MOST)
