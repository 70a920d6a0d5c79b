"""What a verb takes on its command line, as plain data: said once, read by two parsers.

``commands/plain_line.py`` reads plain lines by it in a moment; ``cli.py`` makes commands of click of
it, for all other lines, for help, completions and the man page. So nothing in here or in the verbs
imports click, which would be half of what a short command costs.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from git_muse_coord.commands.app import App, Render
    from git_muse_coord.model.results import Part

    Kind = type[str] | type[int] | type[float] | Sequence[str]
    """What a value is: text, a number, or one of these words."""

    Answer = Result | Iterable[Part] | int
    """An answer, one that comes in parts, or only an exit code where a verb has answered by itself."""


class Parameter:
    """An option or an argument of a verb; an argument has no names. Made by the functions below."""

    def __init__(
        self,
        names: Sequence[str],
        to: str,
        *,
        kind: Kind = str,
        is_flag: bool = False,
        multiple: bool = False,
        required: bool = False,
        default: Any = None,
        shows_default: bool = False,
        alone: str | None = None,
        only_attached: bool = False,
        check: Callable[[Any], Any] | None = None,
        tell: Callable[[App, Any], None] | None = None,
        metavar: str | None = None,
        help: str = "",  # noqa: A002 - what it is
        is_hidden: bool = False,
    ) -> None:
        self.names = names
        self.to = to
        self.kind = kind
        self.is_flag = is_flag
        self.multiple = multiple
        self.required = required
        self.default = default
        self.shows_default = shows_default
        self.alone = alone
        self.only_attached = only_attached
        self.check = check
        self.tell = tell
        self.metavar = metavar
        self.help = help
        self.is_hidden = is_hidden


def flag(
    *names: str,
    help: str,  # noqa: A002 - what it is
    to: str | None = None,
    tell: Callable[[App, Any], None] | None = None,
) -> Parameter:
    """An option that is there or not."""
    return Parameter(
        names,
        to or _keyword(names),
        is_flag=True,
        default=False,
        tell=tell,
        help=help,
    )


def option(*names: str, to: str | None = None, **facts: Any) -> Parameter:
    """An option with a value; the function is given it as ``to``, else under its long name.

    ``kind`` is what the value is, ``check`` changes or refuses it, and ``alone`` is the value where
    the option stands without one; an ``only_attached`` value stands behind a sign of equality, and the
    next word is none. What has ``tell`` is told to the App, and not to the function.
    """
    return Parameter(names, to or _keyword(names), **facts)


def argument(name: str, *, required: bool = True, **facts: Any) -> Parameter:
    """What stands on the line without a name; ``multiple`` takes all that is left."""
    return Parameter((), name, required=required, **facts)


def _keyword(names: Sequence[str]) -> str:
    return max(names, key=len).lstrip("-").replace("-", "_")


class Verb:
    """A verb: what it takes, what it does, and how its answer looks."""

    def __init__(
        self,
        name: str,
        function: Callable[..., Answer],
        render: Render,
        parameters: Sequence[Parameter],
        formats: Sequence[str],
    ) -> None:
        self.name = name
        self.function = function
        self.render = render
        self.parameters = parameters
        self.formats = formats

    def run(self, app: App, options: dict[str, Any]) -> int:
        """Do it, print the answer, and return the exit code. Raises MuseCoordError."""
        # The function may choose another.
        app.render = self.render
        app.begin()
        # A slip of the finger must not be found when all is done.
        if app.fields:
            self._check_fields(app.fields)
        result = self.function(app, **options)
        if isinstance(result, int):
            return result
        if isinstance(result, Result):
            app.answer(result)
        else:
            app.answer_in_parts(result)
        return 0

    def _check_fields(self, names: Iterable[str]) -> None:
        """Refuse fields that no answer has, before anything is done. Raises BadInput."""
        from git_muse_coord.rules.near import known_word
        from git_muse_coord.ui.schemas import field_names

        known = field_names(self.name)
        for name in names:
            known_word("field", name, known, f"git muse-coord schema {self.name} tells them all")


class Call:
    """What a command line asks for: a verb, and what its function is given."""

    def __init__(self, verb: Verb, options: dict[str, Any]) -> None:
        self._verb = verb
        self._options = options

    def run(self, app: App) -> int:
        """Do it, print the answer, and return the exit code. Raises MuseCoordError."""
        return self._verb.run(app, self._options)


def verb(
    name: str,
    render: Render,
    *parameters: Parameter,
    formats: Sequence[str] = ("text", "json"),
) -> Callable[[Callable[..., Answer]], Verb]:
    """Make a verb of a function that takes the App and its own parameters and returns a result, or parts.

    ``render`` turns the result into lines of text; ``formats`` are the values of ``--format``. The
    docstring of the function is the help.
    """

    def decorate(function: Callable[..., Answer]) -> Verb:
        return Verb(
            name,
            function,
            render,
            parameters,
            formats,
        )

    return decorate
