"""The program as click has it, made of the verbs: for help, completion, every error, and lines that are not plain."""

from __future__ import annotations

import re
from itertools import pairwise

import click

from git_muse_coord.commands import VERBS, load_verb
from git_muse_coord.commands.common import common_options
from git_muse_coord.commands.options import Call
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.near import known_word, near_words, not_among
from git_muse_coord.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from git_muse_coord.commands.app import App
    from git_muse_coord.commands.options import Parameter, Verb

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 80}
_NAME = "git muse-coord"
_HELP = "help"
_JSON = re.compile(r"--json|--format=json|--compact|--(fields|limit)(=.*)?|-[hqv]*j[hqvj]*")


class Verbs(click.Group):
    """The verbs, in the order of help; a module is imported when its verb is called, or all of them for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load a verb."""
        if cmd_name == _HELP:
            return _help_on_verbs()
        if cmd_name not in VERBS:
            return None
        return _command(load_verb(cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, and note it before its options are read: they can fail too."""
        if not args[0].startswith("-"):
            known_word("verb", args[0], [*VERBS, _HELP], f"see {_NAME} -h")
        name, command, rest = super().resolve_command(ctx, args)
        ctx.obj.command = name
        return name, command, rest


class _VerbCommand(click.Command):
    """A verb, of which some options take no value from the next word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give these the value with which they stand alone: click would take the next word for it."""
        alone: set[str] = set()
        for parameter in self.params:
            if isinstance(parameter, _AttachedOption):
                alone.update(parameter.opts)
        end = args.index("--") if "--" in args else len(args)
        words = [f"{word}=" if word in alone else word for word in args[:end]]
        return super().parse_args(ctx, [*words, *args[end:]])


class _AttachedOption(click.Option):
    """An option whose value stands behind a sign of equality, and where nothing stands is none."""


def read_by_click(app: App, words: Sequence[str]) -> Call | None:
    """What a line asks for; the App is told what is for it. None where it was for help or the version.

    Raises BadInput, and KeyboardInterrupt.
    """
    try:
        call = program.main(
            list(words),
            _NAME,
            standalone_mode=False,
            obj=app,
        )
    except BadInput:
        # Where it fails, it may not have come to what is to be told to the App.
        app.json = app.json or _wants_json(words)
        raise
    except click.NoSuchOption as error:
        app.json = app.json or _wants_json(words)
        raise _no_such_option(error) from None
    except click.UsageError as error:
        app.json = app.json or _wants_json(words)
        where = error.ctx.command_path if error.ctx else _NAME
        message = " ".join(error.format_message().split()).rstrip(".")
        raise BadInput(message, f"see {where} -h") from None
    except click.Abort:
        raise KeyboardInterrupt from None
    return call if isinstance(call, Call) else None


def _no_such_option(error: click.NoSuchOption) -> BadInput:
    """In the words that are ours everywhere, with the options of the verb that are like it."""
    context = error.ctx or click.Context(program, info_name=_NAME)
    known: list[str] = []
    for parameter in context.command.get_params(context):
        if isinstance(parameter, click.Option) and not parameter.hidden:
            known += parameter.opts
    near = near_words(error.option_name, known)
    return not_among("option", error.option_name, near, f"see {context.command_path} -h")


def _help_on_verbs() -> click.Command:
    """``help [VERB]``, which prints what ``-h`` does: the first thing that somebody tries."""

    @click.pass_context
    def call(context: click.Context, verb: str | None) -> None:
        whole = context.find_root()
        if verb is None or verb == _HELP:
            click.echo(whole.get_help())
            return
        name = known_word("verb", verb, VERBS, f"see {_NAME} -h")
        command = _command(load_verb(name))
        inside = click.Context(
            command,
            info_name=name,
            parent=whole,
            **CONTEXT,
        )
        click.echo(command.get_help(inside))

    argument = click.Argument(["verb"], required=False)
    return click.Command(
        _HELP,
        callback=call,
        params=[argument, *_parameters(common_options())],
        help="Show what a verb does and takes, or all verbs.",
        context_settings=CONTEXT,
    )


def _command(verb: Verb) -> click.Command:
    """The command of a verb. Its own options come first in the help."""

    def call(**options: Any) -> Call:
        return Call(verb, options)

    return _VerbCommand(
        verb.name,
        callback=call,
        params=_parameters((*verb.parameters, *common_options(verb.formats))),
        help=verb.function.__doc__,
        context_settings=CONTEXT,
    )


def _parameters(parameters: Iterable[Parameter]) -> list[click.Parameter]:
    made = [_parameter(parameter) for parameter in parameters]
    version = click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_print_version,
        help="Print the version.",
    )
    return [*made, version]


def _parameter(parameter: Parameter) -> click.Parameter:
    kind = parameter.kind if isinstance(parameter.kind, type) else click.Choice(parameter.kind)
    facts: dict[str, Any] = {
        "type": kind,
        "metavar": parameter.metavar,
        "required": parameter.required,
        "callback": _callback(parameter),
        "expose_value": parameter.tell is None,
    }
    if not parameter.names:
        many = -1 if parameter.multiple else 1
        # Of many there may be none.
        facts["required"] = parameter.required and not parameter.multiple
        return click.Argument([parameter.to], nargs=many, **facts)
    if parameter.is_flag:
        del facts["type"], facts["metavar"]
        facts["is_flag"] = True
    elif parameter.default is not None:
        facts["default"] = parameter.default
        facts["show_default"] = parameter.shows_default
    if parameter.alone is not None:
        facts["is_flag"] = False
        facts["flag_value"] = parameter.alone
    kind_of_option = _AttachedOption if parameter.only_attached else click.Option
    return kind_of_option(
        [*parameter.names, parameter.to],
        multiple=parameter.multiple,
        hidden=parameter.is_hidden,
        help=parameter.help,
        **facts,
    )


def _callback(parameter: Parameter) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """What click calls with a value: it is checked, and told to the App where it is for that."""

    def take(
        context: click.Context,
        _: click.Parameter,
        value: Any,
    ) -> Any:
        if parameter.check is not None:
            value = parameter.check(value)
        if parameter.tell is not None:
            parameter.tell(_app(context), value)
        return value

    return take


def _print_version(
    context: click.Context,
    _: click.Parameter,
    value: bool,
) -> None:
    if value:
        click.echo(f"git-muse-coord {__version__}")
        context.exit()


def _app(context: click.Context) -> App:
    app: App = context.find_root().obj
    return app


def _wants_json(words: Sequence[str]) -> bool:
    """Whether JSON seems to be asked for, where the rest cannot be parsed."""
    options = words[: list(words).index("--")] if "--" in words else words
    asked = any(_JSON.fullmatch(word) for word in options)
    return asked or any(pair == ("--format", "json") for pair in pairwise(options))


@click.pass_context
def _help(context: click.Context) -> None:
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


program = Verbs(
    "git-muse-coord",
    callback=_help,
    params=_parameters(common_options()),
    help=_help.__doc__,
    context_settings=CONTEXT,
    invoke_without_command=True,
)
