"""Use case: show two runs that meet in one class, in a repository made for it, as real processes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.results import Result
from git_muse_coord.store.git.scratch import Scratch, scratch

FILES = {
    "README.md": "# A small shop\n",
    "cart.py": '''\
"""What a customer is about to buy."""

from prices import with_tax


class Cart:
    def __init__(self):
        self.lines = []

    def add(self, article, quantity=1):
        self.lines.append((article, quantity))

    def total(self):
        return sum(with_tax(article) * quantity for article, quantity in self.lines)
''',
    "prices.py": '''\
"""What articles cost, in cents."""

TAX = 19
PRICES = {"apple": 45, "pear": 60}


def with_tax(article):
    return PRICES[article] * (100 + TAX) // 100
''',
    "checkout.py": '''\
"""From a cart to a bill."""


def bill(cart):
    return f"Please pay {cart.total() / 100:.2f}"
''',
}

BRANCHES = {
    "ann": {name: FILES[name].replace("with_tax", "gross") for name in ("prices.py", "cart.py")},
    "bob": {
        "voucher.py": '''\
"""Somebody else pays."""

from prices import with_tax


def voucher(article):
    return f"Good for one {article}, worth {with_tax(article) / 100:.2f}"
'''
    },
}
"""Git merges the two, and the voucher calls what is gone."""

_TOTAL = "cart.py::Cart.total"
_CART = "cart.py::Cart"
_ID = re.compile(r"sha256:([0-9a-f]{64})")


class Step(Declared):
    """One command line with its exit code and all that it printed; ``about`` says what it is for."""

    about: str
    command: str
    exit_code: int
    output: str


class DemoResult(Result):
    """What was run. ``repository`` is the path of the repository if it was kept, else null."""

    steps: tuple[Step, ...]
    repository: str | None


def demo(*, keep: bool = False) -> DemoResult:
    """Run the demonstration; ``keep`` leaves its repository behind. Raises StoreFailed when a step goes wrong."""
    with scratch(FILES, BRANCHES, keep) as place:
        return DemoResult(steps=tuple(_story(place)), repository=place.path if keep else None)


def _story(place: Scratch) -> Iterator[Step]:
    def step(
        about: str,
        command: str,
        expected: int = 0,
    ) -> Step:
        code, output = place.run(shlex.split(command))
        if code != expected:
            said = output.strip().rpartition("\n")[2]
            raise StoreFailed(f"the demo went wrong: {command} left with exit code {code}: {said}")
        return Step(
            about=about,
            command=command,
            exit_code=code,
            output=output,
        )

    first = step(
        "A run named ann is about to change one method, and says so.",
        f"git muse-coord reserve {_TOTAL} --run-id ann --op modify",
    )
    yield first
    ann = _short_id(first)
    yield step(
        "A run named bob wants the whole class, but only if nobody else is in it.",
        f"git muse-coord reserve {_CART} --run-id bob --op rename --strict",
        expected=2,
    )
    second = step(
        "Without --strict bob gets a warning. He chooses to wait for ann.",
        f"git muse-coord reserve {_CART} --run-id bob --depends-on {ann}",
    )
    yield second
    yield step("Who waits for whom?", "git muse-coord dag")
    yield step("What does ann see?", "git muse-coord status --run-id ann")
    yield step("All of this is ordinary git: a ref to a blob for each record.", _LIST_REFS)
    yield step(
        "When ann is done, she lets go, and hears who can start now.",
        f"git muse-coord release {ann} --run-id ann",
    )
    yield step("And so it is.", "git muse-coord dag")
    yield step("Nobody is left in the way of bob.", "git muse-coord list")
    yield step(
        "On a branch of hers ann has renamed what bob begins to call. Git merges both.",
        "git muse-coord plan-merge ann bob",
    )


_LIST_REFS = "git for-each-ref --format='%(refname:lstrip=2)' refs/muse"


def _short_id(step: Step) -> str:
    found = _ID.search(step.output)
    if found is None:
        raise StoreFailed(f"the demo went wrong: {step.command} named no reservation")
    return found[1][:12]
