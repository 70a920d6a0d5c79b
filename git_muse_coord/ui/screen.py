"""A terminal that shows one page which stays current, as ``top`` does, and is as it was when that is over.

The page has a screen of its own, so that nothing of what stood there before is lost. Whatever ends
the program, the terminal is given back: what raises passes ``__exit__``, and who is stopped by the
user gives it back meanwhile.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import tty

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.ui.text import (
    Span,
    escape,
    paint,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Self

    from git_muse_coord.ui.text import Line

    Handler = Callable[..., None]

# only loaded where there is such a terminal; said for the checker of types
assert sys.platform != "win32"  # noqa: S101

END_OF_INPUT = "\x04"
"""What ctrl-d types, and what is read where nobody can type any more."""

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME = "\x1b[H"
_CLEAR_LINE = "\x1b[K"
_CLEAR_BELOW = "\x1b[J"
_ELLIPSIS = "…"
_COLUMNS = 80
_LINES = 24
_AT_ONCE = 100


class Screen:
    """The terminal, as long as the page is on it."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour
        self._input = sys.stdin.fileno()
        self._output = sys.stdout.fileno()
        self._before: list[Any] = []
        self._shown = ""
        self._handlers: dict[int, Any] = {}
        pipe = os.pipe()
        self._woken = pipe[0]
        self._wake = pipe[1]

    def __enter__(self) -> Self:
        os.set_blocking(self._wake, False)
        os.set_blocking(self._woken, False)
        self._before = termios.tcgetattr(self._input)
        self._handle(signal.SIGWINCH, self._note)
        self._handle(signal.SIGCONT, self._note)
        self._handle(signal.SIGTSTP, self._pause)
        self._handle(signal.SIGQUIT, self._pause)
        self._take()
        return self

    def __exit__(self, *_: object) -> None:
        self._give_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._woken)
        os.close(self._wake)

    @property
    def size(self) -> tuple[int, int]:
        """How many columns and lines there are."""
        told = os.get_terminal_size(self._output)
        # some say nothing of themselves, as the one of a container's console
        columns = told.columns or _COLUMNS
        lines = told.lines or _LINES
        return columns, lines

    def show(self, lines: Iterable[Line]) -> None:
        """Show a page, cut to the screen; nothing is written where it is there already."""
        columns, rows = self.size
        painted: list[str] = []
        for line in lines:
            if len(painted) == rows:
                break
            cut = fitted(line, columns)
            text = paint(cut, self._colour)
            painted.append(text + _CLEAR_LINE)
        body = "\n".join(painted)
        page = _HOME + body + _CLEAR_BELOW
        if page != self._shown:
            self._write(page)
            self._shown = page

    def key(self, seconds: float) -> str:
        """The key that is pressed; nothing where none was in that time, or the screen has changed."""
        sources = [self._input, self._woken]
        ready = select.select(sources, [], [], seconds)[0]
        if self._woken in ready:
            self._take_note()
        if self._input not in ready:
            return ""
        try:
            pressed = os.read(self._input, _AT_ONCE)
        except OSError:
            pressed = b""
        # where the terminal is gone, whoever sat there has left
        return pressed.decode(errors="replace") or END_OF_INPUT

    def _handle(
        self,
        number: int,
        handler: Handler,
    ) -> None:
        before = signal.signal(number, handler)
        self._handlers[number] = before

    def _note(self, *_: object) -> None:
        with suppress(BlockingIOError):
            os.write(self._wake, b"!")

    def _take_note(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._woken, _AT_ONCE)
        # all of it is drawn again: the terminal may have moved or lost what was there
        self._shown = ""

    def _pause(self, number: int, *_: object) -> None:
        """Give the terminal back while the user does something else, and take it again."""
        self._give_back()
        signal.signal(number, signal.SIG_DFL)
        own = os.getpid()
        os.kill(own, number)
        # here we go on when the user comes back; who is made to quit does not
        signal.signal(number, self._pause)
        self._take()
        self._note()

    def _take(self) -> None:
        # keys come one by one and are not shown; those that interrupt still do
        tty.setcbreak(self._input)
        self._write(_ENTER)

    def _give_back(self) -> None:
        self._write(_LEAVE)
        # where the terminal is gone there is nothing to give back
        with suppress(termios.error):
            termios.tcsetattr(
                self._input,
                termios.TCSADRAIN,
                self._before,
            )

    def _write(self, text: str) -> None:
        # what the terminal cannot show is told in other signs, as all that is printed
        content = text.encode(sys.stdout.encoding, "backslashreplace")
        # one that is gone is noticed where keys are read
        with suppress(OSError):
            while content:
                written = os.write(self._output, content)
                content = content[written:]


def fitted(line: Line, columns: int) -> Line:
    """A line cut to so many columns."""
    spans: list[Span] = []
    left = columns
    for part in line:
        span = Span(part) if isinstance(part, str) else part
        # made visible before it is measured, as it is wider then
        visible = escape(span.text)
        used = width(visible)
        if used > left:
            cut = _cut(visible, left)
            spans.append(Span(cut, span.style))
            break
        spans.append(Span(visible, span.style))
        left -= used
    return spans


def _cut(text: str, columns: int) -> str:
    if columns < 1:
        return ""
    kept = ""
    left = columns - 1
    for character in text:
        left -= width(character)
        if left < 0:
            break
        kept += character
    return kept + _ELLIPSIS
