"""A clone of a hub in which ``ann`` reserves and works on a branch, and what is let go of a while later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from git_muse_coord.coordinator.landed import release_landed
from git_muse_coord.coordinator.session import Session, utc_now
from git_muse_coord.model.text_types import RunId
from git_muse_coord.source.allowance import Allowance
from tests.tools import Repo, git_in

SHOP = """\
import os


class Cart:
    def add(self, item):
        self.items.append(item)

    def total(self):
        return sum(self.items)


def bill(cart):
    return cart.total()


def free():
    return os.name
"""

BILL = "shop.py::bill"
TOTAL = "shop.py::Cart.total"

Changes = tuple[tuple[str, str], ...]
TO_BILL = (("return cart.total()", "return cart.total() + 1"),)
TO_TOTAL = (("return sum(self.items)", "return sum(self.items, 0)"),)
TO_FREE = (("return os.name", "return os.sep"),)


class Clone(Repo):
    """A repository in which somebody works on a branch."""

    @classmethod
    def of_hub(cls, hub: Path, path: Path) -> Clone:
        git_in(hub.parent, "clone", "-q", str(hub), str(path))
        return cls(path)

    def edit(self, *changes: tuple[str, str], name: str = "shop.py") -> None:
        """Replace texts in a file, each of which must be there."""
        text = (self.path / name).read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.write(name, text)

    def change(self, *changes: tuple[str, str], name: str = "shop.py") -> str:
        """Commit what replacing texts in a file makes of it."""
        self.edit(*changes, name=name)
        return self.commit("Change " + name)

    def begin(self, *addresses: str, branch: str = "topic", run_id: str = "ann") -> str:
        """A new branch, and a reservation on it."""
        self.git("checkout", "-q", "-b", branch)
        return self.reserve(*addresses, "--run-id", run_id)

    def push_main(self) -> None:
        self.git("push", "-q", "origin", "main")

    def let_go(
        self,
        *,
        minutes: float = 11,
        ended: Collection[str] = (),
        only: Collection[str] | None = None,
        allowance: Allowance | None = None,
    ) -> list[str]:
        """What is released by itself after some minutes."""
        later = timedelta(minutes=minutes)
        session = Session(str(self.path), clock=lambda: utc_now() + later)
        session.allowance = allowance
        wanted = None if only is None else list(map(RunId, only))
        return list(release_landed(session, ended=list(map(RunId, ended)), only=wanted))
