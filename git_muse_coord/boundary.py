"""The one boundary where errors end and exit codes begin, whichever way a command line is read."""

from __future__ import annotations

import os
import sys

from git_muse_coord.commands.app import App
from git_muse_coord.commands.plain_line import read_plain_line
from git_muse_coord.model.errors import MuseCoordError, StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.signals import signals
from git_muse_coord.ui.streams import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from git_muse_coord.commands.options import Call
    from git_muse_coord.integrations.guard import AnswerSoFar

INTERRUPTED = 130

SLOW_WAY = "MUSE_COORD_SLOW_WAY"
"""The variable by which our tests have every line read by click, to see that both ways are one."""

_COMPLETION = "_GIT MUSE_COORD_COMPLETE"
"""What click would take for the wish to complete a line."""


def run(words: Sequence[str], app: App | None = None) -> int:
    """Run the program and return its exit code; whatever goes wrong ends here."""
    app = app or App(os.environ)
    try:
        code = _run(app, words)
        with writing(sys.stdout):
            sys.stdout.flush()
    except StoreFailed as error:  # neither an answer nor a failure could be written
        app.json = False
        app.fail(error)
        return error.exit_code
    return code


def _run(app: App, words: Sequence[str]) -> int:
    try:
        call = _read(app, words)
        # Help was asked for, or the version, and is printed.
        if call is None:
            return 0
        return call.run(app)
    except MuseCoordError as error:
        app.fail(error)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201 - the complaint
        return INTERRUPTED
    except Exception as error:
        return _internal(app, error)


def _read(app: App, words: Sequence[str]) -> Call | None:
    is_slow = SLOW_WAY in app.environment or _COMPLETION in app.environment
    call = None if is_slow else read_plain_line(app, words)
    if call is not None:
        return call
    from git_muse_coord.cli import read_by_click

    return read_by_click(app, words)


def main() -> NoReturn:
    """The entry point of the console script."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # our caller closed it
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - for as long as we live
    # On Windows what is no console gets an old code page, while git and agents' programs read UTF-8.
    encoding = "utf-8" if sys.platform == "win32" else None
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding=encoding, errors="backslashreplace")  # type: ignore[union-attr]
    arguments = sys.argv[1:]
    if arguments[:1] == ["hook"]:
        code = _run_hook(arguments)
    else:
        _end_in_order()
        code = run(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(
        code
    )  # all is written and flushed; taking the interpreter down would cost 5 to 10 ms more


def _end_in_order() -> None:
    """Take a request to end for an interruption, so that what we began is put away; unless it is to be ignored."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signals, name, None)
        if number is not None and signals.getsignal(number) == signals.SIG_DFL:
            signals.signal(number, signals.default_int_handler)


def _run_hook(arguments: Sequence[str]) -> int:
    """Run a hook so that it cannot stand in the way of what called it."""
    from git_muse_coord.integrations.environment import is_silent
    from git_muse_coord.integrations.guard import (
        VARIABLE,
        WAITING,
        end_watch,
        limit,
        watched,
    )
    from git_muse_coord.source.allowance import Allowance
    from git_muse_coord.store.hooks import CALLER

    if is_silent(os.environ):
        return 0

    seconds = limit(os.environ.get(VARIABLE))

    app = App(os.environ)

    def tell(text: str) -> None:
        _tell_of_hook(arguments, text)

    def allowance() -> Allowance:
        return Allowance(seconds, seconds * WAITING)

    def work(hand_out: Callable[[AnswerSoFar], None]) -> int:
        app.hand_out = hand_out
        app.allowance = allowance()
        return run(arguments, app)

    # Our script takes any end of ours for a line and code 0; who else calls may stop git for it.
    if sys.platform != "win32" and CALLER in os.environ:

        def go_on_apart() -> tuple[Callable[[AnswerSoFar], None], Allowance]:
            end_watch()
            # most hooks have nothing to do for which it would be needed
            from git_muse_coord.integrations.apart import go_apart

            return go_apart(tell, seconds), allowance()

        app.go_apart = go_on_apart
        return watched(lambda: run(arguments, app), seconds)
    from git_muse_coord.integrations.guarded import guarded

    return guarded(work, tell, seconds)


def _tell_of_hook(arguments: Sequence[str], text: str) -> None:
    from git_muse_coord.store.git.process import Git
    from git_muse_coord.ui.text import escape

    mode = (
        Git(".").ask("config", "muse-coord.hookMode").out.decode("utf-8", "replace").strip()
        or "warn"
    )
    said = f"git-muse-coord: {' '.join(arguments[:2])} {text} (hookMode {mode})"
    print(escape(said), file=sys.stderr)  # noqa: T201 - the complaint


def _internal(app: App, error: Exception) -> int:
    if app.verbose:
        import traceback

        traceback.print_exc()
    what = MuseCoordError(
        f"internal error: {type(error).__name__}: {error}",
        "run it again with -v and report what it says",
    )
    app.fail(what)
    return what.exit_code
