"""What the tutorial and the how-to pages show is what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.places import TOP
from tests.docs.sessions import check_page, steps_of
from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow

HOW_TO = [
    name
    for name in (f"docs/how-to/{path.name}" for path in (TOP / "docs/how-to").glob("*.md"))
    if steps_of((TOP / name).read_text(encoding="utf-8"))
]


@pytest.fixture(autouse=True)
def as_its_reader(hermetic_seal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits are those of whoever reads."""
    monkeypatch.setenv("GIT_AUTHOR_NAME", "You")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "You")


def test_the_tutorial(tmp_path: Path) -> None:
    """It begins in an empty directory, and works in several beside each other."""
    work = tmp_path / "work"
    work.mkdir()

    check_page("docs/tutorial.md", work)


@pytest.mark.parametrize("name", sorted(HOW_TO))
def test_how_to(name: str, repo: Repo, tmp_path: Path) -> None:
    """Each begins in a repository; what speaks of others elsewhere, in a clone with a remote."""
    shop = repo.path.rename(tmp_path / "shop")
    page = (TOP / name).read_text(encoding="utf-8")
    if "\ngit muse-coord sync" in page or "--remote" in page:
        git_in(shop, "clone", "-q", "--bare", ".", "../hub")
        git_in(shop, "remote", "add", "origin", "../hub")
        git_in(shop, "fetch", "-q")

    check_page(name, shop)
