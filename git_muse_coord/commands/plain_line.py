"""The fast door: command lines without anything odd, read without click, which takes longer to load than most verbs.

It says no rather than anything wrong. Whatever is not plainly right, such as an unknown option, help,
a value that is missing or none of the choices, or letters of options written together, is left to
the full program before anything has happened, and that tells what is wrong or does what is right.
"""

from __future__ import annotations

from git_muse_coord.commands import VERBS, load_verb
from git_muse_coord.commands.common import common_options
from git_muse_coord.commands.options import Call
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Iterator,
        Sequence,
    )
    from typing import Any

    from git_muse_coord.commands.app import App
    from git_muse_coord.commands.options import Parameter, Verb

    Given = dict[str, list[str]]
    """What is given for each parameter, as texts in their order."""

    Told = tuple[Callable[[App, Any], None], Any]
    """A value, and how the App is told it."""


class OddLine(Exception):
    """The full program has to judge this."""


def read_plain_line(app: App, words: Sequence[str]) -> Call | None:
    """What a line asks for; the App is told what is for it. None, and nothing has happened, where it is not plain."""
    try:
        verb, options, told = _read(words)
    except (OddLine, BadInput):
        return None
    app.command = verb.name
    for tell, value in told:
        tell(app, value)
    return Call(verb, options)


def _read(words: Sequence[str]) -> tuple[Verb, dict[str, Any], list[Told]]:
    # The next word is the last: that is where one is quickly taken off a list.
    left = [*reversed(words)]
    common = common_options()
    given_before = _take_options(left, _by_name(common))
    if left[-1:] == ["--"]:
        left.pop()
    if not left or left[-1] not in VERBS:
        raise OddLine
    verb = load_verb(left.pop())
    parameters = (*verb.parameters, *common_options(verb.formats))
    given, others = _take_all(left, parameters)
    _share_out(others, parameters, given)
    options: dict[str, Any] = {}
    told: list[Told] = []
    for parameter, texts in (*_each(common, given_before), *_each(parameters, given)):
        value = _value(parameter, texts)
        if parameter.tell is None:
            options[parameter.to] = value
        else:
            told.append((parameter.tell, value))
    return verb, options, told


def _each(parameters: Iterable[Parameter], given: Given) -> Iterator[tuple[Parameter, list[str]]]:
    for parameter in parameters:
        yield parameter, given.get(parameter.to, [])


def _take_all(left: list[str], parameters: Sequence[Parameter]) -> tuple[Given, list[str]]:
    """Take options and other words, in any order; after ``--`` all are other words."""
    named = _by_name(parameters)
    given: Given = {}
    others: list[str] = []
    while left:
        for name, texts in _take_options(left, named).items():
            given.setdefault(name, []).extend(texts)
        if left[-1:] == ["--"]:
            left.pop()
            others += reversed(left)
            break
        if left:
            others.append(left.pop())
    return given, others


def _by_name(parameters: Iterable[Parameter]) -> dict[str, Parameter]:
    named: dict[str, Parameter] = {}
    for parameter in parameters:
        for name in parameter.names:
            named[name] = parameter
    return named


def _take_options(left: list[str], named: dict[str, Parameter]) -> Given:
    """Take the options that stand at the end of ``left``, where the next word is, up to a word that is none."""
    given: Given = {}
    while left and _looks_like_option(left[-1]) and left[-1] != "--":
        name, equals, text = left.pop().partition("=")
        option = named.get(name)
        # Only long options have their value behind a sign of equality.
        if option is None or (equals and not name.startswith("--")):
            raise OddLine
        if equals:
            left.append(text)
        value = _take_value(left, option, is_attached=bool(equals))
        given.setdefault(option.to, []).append(value)
    return given


def _take_value(
    left: list[str],
    option: Parameter,
    is_attached: bool,
) -> str:
    if option.is_flag:
        if is_attached:
            raise OddLine
        return ""
    has_next = bool(left)
    # the next word is something else
    if option.only_attached and not is_attached:
        return ""
    # An option that can stand alone takes no word that looks like the next option.
    if option.alone is not None and (not has_next or _looks_like_option(left[-1])):
        if is_attached:
            raise OddLine
        return option.alone
    if not has_next:
        raise OddLine
    return left.pop()


def _looks_like_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _share_out(
    words: list[str],
    parameters: Iterable[Parameter],
    given: Given,
) -> None:
    """Give to each argument its words."""
    for parameter in parameters:
        if parameter.names:
            continue
        number = len(words) if parameter.multiple else 1
        given[parameter.to] = words[:number]
        del words[:number]
    if words:
        raise OddLine


def _value(parameter: Parameter, texts: Sequence[str]) -> Any:
    """What the function or the App is given, of the kind that it is to be."""
    value: Any
    # As click has it, also where it is odd: of an option that is given twice the last one counts.
    if parameter.is_flag:
        value = bool(texts)
    elif parameter.multiple:
        value = tuple(_converted(parameter, text) for text in texts)
    elif texts:
        value = _converted(parameter, texts[-1])
    elif parameter.required:
        raise OddLine
    else:
        value = parameter.default
    return parameter.check(value) if parameter.check else value


def _converted(parameter: Parameter, text: str) -> str | int | float:
    kind = parameter.kind
    # Else it is one of some words.
    if not isinstance(kind, type):
        if text not in kind:
            raise OddLine
        return text
    try:
        return kind(text)
    except ValueError:
        raise OddLine from None
