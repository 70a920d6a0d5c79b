"""What several verbs take: the options common to all, the run id, and ids."""

from __future__ import annotations

import os

from git_muse_coord.commands.options import Parameter, flag, option
from git_muse_coord.model import ids
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.commands.app import App


def common_options(formats: Sequence[str] = ("text", "json")) -> tuple[Parameter, ...]:
    """The options that every verb and the program itself take, in the order of help."""
    return (
        option(
            "-C",
            to="path",
            metavar="PATH",
            multiple=True,
            tell=_enter,
            help="Run as if started in PATH.",
        ),
        flag(
            "--json",
            "-j",
            tell=_answer_in_json,
            help="Answer in JSON, on one line.",
        ),
        option(
            "--format",
            kind=formats,
            tell=_choose_format,
            # Where there is nothing else, --json says it.
            is_hidden=tuple(formats) == ("text", "json"),
            help="How to print.",
        ),
        option(
            "--fields",
            metavar="A,B",
            tell=_choose_fields,
            help="JSON with only these fields.",
        ),
        option(
            "--limit",
            kind=int,
            metavar="N",
            check=_row_count,
            tell=_limit_rows,
            help="JSON with at most N rows a list.",
        ),
        flag(
            "--compact",
            tell=_be_compact,
            help="JSON without what says nothing.",
        ),
        option(
            "--color",
            kind=("auto", "always", "never"),
            tell=_colour,
            help="When to colour.",
        ),
        flag(
            "-q",
            "--quiet",
            tell=_be_quiet,
            help="Print nothing but the id of what was made.",
        ),
        flag(
            "-v",
            "--verbose",
            tell=_be_verbose,
            help="Say more when something fails.",
        ),
    )


def all_findings_flag() -> Parameter:
    """The flag of verbs that tell of conflicts; JSON lists all anyway."""
    return flag("--all-findings", tell=_list_all, help="List every conflict, one a line.")


def run_id_option(text: str = "Who runs: an agent, pipeline or person.") -> Parameter:
    """The option that says who we are; where it is silent, the session asks the environment."""
    return option("--run-id", metavar="NAME", help=text)


# What several verbs take has one text, and so one place in completions and man page.
LOCAL_ONLY = flag("--local", help="Do not sync afterwards, whatever muse-coord.autoSync says.")

ALL_HELD = flag("--all", help="Every active reservation of this run.")

OVERLAPPING = option(
    "--address",
    multiple=True,
    metavar="ADDR",
    help="Only what overlaps this. Repeatable.",
)

PATIENCE = option(
    "--timeout",
    kind=int,
    metavar="SECONDS",
    help="How long the remote may say nothing; 60.",
)


def id_list(texts: Sequence[str]) -> list[str]:
    """Refuse malformed ids before any repository is opened. Raises BadInput."""
    return [ids.parse_id(text) for text in texts]


def id_or_address_list(texts: Sequence[str]) -> list[str]:
    """As ``id_list``, where addresses may stand among them. Raises BadInput."""
    return [ids.parse_id(text) if ids.is_id(text) else text for text in texts]


def one_id(text: str | None) -> str | None:
    """As ``id_list``, for one id or none."""
    return None if text is None else ids.parse_id(text)


# What is said before the verb holds, too, so nothing is taken back by an option that is not there.


def _enter(app: App, paths: Sequence[str]) -> None:
    # As with git, each -C starts from the one before.
    app.path = os.path.join(app.path, *paths)


def _answer_in_json(app: App, is_wanted: bool) -> None:
    app.json = app.json or is_wanted


def _choose_format(app: App, name: str | None) -> None:
    app.json = app.json or name == "json"
    app.format = name or app.format


def _choose_fields(app: App, names: str | None) -> None:
    if names is None:
        return
    app.json = True
    app.fields = tuple(filter(None, map(str.strip, names.split(","))))


def _row_count(number: int | None) -> int | None:
    if number is not None and number < 0:
        raise BadInput("--limit is less than 0")
    return number


def _limit_rows(app: App, number: int | None) -> None:
    if number is not None:
        app.json = True
        app.limit = number


def _be_compact(app: App, is_wanted: bool) -> None:
    app.json = app.json or is_wanted
    app.compact = app.compact or is_wanted


def _colour(app: App, when: str | None) -> None:
    app.colour = when or app.colour


def _be_quiet(app: App, is_wanted: bool) -> None:
    app.quiet = app.quiet or is_wanted


def _list_all(app: App, is_wanted: bool) -> None:
    app.lists_all = app.lists_all or is_wanted


def _be_verbose(app: App, is_wanted: bool) -> None:
    app.verbose = app.verbose or is_wanted
