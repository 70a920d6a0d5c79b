"""A hub with two clones, over each transport or through a plain path."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ODD
from tests.sync.hubs import TRANSPORTS, Hub, serving
from tests.tools import Repo, git_in


@pytest.fixture
def bare(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A bare repository with one commit, not yet served: a copy of one that is made once."""
    first = tmp_path_factory.getbasetemp() / "hub.git"
    if not first.exists():
        repo: Repo = request.getfixturevalue("repo")
        git_in(first.parent, "clone", "-q", "--bare", str(repo.path), first.name)
    place = tmp_path / f"{ODD} hub"
    place.mkdir()
    shutil.copytree(first, place / "hub.git")
    return place / "hub.git"


@pytest.fixture
def hub(bare: Path) -> Hub:
    """A remote at a path."""
    return Hub(bare, str(bare))


@pytest.fixture(params=TRANSPORTS)
def any_hub(request: pytest.FixtureRequest, bare: Path) -> Iterator[Hub]:
    """A remote over each transport in turn."""
    with serving(bare, request.param) as made:
        yield made


@pytest.fixture
def clones(hub: Hub) -> tuple[Repo, Repo]:
    """Two clones of the remote at a path."""
    return hub.clone("one"), hub.clone("two")
