"""The program: the group of verbs, which load when they are called, and the one boundary where errors end."""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import pairwise
from typing import NoReturn

import click

from git_muse_coord.commands import VERBS
from git_muse_coord.commands.common import CONTEXT, App, common_options
from git_muse_coord.model.errors import BadInput, MuseCoordError, StoreFailed
from git_muse_coord.ui.streams import writing

INTERRUPTED = 130
_JSON = re.compile(r"--json|--format=json|-[hqv]*j[hqvj]*")


class Verbs(click.Group):
    """The verbs, in the order of help; a module is imported when its verb is called, or all of them for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load a verb."""
        if cmd_name not in VERBS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(
            import_module(f"git_muse_coord.commands.{name}"), f"{name}_command"
        )
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, and note it before its options are read: they can fail too."""
        name, command, rest = super().resolve_command(ctx, args)
        ctx.obj.command = name
        return name, command, rest


@click.group("git-muse-coord", cls=Verbs, context_settings=CONTEXT, invoke_without_command=True)
@common_options
@click.pass_context
def program(context: click.Context) -> None:
    """Advisory reservations of symbols, as records in plain git.

    Say which files and symbols you are about to touch, see who else does, wait
    for each other and let go. A reservation warns; it never locks anything.

    \b
    Exit codes: 0 done, conflicts are warnings; 1 bad input; 2 stopped by a
    conflict (--strict); 3 no usable repository, or an internal error;
    4 not there; 5 the remote failed; 86 a hook stops git; 130 interrupted.
    """  # noqa: D301 - click wants a real backspace before lines that it must not wrap
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def run(arguments: Sequence[str], app: App | None = None) -> int:
    """Run the program and return its exit code; whatever goes wrong ends here."""
    app = app or App(os.environ)
    try:
        code = _run(app, arguments)
        with writing(sys.stdout):
            sys.stdout.flush()
    except StoreFailed as error:  # neither an answer nor a failure could be written
        app.json = False
        app.fail(error)
        return error.exit_code
    return code


def _run(app: App, arguments: Sequence[str]) -> int:
    try:
        code = program.main(list(arguments), "git muse-coord", standalone_mode=False, obj=app)
        return code if isinstance(code, int) else 0
    except MuseCoordError as error:
        app.json = app.json or (
            app.render is None and _wants_json(arguments)
        )  # it failed before all was read
        app.fail(error)
        return error.exit_code
    except click.UsageError as error:
        app.json = app.json or _wants_json(arguments)
        where = error.ctx.command_path if error.ctx else "git muse-coord"
        app.fail(BadInput(" ".join(error.format_message().split()).rstrip("."), f"see {where} -h"))
        return BadInput.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)  # noqa: T201 - the complaint
        return INTERRUPTED
    except Exception as error:
        return _internal(app, error)


def main() -> NoReturn:
    """The entry point of the console script."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # our caller closed it
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - for as long as we live
    gc.disable()  # a command is over before garbage could matter
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
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
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _run_hook(arguments: Sequence[str]) -> int:
    """Run a hook so that it cannot stand in the way of what called it."""
    from git_muse_coord.integrations.guard import (
        VARIABLE,
        WAITING,
        AnswerSoFar,
        guarded,
        is_silent,
        limit,
    )
    from git_muse_coord.source.allowance import Allowance

    if is_silent(os.environ):
        return 0

    seconds = limit(os.environ.get(VARIABLE))

    def work(hand_out: Callable[[AnswerSoFar], None]) -> int:
        app = App(os.environ)
        app.hand_out = hand_out
        app.allowance = Allowance(seconds, seconds * WAITING)
        return run(arguments, app)

    def tell(text: str) -> None:
        from git_muse_coord.store.git.process import Git
        from git_muse_coord.ui.text import escape

        mode = (
            Git(".").ask("config", "muse-coord.hookMode").out.decode("utf-8", "replace").strip()
            or "warn"
        )
        said = f"git-muse-coord: {' '.join(arguments[:2])} {text} (hookMode {mode})"
        print(escape(said), file=sys.stderr)  # noqa: T201 - the complaint

    return guarded(work, tell, seconds)


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether JSON seems to be asked for, where the rest cannot be parsed."""
    options = arguments[: list(arguments).index("--")] if "--" in arguments else arguments
    asked = any(_JSON.fullmatch(one) for one in options)
    return asked or any(pair == ("--format", "json") for pair in pairwise(options))


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
