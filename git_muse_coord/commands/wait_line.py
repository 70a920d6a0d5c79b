"""How one hears that somebody waits, while he does: a line on a terminal that is kept up to date, else one a change."""

from __future__ import annotations

import sys

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.ui.streams import writing
from git_muse_coord.ui.text import escape, width

if TYPE_CHECKING:
    from git_muse_coord.commands.app import App
    from git_muse_coord.coordinator.answers.in_the_way import WaitEvent

_CLEAR = "\r\x1b[K"
_WIDTH = 80


class WaitLine:
    """Tells what is told of waiting. In JSON each change is an answer of its own, before the last one."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._last: object = None
        self._said = ""
        self._is_shown = False

    def tell(self, event: WaitEvent) -> None:
        """Tell where one stands, unless that is told already."""
        whom = [tuple(vars(blocker).values()) for blocker in event.waits_for]
        news = (event.event, event.ticket, whom)
        is_news = news != self._last
        self._last = news
        # whoever reads JSON counts the seconds himself
        if self._app.json:
            # by single fields nobody could tell these lines from the answer
            if is_news and not self._app.fields:
                self._app.answer_in_parts([event])
        elif not self._app.quiet:
            self._show(event)

    def clear(self) -> None:
        """Leave the terminal to whatever comes next."""
        if self._is_shown:
            self._is_shown = False
            _say(_CLEAR)

    def _show(self, event: WaitEvent) -> None:
        if event.event != "waiting":
            self.clear()
        # the same line again and again, with the time
        elif sys.stderr.isatty():
            self._is_shown = True
            _say(_CLEAR + _fitting(f"{event.sentence} {_clock(event.seconds)}"))
        elif event.sentence != self._said:
            # who waited for the holder, and holds it now, is waited for in the same words
            self._said = event.sentence
            _say(f"{escape(event.sentence)} ...\n")


def _say(text: str) -> None:
    with writing(sys.stderr):
        sys.stderr.write(text)
        sys.stderr.flush()


def _clock(spent: int) -> str:
    minutes, rest = divmod(spent, 60)
    return f"{minutes}:{rest:02}"


def _fitting(text: str) -> str:
    """A text on one line of the terminal: of a longer one only the last line could be taken back."""
    import shutil

    columns = shutil.get_terminal_size((_WIDTH, 24)).columns - 1
    # before it is cut: what is escaped is longer
    text = escape(text)
    while width(text) > max(columns, 1):
        text = text[:-2] + "…"
    return text
