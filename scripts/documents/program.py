"""The program's own definitions, as the writers of documents need them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from git_muse_coord.cli import CONTEXT, program
from git_muse_coord.model.errors import MuseCoordError

NAME = "git muse-coord"
WIDTH = 80
ROOT = click.Context(program, info_name=NAME, terminal_width=WIDTH, **CONTEXT)


def verbs() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Each verb with its command and a context that knows its full name."""
    for name in program.list_commands(ROOT):
        command = program.get_command(ROOT, name)
        assert command is not None
        yield (
            name,
            command,
            click.Context(command, info_name=name, parent=ROOT, terminal_width=WIDTH, **CONTEXT),
        )


def options(command: click.Command, context: click.Context) -> list[tuple[str, str]]:
    """The options that help shows, each with its text."""
    records = (
        one.get_help_record(context)
        for one in command.get_params(context)
        if isinstance(one, click.Option)
    )
    return [record for record in records if record]


def common_options() -> list[tuple[str, str]]:
    """The options that every verb takes."""
    return options(program, ROOT)


def paragraphs(command: click.Command) -> list[str]:
    """The help of a command; a paragraph that must not be wrapped begins with a backspace, as click has it."""
    return [part for part in inspect.cleandoc(command.help or "").split("\n\n") if part.strip()]


def _below(failure: type[MuseCoordError]) -> Iterator[type[MuseCoordError]]:
    for one in failure.__subclasses__():
        yield one
        yield from _below(one)


def failures() -> list[type[MuseCoordError]]:
    """Every kind of failure that is told to the user, by exit code."""
    return sorted(_below(MuseCoordError), key=lambda one: one.exit_code)


def sentence(cls: type) -> str:
    """The first paragraph of a docstring on one line."""
    return " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())
