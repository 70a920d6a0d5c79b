"""Random command lines, good and bad, made from what the verbs say that they take."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from git_muse_coord.commands import VERBS, load_verb
from git_muse_coord.commands.common import common_options
from git_muse_coord.commands.options import Parameter

WORDS = (
    "a.py",
    "src/",
    "a.py::f",
    "./x",
    "grün ü.py",
    "",
    "-",
    "a b",
    "0123456",
    "sha256:0123456789",
)
IDS = ("0123456", "sha256:ABCDEF0", "0" * 64)
NUMBERS = ("1", "3600", "-5", "0", " 7 ", "1_000", "007", "+3")
WRONG = ("x", "", "1.5", "-x", "--", "-", "9" * 40, "nan", "٣")
ODD_OPTIONS = (
    "--hel",
    "--js",
    "-x",
    "--no-such",
    "--all=1",
    "-jx",
    "-C",
    "--ttl",
    "---",
    "--=",
    "-=",
)
ENDS = ("-h", "--help", "--version", "--help=1")


def random_line(random: Random) -> list[str]:
    """A line: mostly plain, and odd now and then."""
    words: list[str] = []
    common = common_options()
    while random.random() < 0.25:
        words += _option(random, random.choice(common))
    if random.random() < 0.03:
        words.append(random.choice(("reserv", "", "-", "--", "-h", "--version", "--format=sarif")))
    name = random.choice(VERBS)
    words.append(name)
    verb = load_verb(name)
    parameters = (*verb.parameters, *common_options(verb.formats))
    pieces = list(_pieces(random, parameters))
    random.shuffle(pieces)
    for piece in pieces:
        words += piece
    return words


def _pieces(random: Random, parameters: tuple[Parameter, ...]) -> Iterator[list[str]]:
    for parameter in parameters:
        if not parameter.names:
            number = random.choice((0, 1, 1, 2, 3)) if parameter.multiple else 1
            for _ in range(number):
                yield [_text(random, parameter)]
        elif parameter.required or random.random() < 0.2:
            yield _option(random, parameter)
            # The same once more: the last one counts, or all of them do.
            if random.random() < 0.2:
                yield _option(random, parameter)
    if random.random() < 0.1:
        yield [random.choice(WORDS)]
    if random.random() < 0.08:
        yield [random.choice(ODD_OPTIONS)]
    if random.random() < 0.04:
        yield [random.choice(ENDS)]
    if random.random() < 0.08:
        yield ["--"]


def _option(random: Random, option: Parameter) -> list[str]:
    name = random.choice(option.names)
    if option.is_flag:
        return _flag(random, name)
    value = _text(random, option)
    if option.alone is not None and random.random() < 0.4:
        return [name]
    form = random.random()
    if form < 0.25:
        return [f"{name}={value}"]
    if form < 0.3:
        # Right for one letter, and wrong for a word.
        return [f"{name}{value}"]
    if form < 0.32:
        return [name]
    return [name, value]


def _flag(random: Random, name: str) -> list[str]:
    if random.random() < 0.03:
        return [f"{name}=1"]
    is_letter = len(name) == 2
    if is_letter and random.random() < 0.2:
        return [name + random.choice("qvjx")]
    return [name]


def _text(random: Random, parameter: Parameter) -> str:
    if random.random() < 0.08:
        return random.choice(WRONG)
    if parameter.kind in (int, float):
        return random.choice(NUMBERS)
    if not isinstance(parameter.kind, type):
        return random.choice(parameter.kind)
    if parameter.check is not None:
        return random.choice(IDS)
    return random.choice(WORDS)
