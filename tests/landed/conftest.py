from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ODD
from tests.landed.clone import SHOP, Clone
from tests.tools import Repo, git_in


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """A bare repository with a shop in its default branch."""
    first = Repo.make(tmp_path / "first")
    first.write("shop.py", SHOP)
    first.write("notes.txt", "nothing yet\n")
    first.write("doc/guide.md", "# Guide\n\nText.\n")
    first.commit("A shop")
    git_in(tmp_path, "clone", "-q", "--bare", "first", f"{ODD} hub.git")
    return tmp_path / f"{ODD} hub.git"


@pytest.fixture
def clone(hub: Path, tmp_path: Path) -> Clone:
    """A clone of the hub."""
    return Clone.of_hub(hub, tmp_path / ODD)


@pytest.fixture
def lone(clone: Clone) -> Clone:
    """The same repository without a remote."""
    clone.git("remote", "remove", "origin")
    return clone
