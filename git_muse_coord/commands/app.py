"""One run of the program: what is asked for beside the verb, and how an answer is printed."""

from __future__ import annotations

import sys
import time

from git_muse_coord.model.errors import MuseCoordError, Stopped
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Dated, Part, Result
from git_muse_coord.model.wording import and_more
from git_muse_coord.ui.streams import has_reader, writing
from git_muse_coord.ui.text import (
    Line,
    Span,
    escape,
    paint,
)

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Iterator,
        Mapping,
    )
    from datetime import datetime
    from typing import Any, TextIO

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.integrations.guard import AnswerSoFar
    from git_muse_coord.source.allowance import Allowance
    from git_muse_coord.ui.shape import Shape

    Render = Callable[[Any], Iterable[Line]]
    GoApart = Callable[[], tuple[Callable[[AnswerSoFar], None], Allowance]]

PATIENCE_SECONDS = 1.0
_WARNINGS = 5
"""So many warnings are told in a text; what there can be many of comes one for each file or reservation."""


class App:
    """One run of the program: what the common options say, and the channels to answer on."""

    def __init__(self, environment: Mapping[str, str], *, json: bool = False) -> None:
        # Handed in: nothing below the commands reads the environment.
        self.environment = environment
        self.started = time.perf_counter()
        self.command: str | None = None
        self.path = "."
        self.json = json
        self.format = "text"
        self.fields: tuple[str, ...] = ()
        self.limit: int | None = None
        self.compact = False
        self.colour: str | None = None
        self.quiet = False
        self.verbose = False
        self.lists_all = False
        """Whether findings are all listed, where a text else has the first."""
        self.session: Session | None = None
        self.render: Render | None = None
        self.allowance: Allowance | None = None
        self.hand_out: Callable[[AnswerSoFar], None] | None = None
        """Takes what would be printed if the command had to end now."""
        self.go_apart: GoApart | None = None
        """Goes on in a process of its own, where this one would be too good to be lost."""
        self._has_remarked = False
        self.remark = ""
        """What to add to every failure."""

    def open(self, *, stays: bool = False) -> Session:
        """The session in the repository that ``-C`` names. Raises NoRepository.

        It ``stays`` where there will be more than one answer.
        """
        from git_muse_coord.coordinator.session import Session, load_store
        from git_muse_coord.integrations.environment import claimed

        session = Session(
            self.path,
            stays=stays,
            progress=self._progress,
            notice=self._notice,
            claimed=lambda: claimed(self.environment),
            meanwhile=load_store,
        )
        session.allowance = self.allowance
        session.before_long_work = self._before_long_work
        self.session = session
        return session

    def _before_long_work(self) -> None:
        if self.go_apart is None or self.session is None:
            return
        go_apart, self.go_apart = self.go_apart, None
        # SQLite must not be taken along into another process.
        self.session.close_files()
        self.hand_out, self.session.allowance = go_apart()

    def begin(self) -> None:
        """Choose how times are told, before anybody tells one."""
        # An agent, a log and a pipe have no clock on the wall.
        if not self.json and self.format == "text" and self._is_terminal(sys.stdout):
            from git_muse_coord.model.moments import tell_local_times

            tell_local_times()

    def answer(self, result: Result) -> None:
        """Print an answer on stdout, its warnings on stderr."""
        # Warnings are in the envelope, so that stdout alone tells everything.
        if self.json:
            result.warnings += self._remarks_on_settings()
            self._say_in_json(result)
            return
        # A form that was asked for is what its reader waits for.
        if self.quiet and self.format == "text":
            _say(f"{made}\n" for made in result.made)
            return
        if self.render is not None:
            colour = self.colour_of(sys.stdout)
            lines = self.render(result)
            # One by one: a table of a whole repository is never in memory at once.
            _say(self._paged(f"{paint(line, colour)}\n" for line in lines))
        warnings = (*result.warnings, *self._remarks_on_settings())
        for warning in warnings[:_WARNINGS]:
            self.complain("warning", warning)
        # A list that nobody reads to its end hides its beginning, too.
        left = len(warnings) - _WARNINGS
        if left > 0:
            self.complain("warning", f"{and_more(left)} warnings; --json has all")
        # In JSON the time itself is told, which is better than words.
        if isinstance(result, Dated) and result.remote:
            self.remark_on_age(result.remote, result.synced_at)

    def _paged(self, lines: Iterator[str]) -> Iterator[str]:
        """The lines that are to be printed here: all, unless they are long and somebody reads them at a terminal."""
        if not sys.stdout.isatty():
            return lines
        from git_muse_coord.ui.paging import PAGED, in_pages

        if self.command not in PAGED:
            return lines
        return in_pages(lines, self.path, self.environment)

    def _remarks_on_settings(self) -> list[str]:
        """What was set in vain; hooks say it themselves, where they look for conflicts."""
        if self.session is None or self._has_remarked or self.command == "hook":
            return []
        self._has_remarked = True
        return self.session.remarks_on_settings()

    def remark_on_age(self, remote: str, synced_at: datetime | None) -> None:
        """Say how old the answer is, where it is old: who reads a text does not compare times."""
        from git_muse_coord.rules.freshness import staleness

        # An answer about others comes from a repository.
        if self.session is None:
            return
        remark = staleness(remote, synced_at, self.session.now())
        if remark:
            _say(
                [paint([Span("note:", "dim"), f" {remark}"], self.colour_of(sys.stderr)), "\n"],
                sys.stderr,
            )

    def answer_in_parts(self, parts: Iterable[Part]) -> None:
        """Print each part when it comes: who waits for it must not wait for a buffer to fill."""
        for part in parts:
            self.answer(part)
            # Python would keep it back until 8 KiB have come together.
            with writing(sys.stdout):
                sys.stdout.flush()
            if not has_reader(sys.stdout):
                return

    def fail(self, error: MuseCoordError) -> None:
        """Print a failure: one line on stderr, and on stdout what is known of the answer, or the envelope in JSON."""
        if self.json:
            if error.result is not None:
                error.result.warnings += self._remarks_on_settings()
            self._say_in_json(error.result, error)
        elif error.result is not None:
            self.answer(error.result)
        # A stop is what the command was asked for: it did all its work.
        remark = "" if isinstance(error, Stopped) else self.remark
        parts = (error.message, error.hint, remark)
        self.complain("error", "; ".join(filter(None, parts)))

    def draft(self, result: Result, error: MuseCoordError | None) -> None:
        """Hand out an answer, or the failure with which it ends, that holds unless more becomes known."""
        if self.hand_out is None:
            return
        from io import StringIO

        from git_muse_coord.integrations.guard import AnswerSoFar

        code = 0
        out = StringIO()
        err = StringIO()
        streams = (sys.stdout, sys.stderr)
        # By hand: a commit would wait for contextlib to be loaded.
        sys.stdout = out
        sys.stderr = err
        try:
            if error is not None:
                code = error.exit_code
                self.fail(error)
            else:
                self.answer(result)
        finally:
            sys.stdout, sys.stderr = streams
        self.hand_out(AnswerSoFar(code, out.getvalue(), err.getvalue()))

    def in_json(self, result: Result) -> str:
        """An answer as it is printed in JSON."""
        from git_muse_coord.ui.envelope import envelope

        pieces = envelope(
            self.command,
            self._milliseconds(),
            result,
            shape=self._shape(),
        )
        return "".join(pieces) + "\n"

    def _say_in_json(self, result: Result | None, error: MuseCoordError | None = None) -> None:
        from git_muse_coord.ui.envelope import envelope

        _say(
            envelope(
                self.command,
                self._milliseconds(),
                result,
                error,
                self._shape(),
            )
        )
        _say("\n")

    def _shape(self) -> Shape | None:
        if not (self.fields or self.compact) and self.limit is None:
            return None
        # Nearly every answer is told as it is.
        from git_muse_coord.ui.shape import Shape

        return Shape(self.fields, self.limit, self.compact)

    def _progress(self, text: str) -> None:
        """Show what takes long, on a terminal, once it does take long."""
        takes_long = time.perf_counter() - self.started > PATIENCE_SECONDS
        if takes_long and not self.quiet and sys.stderr.isatty():
            print(f"{text} ...", file=sys.stderr)  # noqa: T201 - the progress

    def _notice(self, text: str) -> None:
        """Say what is going on to whoever waits, on a terminal or not: an agent's program can be stuck, too."""
        if not self.quiet:
            _say([escape(f"{text} ..."), "\n"], sys.stderr)
            sys.stderr.flush()

    def complain(self, what: str, text: str) -> None:
        """Print a warning or an error on stderr."""
        style = "red" if what == "error" else "yellow"
        line = paint([Span(f"{what}:", style), f" {text}"], self.colour_of(sys.stderr))
        _say([line, "\n"], sys.stderr)

    def _milliseconds(self) -> int:
        return round((time.perf_counter() - self.started) * 1000)

    def colour_of(self, stream: Any) -> bool:
        """Whether to colour it: --color, then NO_COLOR, FORCE_COLOR, TERM=dumb, git's settings, a terminal."""
        # What somebody says now goes before what the environment or a setting says.
        if self.colour in ("always", "never"):
            return self.colour == "always"
        if self.environment.get("NO_COLOR"):
            return False
        if self.environment.get("FORCE_COLOR"):
            return True
        if self.environment.get("TERM") == "dumb":
            return False
        wanted = self._colour_setting()
        if wanted == "auto":
            return self._is_terminal(stream)
        return wanted == "always"

    def _colour_setting(self) -> str:
        # The settings need a repository, which a failure may not have, or have lost meanwhile.
        try:
            return self.session.settings.colour if self.session else "auto"
        except MuseCoordError:
            return "auto"

    def _is_terminal(self, stream: Any) -> bool:
        if stream.isatty():
            return True
        # git's pager shows colours, and sits between us and the terminal.
        return stream is sys.stdout and bool(self.environment.get("GIT_PAGER_IN_USE"))


def _say(pieces: Iterable[str], stream: TextIO | None = None) -> None:
    stream = stream or sys.stdout
    # To whoever reads both they may be one file, and an answer comes before what is said of it.
    if stream is not sys.stdout:
        with writing(sys.stdout):
            sys.stdout.flush()
    with writing(stream):
        stream.writelines(pieces)
