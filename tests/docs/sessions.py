"""Pages whose shell blocks are run, from top to bottom in one shell, and whose output is compared.

A block ``sh`` is typed; a block ``text`` after it is what it printed. A block behind the comment
``<!-- not run: why -->`` is left out. ``WRITE_PAGES=1`` writes into a page what happened, where that differs.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.docs.places import TOP

BLOCK = re.compile(
    r"(?P<left_out><!-- not run: [^>]+ -->\n\n?)?"
    r"^```(?P<language>sh|text)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
ID = re.compile(r"\b[0-9a-f]{12,64}\b")
END_OF_STEP = re.compile(r"\n?\x1e(\d+)\x1e\n")
HOME = "/home/you"
"""Stands in the pages for the directory around the one in which they are run."""

SAME_FOR_EVERYBODY = [
    # an hour that goes beyond midnight is told with its days
    (re.compile(r"\b\d{4}-\d\d-\d\d (\d\d:\d\d)(?= (?:to|UTC)\b)"), r"\1"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+\+00:00)?)?)?"), "DAY"),
    (re.compile(r"\b\d\d:\d\d(?::\d\d)?\b"), "CLOCK"),
    (re.compile(r"\b(DAY|CLOCK)(?: (?!to\b|by\b|for\b)[A-Z]{3,4}\b)"), r"\1"),
    (re.compile(r"(?<=-)[0-9a-f]{6}\b"), "WORKTREE"),
    (re.compile(r"\b\d+(?:\.\d+)? ?(?:ms|s|min|h)\b"), "SPAN"),
    (re.compile(r"[ ]{2,}"), "  "),
]
"""What differs from run to run, and what it becomes before two outputs are compared."""


@dataclass
class Step:
    """What is typed, what the page shows of it, and what happened."""

    typed: str
    shown: str | None = None
    shown_at: tuple[int, int] = (0, 0)
    happened: str = ""
    status: int = 0


def steps_of(page: str) -> list[Step]:
    """The steps of a page, in order."""
    steps: list[Step] = []
    for block in BLOCK.finditer(page):
        if block["left_out"]:
            continue
        if block["language"] == "sh":
            steps.append(Step(block["text"]))
        elif steps and steps[-1].shown is None:
            steps[-1].shown = block["text"]
            steps[-1].shown_at = block.span("text")
    return steps


def play(steps: list[Step], directory: Path) -> None:
    """Run all steps in one shell, so that a directory or a variable of one holds in the next."""
    marked = [f"{step.typed}printf '\\n\\036%d\\036\\n' $?\n" for step in steps]
    done = subprocess.run(
        ["bash", "-c", "exec 2>&1\n" + "".join(marked)],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        # Its reader has not set it, and output comes in order all the same.
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )
    parts = END_OF_STEP.split(done.stdout)
    assert len(parts) == 2 * len(steps) + 1, done.stdout
    as_in_a_page = Numbered(id_of_a_page)
    for step, output, status in zip(steps, parts[::2], parts[1::2], strict=False):
        text = as_in_a_page(output).replace(str(directory.parent.resolve()), HOME)
        step.happened = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
        step.status = int(status)


class Numbered:
    """Gives each id, whole or its first 12 digits, a number by the order in which ids appear."""

    def __init__(self, form: Callable[[int, str], str]) -> None:
        self._numbers: dict[str, int] = {}
        self._form = form

    def __call__(self, text: str) -> str:
        return ID.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        shown = match[0]
        number = self._numbers.setdefault(shown[:12], len(self._numbers) + 1)
        return self._form(number, shown)


def id_of_a_page(number: int, shown: str) -> str:
    """The same in each run, so that a page that is written anew differs only where something else does."""
    return sha256(b"page %d" % number).hexdigest()[: len(shown)]


class Comparable:
    """Makes outputs of two runs comparable, step by step."""

    def __init__(self) -> None:
        self._number_ids = Numbered(lambda number, _: f"id {number}")

    def __call__(self, text: str) -> list[str]:
        text = self._number_ids(text)
        for pattern, name in SAME_FOR_EVERYBODY:
            text = pattern.sub(name, text)
        return [line.rstrip() for line in text.splitlines()]


def check_page(name: str, directory: Path) -> None:
    """Run a page and compare; what is shown nowhere succeeds, and says nothing."""
    path = TOP / name
    page = path.read_text(encoding="utf-8")
    steps = steps_of(page)
    play(steps, directory)
    with_output = [step for step in steps if step.shown is not None]
    as_shown, as_happened = Comparable(), Comparable()
    lines = [(as_shown(step.shown or ""), as_happened(step.happened)) for step in with_output]
    if os.environ.get("WRITE_PAGES"):
        pairs = zip(with_output, lines, strict=True)
        differing = [step for step, (shown, happened) in pairs if shown != happened]
        path.write_text(rewritten(page, differing), encoding="utf-8")
    else:
        for step, (shown, happened) in zip(with_output, lines, strict=True):
            assert happened == shown, f"{name}: {step.typed} (WRITE_PAGES=1 writes it anew)"
    for step in steps:
        silent = not step.happened and step.status == 0
        assert silent or step.shown is not None, (step.typed, step.happened)


def rewritten(page: str, differing: list[Step]) -> str:
    """The page with what happened in place of what it showed."""
    for step in reversed(differing):
        begin, end = step.shown_at
        page = page[:begin] + step.happened + page[end:]
    return page
