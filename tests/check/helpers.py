"""Shared by the tests of check and symbols: a small shop, and what the program says of its changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.tools import Repo

INVOICE = '''\
import os


class Invoice:
    """What somebody owes."""

    def __init__(self, items):
        self.items = items

    def total(self):
        subtotal = sum(item.price * item.count for item in self.items)
        return subtotal + self.tax(subtotal)

    def tax(self, subtotal):
        rate = self.rates.get(self.country, 0)
        return round(subtotal * rate, 2)


def overdue(invoices, today):
    return [one for one in invoices if one.due < today and not one.paid]
'''
PATH = "src/invoice.py"
TOTAL = f"{PATH}::Invoice.total"
TAX = f"{PATH}::Invoice.tax"


def shop(repo: Repo) -> Repo:
    """Put the invoice under version control."""
    repo.write(PATH, INVOICE)
    repo.commit("Invoices")
    return repo


def edit(repo: Repo, old: str, new: str, path: str = PATH) -> None:
    """Replace a text that stands once in a file of the working tree."""
    target = repo.path / path
    text = target.read_text()
    assert text.count(old) == 1, (text.count(old), old)
    target.write_text(text.replace(old, new))


def stage(repo: Repo, old: str, new: str, path: str = PATH) -> None:
    edit(repo, old, new, path)
    repo.git("add", "--", path)


def met(repo: Repo, *options: str) -> list[tuple[str, str]]:
    """What check finds: what changed, and under which address it is held."""
    answer = repo.json("check", *options)
    return [(one["address"], one["held_address"]) for one in answer["conflict_details"]]


def changed(repo: Repo, *options: str) -> list[tuple[str, ...]]:
    """What symbols --changed lists: address, change, and where it was before."""
    answer = repo.json("symbols", *(options or ("--changed",)))
    return [
        (one["address"], one["change"], *([one["from_address"]] if one["from_address"] else []))
        for one in answer["changes"]
    ]


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Variables as git sets them for its hooks."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
